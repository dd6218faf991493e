package scenario

import (
	"fmt"
	"strings"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
)

// A shop sells: an order with lines, more lines, confirmed, found with its customer;
// another one cancelled. All amounts are Odoo's.
func restShopSells(w *world) {
	products, tax := w.products(), w.salesTax()
	reference := "C-" + stamp()
	customer := w.rest("POST", "/partners", object{"name": "Buyer " + stamp(), "reference": reference, "is_company": true}).is(201).at("data.id")
	sell := func(i int, more object) object {
		line := object{"product": object{"reference": products[i]}}
		for name, v := range more {
			line[name] = v
		}
		return line
	}
	made := w.rest("POST", "/sale_orders", object{
		"partner": object{"reference": reference}, "client_reference": "PO-7", "origin": "web shop", "date_order": "2026-03-01T11:30:00+01:00", "valid_until": "2027-01-31",
		"lines": []any{
			object{"display_type": "section", "name": "Tables"},
			sell(0, object{"quantity": "2", "price_unit": "100", "taxes": []any{object{"name": tax}}}),
			sell(1, object{"quantity": 3, "price_unit": 19.99, "discount": "10", "taxes": []any{object{"name": tax}}}),
			sell(2, object{"price_unit": "0.1", "quantity": "7", "taxes": []any{}}),
			object{"display_type": "note", "name": "Thank you"},
		},
	}).is(201)
	id := made.at("data.id")
	path := fmt.Sprintf("/sale_orders/%v", id)
	if made.header.Get("Location") != "/api/v1"+path || made.at("data.state") != "draft" || made.at("data.date_order") != "2026-03-01T10:30:00Z" || made.at("data.valid_until") != "2027-01-31" ||
		made.at("data.client_reference") != "PO-7" || made.at("data.partner.id") != customer {
		w.t.Errorf("created: %s", made.body)
	}
	for i, want := range map[int][]any{0: {"section", nil, "0"}, 1: {"product", "2", "200"}, 2: {"product", "3", "53.97"}, 3: {"product", "7", "0.7"}, 4: {"note", nil, "0"}} {
		line := made.at(fmt.Sprintf("data.lines.%d", i))
		if dig(line, "display_type") != want[0] || want[1] != nil && dig(line, "quantity") != want[1] || dig(line, "subtotal") != want[2] {
			w.t.Errorf("line %d is %v, want %v", i, line, want)
		}
	}
	w.totalsAre(id, made.at("data"), "254.67")

	more := w.rest("POST", path+"/lines", object{"lines": []any{sell(1, object{"quantity": "1", "price_unit": "50", "taxes": []any{}})}}).is(201)
	if lines := more.at("data.lines").([]any); len(lines) != 6 || more.at("data.lines_count") != asNumber(6) || dig(lines[5], "price_unit") != "50" || more.header.Get("Location") != "" {
		w.t.Errorf("with one more line: %v %s", more.header, more.body)
	}
	w.totalsAre(id, more.at("data"), "304.67")
	if diff := cmp.Diff(more.at("data.lines"), any(w.list(path+"/lines"))); diff != "" {
		w.t.Errorf("the lines (-order +route):\n%s", diff)
	}
	if found := w.list(path + "/lines?display_type=product&price_unit__gt=10&fields=price_unit&sort=-price_unit"); fmt.Sprint(column(any(found), "price_unit")) != "[100 50 19.99]" {
		w.t.Errorf("the dear lines: %v", found)
	}
	changed := w.rest("PATCH", path, object{"client_reference": nil, "note": "<p>Ring twice</p>"}, "If-Match", more.header.Get("Etag")).is(200)
	if changed.at("data.client_reference") != nil || changed.at("data.origin") != "web shop" || !strings.Contains(fmt.Sprint(changed.at("data.note")), "Ring twice") {
		w.t.Errorf("changed: %s", changed.body)
	}
	w.rest("PATCH", path, object{"client_reference": "x"}, "If-Match", more.header.Get("Etag")).refused(412, "PRECONDITION_FAILED", "If-Match")

	confirmed := w.rest("POST", path+"/confirm", nil).is(200)
	if state := w.read(w.t, "sale.order", []any{[]any{"id", "=", id}}, "id", 1, "state")[0]["state"]; confirmed.at("data.state") != "sale" || state != "sale" {
		w.t.Errorf("confirmed: %s; Odoo has %v", confirmed.body, state)
	}
	w.rest("POST", path+"/confirm", nil).refused(409, "CONFLICT", "id")
	if w.since17() {
		other := w.create(w.t, "product.pricelist", object{"name": "Other " + stamp()})
		w.t.Cleanup(func() { w.unlink(w.t, "product.pricelist", other) })
		ruled := w.rest("PATCH", path, object{"pricelist": object{"id": other}, "origin": "elsewhere"}).refused(422, "BUSINESS_RULE")
		if !strings.Contains(fmt.Sprint(ruled.at("error")), "cannot change the pricelist of a confirmed order") || w.record(path)["origin"] != "web shop" {
			w.t.Errorf("Odoo's rule: %s", ruled.body)
		}
	}
	w.done("lockSaleOrder", "saleOrder", "id", object{"order": object{"databaseId": id}})
	if locked := w.record(path); locked["locked"] != true || locked["state"] != "sale" {
		w.t.Errorf("locked: %v", locked)
	}
	w.rest("POST", path+"/cancel", nil).refused(409, "CONFLICT", "id")

	other := w.rest("POST", "/sale_orders", object{"partner": object{"id": customer}, "lines": []any{sell(0, nil)}}).is(201)
	cancelled := w.rest("POST", fmt.Sprintf("/sale_orders/%v/cancel", other.at("data.id")), object{}).is(200)
	if cancelled.at("data.state") != "cancel" {
		w.t.Errorf("cancelled: %s", cancelled.body)
	}
	w.rest("POST", fmt.Sprintf("/sale_orders/%v/confirm", other.at("data.id")), nil).refused(409, "CONFLICT", "id")
	if found := w.list(fmt.Sprintf("/partners/%v/sale_orders?fields=id&sort=id", customer)); fmt.Sprint(column(any(found), "id")) != fmt.Sprintf("[%v %v]", id, other.at("data.id")) {
		w.t.Errorf("the customer's orders: %v", found)
	}
	if found := w.list(fmt.Sprintf("/partners/%v/sale_orders?state=cancel&fields=id", customer)); len(found) != 1 {
		w.t.Errorf("the customer's cancelled orders: %v", found)
	}
	if found := w.list("/sale_orders?partner__reference=" + reference + "&amount_untaxed__gte=304.67&state__in=sale,sent"); len(found) != 1 || dig(found[0], "id") != id {
		w.t.Errorf("large orders of the customer: %v", found)
	}
}

