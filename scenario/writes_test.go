package scenario

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
)

// salesTax makes a tax of 20 % on sales and returns its name.
func (w *world) salesTax() string {
	w.t.Helper()
	name := "Twenty " + stamp()
	w.create(w.t, "account.tax", map[string]any{"name": name, "amount": 20.0, "type_tax_use": "sale", "amount_type": "percent"})
	return name
}

// A shop creates a customer with contacts, sells to it, confirms the order, looks
// whether it is to be invoiced, and cancels another.
func aShopSells(w *world) {
	reference := "C-" + stamp()
	customer := w.done("createPartner", "partner", `id databaseId name reference isCompany country { code } contacts { nodes { name type email parent { databaseId } } }`, map[string]any{
		"name": "Bäckerei & Söhne", "reference": reference, "isCompany": true, "country": map[string]any{"code": "BE"}, "email": "shop@example.com",
		"contacts": []any{
			map[string]any{"name": "Ann", "email": "ann@example.com"},
			map[string]any{"name": "Depot", "type": "DELIVERY", "street": "Dock 1", "city": "Gent"},
		},
	})
	contact := func(name, kind string, email any) map[string]any {
		return map[string]any{"name": name, "type": kind, "email": email, "parent": map[string]any{"databaseId": customer["databaseId"]}}
	}
	want := map[string]any{
		"id": customer["id"], "databaseId": customer["databaseId"], "name": "Bäckerei & Söhne", "reference": reference, "isCompany": true,
		"country":  map[string]any{"code": "BE"},
		"contacts": map[string]any{"nodes": []any{contact("Ann", "CONTACT", "ann@example.com"), contact("Depot", "DELIVERY", nil)}},
	}
	if diff := cmp.Diff(want, customer); diff != "" {
		w.t.Fatal(diff)
	}

	products, tax := w.products(), w.salesTax()
	line := func(i int, more ...any) map[string]any {
		out := map[string]any{"product": map[string]any{"reference": products[i%len(products)]}}
		for j := 0; j < len(more); j += 2 {
			out[more[j].(string)] = more[j+1]
		}
		return out
	}
	taxes := []any{map[string]any{"name": tax}}
	order := w.done("createSaleOrder", "saleOrder", `id databaseId name state clientReference amountUntaxed amountTax amountTotal deliveryAddress { name }
	  lines { nodes { databaseId name quantity priceUnit discount subtotal total taxes { nodes { name } } } }`, map[string]any{
		"partner": map[string]any{"reference": reference}, "clientReference": "PO " + reference,
		"lines": []any{
			line(0, "quantity", "2", "priceUnit", "100", "taxes", taxes),
			line(1, "quantity", "3", "priceUnit", "19.99", "discount", "10", "taxes", taxes),
			line(2, "priceUnit", "0.1", "quantity", "7", "taxes", []any{}),
			line(0, "priceUnit", "1250.5", "discount", "33.33", "taxes", taxes),
			line(1),
		},
	})
	if name := dig(order, "deliveryAddress.name"); name != "Depot" {
		w.t.Errorf("the goods go to %v", name)
	}
	w.totalsAreOdoos(order)
	untaxed := decimal.Zero
	for i, subtotal := range []string{"200", "53.97", "0.7", "833.71"} { // worked out by hand
		if got := dig(order, fmt.Sprintf("lines.nodes.%d.subtotal", i)); got != subtotal {
			w.t.Errorf("line %d: subtotal %v, want %s", i, got, subtotal)
		}
	}
	for _, node := range dig(order, "lines.nodes").([]any) {
		untaxed = untaxed.Add(decimal.RequireFromString(dig(node, "subtotal").(string)))
	}
	if got := decimal.RequireFromString(order["amountUntaxed"].(string)); !got.Equal(untaxed) {
		w.t.Errorf("untaxed %s, and the lines come to %s", got, untaxed)
	}

	key := map[string]any{"id": order["id"]}
	confirmed := w.done("confirmSaleOrder", "saleOrder", `state invoiceStatus`, map[string]any{"order": key})
	if confirmed["state"] != "SALE" {
		w.t.Errorf("confirmed: %v", confirmed)
	}
	status := w.read(w.t, "sale.order", []any{[]any{"id", "=", order["databaseId"]}}, "id", 0, "invoice_status", "state")[0]
	if wanted := strings.ToUpper(strings.ReplaceAll(status["invoice_status"].(string), " ", "_")); confirmed["invoiceStatus"] != wanted || status["state"] != "sale" {
		w.t.Errorf("invoice status %v, Odoo has %v", confirmed, status)
	}

	other := w.done("createSaleOrder", "saleOrder", `id`, map[string]any{"partner": map[string]any{"id": customer["id"]}, "lines": []any{line(0)}})
	cancelled := w.done("cancelSaleOrder", "saleOrder", `state`, map[string]any{"order": map[string]any{"id": other["id"]}})
	if cancelled["state"] != "CANCEL" {
		w.t.Errorf("cancelled: %v", cancelled)
	}
}

