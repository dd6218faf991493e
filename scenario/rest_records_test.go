package scenario

import (
	"fmt"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"

	"odoograph/auth"
	"odoograph/odoo"
)

// more are the members that a record has alone, beside those of its list.
var more = map[string][]restColumn{
	"/partners": {
		{"job_title", "function", ofText, nil}, {"street", "street", ofText, nil}, {"street2", "street2", ofText, nil}, {"city", "city", ofText, nil}, {"zip", "zip", ofText, nil},
		{"state", "state_id", ofOne, nil}, {"country", "country_id", ofOne, nil}, {"timezone", "tz", ofText, nil}, {"notes", "comment", ofHTML, nil},
		{"commercial_partner", "commercial_partner_id", ofOne, nil}, {"salesperson", "user_id", ofOne, nil}, {"company", "company_id", ofOne, nil},
		{"payment_term", "property_payment_term_id", ofOne, nil}, {"pricelist", "property_product_pricelist", ofOne, nil}, {"tags", "category_id", ofMany, nil}, {"contacts", "child_ids", ofMany, nil},
	},
	"/products": {
		{"sales_description", "description_sale", ofText, nil}, {"weight", "weight", ofDecimal, nil}, {"volume", "volume", ofDecimal, nil}, {"taxes", "taxes_id", ofMany, nil}, {"company", "company_id", ofOne, nil},
	},
	"/countries": {{"tax_id_label", "vat_label", ofText, nil}, {"states", "state_ids", ofMany, nil}},
	"/invoices": {
		{"payment_reference", "payment_reference", ofText, nil}, {"delivery_address", "partner_shipping_id", ofOne, nil}, {"salesperson", "invoice_user_id", ofOne, nil}, {"accounting_date", "date", ofDay, nil},
		{"payment_term", "invoice_payment_term_id", ofOne, nil}, {"lines", "invoice_line_ids", ofMany, nil}, {"note", "narration", ofHTML, nil}, {"reversed_invoice", "reversed_entry_id", ofOne, nil},
	},
	"/sale_orders": {
		{"invoice_address", "partner_invoice_id", ofOne, nil}, {"delivery_address", "partner_shipping_id", ofOne, nil}, {"team", "team_id", ofOne, nil},
		{"payment_term", "payment_term_id", ofOne, nil}, {"pricelist", "pricelist_id", ofOne, nil}, {"tags", "tag_ids", ofMany, nil}, {"lines", "order_line", ofMany, nil}, {"invoices", "invoice_ids", ofMany, nil}, {"note", "note", ofHTML, nil},
	},
}

// Each record by itself is what Odoo holds, and what its list shows of it.
func restRecordsMatchOdoo(w *world) {
	for _, l := range restLists {
		if strings.HasPrefix(l.path, "/api/v2") {
			continue
		}
		l.columns = append(slices.Clone(l.columns), more[l.path]...)
		l.columns = w.present(l)
		_, domain := w.narrow(l)
		for _, want := range w.asREST(l, domain, "id desc", 12) {
			path := fmt.Sprintf("%s/%v", l.path, dig(want, "id"))
			a := w.rest("GET", path, nil).is(200)
			record := a.at("data").(map[string]any)
			delete(record, "expected_date") // which for Odoo moves with the clock
			for _, list := range []string{"contacts", "states", "lines"} {
				if shown, ok := record[list].([]any); ok {
					if a.at("data."+list+"_count") != nil && list != "lines" || l.path == "/sale_orders" || l.path == "/invoices" {
						if got := fmt.Sprint(record[list+"_count"]); got != fmt.Sprint(len(shown)) && len(shown) < 100 {
							w.t.Errorf("%s: %s_count is %s of %d", path, list, got, len(shown))
						}
					}
					delete(record, list+"_count")
				}
			}
			if diff := cmp.Diff([]any{want}, l.reduced([]any{record})); diff != "" {
				w.t.Errorf("%s (-Odoo +gateway):\n%s", path, diff)
			}
			listed := w.list(fmt.Sprintf("%s?id=%v", l.path, dig(want, "id")))
			for name, v := range listed[0].(map[string]any) {
				if !cmp.Equal(v, a.at("data."+name)) {
					w.t.Errorf("%s: %s is %v, and %v in the list", path, name, a.at("data."+name), v)
				}
			}
		}
	}
	// The lines within an order are those of the route for them.
	lines := w.read(w.t, "sale.order.line", []any{}, "id", 1, "order_id")
	path := fmt.Sprintf("/sale_orders/%s", ref(lines[0]["order_id"]))
	if diff := cmp.Diff(any(w.list(path+"/lines?limit=100")), w.record(path)["lines"]); diff != "" {
		w.t.Errorf("%s: lines (-route +within):\n%s", path, diff)
	}
}