// since17 tells whether this is Odoo 17 or later.
func (w *world) since17() bool {
	known := w.rpc(w.t, "res.partner", "fields_get", []any{[]any{"complete_name"}, []any{"type"}}, nil)
	return len(known.(map[string]any)) > 0
}

// totalsAre compares an order's totals with Odoo's, and with what they come to.
func (w *world) totalsAre(id, order any, untaxed string) {
	w.t.Helper()
	odoo := w.read(w.t, "sale.order", []any{[]any{"id", "=", id}}, "id", 1, "amount_untaxed", "amount_tax", "amount_total")[0]
	for name, v := range odoo {
		if name == "id" {
			continue
		}
		if got := dig(order, name); got != decimal.RequireFromString(fmt.Sprint(v)).String() {
			w.t.Errorf("%s is %v, Odoo has %v", name, got, v)
		}
	}
	if dig(order, "amount_untaxed") != untaxed {
		w.t.Errorf("untaxed %v, want %s", dig(order, "amount_untaxed"), untaxed)
	}
}

// What is wrong with an order is told by its place in the body; nothing is made.
func restFaultsOfOrders(w *world) {
	product := w.products()[0]
	reference := "F-" + stamp()
	customer := object{"id": w.rest("POST", "/partners", object{"name": "Faulty buyer", "reference": reference}).is(201).at("data.id")}
	good := object{"product": object{"reference": product}}
	for _, c := range []struct {
		body   object
		fields []string
	}{
		{object{}, []string{"partner"}},
		{object{"partner": nil}, []string{"partner"}},
		{object{"partner": object{"reference": "nobody at all"}}, []string{"partner.reference"}},
		{object{"partner": object{"id": 2147483647}}, []string{"partner.id"}},
		{object{"partner": customer, "date_order": "2026-03-01"}, []string{"date_order"}},
		{object{"partner": customer, "valid_until": "soon"}, []string{"valid_until"}},
		{object{"partner": customer, "orderDate": "2026-03-01T00:00:00Z"}, []string{"orderDate"}},
		{object{"partner": customer, "amount_total": "5"}, []string{"amount_total"}},
		{object{"partner": customer, "lines": []any{good, object{}}}, []string{"lines.1"}},
		{object{"partner": customer, "lines": []any{good, object{"product": object{"reference": "no such product"}}, object{"product": object{"barcode": "no such barcode"}}}}, []string{"lines.1.product.reference", "lines.2.product.barcode"}},
		{object{"partner": customer, "lines": []any{object{"product": object{"reference": product}, "quantity": "many", "price_unit": true, "discount": "1e999999"}}}, []string{"lines.0.quantity", "lines.0.price_unit", "lines.0.discount"}},
		{object{"partner": customer, "lines": []any{object{"display_type": "note"}}}, []string{"lines.0"}},
		{object{"partner": customer, "lines": []any{object{"display_type": "section", "name": "x", "quantity": "1"}}}, []string{"lines.0.quantity"}},
		{object{"partner": customer, "lines": []any{object{"display_type": "SECTION", "name": "x"}}}, []string{"lines.0.display_type"}},
		{object{"partner": customer, "lines": []any{object{"product": object{"reference": product}, "taxes": []any{object{"name": "no such tax"}}}}}, []string{"lines.0.taxes.0.name"}},
		{object{"partner": customer, "lines": []any{object{"product": object{"reference": product}, "priceUnit": "5"}}}, []string{"lines.0.priceUnit"}},
	} {
		a := w.rest("POST", "/sale_orders", c.body).refused(400, "VALIDATION_ERROR", c.fields...)
		for _, word := range []string{"databaseId", "displayType", "input.", "SECTION,"} {
			if strings.Contains(fmt.Sprint(a.at("error")), word) {
				w.t.Errorf("%v: the error speaks of %s: %s", c.body, word, a.body)
			}
		}
	}
	if found := w.list("/sale_orders?partner__reference=" + reference); len(found) != 0 {
		w.t.Errorf("orders of nothing: %v", found)
	}
	order := fmt.Sprintf("/sale_orders/%v", w.rest("POST", "/sale_orders", object{"partner": customer}).is(201).at("data.id"))
	for _, c := range []struct {
		body   any
		fields []string
	}{
		{object{}, []string{"lines"}}, {object{"lines": nil}, []string{"lines"}}, {object{"lines": []any{}}, []string{"lines"}}, {object{"lines": []any{good, nil}}, []string{"lines.1"}},
		{object{"lines": []any{good}, "order": object{"id": 1}}, []string{"order"}}, {object{"lines": []any{object{"product": object{"reference": "?"}}}}, []string{"lines.0.product.reference"}},
	} {
		w.rest("POST", order+"/lines", c.body).refused(400, "VALIDATION_ERROR", c.fields...)
	}
	if got := w.record(order); len(got["lines"].([]any)) != 0 || got["amount_total"] != "0" {
		w.t.Errorf("a refused line is there: %v", got)
	}
	w.rest("PATCH", order, object{"lines": []any{good}}).refused(400, "VALIDATION_ERROR", "lines")
	w.rest("POST", order+"/confirm", object{"force": true}).refused(400, "VALIDATION_ERROR")
	// An order with nothing in it is Odoo's to refuse or to take, in its own words.
	if a := w.rest("POST", order+"/confirm", nil); a.status != 200 {
		a.refused(422, "BUSINESS_RULE")
	}
}

