package scenario

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/google/go-cmp/cmp"
)

func compareNumbers(a, b any) int {
	i, _ := a.(json.Number).Int64()
	j, _ := b.(json.Number).Int64()
	return int(i - j)
}

// Filters find what the same condition finds in Odoo.
func filtersMatchOdoo(w *world) {
	someone := w.read(w.t, "res.partner", []any{[]any{"email", "!=", false}, []any{"country_id", "!=", false}, []any{"id", "<=", 60}}, "id", 1, "name", "email", "country_id")[0]
	name := someone["name"].(string)
	code := w.one("res.country", someone["country_id"], "code")["code"].(string)
	active := []any{"active", "=", true}
	for _, c := range []struct {
		root, filter string
		model        string
		domain       []any
	}{
		{"partners", `{name: {eq: $name}}`, "res.partner", []any{[]any{"name", "=", name}}},
		{"partners", `{name: {contains: $part}}`, "res.partner", []any{[]any{"name", "ilike", name[1:3]}}},
		{"partners", `{name: {startsWith: $start}}`, "res.partner", []any{[]any{"name", "=ilike", strings.ToUpper(name[:2]) + "%"}}},
		{"partners", `{name: {in: [$name, "nobody"]}}`, "res.partner", []any{[]any{"name", "in", []any{name, "nobody"}}}},
		{"partners", `{name: {in: []}}`, "res.partner", []any{[]any{"id", "in", []any{}}}},
		{"partners", `{email: {isNull: true}}`, "res.partner", []any{"|", []any{"email", "=", false}, []any{"email", "=", ""}}},
		{"partners", `{email: {isNull: false}, isCompany: {eq: true}}`, "res.partner", []any{[]any{"email", "!=", false}, []any{"email", "!=", ""}, []any{"is_company", "=", true}}},
		{"partners", `{country: {code: {eq: $code}}}`, "res.partner", []any{[]any{"country_id.code", "=", code}}},
		{"partners", `{country: {isNull: true}}`, "res.partner", []any{[]any{"country_id", "=", false}}},
		{"partners", `{parent: {country: {code: {in: [$code]}}}}`, "res.partner", []any{[]any{"parent_id.country_id.code", "=", code}}},
		{"partners", `{not: {country: {code: {eq: $code}}}}`, "res.partner", []any{"|", []any{"country_id", "=", false}, []any{"country_id.code", "!=", code}}},
		{"partners", `{or: [{name: {eq: $name}}, {and: [{isCompany: {eq: true}}, {databaseId: {lte: 20}}]}]}`, "res.partner",
			[]any{"|", []any{"name", "=", name}, "&", []any{"is_company", "=", true}, []any{"id", "<=", 20}}},
		{"partners", `{databaseId: {between: {from: 5, to: 15}}}`, "res.partner", []any{[]any{"id", ">=", 5}, []any{"id", "<=", 15}}},
		{"partners", `{active: {eq: false}}`, "res.partner", []any{[]any{"active", "=", false}}},
		{"partners", `{contacts: {name: {contains: "a"}, isCompany: {eq: false}}}`, "res.partner",
			[]any{[]any{"id", "in", w.parents([]any{[]any{"parent_id", "!=", false}, active, []any{"name", "ilike", "a"}, []any{"is_company", "=", false}})}}},
		{"saleOrders", `{state: {in: [SALE, CANCEL]}}`, "sale.order", []any{[]any{"state", "not in", []any{"draft", "sent"}}}},
		{"saleOrders", `{state: {neq: DRAFT}}`, "sale.order", []any{[]any{"state", "!=", "draft"}}},
		{"saleOrders", `{amountTotal: {gte: "1000.5"}}`, "sale.order", []any{[]any{"amount_total", ">=", json.Number("1000.5")}}},
		{"saleOrders", `{amountTotal: {between: {from: 100, to: "2000"}}, databaseId: {lte: 20}}`, "sale.order",
			[]any{[]any{"amount_total", ">=", 100}, []any{"amount_total", "<=", 2000}, []any{"id", "<=", 20}}},
		{"saleOrders", `{orderDate: {gte: "2000-01-01T00:00:00+02:00"}}`, "sale.order", []any{[]any{"date_order", ">=", "1999-12-31 22:00:00"}}},
		{"saleOrders", `{invoiceStatus: {eq: TO_INVOICE}}`, "sale.order", []any{[]any{"invoice_status", "=", "to invoice"}}},
		{"saleOrders", `{lines: {quantity: {gt: 2}}}`, "sale.order", []any{[]any{"order_line.product_uom_qty", ">", 2}}},
		{"saleOrderLines", `{displayType: {eq: PRODUCT}}`, "sale.order.line", []any{[]any{"display_type", "=", false}}},
		{"saleOrderLines", `{not: {displayType: {eq: PRODUCT}}}`, "sale.order.line", []any{[]any{"display_type", "!=", false}}},
		{"products", `{type: {eq: SERVICE}}`, "product.product", []any{[]any{"type", "=", "service"}}},
		{"countries", `{name: {in: ["Belgium", "France"]}}`, "res.country", []any{"|", []any{"name", "=", "Belgium"}, []any{"name", "=", "France"}}},
		{"invoices", `{type: {eq: CUSTOMER_INVOICE}}`, "account.move", []any{[]any{"move_type", "=", "out_invoice"}}},
		{"invoices", `{}`, "account.move", []any{[]any{"move_type", "!=", "entry"}}},
	} {
		variables := map[string]any{"name": name, "part": name[1:3], "start": strings.ToUpper(name[:2]), "code": code}
		query := fmt.Sprintf(`query($name: String! = "", $part: String! = "", $start: String! = "", $code: String! = "") {
		  list: %s(filter: %s, first: 100) { totalCount nodes { databaseId } }
		  all: partners(first: 0, filter: {or: [{name: {in: [$name, $part, $start, $code]}}]}) { pageInfo { hasNextPage } } }`, c.root, c.filter)
		data := w.get(query, variables)
		want := w.rpc(w.t, c.model, "search_count", []any{c.domain}, nil)
		if got := dig(data, "list.totalCount"); got != want {
			w.t.Errorf("%s %s: %v, Odoo finds %v", c.root, c.filter, got, want)
		}
		ids := column(asAny(w.read(w.t, c.model, c.domain, "id", 100, "id")), "id")
		if diff := cmp.Diff(ids, column(dig(data, "list.nodes"), "databaseId")); diff != "" {
			w.t.Errorf("%s %s (-Odoo +gateway):\n%s", c.root, c.filter, diff)
		}
	}
}