// totalsAreOdoos compares an order's totals with those that a plain client reads.
func (w *world) totalsAreOdoos(order map[string]any) {
	w.t.Helper()
	odoo := w.read(w.t, "sale.order", []any{[]any{"id", "=", order["databaseId"]}}, "id", 0, "amount_untaxed", "amount_tax", "amount_total")[0]
	for ours, theirs := range map[string]string{"amountUntaxed": "amount_untaxed", "amountTax": "amount_tax", "amountTotal": "amount_total"} {
		want := decimal.RequireFromString(odoo[theirs].(json.Number).String())
		if got := decimal.RequireFromString(order[ours].(string)); !got.Equal(want) {
			w.t.Errorf("%s: %s, Odoo has %s", ours, got, want)
		}
	}
}

// The lines of an order are added, changed and removed, each by itself; those of
// another order are out of reach.
func linesOfAnOrder(w *world) {
	customer := w.customer()
	product := map[string]any{"reference": w.products()[0]}
	const selection = `id databaseId amountUntaxed amountTax amountTotal lines { nodes { id databaseId name displayType quantity priceUnit discount leadTimeDays product { reference } } }`
	order := w.done("createSaleOrder", "saleOrder", selection, map[string]any{"partner": customer, "lines": []any{
		map[string]any{"product": product, "quantity": "1", "priceUnit": "10"},
		map[string]any{"displayType": "SECTION", "name": "Extras"},
		map[string]any{"product": product, "quantity": "2", "priceUnit": "20", "name": "By another name", "leadTimeDays": "4"},
		map[string]any{"displayType": "NOTE", "name": "Thank you"},
	}})
	other := w.done("createSaleOrder", "saleOrder", selection, map[string]any{"partner": customer, "lines": []any{map[string]any{"product": product, "priceUnit": "1"}}})
	key := map[string]any{"id": order["id"]}
	var kinds []any
	for _, node := range dig(order, "lines.nodes").([]any) {
		kinds = append(kinds, dig(node, "displayType"))
	}
	if diff := cmp.Diff([]any{"PRODUCT", "SECTION", "PRODUCT", "NOTE"}, kinds); diff != "" {
		w.t.Error(diff)
	}
	third := dig(order, "lines.nodes.2").(map[string]any)
	if third["name"] != "By another name" || third["leadTimeDays"] != "4" {
		w.t.Errorf("%v", third)
	}

	order = w.done("addSaleOrderLines", "saleOrder", selection, map[string]any{"order": key, "lines": []any{map[string]any{"product": product, "priceUnit": "5", "quantity": "3"}}})
	w.totalsAreOdoos(order)
	line := func(i int) map[string]any {
		return map[string]any{"id": dig(order, fmt.Sprintf("lines.nodes.%d.id", i))}
	}
	strangers := map[string]any{"id": dig(other, "lines.nodes.0.id")}
	w.refused("updateSaleOrderLines", "saleOrder", map[string]any{"order": key, "lines": []any{map[string]any{"line": strangers, "quantity": "99"}}},
		"NOT_FOUND", "lines", "0", "line", "id")
	w.refused("removeSaleOrderLines", "saleOrder", map[string]any{"order": key, "lines": []any{line(0), strangers}}, "NOT_FOUND", "lines", "1", "id")
	w.refused("removeSaleOrderLines", "saleOrder", map[string]any{"order": key, "lines": []any{line(0), line(0)}}, "INVALID", "lines", "1", "id")
	order = w.done("updateSaleOrderLines", "saleOrder", selection, map[string]any{"order": key, "lines": []any{
		map[string]any{"line": line(0), "quantity": "4", "discount": "50", "priceUnit": "10"}, map[string]any{"line": line(2), "priceUnit": "21", "quantity": "2"},
	}})
	order = w.done("removeSaleOrderLines", "saleOrder", selection, map[string]any{"order": key, "lines": []any{line(1), line(3)}})
	w.totalsAreOdoos(order)
	if total := order["amountUntaxed"]; total != "77" { // 4 x 10 - 50 %, 2 x 21, 3 x 5
		w.t.Errorf("untaxed: %v of %v", total, order)
	}
	if lines := w.read(w.t, "sale.order.line", []any{[]any{"order_id", "=", other["databaseId"]}}, "id", 0, "product_uom_qty"); len(lines) != 1 || lines[0]["product_uom_qty"].(json.Number).String() != "1.0" {
		w.t.Errorf("the other order's lines: %v", lines)
	}
}