// The second version has the address of each partner in its list, and the first one
// still has not; what only one of them has is not found in the other.
func restVersions(w *world) {
	name := "Versioned " + stamp()
	id := w.rest("POST", "/partners", object{"name": name, "street": "Markt 1", "city": "Gent", "country": object{"code": "BE"}}).is(201).at("data.id")
	second := w.rest("GET", fmt.Sprintf("/api/v2/partners?id=%v", id), nil).is(200)
	first := w.rest("GET", fmt.Sprintf("/api/v1/partners?id=%v", id), nil).is(200)
	if second.at("data.0.street") != "Markt 1" || second.at("data.0.country.code") != "BE" || second.at("data.0.country.name") != "Belgium" {
		w.t.Errorf("v2: %s", second.body)
	}
	for _, member := range []string{"street", "street2", "city", "zip", "state", "country"} {
		if strings.Contains(string(first.body), `"`+member+`"`) {
			w.t.Errorf("v1 has %s: %s", member, first.body)
		}
	}
	for member, v := range first.at("data.0").(map[string]any) {
		if !cmp.Equal(v, second.at("data.0."+member)) {
			w.t.Errorf("%s is %v in v1 and %v in v2", member, v, second.at("data.0."+member))
		}
	}
	w.rest("GET", fmt.Sprintf("/api/v1/partners?id=%v&street=x", id), nil).refused(400, "VALIDATION_ERROR", "street")
	for _, path := range []string{"/api/v3/partners", "/api/partners", "/api/v1", "/api/v1/", "/api/", "/api/v2/sale_orders", "/partners/", "/partners/1/", "/partners/1/orders", "/Partners", "//partners", "/partners/1/sale_orders/1"} {
		w.rest("GET", path, nil).refused(404, "NOT_FOUND")
	}
}