// parents are the partners of which a contact meets the domain.
func (w *world) parents(domain []any) []any {
	var ids []any
	for _, contact := range w.read(w.t, "res.partner", domain, "id", 0, "parent_id") {
		if id := any(ref(contact["parent_id"])); !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// A filter and its negation part the records: none is lost, none counted twice.
func negationsPart(w *world) {
	total := dig(w.get(`{ partners(filter: {active: {eq: true}}) { totalCount } }`, nil), "partners.totalCount")
	for _, filter := range []string{
		`{email: {contains: "a"}}`, `{email: {eq: "nobody"}}`, `{email: {startsWith: "a"}}`, `{email: {isNull: true}}`, `{email: {in: ["a", "b"]}}`,
		`{country: {code: {neq: "US"}}}`, `{country: {name: {eq: "Belgium"}}}`, `{parent: {country: {code: {eq: "US"}}}}`, `{type: {eq: CONTACT}}`,
		`{createdAt: {gt: "2001-01-01T00:00:00Z"}}`, `{contacts: {name: {contains: "a"}}}`, `{tags: {name: {contains: "e"}}}`, `{name: {contains: "%"}}`,
		`{or: []}`, `{and: []}`, `{name: {contains: "a"}, email: {contains: "b"}}`,
	} {
		data := w.get(`{ yes: partners(filter: {and: [{active: {eq: true}}, `+filter+`]}) { totalCount } no: partners(filter: {active: {eq: true}, not: `+filter+`}) { totalCount } }`, nil)
		yes, _ := dig(data, "yes.totalCount").(json.Number).Int64()
		no, _ := dig(data, "no.totalCount").(json.Number).Int64()
		if strconv.FormatInt(yes+no, 10) != fmt.Sprint(total) {
			w.t.Errorf("%s: %d do and %d do not, of %v", filter, yes, no, total)
		}
	}
}

// What users write is text: wildcards and operators in it mean nothing.
func wildcardsAreText(w *world) {
	var want []any
	for _, partner := range w.read(w.t, "res.partner", []any{[]any{"id", "<=", 100}}, "id", 0, "name") {
		if name, _ := partner["name"].(string); strings.Contains(name, "%") {
			want = append(want, partner["id"])
		}
	}
	data := w.get(`{ a: partners(filter: {name: {contains: "%"}, databaseId: {lte: 100}}) { nodes { databaseId } }
	  b: partners(filter: {name: {startsWith: "_"}}) { totalCount } c: partners(filter: {name: {eq: "%"}}) { totalCount } }`, nil)
	if got := column(dig(data, "a.nodes"), "databaseId"); len(got) != len(want) {
		w.t.Errorf("names with %%: %v, want %v", got, want)
	}
	if dig(data, "b.totalCount") != json.Number("0") || dig(data, "c.totalCount") != json.Number("0") {
		w.t.Errorf("wildcards match: %v", data)
	}
}

// Bad input is refused by name, before Odoo sees it.
func badInputIsNamed(w *world) {
	w.get(`{ viewer { id } }`, nil)
	for _, c := range []struct{ query, field string }{
		{`{ partners(filter: {email: {eq: null}}) { totalCount } }`, "filter.email.eq"},
		{`{ partners(filter: {isNull: true}) { totalCount } }`, "filter.isNull"},
		{`{ saleOrders(filter: {amountTotal: {gt: "much"}}) { totalCount } }`, ""},
		{`{ saleOrders(filter: {orderDate: {gt: "2026-13-01"}}) { totalCount } }`, ""},
		{`{ partners(filter: {id: {eq: "nonsense"}}) { totalCount } }`, "filter.id.eq"},
		{`{ partner { id } }`, "partner"},
		{`{ partner(databaseId: 1, reference: "x") { id } }`, "partner"},
		{`{ partner(id: "nonsense") { id } }`, "id"},
		{`{ node(id: "UGFydG5lcjow") { id } }`, "id"},
		{`{ saleOrder(id: "UGFydG5lcjox") { id } }`, "id"},
	} {
		var e responseError
		n := w.callsOf(func() { e = w.refuse("BAD_USER_INPUT", c.query, nil) })
		if n != 0 || c.field != "" && e.Extensions["field"] != c.field {
			w.t.Errorf("%s: %d calls, error %+v", c.query, n, e)
		}
	}
	for _, query := range []string{`{ partners(filter: {name: {like: "x"}}) { totalCount } }`, `{ partners { nodes { order_line } } }`, `{ partners(orderBy: [{field: NOTES}]) { totalCount } }`} {
		w.refuse("GRAPHQL_VALIDATION_FAILED", query, nil)
	}
	w.refuse("GRAPHQL_PARSE_FAILED", `{ partners`, nil)
	w.refuse("BAD_USER_INPUT", `query($n: Int!) { partners(first: $n) { totalCount } }`, map[string]any{"n": "many"})
}

// Orders sort as Odoo sorts, with the id last.
func ordersOfLists(w *world) {
	for _, c := range []struct{ root, order, model, odoo string }{
		{"saleOrders", `[{field: ORDER_DATE, direction: DESC}]`, "sale.order", "date_order desc, id"},
		{"saleOrders", `[{field: STATE}, {field: AMOUNT_TOTAL, direction: DESC}]`, "sale.order", "state, amount_total desc, id"},
		{"partners", `[{field: IS_COMPANY, direction: DESC}, {field: NAME}]`, "res.partner", "is_company desc, name, id"},
		{"countries", `[{field: CODE, direction: DESC}]`, "res.country", "code desc, id"},
		{"products", `[{field: DATABASE_ID, direction: DESC}]`, "product.product", "id desc"},
	} {
		data := w.get(fmt.Sprintf(`{ list: %s(orderBy: %s, first: 50) { nodes { databaseId } } }`, c.root, c.order), nil)
		want := column(asAny(w.read(w.t, c.model, []any{}, c.odoo, 50, "id")), "id")
		if diff := cmp.Diff(want, column(dig(data, "list.nodes"), "databaseId")); diff != "" {
			w.t.Errorf("%s by %s (-Odoo +gateway):\n%s", c.root, c.order, diff)
		}
	}
}

// A list within a record is filtered, ordered and paged on its own.
func listsWithinRecords(w *world) {
	t := w.t
	orders := w.read(t, "sale.order", []any{}, "id", 30, "partner_id")
	count := map[json.Number]int{}
	var busiest json.Number
	for _, order := range orders {
		partner := ref(order["partner_id"])
		count[partner]++
		if count[partner] > count[busiest] {
			busiest = partner
		}
	}
	data := w.get(`query($id: Int!) { partner(databaseId: $id) {
	  all: saleOrders(first: 100) { totalCount nodes { databaseId } }
	  latest: saleOrders(first: 1, orderBy: [{field: DATABASE_ID, direction: DESC}]) { totalCount nodes { databaseId } pageInfo { endCursor hasNextPage } }
	  none: saleOrders(filter: {name: {eq: "no such order"}}) { totalCount nodes { databaseId } pageInfo { hasNextPage } } } }`, map[string]any{"id": busiest})
	want := column(asAny(w.read(t, "sale.order", []any{[]any{"partner_id", "=", busiest}}, "id desc", 0, "id")), "id")
	all := column(dig(data, "partner.all.nodes"), "databaseId")
	slices.SortFunc(all, func(a, b any) int { return compareNumbers(b, a) })
	if diff := cmp.Diff(want, all); diff != "" {
		t.Errorf("orders of a partner (-Odoo +gateway):\n%s", diff)
	}
	if got := dig(data, "partner.latest.nodes.0.databaseId"); got != want[0] {
		t.Errorf("the latest is %v, want %v", got, want[0])
	}
	if dig(data, "partner.latest.totalCount") != dig(data, "partner.all.totalCount") || dig(data, "partner.none.totalCount") != json.Number("0") {
		t.Errorf("counts: %v", data)
	}
	next := w.get(`query($id: Int!, $after: String) { partner(databaseId: $id) {
	  saleOrders(first: 1, after: $after, orderBy: [{field: DATABASE_ID, direction: DESC}]) { nodes { databaseId } } } }`,
		map[string]any{"id": busiest, "after": dig(data, "partner.latest.pageInfo.endCursor")})
	if got := dig(next, "partner.saleOrders.nodes.0.databaseId"); len(want) > 1 && got != want[1] {
		t.Errorf("after the latest comes %v, want %v", got, want[1])
	}
}

// A search finds what people find by typing.
func searchFindsNames(w *world) {
	order := w.read(w.t, "sale.order", []any{}, "id", 1, "name")[0]
	data := w.get(`query($text: String!) { saleOrders(search: $text) { nodes { name } } partners(search: "no such partner at all") { totalCount } }`, map[string]any{"text": order["name"]})
	if got := dig(data, "saleOrders.nodes.0.name"); got != order["name"] {
		w.t.Errorf("search for %v finds %v", order["name"], got)
	}
	if dig(data, "partners.totalCount") != json.Number("0") {
		w.t.Errorf("search for nobody finds somebody: %v", data)
	}
}

// Every scalar, relation and list of every type can be read from real data.
func everyFieldCanBeRead(w *world) {
	for root, query := range everyField(w.t) {
		a := w.ask(query, nil)
		for _, e := range a.Errors {
			w.t.Errorf("%s: %+v", root, e)
		}
	}
}
