package scenario

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"odoograph/odoo/odootest"
)

// Read level by level, the levels of reference data cost no call once they are
// known. A change there shows after a minute; one of business data shows at once.
func TestReferenceDataIsKept(t *testing.T) {
	server := odootest.Start(t, odootest.Options{Version: 14})
	tg := standIn(server, "")
	var passed atomic.Int64
	start := time.Now()
	w := tg.open(t, options{referenceTTL: time.Minute, now: func() time.Time { return start.Add(time.Duration(passed.Load())) }})
	w.get(simpleQuery, nil) // sign in
	first := map[string]any{"first": 20}
	ask := func() any { return w.get(ordersQuery, first) }
	var before any
	cold := w.callsOf(func() { before = ask() })
	warm := w.callsOf(func() { ask() })
	if cold != warm+2 {
		t.Errorf("%d calls and then %d, want none for currencies and countries", cold, warm)
	}

	const path = "saleOrders.nodes.0.partner"
	code := dig(before, path+".country.code")
	country := server.Find("res.country", "code", code)
	partner := server.Find("res.partner", "name", dig(before, path+".name"))
	if err := server.Write("res.country", country, odootest.Values{"name": "Renamed"}); err != nil {
		t.Fatal(err)
	}
	if err := server.Write("res.partner", partner, odootest.Values{"email": "new@example.com"}); err != nil {
		t.Fatal(err)
	}
	after := ask()
	if dig(after, path+".country.name") != dig(before, path+".country.name") || dig(after, path+".email") != "new@example.com" {
		t.Errorf("at once: %v", dig(after, path))
	}
	passed.Add(int64(time.Minute))
	again := w.callsOf(func() { after = ask() })
	if dig(after, path+".country.name") != "Renamed" || again != cold {
		t.Errorf("after a minute, with %d calls: %v", again, dig(after, path))
	}
}

// What is kept is what Odoo says, however often and in whatever way it is asked
// for: nothing changes it on the way.
func TestReferenceDataIsWhatOdooSays(t *testing.T) {
	for _, version := range []int{14, 17, 19} {
		tg := standIn(odootest.Start(t, odootest.Options{Version: version}), "")
		plain, w := tg.open(t, options{}), tg.open(t, options{referenceTTL: time.Hour})
		queries := everyField(t)
		const us = `{ country(code: "US") { `
		for name, query := range map[string]string{
			"other order of fields": `{ countries(first: 50) { nodes { updatedAt phoneCode code name displayName } } }`,
			"pages of states":       us + `a: states(first: 3) { totalCount nodes { name } } b: states(last: 2) { nodes { code name } } } }`,
			"states in order":       us + `states(first: 5, orderBy: [{field: NAME, direction: DESC}]) { nodes { name country { name } } } } }`,
			"filtered states":       us + `states(first: 5, filter: {code: {startsWith: "N"}}) { nodes { code name } } } }`,
			"companies":             `{ companies { totalCount nodes { name partner { name country { name currency { name symbol } } } parent { name currency { symbol } } } } }`,
			"taxes of lines":        `{ invoices(first: 5) { nodes { number lines { nodes { unit { name } taxes { totalCount nodes { name amount company { name } } } } } } } }`,
			"backward":              `{ countries(last: 4, orderBy: [{field: CODE}]) { totalCount edges { cursor node { code currency { code } } } } }`,
		} {
			queries[name] = query
		}
		want := map[string]any{}
		for name, query := range queries {
			want[name] = plain.ask(query, nil)
		}
		var all sync.WaitGroup
		for name, query := range queries {
			for range 3 {
				all.Go(func() {
					if diff := cmp.Diff(withoutIDs(want[name].(answer)), withoutIDs(w.ask(query, nil))); diff != "" {
						t.Errorf("%d, %s (-without +with cache):\n%s", version, name, diff)
					}
				})
			}
		}
		all.Wait()
		for name, query := range queries {
			n := w.callsOf(func() { w.ask(query, nil) })
			if reference := strings.Contains("countries countryStates currencies unitsOfMeasure backward", name); reference && n > 0 {
				t.Errorf("%d: %s cost %d calls", version, name, n)
			} else if name == "partners" && n == 0 {
				t.Errorf("%d: %s cost no call", version, name)
			}
		}
	}
}

// withoutIDs returns an answer without what differs each time.
func withoutIDs(a answer) any {
	var errors []any
	for _, e := range a.Errors {
		errors = append(errors, e.Extensions["code"], e.Path)
	}
	return []any{a.Data, errors}
}