// customer makes a partner and returns a key of it.
func (w *world) customer() map[string]any {
	w.t.Helper()
	made := w.done("createPartner", "partner", `id`, map[string]any{"name": "Customer " + stamp()})
	return map[string]any{"id": made["id"]}
}

// An order goes through its life, and takes no step that its state does not allow.
func lifeOfAnOrder(w *world) {
	order := w.done("createSaleOrder", "saleOrder", `id`, map[string]any{"partner": w.customer(), "lines": []any{map[string]any{"product": map[string]any{"reference": w.products()[0]}}}})
	key := map[string]any{"id": order["id"]}
	for _, step := range []struct {
		mutation string
		state    any // nil for a step that is refused
		locked   bool
	}{
		{"unlockSaleOrder", nil, false}, {"resetSaleOrderToDraft", nil, false}, {"lockSaleOrder", nil, false},
		{"confirmSaleOrder", "SALE", false}, {"confirmSaleOrder", nil, false}, {"resetSaleOrderToDraft", nil, false},
		{"lockSaleOrder", "SALE", true}, {"lockSaleOrder", nil, true}, {"cancelSaleOrder", nil, true}, {"confirmSaleOrder", nil, true},
		{"unlockSaleOrder", "SALE", false}, {"cancelSaleOrder", "CANCEL", false}, {"cancelSaleOrder", nil, false}, {"confirmSaleOrder", nil, false},
		{"resetSaleOrderToDraft", "DRAFT", false}, {"confirmSaleOrder", "SALE", false},
	} {
		if step.state == nil {
			w.refused(step.mutation, "saleOrder", map[string]any{"order": key}, "WRONG_STATE", "order")
			continue
		}
		after := w.done(step.mutation, "saleOrder", `state locked`, map[string]any{"order": key})
		if after["state"] != step.state || after["locked"] != step.locked {
			w.t.Fatalf("after %s: %v", step.mutation, after)
		}
	}
}

// Absent input leaves a field as it is, null clears it.
func absentIsNotNull(w *world) {
	made := w.done("createPartner", "partner", `id databaseId`, map[string]any{
		"name": "Nullable", "email": "a@example.com", "phone": "1", "country": map[string]any{"code": "FR"}, "reference": "R " + stamp(),
	})
	key := map[string]any{"id": made["id"]}
	const selection = `name email phone country { code } reference`
	after := w.done("updatePartner", "partner", selection, map[string]any{"partner": key, "email": nil, "country": nil, "phone": ""})
	want := map[string]any{"name": "Nullable", "email": nil, "phone": nil, "country": nil, "reference": after["reference"]}
	if diff := cmp.Diff(want, after); diff != "" || after["reference"] == nil {
		w.t.Errorf("%s %v", diff, after)
	}
	stored := w.read(w.t, "res.partner", []any{[]any{"id", "=", made["databaseId"]}}, "id", 0, "email", "phone", "country_id")[0]
	if stored["email"] != false || stored["phone"] != false || stored["country_id"] != false {
		w.t.Errorf("Odoo holds %v", stored)
	}
	// Nothing to change is no change.
	if n := w.callsOf(func() { w.done("updatePartner", "partner", selection, map[string]any{"partner": key}) }); n > 2 {
		w.t.Errorf("%d calls to change nothing", n)
	}
	archived := w.done("archivePartner", "partner", `active`, map[string]any{"partner": key})
	again := w.done("unarchivePartner", "partner", `active`, map[string]any{"partner": key})
	if archived["active"] != false || again["active"] != true {
		w.t.Errorf("archived %v, then %v", archived, again)
	}
	contact := w.done("addPartnerContact", "contact", `name parent { id } country { code }`, map[string]any{"partner": key, "contact": map[string]any{"name": "Eve"}})
	if contact["name"] != "Eve" || dig(contact, "parent.id") != made["id"] {
		w.t.Errorf("%v", contact)
	}
}

// A change is one call to Odoo, and on 17 and later the answer comes with it.
func aChangeIsOneCall(w *world) {
	customer := w.customer()
	product := dig(w.get(`{ products(first: 1, filter: {reference: {isNull: false}}) { nodes { id } } }`, nil), "products.nodes.0.id")
	create := func() {
		w.done("createSaleOrder", "saleOrder", `name amountTotal partner { name country { code } } lines { nodes { quantity product { name } } }`, map[string]any{
			"partner": customer, "lines": []any{map[string]any{"product": map[string]any{"id": product}}, map[string]any{"product": map[string]any{"id": product}}},
		})
	}
	create()
	limit := int64(8) // the customer's terms, the order itself, and a level each
	if w.nests() {
		limit = 1
	}
	if w.flat {
		limit = 6
	}
	if n := w.callsOf(create); n > limit {
		w.t.Errorf("%d calls to create an order, at most %d expected", n, limit)
	}
}