// A record that is not there and one that the caller may not see are told the same;
// of what hangs on a record that the caller sees, the parts that it may not see are
// null, with a warning each.
func restForbidden(w *world) {
	restricted := w.open(w.t, options{credential: &w.demo})
	path, relations := w.halfHidden()
	seen := w.record(path)
	a := restricted.rest("GET", path, nil).is(200)
	var named []string
	for _, warning := range a.at("warnings").([]any) {
		named = append(named, dig(warning, "field").(string))
		if dig(warning, "code") != "FORBIDDEN" || dig(warning, "message") == "" || len(warning.(map[string]any)) != 3 {
			w.t.Errorf("%s: %v", a.request, warning)
		}
	}
	for _, relation := range relations {
		if seen[relation] == nil || a.at("data."+relation) != nil || !slices.Contains(named, relation) {
			w.t.Errorf("%s: %s is %v, of %v; warnings %v", a.request, relation, a.at("data."+relation), seen[relation], named)
		}
	}
	if a.at("data.id") != seen["id"] || strings.Join(a.members("data"), " ") != strings.Join(w.rest("GET", path, nil).members("data"), " ") {
		w.t.Errorf("%s: the rest did not arrive: %s", a.request, a.body)
	}
	list := path[:strings.LastIndex(path, "/")] + "?id=" + path[strings.LastIndex(path, "/")+1:]
	inList := restricted.rest("GET", list, nil).is(200)
	if inList.at("data.0."+relations[0]) != nil || inList.at("data.0.id") != seen["id"] || inList.at("warnings.0.field") != "0."+relations[0] {
		w.t.Errorf("%s: %s", inList.request, inList.body)
	}
	hidden := fmt.Sprintf("/partners/%v", dig(seen[relations[0]], "id"))
	w.rest("GET", hidden, nil).is(200)
	there := restricted.rest("GET", hidden, nil).refused(404, "NOT_FOUND")
	nowhere := restricted.rest("GET", "/partners/2147483647", nil).refused(404, "NOT_FOUND")
	if masked(there.body) != masked(nowhere.body) {
		w.t.Errorf("hidden: %s, not there: %s", there.body, nowhere.body)
	}
	for _, path := range []string{hidden + "/sale_orders", "/sale_orders/2147483647/lines"} {
		restricted.rest("GET", path, nil).refused(404, "NOT_FOUND")
	}
	restricted.rest("PATCH", hidden, map[string]any{"name": "mine"}).refused(403, "FORBIDDEN")
	restricted.rest("POST", hidden+"/archive", nil).refused(403, "FORBIDDEN")
	if after := w.record(hidden); after["name"] == "mine" || after["active"] != true {
		w.t.Errorf("a hidden record was changed: %v", after)
	}
	w.rest("PATCH", "/partners/2147483647", map[string]any{"name": "mine"}).refused(404, "NOT_FOUND")
	w.rest("POST", "/sale_orders/2147483647/confirm", nil).refused(404, "NOT_FOUND")
	w.rest("POST", "/sale_orders/2147483647/lines", map[string]any{"lines": []any{map[string]any{"display_type": "note", "name": "x"}}}).refused(404, "NOT_FOUND")
}

