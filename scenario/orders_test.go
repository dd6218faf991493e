package scenario

import (
	"encoding/json"

	"github.com/google/go-cmp/cmp"
)

const ordersQuery = `query Orders($first: Int) {
  saleOrders(first: $first) {
    nodes {
      name state amountTotal currency { name }
      partner { name email country { code name } }
      lines { nodes { name quantity priceUnit product { name } } }
    }
    pageInfo { hasNextPage endCursor }
    totalCount
  }
}`

// The main query gives what a plain client reads with one call for each record.
func ordersMatchOdoo(w *world) {
	t := w.t
	data := w.get(ordersQuery, map[string]any{"first": 20})
	var want []any
	for _, order := range w.read(t, "sale.order", []any{}, "id", 20, "name", "state", "amount_total", "currency_id", "partner_id", "order_line") {
		partner := w.one("res.partner", order["partner_id"], "name", "email", "country_id")
		country := w.one("res.country", partner["country_id"], "code", "name")
		var wantCountry any
		if country != nil {
			wantCountry = map[string]any{"code": orNull(country["code"]), "name": country["name"]}
		}
		lines := []any{}
		for _, id := range order["order_line"].([]any) {
			line := w.one("sale.order.line", []any{id, ""}, "name", "product_uom_qty", "price_unit", "product_id")
			var product any
			if p := w.one("product.product", line["product_id"], "name"); p != nil {
				product = map[string]any{"name": p["name"]}
			}
			lines = append(lines, map[string]any{
				"name": line["name"], "quantity": amount(t, line["product_uom_qty"]), "priceUnit": amount(t, line["price_unit"]), "product": product,
			})
		}
		state := map[any]string{"draft": "DRAFT", "sent": "SENT", "sale": "SALE", "done": "SALE", "cancel": "CANCEL"}[order["state"]]
		want = append(want, map[string]any{
			"name": order["name"], "state": state, "amountTotal": amount(t, order["amount_total"]),
			"currency": map[string]any{"name": w.one("res.currency", order["currency_id"], "name")["name"]},
			"partner":  map[string]any{"name": orNull(partner["name"]), "email": orNull(partner["email"]), "country": wantCountry},
			"lines":    map[string]any{"nodes": lines},
		})
	}
	if diff := cmp.Diff(want, dig(data, "saleOrders.nodes")); diff != "" {
		t.Errorf("orders differ from Odoo's (-Odoo +gateway):\n%s", diff)
	}
	total := w.rpc(t, "sale.order", "search_count", []any{[]any{}}, nil)
	if got := dig(data, "saleOrders.totalCount"); got != total {
		t.Errorf("totalCount is %v, Odoo counts %v", got, total)
	}
}

// Values of every kind read as the contract says: null for none, times in UTC,
// days, exact numbers, truth.
func valuesOfEveryKind(w *world) {
	fields := []string{"name", "date_order", "validity_date", "create_date", "client_order_ref", "amount_untaxed", "note", "signed_on", "id"}
	var want []any
	for _, order := range w.read(w.t, "sale.order", []any{}, "id", 20, fields...) {
		want = append(want, map[string]any{
			"databaseId": order["id"], "orderDate": moment(order["date_order"]), "validUntil": orNull(order["validity_date"]),
			"createdAt": moment(order["create_date"]), "clientReference": orNull(order["client_order_ref"]),
			"amountUntaxed": amount(w.t, order["amount_untaxed"]), "signedAt": moment(order["signed_on"]),
		})
	}
	data := w.get(`{ saleOrders(first: 20) { nodes { databaseId orderDate validUntil createdAt clientReference amountUntaxed signedAt } } }`, nil)
	if diff := cmp.Diff(want, dig(data, "saleOrders.nodes")); diff != "" {
		w.t.Errorf("values differ (-Odoo +gateway):\n%s", diff)
	}
	want = nil
	for _, partner := range w.read(w.t, "res.partner", []any{[]any{"id", "<=", 60}}, "id", 100, "is_company", "parent_id", "ref", "display_name") {
		var parent any
		if id := ref(partner["parent_id"]); id != "0" {
			parent = map[string]any{"databaseId": id}
		}
		want = append(want, map[string]any{"isCompany": partner["is_company"], "reference": orNull(partner["ref"]), "displayName": partner["display_name"], "parent": parent})
	}
	data = w.get(`{ partners(first: 100, filter: {databaseId: {lte: 60}}) { nodes { isCompany reference displayName parent { databaseId } } } }`, nil)
	if diff := cmp.Diff(want, dig(data, "partners.nodes")); diff != "" {
		w.t.Errorf("values differ (-Odoo +gateway):\n%s", diff)
	}
}

