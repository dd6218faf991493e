package scenario

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"odoograph/auth"
	"odoograph/odoo"
)

// What Odoo would take for something else never gets there: the client learns
// which part of its input it is.
func trapsOfWriting(w *world) {
	made := w.done("createPartner", "partner", `id databaseId updatedAt`, map[string]any{"name": "Trapped", "country": map[string]any{"code": "BE"}, "email": "a@example.com"})
	key := map[string]any{"id": made["id"]}
	newest := dig(w.get(`{ saleOrders(first: 1) { nodes { id } } }`, nil), "saleOrders.nodes.0.id")
	before := w.stored(made["databaseId"])
	for name, trap := range map[string]struct {
		field string
		value any
		code  string
		path  []any
	}{
		"an id of nothing":                    {"country", map[string]any{"databaseId": 999999}, "NOT_FOUND", []any{"country", "databaseId"}},
		"the id 0, which Odoo takes for none": {"country", map[string]any{"databaseId": 0}, "INVALID", []any{"country", "databaseId"}},
		"a negative id":                       {"country", map[string]any{"databaseId": -1}, "INVALID", []any{"country", "databaseId"}},
		"the id of another type":              {"country", map[string]any{"id": newest}, "INVALID", []any{"country", "id"}},
		"no id at all":                        {"country", map[string]any{"id": "BE"}, "INVALID", []any{"country", "id"}},
		"a code of nothing":                   {"country", map[string]any{"code": "??"}, "NOT_FOUND", []any{"country", "code"}},
		"an empty code":                       {"country", map[string]any{"code": " "}, "BLANK", []any{"country", "code"}},
		"a state of nowhere":                  {"state", map[string]any{"code": "US-??"}, "NOT_FOUND", []any{"state", "code"}},
		"a term that Odoo does not look for":  {"paymentTerm", map[string]any{"databaseId": 999999}, "NOT_FOUND", []any{"paymentTerm", "databaseId"}},
		"one of several labels":               {"tags", []any{map[string]any{"databaseId": 999999}}, "NOT_FOUND", []any{"tags", "0", "databaseId"}},
		"a salesperson of nothing":            {"salesperson", map[string]any{"login": "nobody"}, "NOT_FOUND", []any{"salesperson", "login"}},
		"a language that is not installed":    {"language", "xx_XX", "INVALID", []any{"language"}},
		"a time zone of nowhere":              {"timezone", "Europe/Atlantis", "INVALID", []any{"timezone"}},
		"text that cannot be stored":          {"street", "a\x00b", "INVALID", []any{"street"}},
		"no value for what has always one":    {"isCompany", nil, "BLANK", []any{"isCompany"}},
		"two keys":                            {"country", map[string]any{"code": "BE", "databaseId": 20}, "INVALID", []any{"country"}},
		"no key":                              {"country", map[string]any{}, "INVALID", []any{"country"}},
		"a key of nothing":                    {"country", map[string]any{"code": nil}, "INVALID", []any{"country"}},
		"oneself as parent":                   {"parent", key, "INVALID", []any{"parent", "id"}},
	} {
		payload := w.change("updatePartner", "partner { id }", map[string]any{"partner": key, trap.field: trap.value})
		errs := payload["userErrors"].([]any)
		if len(errs) != 1 || !w.isCode(dig(errs[0], "code"), trap.code) || !slices.Equal(dig(errs[0], "field").([]any), append([]any{"input"}, trap.path...)) {
			w.t.Errorf("%s: %v, want %s at %v", name, errs, trap.code, trap.path)
		}
	}
	// What is not even of the input's type does not pass GraphQL itself.
	for name, value := range map[string]any{
		"a many2one as Odoo reads it": []any{233, "United States"}, "a bare id": 233, "an id as text": "233", "an unknown key": map[string]any{"name": "Belgium"}, "a name for an id": map[string]any{"databaseId": "x"},
	} {
		a := w.ask(`mutation($input: UpdatePartnerInput!) { updatePartner(input: $input) { partner { id } } }`, map[string]any{"input": map[string]any{"partner": key, "country": value}})
		if len(a.Errors) == 0 || dig(a.Data, "updatePartner") != nil {
			w.t.Errorf("%s: %+v", name, a)
		}
	}
	for field, value := range map[string]any{"isCompany": `"false"`, "name": `["a"]`, "email": `{a: 1}`, "city": `5`, "type": `"CONTACT"`, "tags": `[[6, 0, [1]]]`, "contacts": `[]`} {
		a := w.ask(fmt.Sprintf(`mutation($key: PartnerKey!) { updatePartner(input: {partner: $key, %s: %s}) { partner { id } } }`, field, value), map[string]any{"key": key})
		if len(a.Errors) == 0 || a.Data != nil {
			w.t.Errorf("%s: %s: %+v", field, value, a)
		}
	}
	if after := w.stored(made["databaseId"]); fmt.Sprint(after) != fmt.Sprint(before) {
		w.t.Errorf("a refused change left something behind: %v, before %v", after, before)
	}
	// An empty list is no label, and no list leaves the labels as they are.
	tag := w.create(w.t, "res.partner.category", map[string]any{"name": "Tag " + stamp()})
	tagged := w.done("updatePartner", "partner", `tags { totalCount }`, map[string]any{"partner": key, "tags": []any{map[string]any{"databaseId": tag}}})
	kept := w.done("updatePartner", "partner", `tags { totalCount }`, map[string]any{"partner": key, "city": "Gent"})
	none := w.done("updatePartner", "partner", `tags { totalCount }`, map[string]any{"partner": key, "tags": []any{}})
	if got := fmt.Sprintf("%v %v %v", dig(tagged, "tags.totalCount"), dig(kept, "tags.totalCount"), dig(none, "tags.totalCount")); got != "1 1 0" {
		w.t.Errorf("labels: %s", got)
	}
}

