package scenario

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"odoograph/auth"
	"odoograph/odoo"
	"odoograph/odoo/odootest"
)

// Whatever Odoo or the network does, a client of REST gets an error of the form that
// it knows, in time and with nothing of Odoo's text, and service resumes by itself.
func restFaults(w *world) {
	w = w.open(w.t, options{callTimeout: time.Second})
	id := fmt.Sprint(w.rest("POST", "/partners", object{"name": "Faulty " + stamp()}).is(201).at("data.id"))
	for _, c := range []struct {
		name   string
		status int
		code   string
		fault  http.HandlerFunc
	}{
		{"refused", 503, "UPSTREAM_UNAVAILABLE", hangUp},
		{"slow", 504, "UPSTREAM_TIMEOUT", func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			<-r.Context().Done()
		}},
		{"garbage", 502, "UPSTREAM_ERROR", says(200, "application/octet-stream", "\x00\xff"+secretText)},
		{"a page", 502, "UPSTREAM_ERROR", says(200, "text/html", "<html>"+secretText)},
		{"bad gateway", 503, "UPSTREAM_UNAVAILABLE", says(502, "text/html", "<html>"+secretText)},
		{"a crash", 502, "UPSTREAM_ERROR", says(500, "text/html", "<html>"+secretText)},
	} {
		for _, request := range []struct{ method, path, accept string }{
			{"GET", "/partners?limit=1", "application/json"}, {"GET", "/partners/" + id, "application/problem+json, */*"}, {"GET", "/partners?limit=1", asCSV}, {"GET", "/partners?limit=1", asNDJSON},
		} {
			w.proxy.fail(c.fault)
			start := time.Now()
			a := w.rest(request.method, request.path, nil, "Accept", request.accept).refused(c.status, c.code)
			if strings.Contains(string(a.body), "secret") || strings.Contains(string(a.body), "Traceback") || time.Since(start) > 3*time.Second {
				w.t.Errorf("%s: %s after %v: %s", c.name, a.request, time.Since(start), a.body)
			}
			w.proxy.fail(nil)
			w.eventually(c.name)
		}
		// Of a change it is not known what became of it, unless it never left.
		w.proxy.fail(c.fault)
		a := w.rest("PATCH", "/partners/"+id, object{"city": "Gent"})
		if a.status < 500 || a.status != 503 && a.status != 504 && a.status != 502 {
			w.t.Errorf("%s: a change: %d %s", c.name, a.status, a.body)
		}
		w.proxy.fail(nil)
		w.eventually(c.name)
	}
}

// An export that fails in the middle is cut off, so that nobody takes it for whole;
// one that fails for a moment goes on. The gateway tries for a while, here once for
// all versions of Odoo.
func TestExportsFail(t *testing.T) {
	t.Parallel()
	w := standIn(odootest.Start(t, odootest.Options{}), "").open(t, options{})
	batch := "long " + stamp() + " "
	customer := w.makePartners([]string{batch})[0]
	var notes []any
	for i := range 250 {
		notes = append(notes, object{"display_type": "note", "name": fmt.Sprint("note ", i)})
	}
	order := w.rest("POST", "/sale_orders?fields=id", object{"partner": object{"id": customer}, "lines": notes}).is(201).at("data.id")
	w.t.Cleanup(func() { w.unlink(w.t, "sale.order", intOf(order)) })
	path := fmt.Sprintf("/sale_orders/%v/lines", order)
	w.rest("GET", path+"?limit=1", nil, "Accept", asNDJSON).is(200)
	perPage := w.callsOf(func() { w.rest("GET", path+"?limit=100", nil, "Accept", asNDJSON).is(200) })

	var calls atomic.Int64
	fail := func(from, until int64) {
		calls.Store(0)
		w.proxy.fail(func(rw http.ResponseWriter, r *http.Request) {
			if n := calls.Add(1); n > from && n <= until {
				says(http.StatusServiceUnavailable, "text/html", secretText)(rw, r)
				return
			}
			w.proxy.forward.ServeHTTP(rw, r)
		})
	}
	defer w.proxy.fail(nil)
	fail(perPage, perPage+1)
	whole := w.rest("GET", path+"?fields=name", nil, "Accept", asNDJSON).is(200)
	if n := bytes.Count(whole.body, []byte("\n")); n != 250 {
		w.t.Errorf("after a short failure: %d of 250 lines", n)
	}
	fail(perPage, 1_000_000)
	response := w.restStream("GET", path+"?fields=name", nil, "Accept", asNDJSON)
	defer response.Body.Close()
	lines := 0
	reader := bufio.NewReader(response.Body)
	for {
		line, err := reader.ReadBytes('\n')
		if err == nil {
			lines++
			decoded(w, line)
			continue
		}
		if errors.Is(err, io.EOF) || lines != 100 {
			w.t.Errorf("after %d lines: %v", lines, err)
		}
		break
	}
}

