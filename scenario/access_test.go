package scenario

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/google/go-cmp/cmp"
)

// A global id leads back to its record; one of nothing leads to null.
func nodesByID(w *world) {
	data := w.get(`{ partners(first: 2) { nodes { id databaseId displayName } } saleOrders(first: 1) { nodes { id name } } }`, nil)
	partner, order := dig(data, "partners.nodes.0.id"), dig(data, "saleOrders.nodes.0.id")
	w.get(`query($id: ID!) { node(id: $id) { id __typename } }`, map[string]any{"id": partner})
	again := w.get(`query($p: ID!, $o: ID!, $none: ID!) {
	  node(id: $p) { __typename id ... on Partner { displayName } }
	  partner(id: $p) { id databaseId }
	  nodes(ids: [$o, $none, $p, $o]) { __typename ... on SaleOrder { name } ... on Partner { displayName } }
	}`, map[string]any{"p": partner, "o": order, "none": "UGFydG5lcjoyMTQ3NDgzNjQ3"})
	if diff := cmp.Diff(map[string]any{"__typename": "Partner", "id": partner, "displayName": dig(data, "partners.nodes.0.displayName")}, again["node"]); diff != "" {
		w.t.Error(diff)
	}
	wantOrder := map[string]any{"__typename": "SaleOrder", "name": dig(data, "saleOrders.nodes.0.name")}
	wantPartner := map[string]any{"__typename": "Partner", "displayName": dig(data, "partners.nodes.0.displayName")}
	if diff := cmp.Diff([]any{wantOrder, nil, wantPartner, wantOrder}, again["nodes"]); diff != "" {
		w.t.Error(diff)
	}
	for _, query := range []string{`{ found: partner(databaseId: 2147483647) { id } }`, `{ found: partner(databaseId: 0) { id } }`, `{ found: partner(databaseId: -5) { id } }`} {
		if found := w.get(query, nil)["found"]; found != nil {
			w.t.Errorf("%s finds %v", query, found)
		}
	}
}

// Records have names that survive a database; asked for at once, they come at once.
func naturalKeys(w *world) {
	order := w.read(w.t, "sale.order", []any{}, "id desc", 1, "name")[0]
	query := `query($order: String!) {
	  saleOrder(name: $order) { databaseId }
	  be: country(code: "BE") { name } fr: country(code: "FR") { name currency { code } } nowhere: country(code: "??") { name }
	  usd: currency(code: "USD") { code active } archived: currency(code: "JPY") { code }
	}`
	w.get(query, map[string]any{"order": order["name"]})
	var data map[string]any
	n := int64(math.MaxInt64)
	for range 3 { // whether two are one call is a matter of moments
		n = min(n, w.callsOf(func() { data = w.get(query, map[string]any{"order": order["name"]}) }))
	}
	if dig(data, "saleOrder.databaseId") != order["id"] || dig(data, "be.name") != "Belgium" || dig(data, "fr.currency.code") != "EUR" ||
		data["nowhere"] != nil || dig(data, "usd.code") != "USD" {
		w.t.Errorf("found %v", data)
	}
	terms := w.get(`{ paymentTerms(first: 1) { nodes { id name } } }`, nil)
	named := w.get(`query($name: String!) { paymentTerm(name: $name) { id } }`, map[string]any{"name": dig(terms, "paymentTerms.nodes.0.name")})
	if dig(named, "paymentTerm.id") != dig(terms, "paymentTerms.nodes.0.id") {
		w.t.Errorf("a payment term by name: %v, want %v", named, terms)
	}
	// One for the orders, one for the countries, one for both currencies, one for France's.
	if n > 5 {
		w.t.Errorf("%d calls", n)
	}
}

// The viewer is the user whose rights apply.
func viewerIsTheUser(w *world) {
	if got := dig(w.get(`{ viewer { login partner { displayName } } }`, nil), "viewer.login"); got != w.admin.Login {
		w.t.Errorf("the viewer is %v", got)
	}
	restricted := w.open(w.t, options{credential: &w.demo})
	if got := dig(restricted.get(`{ viewer { login } }`, nil), "viewer.login"); got != w.demo.Login {
		w.t.Errorf("the viewer is %v", got)
	}
}

