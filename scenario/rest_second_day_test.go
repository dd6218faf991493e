package scenario

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"

	"github.com/google/go-cmp/cmp"
)

// Two keys of two Odoo users see what each may see: in lists, by itself, in exports.
func restUsersAreApart(w *world) {
	key := strings.Replace(w.newKey(w.demo, "*"), "Bearer", "ApiKey", 1)
	demo := w.target
	demo.admin = w.demo
	for path, model := range map[string]string{"/partners": "res.partner", "/api/v2/partners": "res.partner", "/sale_orders": "sale.order", "/products": "product.product", "/countries": "res.country"} {
		want := demo.rpc(w.t, model, "search_count", []any{[]any{}}, nil)
		if got := w.rest("GET", path+"?limit=1&fields=id", nil, "Authorization", key).is(200).at("pagination.total"); got != want {
			w.t.Errorf("%s: %s sees %v, in Odoo %v", path, w.demo.Login, got, want)
		}
	}
	if a := w.rest("GET", "/invoices?limit=1", nil, "Authorization", key); a.status != 200 {
		a.refused(403, "FORBIDDEN")
	}
	// What one has in its cache is nothing to the other.
	path, relations := w.halfHidden()
	list := path[:strings.LastIndex(path, "/")] + "?id=" + lastOf(path) + "&fields=id," + relations[0]
	if strings.Contains(path, "partners") {
		list = path[:strings.LastIndex(path, "/")] + "?id=" + lastOf(path) + "&fields=id,parent"
	}
	mine := w.rest("GET", list, nil).is(200)
	theirs := w.rest("GET", list, nil, "Authorization", key, "If-None-Match", mine.header.Get("Etag")).is(200)
	if theirs.at("warnings.0.field") != "0."+relations[0] || mine.at("warnings") != nil {
		w.t.Errorf("the admin gets %s, %s gets %s", mine.body, w.demo.Login, theirs.body)
	}
	rows, err := csv.NewReader(bytes.NewReader(w.rest("GET", list, nil, "Authorization", key, "Accept", asCSV).is(200).body)).ReadAll()
	if diff := cmp.Diff([][]string{{"id", relations[0] + "_id", relations[0] + "_name"}, {lastOf(path), "", ""}}, rows); diff != "" || err != nil {
		w.t.Errorf("as CSV: %v\n%s", err, diff)
	}
}

// A change on condition that is repeated with its key is told what it did, not that
// it comes too late; and a client that wants no body learns the new version.
func restRepeatsOnCondition(w *world) {
	made := w.rest("POST", "/partners", object{"name": "Repeated " + stamp()}, "Prefer", "return=minimal").is(204)
	path, key := made.header.Get("Location"), "repeat "+stamp()
	tag := made.header.Get("Etag")
	if read := w.rest("GET", path, nil).is(200); tag == "" || read.header.Get("Etag") != tag || read.header.Get("Last-Modified") != made.header.Get("Last-Modified") {
		w.t.Errorf("made with %v, read with %v", made.header, read.header)
	}
	first := w.rest("PATCH", path, object{"city": "Gent"}, "If-Match", tag, "Idempotency-Key", key, "Prefer", "return=minimal").is(204)
	again := w.rest("PATCH", path, object{"city": "Gent"}, "If-Match", tag, "Idempotency-Key", key, "Prefer", "return=minimal").is(204)
	if again.header.Get("Idempotency-Replayed") != "true" || again.header.Get("Etag") != first.header.Get("Etag") || first.header.Get("Etag") == tag {
		w.t.Errorf("first %v, again %v", first.header, again.header)
	}
	w.rest("PATCH", path, object{"city": "Brugge"}, "If-Match", first.header.Get("Etag")).is(200)
	w.rest("PATCH", path, object{"city": "Nowhere"}, "If-Match", tag, "Idempotency-Key", key+" other").is(412)
}

// Bodies have as many contacts and lines as the contract says, and no more.
func restBounds(w *world) {
	many := func(n int, item any) []any {
		out := make([]any, n)
		for i := range out {
			out[i] = item
		}
		return out
	}
	w.rest("POST", "/partners", object{"name": "Many " + stamp(), "contacts": many(501, object{"name": "c"})}).refused(400, "VALIDATION_ERROR", "contacts")
	family := w.rest("POST", "/partners", object{"name": "Many " + stamp(), "contacts": many(100, object{"name": "c"})}).is(201)
	if family.at("data.contacts_count") != asNumber(100) || len(family.at("data.contacts").([]any)) != 100 {
		w.t.Errorf("%v contacts", family.at("data.contacts_count"))
	}
	w.rest("POST", "/sale_orders", object{"partner": object{"id": family.at("data.id")}, "lines": many(501, object{"display_type": "note", "name": "n"})}).refused(400, "VALIDATION_ERROR", "lines")
	order := w.rest("POST", "/sale_orders", object{"partner": object{"id": family.at("data.id")}, "lines": many(120, object{"display_type": "note", "name": "n"})}).is(201)
	if len(order.at("data.lines").([]any)) != 100 || order.at("data.lines_count") != asNumber(120) {
		w.t.Errorf("%d lines of %v", len(order.at("data.lines").([]any)), order.at("data.lines_count"))
	}
	rest := w.rest("GET", fmt.Sprintf("/sale_orders/%v/lines?limit=100&page=2", order.at("data.id")), nil).is(200)
	if len(rest.at("data").([]any)) != 20 || rest.at("pagination.total") != asNumber(120) {
		w.t.Errorf("the last lines: %s", rest.body)
	}
	deep := strings.Repeat(`{"country":`, 5000) + "1" + strings.Repeat("}", 5000)
	w.rest("POST", "/partners", deep).refused(400, "VALIDATION_ERROR", "country.country")
	faults := w.rest("POST", "/partners", object{"name": "x", "tags": many(500, 5)})
	if listed, _ := faults.at("fields").([]any); faults.status != 400 || len(listed) == 0 || len(listed) > 100 {
		w.t.Errorf("500 faults: %d, %d of them told", faults.status, len(listed))
	}
}