// halfHidden is the path of a record that the demo user sees, and those of its
// relations that lead to a partner that the demo user does not see.
func (w *world) halfHidden() (string, []string) {
	w.t.Helper()
	hidden := w.fixture(w.t)
	if hidden.root == "saleOrder" {
		return fmt.Sprintf("/sale_orders/%s", hidden.id), []string{hidden.relation}
	}
	company := w.read(w.t, "res.users", []any{[]any{"id", "=", hidden.id}}, "id", 1, "company_id")[0]["company_id"]
	parent := w.create(w.t, "res.partner", map[string]any{"name": "Elsewhere " + stamp(), "is_company": true, "company_id": ref(company)})
	child := w.create(w.t, "res.partner", map[string]any{"name": "Here " + stamp(), "parent_id": parent, "type": "contact"})
	w.t.Cleanup(func() { w.drop(child); w.drop(parent) })
	w.rpc(w.t, "res.partner", "write", []any{[]any{child}, map[string]any{"company_id": false}}, nil)
	return fmt.Sprintf("/partners/%d", child), []string{"parent", "commercial_partner"}
}

// A key without a scope is told which one it lacks; what needs no more is answered.
func restScopes(w *world) {
	key := func(scopes ...string) string {
		token, _, err := w.keys.Create(w.t.Context(), auth.Key{Name: strings.Join(scopes, " "), Scopes: scopes}, odoo.Credential{})
		if err != nil {
			w.t.Fatal(err)
		}
		return "ApiKey " + token
	}
	partners, both := key("partners:read"), key("partners:read", "orders:read", "reference:read", "users:read", "products:read")
	order := fmt.Sprintf("/sale_orders/%v", w.read(w.t, "sale.order", []any{}, "id", 1, "id")[0]["id"])
	for _, c := range []struct{ key, method, path, scope string }{
		{partners, "GET", "/partners", ""}, {partners, "GET", "/partners/1?fields=name,parent", ""}, {partners, "GET", "/partners/1", "reference:read"},
		{partners, "GET", "/partners/1?fields=country", "reference:read"}, {partners, "GET", "/partners?country__code=BE", "reference:read"}, {partners, "GET", "/partners?salesperson__id=1", "users:read"},
		{partners, "GET", "/sale_orders", "orders:read"}, {partners, "GET", "/partners/1/sale_orders", "orders:read"}, {partners, "GET", "/invoices", "invoices:read"}, {partners, "GET", "/countries", "reference:read"},
		{partners, "POST", "/partners", "partners:write"}, {partners, "PATCH", "/partners/1", "partners:write"}, {partners, "POST", "/partners/1/archive", "partners:write"},
		{both, "GET", "/partners/1", ""}, {both, "GET", order + "?fields=name,lines", ""}, {both, "GET", order + "?fields=invoices", "invoices:read"}, {both, "POST", order + "/confirm", "orders:write"},
	} {
		var body any
		if c.method != "GET" && strings.Count(c.path, "/") < 3 {
			body = map[string]any{"name": "Scoped"}
		}
		a := w.rest(c.method, c.path, body, "Authorization", c.key)
		if c.scope == "" {
			a.is(200)
			continue
		}
		a.refused(403, "FORBIDDEN")
		if !strings.Contains(fmt.Sprint(a.at("error")), c.scope) {
			w.t.Errorf("%s: %v does not name %s", a.request, a.at("error"), c.scope)
		}
		for _, word := range []string{"Query.", "Mutation.", "databaseId", "GraphQL", "data."} {
			if strings.Contains(fmt.Sprint(a.at("error")), word) {
				w.t.Errorf("%s: %v speaks of %s", a.request, a.at("error"), word)
			}
		}
	}
	for _, c := range []struct{ key, why string }{
		{"", "none"}, {"ApiKey ", "empty"}, {"ApiKey odg_nonsense", "wrong"}, {"Basic dXNlcjpwYXNz", "another scheme"}, {"Bearer", "nothing"},
	} {
		a := w.rest("GET", "/partners", nil, "Authorization", c.key).refused(401, "UNAUTHORIZED")
		if !strings.HasPrefix(a.header.Get("Www-Authenticate"), "Bearer") {
			w.t.Errorf("%s key: %v", c.why, a.header)
		}
	}
}