// isCode compares codes; XML-RPC does not tell a value that Odoo refuses from a
// rule that it has.
func (w *world) isCode(got any, want string) bool {
	return got == want || w.transport == "xml-rpc" && want == "INVALID" && got == "FORBIDDEN_BY_RULE"
}

// stored is what Odoo holds of a partner.
func (w *world) stored(id any) map[string]any {
	return w.read(w.t, "res.partner", []any{[]any{"id", "=", id}}, "id", 0, "name", "country_id", "state_id", "email", "street", "lang", "tz", "is_company", "parent_id", "write_date")[0]
}

// Orders have traps of their own.
func trapsOfOrders(w *world) {
	customer, product := w.customer(), map[string]any{"reference": w.products()[0]}
	orders := func() any { return w.rpc(w.t, "sale.order", "search_count", []any{[]any{}}, nil) }
	before := orders()
	line := func(more ...any) map[string]any {
		out := map[string]any{"product": product}
		for i := 0; i < len(more); i += 2 {
			if out[more[i].(string)] = more[i+1]; more[i+1] == "-" {
				delete(out, more[i].(string))
			}
		}
		return map[string]any{"partner": customer, "lines": []any{map[string]any{"product": product}, out}}
	}
	for name, trap := range map[string]struct {
		input map[string]any
		code  string
		path  []any
	}{
		"no such customer":           {map[string]any{"partner": map[string]any{"databaseId": 999999}}, "NOT_FOUND", []any{"partner", "databaseId"}},
		"no such product":            {line("product", map[string]any{"databaseId": 999999}), "NOT_FOUND", []any{"lines", "1", "product", "databaseId"}},
		"no such reference":          {line("product", map[string]any{"reference": "no such " + stamp()}), "NOT_FOUND", []any{"lines", "1", "product", "reference"}},
		"no such tax":                {line("taxes", []any{map[string]any{"databaseId": 999999}}), "NOT_FOUND", []any{"lines", "1", "taxes", "0", "databaseId"}},
		"a line without product":     {line("product", "-"), "BLANK", []any{"lines", "1"}},
		"a section with a product":   {line("displayType", "SECTION", "name", "x"), "INVALID", []any{"lines", "1", "product"}},
		"a note without text":        {line("product", "-", "displayType", "NOTE"), "BLANK", []any{"lines", "1"}},
		"more digits than there are": {line("quantity", "1234567890123456.5"), "INVALID", []any{"lines", "1", "quantity"}},
	} {
		payload := w.change("createSaleOrder", "saleOrder { id }", trap.input)
		errs := payload["userErrors"].([]any)
		if len(errs) != 1 || !w.isCode(dig(errs[0], "code"), trap.code) || !slices.Equal(dig(errs[0], "field").([]any), append([]any{"input"}, trap.path...)) {
			w.t.Errorf("%s: %v, want %s at %v", name, errs, trap.code, trap.path)
		}
	}
	for field, value := range map[string]string{
		"team": `{databaseId: 2147483648}`, "tags": `[{databaseId: 2147483648}]`, "company": `{id: 7}`,
		"validUntil": `"2026-02-30"`, "orderDate": `"yesterday"`, "lines": `[{quantity: "1e999999999"}]`, "note": `5`, "origin": `["a"]`,
	} {
		a := w.ask(fmt.Sprintf(`mutation($key: PartnerKey!) { createSaleOrder(input: {partner: $key, %s: %s}) { saleOrder { id } userErrors { code } } }`, field, value), map[string]any{"key": customer})
		if len(a.Errors) == 0 && dig(a.Data, "createSaleOrder.userErrors.0.code") != "INVALID" {
			w.t.Errorf("%s: %s: %+v", field, value, a)
		}
	}
	// A batch is made wholly or not at all.
	batch := func(quantity any) map[string]any {
		return w.change("createSaleOrders", "saleOrders { clientReference }", map[string]any{"orders": []any{
			map[string]any{"partner": customer, "clientReference": "first", "lines": []any{map[string]any{"product": product}}},
			map[string]any{"partner": customer, "clientReference": "second", "lines": []any{map[string]any{"product": product, "quantity": quantity}}},
		}})
	}
	failed := batch("12345678901234567")
	if errs := failed["userErrors"].([]any); len(errs) != 1 || fmt.Sprint(dig(errs[0], "field")) != "[input orders 1 lines 0 quantity]" {
		w.t.Errorf("a batch with an error: %v", failed)
	}
	if after := orders(); after != before {
		w.t.Errorf("%v orders after, %v before: a refused change left something behind", after, before)
	}
	if made := batch("2"); fmt.Sprint(column(made["saleOrders"], "clientReference")) != "[first second]" {
		w.t.Errorf("a batch: %v", made)
	}
}