// Who asks too much is told when to come again, in the form that the API has.
func restLimits(w *world) {
	key := func(limits auth.Limits) string {
		token, _, err := w.keys.Create(w.t.Context(), auth.Key{Name: "limited", Scopes: []string{"*"}, Limits: limits}, odoo.Credential{})
		if err != nil {
			w.t.Fatal(err)
		}
		return "ApiKey " + token
	}
	few := key(auth.Limits{Requests: 2})
	for i := range 2 {
		a := w.rest("GET", "/partners?limit=1", nil, "Authorization", few).is(200)
		if a.header.Get("X-Ratelimit-Limit") != "2" || a.header.Get("X-Ratelimit-Remaining") != fmt.Sprint(1-i) {
			w.t.Errorf("request %d: %v", i, a.header)
		}
	}
	for _, path := range []string{"/partners", "/nothing", "/partners/1"} {
		a := w.rest("GET", path, nil, "Authorization", few).refused(429, "RATE_LIMITED")
		if a.at("retry_after") == nil || a.header.Get("X-Ratelimit-Remaining") != "0" {
			w.t.Errorf("%s: %v %s", a.request, a.header, a.body)
		}
	}
	// Answers that the client has already, and errors, count as well; OPTIONS does not.
	w.rest("OPTIONS", "/partners", nil, "Authorization", few).is(204)
	poor := key(auth.Limits{CostCapacity: 150, CostRestore: 1})
	w.rest("GET", "/countries?limit=100&fields=id,name", nil, "Authorization", poor).is(200)
	refused := w.rest("GET", "/countries?limit=100&fields=id,name", nil, "Authorization", poor).refused(429, "RATE_LIMITED")
	if refused.at("retry_after") == nil {
		w.t.Errorf("%s: %s", refused.request, refused.body)
	}
	w.rest("GET", "/sale_orders/1", nil, "Authorization", poor).refused(400, "MAX_COST_EXCEEDED")
	// A wrong key is told so until its address has tried too often.
	told := map[int]int{}
	for range 30 {
		told[w.rest("GET", "/partners", nil, "Authorization", "ApiKey odg_wrong").status]++
	}
	if told[401] != 20 || told[429] != 10 {
		w.t.Errorf("a wrong key was told %v", told)
	}
	w.rest("GET", "/partners?limit=1", nil).is(200)
}