// Of changes to one record at once none is lost: each is made, or its client is
// told that it has not seen the last one.
func changesAtOnce(w *world) {
	made := w.done("createPartner", "partner", `id`, map[string]any{"name": "Contended", "street": "|"})
	key := map[string]any{"id": made["id"]}
	const clients = 32
	errs := make(chan error, clients)
	for i := range clients {
		go func() { errs <- w.append(key, fmt.Sprintf("%d|", i)) }()
	}
	for range clients {
		if err := <-errs; err != nil {
			w.t.Fatal(err)
		}
	}
	street := dig(w.get(`query($id: ID!) { partner(id: $id) { street } }`, map[string]any{"id": made["id"]}), "partner.street").(string)
	for i := range clients {
		if strings.Count(street, fmt.Sprintf("|%d|", i)) != 1 {
			w.t.Errorf("the change of client %d is lost: %s", i, street)
		}
	}
	// Without the condition the last one wins, and all succeed.
	var group sync.WaitGroup
	for i := range clients {
		group.Go(func() {
			a := w.ask(`mutation($input: UpdatePartnerInput!) { updatePartner(input: $input) { userErrors { message } } }`,
				map[string]any{"input": map[string]any{"partner": key, "city": strconv.Itoa(i)}})
			if len(a.Errors) > 0 || len(dig(a.Data, "updatePartner.userErrors").([]any)) > 0 {
				w.t.Errorf("client %d: %+v", i, a)
			}
		})
	}
	group.Wait()
}

// append adds a text to the street of a partner, however often others are faster.
func (w *world) append(key map[string]any, text string) error {
	for range 200 {
		a := w.ask(`query($id: ID!) { partner(id: $id) { street updatedAt } }`, map[string]any{"id": key["id"]})
		if len(a.Errors) > 0 {
			return fmt.Errorf("%+v", a.Errors)
		}
		a = w.ask(`mutation($input: UpdatePartnerInput!) { updatePartner(input: $input) { userErrors { code message } } }`, map[string]any{"input": map[string]any{
			"partner": key, "ifUnmodifiedSince": dig(a.Data, "partner.updatedAt"), "street": dig(a.Data, "partner.street").(string) + text,
		}})
		if len(a.Errors) > 0 {
			return fmt.Errorf("%+v", a.Errors)
		}
		found := dig(a.Data, "updatePartner.userErrors").([]any)
		if len(found) == 0 {
			return nil
		}
		if dig(found[0], "code") != "CONFLICT" {
			return fmt.Errorf("%v", found)
		}
	}
	return fmt.Errorf("no luck in 200 tries")
}

// A quotation goes to the customer by e-mail, and is then sent; where Odoo cannot
// print what goes with it, it says so and nothing is done.
func sendsQuotations(w *world) {
	order := w.done("createSaleOrder", "saleOrder", `id databaseId`, map[string]any{"partner": w.customer(), "lines": []any{map[string]any{"product": map[string]any{"reference": w.products()[0]}}}})
	messages := func() int {
		if len(w.rpc(w.t, "sale.order", "fields_get", []any{[]any{"message_ids"}, []any{"type"}}, nil).(map[string]any)) == 0 {
			return 0 // the stand-in
		}
		return len(w.read(w.t, "sale.order", []any{[]any{"id", "=", order["databaseId"]}}, "id", 0, "message_ids")[0]["message_ids"].([]any))
	}
	before := messages()
	payload := w.change("sendSaleOrderQuotation", "saleOrder { state }", map[string]any{"order": map[string]any{"id": order["id"]}})
	state := w.read(w.t, "sale.order", []any{[]any{"id", "=", order["databaseId"]}}, "id", 0, "state")[0]["state"]
	if errs := payload["userErrors"].([]any); len(errs) > 0 {
		if dig(errs[0], "code") != "FORBIDDEN_BY_RULE" || !strings.Contains(dig(errs[0], "message").(string), "Wkhtmltopdf") || state != "draft" || messages() != before {
			w.t.Errorf("refused: %v; the order is %v", errs, state)
		}
		return
	}
	if dig(payload, "saleOrder.state") != "SENT" || state != "sent" || before > 0 && messages() <= before {
		w.t.Errorf("sent: %v; the order is %v with %d messages, %d before", payload, state, messages(), before)
	}
}