// A change on condition that nobody else made one.
func onCondition(w *world) {
	made := w.done("createPartner", "partner", `id updatedAt`, map[string]any{"name": "Conditional"})
	key := map[string]any{"id": made["id"]}
	first := w.done("updatePartner", "partner", `updatedAt`, map[string]any{"partner": key, "city": "a", "ifUnmodifiedSince": made["updatedAt"]})
	// To change nothing is no change, and leaves what others have seen as it is.
	for range 3 {
		if same := w.done("updatePartner", "partner", `updatedAt`, map[string]any{"partner": key}); same["updatedAt"] != first["updatedAt"] {
			w.t.Errorf("changed at %v, and after no change at %v", first["updatedAt"], same["updatedAt"])
		}
	}
	stale := w.refused("updatePartner", "partner", map[string]any{"partner": key, "city": "b", "ifUnmodifiedSince": "2020-01-01T00:00:00Z"}, "CONFLICT", "ifUnmodifiedSince")
	if stale["currentUpdatedAt"] != first["updatedAt"] {
		w.t.Errorf("the current time is %v, told %v", first["updatedAt"], stale["currentUpdatedAt"])
	}
	w.done("updatePartner", "partner", `id`, map[string]any{"partner": key, "city": "c", "ifUnmodifiedSince": stale["currentUpdatedAt"]})
	w.refused("updatePartner", "partner", map[string]any{"partner": key, "city": "d", "ifUnmodifiedSince": stale["currentUpdatedAt"]}, "CONFLICT", "ifUnmodifiedSince")
	if city := dig(w.get(`query($id: ID!) { partner(id: $id) { city } }`, map[string]any{"id": made["id"]}), "partner.city"); city != "c" {
		w.t.Errorf("the city is %v", city)
	}
}