// A user sees what Odoo's access rights and record rules allow, and no more.
func rightsAreOdoos(w *world) {
	restricted := w.open(w.t, options{credential: &w.demo})
	demo := w.target
	demo.admin = w.demo
	for root, model := range map[string]string{"partners": "res.partner", "saleOrders": "sale.order", "users": "res.users", "companies": "res.company"} {
		want := demo.rpc(w.t, model, "search_count", []any{[]any{}}, nil)
		if got := dig(restricted.get(`{ `+root+` { totalCount } }`, nil), root+".totalCount"); got != want {
			w.t.Errorf("%s sees %v %s through the gateway, %v in Odoo", w.demo.Login, got, root, want)
		}
	}
	hidden := w.fixture(w.t)
	query := fmt.Sprintf(`query($id: Int!) { record: %s(databaseId: $id) { displayName boss: %s { id displayName } } partners(first: 3) { nodes { name } } }`, hidden.root, hidden.relation)
	variables := map[string]any{"id": hidden.id}
	a := restricted.ask(query, variables)
	if len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != "FORBIDDEN" || !cmp.Equal(a.Errors[0].Path, []any{"record", "boss"}) {
		w.t.Errorf("errors %+v, want FORBIDDEN on record.boss", a.Errors)
	}
	if dig(a.Data, "record.displayName") == nil || dig(a.Data, "record.boss") != nil || len(dig(a.Data, "partners.nodes").([]any)) != 3 {
		w.t.Errorf("the rest did not arrive: %v", a.Data)
	}
	open := w.get(query, variables)
	if dig(open, "record.boss.displayName") == nil {
		w.t.Errorf("the admin does not see what %s refers to either: %v", hidden.relation, open)
	}
	gone := restricted.get(`query($id: ID!) { node(id: $id) { id } }`, map[string]any{"id": dig(open, "record.boss.id")})
	if gone["node"] != nil {
		w.t.Errorf("node shows what the user may not see: %v", gone)
	}
}

// A list of a model that the user may not read at all is null with an error, or
// without one where Odoo does not tell the user of the field; the records that it
// hangs on arrive.
func forbiddenLists(w *world) {
	restricted := w.open(w.t, options{credential: &w.demo})
	a := restricted.ask(`{ partners(first: 3) { nodes { name country { code } invoices { totalCount } } } countries(first: 1) { totalCount } }`, nil)
	nodes := column(dig(a.Data, "partners.nodes"), "name")
	demo := w.target
	demo.admin = w.demo
	told := len(demo.rpc(w.t, "res.partner", "fields_get", []any{[]any{"invoice_ids"}, []any{"type"}}, nil).(map[string]any)) > 0
	if len(nodes) != 3 || dig(a.Data, "countries.totalCount") == nil {
		w.t.Fatalf("the rest did not arrive: %+v", a)
	}
	for i := range nodes {
		list := dig(a.Data, fmt.Sprintf("partners.nodes.%d.invoices", i))
		refused := slices.ContainsFunc(a.Errors, func(e responseError) bool {
			return e.Extensions["code"] == "FORBIDDEN" && cmp.Equal(e.Path, []any{"partners", "nodes", json.Number(strconv.Itoa(i)), "invoices"})
		})
		if (list == nil && told) != refused || list != nil && !told {
			w.t.Errorf("invoices of %v: %v, errors %+v", nodes[i], list, a.Errors)
		}
	}
}

// Archived records stay out of lists, and stay visible where something refers to them.
func archivedRecords(w *world) {
	active := dig(w.get(`{ currencies(first: 100) { totalCount nodes { active } } }`, nil), "currencies")
	for _, a := range column(dig(active, "nodes"), "active") {
		if a != true {
			w.t.Error("a list shows an archived currency")
		}
	}
	both := w.get(`{ on: currencies(filter: {active: {eq: true}}) { totalCount } off: currencies(filter: {active: {eq: false}}) { totalCount nodes { databaseId } } }`, nil)
	if dig(both, "off.totalCount") == json.Number("0") {
		w.t.Fatal("no archived currency to test with")
	}
	one := w.get(`query($id: Int!) { currency(databaseId: $id) { active } }`, map[string]any{"id": dig(both, "off.nodes.0.databaseId")})
	if dig(one, "currency.active") != false {
		w.t.Errorf("an archived record cannot be read by its id: %v", one)
	}
	switzerland := w.get(`{ country(code: "CH") { currency { code active } } }`, nil)
	if dig(switzerland, "country.currency.code") != "CHF" {
		w.t.Errorf("an archived record cannot be read where something refers to it: %v", switzerland)
	}
}