// one reads a single record through a many2one value, nil for none.
func (w *world) one(model string, value any, fields ...string) map[string]any {
	w.t.Helper()
	id := ref(value)
	if id == "0" {
		return nil
	}
	records := w.rpc(w.t, model, "read", []any{[]any{id}, fields}, nil).([]any)
	return records[0].(map[string]any)
}

// The number of calls depends on the query, never on the number of records: where
// Odoo nests it is one, unless a list within the records is filtered or ordered.
func callsDoNotGrow(w *world) {
	queries := map[string]string{
		"orders": `query($first: Int) { saleOrders(first: $first) { totalCount nodes { name state amountTotal
		   partner { name email country { code name } } lines { nodes { name quantity priceUnit product { name } } } } } }`,
		"contacts": `query($first: Int) { partners(first: $first) { nodes { name parent { name country { name } } country { name currency { name } }
		   contacts(first: 5) { totalCount nodes { name country { code } } } tags { nodes { name } } } } }`,
		"filtered lists": `query($first: Int) { partners(first: $first) { nodes { name
		   saleOrders(first: 3, filter: {state: {neq: CANCEL}}, orderBy: [{field: ORDER_DATE, direction: DESC}]) { totalCount nodes { name lines { nodes { name product { category { name } } } } } } } } }`,
	}
	for name, query := range queries {
		w.get(query, map[string]any{"first": 20}) // warm
		few := w.callsOf(func() { w.get(query, map[string]any{"first": 1}) })
		many := w.callsOf(func() { w.get(query, map[string]any{"first": 20}) })
		again := w.callsOf(func() { w.get(query, map[string]any{"first": 20}) })
		limit := map[string]int64{"orders": 5, "contacts": 8, "filtered lists": 6}[name]
		if w.nests() {
			limit = map[string]int64{"orders": 1, "contacts": 1, "filtered lists": 3}[name]
		}
		// One record may lead to fewer models than many do; many to no more than the query names.
		if few > limit || many > limit || many != again {
			w.t.Errorf("%s: %d calls for one, %d and %d for 20, at most %d allowed", name, few, many, again, limit)
		}
	}
}

// A query for the type name alone needs no Odoo.
func typenameNeedsNoOdoo(w *world) {
	if n := w.callsOf(func() { w.get(`{ __typename }`, nil) }); n != 0 {
		w.t.Errorf("%d calls", n)
	}
}

// Fragments, aliases, @include and @skip plan what they select, and no more.
func selectionsOfEveryShape(w *world) {
	data := w.get(`query($yes: Boolean = true, $no: Boolean = false) {
	  page: saleOrders(first: 2) { edges { cursor node { ...head partner { a: displayName } } } nodes { ... on SaleOrder { number: name partner { email } } } }
	  skipped: saleOrders @skip(if: $yes) { totalCount }
	  included: saleOrders(first: 1) @include(if: $yes) { nodes { id name @include(if: $no) ... @include(if: $no) { state } } }
	  counted: saleOrders { totalCount }
	}
	fragment head on SaleOrder { name state ... @include(if: $yes) { two: lines(first: 2) { totalCount nodes { name } } one: lines(first: 1) { nodes { name } } } }`, nil)
	if names := column(dig(data, "page.edges"), "node.name"); !cmp.Equal(names, column(dig(data, "page.nodes"), "number")) || len(names) != 2 {
		w.t.Errorf("edges and nodes differ: %v", data)
	}
	if dig(data, "page.edges.0.node.partner.a") == nil || dig(data, "page.nodes.0.partner") == nil {
		w.t.Errorf("merged selections lost a field: %v", data)
	}
	two, one := dig(data, "page.edges.0.node.two.nodes").([]any), dig(data, "page.edges.0.node.one.nodes").([]any)
	if len(one) != 1 || len(two) < 1 || !cmp.Equal(one[0], two[0]) {
		w.t.Errorf("two pages of one list mix: %v and %v", one, two)
	}
	if _, there := data["skipped"]; there {
		w.t.Error("@skip did not skip")
	}
	if node := dig(data, "included.nodes.0").(map[string]any); len(node) != 1 {
		w.t.Errorf("@include(if: false) included %v", node)
	}
	if _, ok := dig(data, "counted.totalCount").(json.Number); !ok {
		w.t.Errorf("no count alone: %v", data)
	}
}