// A list costs Odoo as many calls as the GraphQL query for the same does.
func restCostsWhatGraphQLDoes(w *world) {
	order := w.read(w.t, "sale.order.line", []any{}, "id", 1, "order_id")[0]["order_id"]
	for _, c := range []struct{ path, query string }{
		{"/partners?limit=50", `{ partners(first: 50, orderBy: [{field: NAME}]) { totalCount pageInfo { hasNextPage } nodes { databaseId name displayName reference isCompany type active email phone mobile website taxId language parent { databaseId displayName } createdAt updatedAt } } }`},
		{"/sale_orders?limit=50", `{ saleOrders(first: 50, orderBy: [{field: ORDER_DATE, direction: DESC}]) { totalCount pageInfo { hasNextPage } nodes { databaseId name state locked clientReference origin orderDate validUntil promisedDate
		   partner { databaseId displayName } salesperson { databaseId displayName } company { databaseId displayName } currency { databaseId displayName } amountUntaxed amountTax amountTotal invoiceStatus createdAt updatedAt } } }`},
		{"/sale_orders?limit=50&cursor=", `{ saleOrders(first: 50, orderBy: [{field: ORDER_DATE, direction: DESC}]) { pageInfo { hasNextPage } nodes { databaseId name partner { databaseId displayName } salesperson { databaseId displayName } company { databaseId displayName } currency { databaseId displayName } } } }`},
		{"/products?limit=50", `{ products(first: 50, orderBy: [{field: NAME}]) { totalCount nodes { databaseId name category { databaseId displayName } unit { databaseId displayName } currency { databaseId displayName } } } }`},
		{"/invoices?limit=50", `{ invoices(first: 50, orderBy: [{field: INVOICE_DATE, direction: DESC}]) { totalCount nodes { databaseId number partner { databaseId displayName } company { databaseId displayName } currency { databaseId displayName } } } }`},
		{"/countries?limit=50", `{ countries(first: 50, orderBy: [{field: NAME}]) { totalCount nodes { databaseId name code phoneCode currency { databaseId displayName } updatedAt } } }`},
		{"/currencies?limit=50", `{ currencies(first: 50, orderBy: [{field: NAME}]) { totalCount nodes { databaseId name } } }`},
		{"/api/v2/partners?limit=50", `{ partners(first: 50, orderBy: [{field: NAME}]) { totalCount nodes { databaseId name state { databaseId displayName code } country { databaseId displayName code } parent { databaseId displayName } } } }`},
		{fmt.Sprintf("/sale_orders/%v", ref(order)), fmt.Sprintf(`{ saleOrder(databaseId: %v) { name partner { databaseId displayName } invoiceAddress { displayName } deliveryAddress { displayName } salesperson { displayName } team { displayName } company { displayName }
		   paymentTerm { displayName } pricelist { displayName } currency { displayName } tags(first: 100) { nodes { displayName } } lines(first: 100) { nodes { product { displayName } unit { displayName } taxes(first: 100) { nodes { displayName } } } }
		   counted: lines { totalCount } invoices(first: 100) { nodes { displayName } } } }`, ref(order))},
		{fmt.Sprintf("/sale_orders/%v/lines", ref(order)), fmt.Sprintf(`{ saleOrder(databaseId: %v) { lines(first: 20) { totalCount nodes { name product { displayName } unit { displayName } taxes(first: 100) { nodes { displayName } } } } } }`, ref(order))},
	} {
		ask := func() { w.rest("GET", c.path, nil).is(200) }
		query := func() { w.get(c.query, nil) }
		ask()
		query()
		if ours, theirs := w.callsOf(ask), w.callsOf(query); ours > theirs {
			w.t.Errorf("%s: %d calls to Odoo, GraphQL makes %d", c.path, ours, theirs)
		}
	}
	// A list by number that is not the first is as dear as the first one.
	first := w.callsOf(func() { w.rest("GET", "/partners?limit=10", nil).is(200) })
	if second := w.callsOf(func() { w.rest("GET", "/partners?limit=10&page=2", nil).is(200) }); second > first {
		w.t.Errorf("page 1 takes %d calls, page 2 %d", first, second)
	}
	// What is not asked for is not read.
	if n := w.callsOf(func() { w.rest("GET", "/sale_orders?limit=50&cursor=&fields=id,name,state", nil).is(200) }); n != 1 {
		w.t.Errorf("three fields take %d calls", n)
	}
}