// What a mutation answered every query after it knows.
func readYourWrites(w *world) {
	cached := w.open(w.t, options{referenceTTL: time.Hour})
	company := dig(cached.get(`{ viewer { company { id partner: displayName } } companies(first: 1) { nodes { id } } }`, nil), "viewer.company.id")
	partner := w.read(w.t, "res.company", []any{}, "id", 1, "partner_id")[0]["partner_id"].([]any)
	original := cached.get(`query($id: Int!) { partner(databaseId: $id) { name } }`, map[string]any{"id": partner[0]})
	for _, name := range []any{"Renamed " + stamp(), dig(original, "partner.name")} {
		cached.done("updatePartner", "partner", `id`, map[string]any{"partner": map[string]any{"databaseId": partner[0]}, "name": name})
		data := cached.get(`query($c: ID!, $p: Int!) { company(id: $c) { name } partner(databaseId: $p) { name displayName } }`, map[string]any{"c": company, "p": partner[0]})
		if dig(data, "partner.name") != name || dig(data, "company.name") != name {
			w.t.Errorf("renamed to %v, read %v", name, data)
		}
	}
	// Others who read the same all the time do not lend their older answers.
	key := map[string]any{"id": cached.done("createPartner", "partner", `id`, map[string]any{"name": "Read"})["id"]}
	stop := make(chan struct{})
	var readers sync.WaitGroup
	defer readers.Wait()
	defer close(stop)
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					cached.glance(`query($id: ID!) { partner(id: $id) { city street } }`, map[string]any{"id": key["id"]})
				}
			}
		})
	}
	for i := range 20 {
		city := fmt.Sprint("City ", i)
		cached.done("updatePartner", "partner", `id`, map[string]any{"partner": key, "city": city})
		if got := dig(cached.get(`query($id: ID!) { partner(id: $id) { city street } }`, map[string]any{"id": key["id"]}), "partner.city"); got != city {
			w.t.Fatalf("written %s, read %v", city, got)
		}
	}
	// Mutations of one document see each other, in their order.
	data := cached.get(`mutation($key: PartnerKey!) {
	  a: updatePartner(input: {partner: $key, city: "first"}) { partner { city } }
	  b: updatePartner(input: {partner: $key, city: "second"}) { partner { city } }
	}`, map[string]any{"key": key})
	if dig(data, "a.partner.city") != "first" || dig(data, "b.partner.city") != "second" {
		w.t.Errorf("%v", data)
	}
}

// Who may not write does not: for want of a scope nothing reaches Odoo, and what
// Odoo refuses is forbidden.
func writingNeedsRights(w *world) {
	token, _, err := w.keys.Create(w.t.Context(), auth.Key{Name: "reader", Scopes: []string{"partners:read", "orders:read"}}, odoo.Credential{})
	if err != nil {
		w.t.Fatal(err)
	}
	n := w.callsOf(func() {
		a := w.ask(`mutation { createPartner(input: {name: "Never"}) { partner { id } } }`, nil, "Authorization", "Bearer "+token)
		if len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != "FORBIDDEN" || !strings.Contains(a.Errors[0].Message, "partners:write") {
			w.t.Errorf("without the scope: %+v", a)
		}
	})
	if never := w.read(w.t, "res.partner", []any{[]any{"name", "=", "Never"}}, "id", 0, "id"); n != 0 || len(never) > 0 {
		w.t.Errorf("%d calls, and %d partners, without the scope", n, len(never))
	}
	id := w.hiddenPartner()
	before := w.stored(id)
	restricted := w.open(w.t, options{credential: &w.demo})
	a := restricted.ask(`mutation($id: Int!) { updatePartner(input: {partner: {databaseId: $id}, city: "Taken over"}) { partner { id name } userErrors { message } } }`, map[string]any{"id": id})
	if len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != "FORBIDDEN" {
		w.t.Errorf("what Odoo refuses: %+v", a)
	}
	if after := w.stored(id); fmt.Sprint(after) != fmt.Sprint(before) {
		w.t.Errorf("the refused change was made: %v", after)
	}
}

// hiddenPartner returns a partner that the demo user may not see.
func (w *world) hiddenPartner() any {
	w.t.Helper()
	hidden := w.fixture(w.t)
	record := dig(w.get(fmt.Sprintf(`query($id: Int!) { record: %s(databaseId: $id) { hidden: %s { databaseId } } }`, hidden.root, hidden.relation), map[string]any{"id": hidden.id}), "record.hidden.databaseId")
	if hidden.relation == "company" { // of the stranger
		id, err := record.(json.Number).Int64()
		if err != nil {
			w.t.Fatal(err)
		}
		return json.Number(fmt.Sprint(w.create(w.t, "res.partner", map[string]any{"name": "Elsewhere's", "company_id": id})))
	}
	return record
}

// glance asks a query and looks at nothing, from any goroutine.
func (w *world) glance(query string, variables map[string]any) {
	body, _ := json.Marshal(map[string]any{"query": query, "variables": variables})
	request, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.gateway.URL+"/graphql", bytes.NewReader(body))
	if err != nil {
		return
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+plainKey)
	if response, err := w.gateway.Client().Do(request); err == nil {
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
	}
}
