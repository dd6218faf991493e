package scenario

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"odoograph/odoo/odootest"
)

// Every list shows what Odoo holds, in the order that it promises, each record with
// all members and relations as {id, name}.
func restListsMatchOdoo(w *world) {
	for _, l := range w.lists() {
		narrow, domain := w.narrow(l)
		a := w.rest("GET", l.path+"?limit=100&"+narrow, nil).is(200)
		want := w.asREST(l, domain, l.order, 100)
		if len(want) == 0 {
			w.t.Errorf("%s: nothing to compare", l.path)
		}
		records := a.at("data").([]any)
		if diff := cmp.Diff(want, l.reduced(records)); diff != "" {
			w.t.Errorf("%s (-Odoo +gateway):\n%s", l.path, diff)
		}
		pagination := map[string]any{"page": json.Number("1"), "limit": json.Number("100"), "total": w.count(l, domain), "pages": json.Number("1")}
		if diff := cmp.Diff(pagination, a.at("pagination")); diff != "" {
			w.t.Errorf("%s (-Odoo +gateway):\n%s", l.path, diff)
		}
		names := make([]string, len(l.columns))
		for i, c := range l.columns {
			names[i] = c.name
		}
		if got := a.members("data.0"); !slices.Equal(got, names) {
			w.t.Errorf("%s: the members are %v, want %v", l.path, got, names)
		}
	}
}

// narrow is a condition that leaves the oldest records of a list: those that the
// tests, which run side by side, leave alone.
func (w *world) narrow(l restList) (string, []any) {
	w.t.Helper()
	ids := w.read(w.t, l.model, append([]any{}, l.domain...), "id", 60, "id")
	last := ids[len(ids)-1]["id"]
	return fmt.Sprintf("id__lte=%s", last), []any{[]any{"id", "<=", last}}
}

// Paging by number visits every record once; page, limit, total and pages are true
// on each page, and so are the links.
func restPages(w *world) {
	for _, l := range w.lists() {
		narrow, domain := w.narrow(l)
		want := column(w.asREST(l, domain, l.order, 0), "id")
		for _, limit := range []int{1, 7, 100} {
			if limit == 1 && len(want) > 10 && l.path != "/partners" {
				continue
			}
			pages := (len(want) + limit - 1) / limit
			var got []any
			for page := 1; page <= pages; page++ {
				a := w.rest("GET", fmt.Sprintf("%s?%s&page=%d&limit=%d&fields=id", l.path, narrow, page, limit), nil).is(200)
				got = append(got, column(a.at("data"), "id")...)
				told := fmt.Sprintf(`"pagination":{"page":%d,"limit":%d,"total":%d,"pages":%d}}`, page, limit, len(want), pages)
				if !strings.HasSuffix(string(a.body), told) {
					w.t.Errorf("%s: %s, want %s", a.request, a.body, told)
				}
				for rel, n := range map[string]int{"first": 1, "prev": page - 1, "next": page + 1, "last": pages} {
					target := a.link(rel)
					if n < 1 || n > pages {
						if target != "" {
							w.t.Errorf("%s has a link to %s: %s", a.request, rel, target)
						}
						continue
					}
					u, err := url.Parse(target)
					if err != nil || u.Query().Get("page") != strconv.Itoa(n) || u.Query().Get("limit") != strconv.Itoa(limit) || u.Query().Get("fields") != "id" || u.Query().Get("id__lte") == "" {
						w.t.Errorf("%s: %s is %q", a.request, rel, target)
					}
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				w.t.Errorf("%s by %d (-Odoo +gateway):\n%s", l.path, limit, diff)
			}
		}
	}
	beyond := w.rest("GET", "/partners?id__lte=30&limit=10&page=500&fields=id", nil).is(200)
	total := w.rpc(w.t, "res.partner", "search_count", []any{[]any{[]any{"id", "<=", 30}}}, nil)
	if len(beyond.at("data").([]any)) != 0 || beyond.at("pagination.page") != json.Number("500") || beyond.at("pagination.total") != total || beyond.link("next") != "" {
		w.t.Errorf("beyond the end: %s %v", beyond.body, beyond.header.Values("Link"))
	}
	if back := w.list(beyond.link("prev")); len(back) == 0 {
		w.t.Error("the page before one beyond the end is empty")
	}
	none := w.rest("GET", "/partners?name=no%20such%20partner", nil).is(200)
	if got := string(none.body); got != `{"data":[],"pagination":{"page":1,"limit":20,"total":0,"pages":0}}` {
		w.t.Errorf("no records: %s", got)
	}
	if first, last := none.link("first"), none.link("last"); len(w.list(first)) != 0 || len(w.list(last)) != 0 {
		w.t.Errorf("links of an empty list: %q %q", first, last)
	}
	deep := w.rest("GET", "/partners?limit=100&page=1000000&fields=id", nil).is(200)
	if len(deep.at("data").([]any)) != 0 {
		w.t.Errorf("a million pages deep: %s", deep.body)
	}
}

// Links by cursor lead through a list to its end and back, each record once.
func restWalks(w *world) {
	for _, l := range w.lists() {
		narrow, domain := w.narrow(l)
		for _, order := range []struct{ sort, odoo string }{{"", l.order}, {"&sort=id", "id"}, {"&sort=-id", "id desc"}} {
			want := column(w.asREST(l, domain, order.odoo, 0), "id")
			a := w.rest("GET", l.path+"?limit=9&cursor=&fields=id&"+narrow+order.sort, nil).is(200)
			var forward, backward []any
			for {
				page := column(a.at("data"), "id")
				forward = append(forward, page...)
				if a.at("pagination.total") != nil || a.at("pagination.page") != nil {
					w.t.Errorf("%s: a walk counts: %s", a.request, a.body)
				}
				next := a.link("next")
				if told := a.at("pagination.next"); (next == "") != (told == nil) || next != "" && !strings.Contains(next, url.QueryEscape(told.(string))) {
					w.t.Errorf("%s: the link says %q, the body %v", a.request, next, told)
				}
				if next == "" || len(forward) > len(want) {
					break
				}
				a = w.rest("GET", next, nil).is(200)
			}
			for {
				backward = append(column(a.at("data"), "id"), backward...)
				prev := a.link("prev")
				if prev == "" || len(backward) > len(want) {
					break
				}
				a = w.rest("GET", prev, nil).is(200)
			}
			if diff := cmp.Diff(want, forward); diff != "" {
				w.t.Errorf("%s%s forward (-Odoo +gateway):\n%s", l.path, order.sort, diff)
			}
			if diff := cmp.Diff(want, backward); diff != "" {
				w.t.Errorf("%s%s backward (-Odoo +gateway):\n%s", l.path, order.sort, diff)
			}
		}
	}
}

// Records that come and go during a walk by cursor neither hide nor repeat others.
func restWalksWhileRecordsComeAndGo(w *world) {
	batch := "rest " + stamp() + " "
	made := w.makePartners([]string{batch + "b", batch + "d", batch + "f", batch + "h", batch + "j", batch + "l"})
	a := w.rest("GET", "/partners?cursor=&limit=2&fields=name&name__startswith="+url.QueryEscape(batch), nil).is(200)
	w.makePartners([]string{batch + "a", batch + "e"})
	w.drop(made[1]) // at which the cursor points
	names := column(a.at("data"), "name")
	for a.link("next") != "" {
		a = w.rest("GET", a.link("next"), nil).is(200)
		names = append(names, column(a.at("data"), "name")...)
	}
	if diff := cmp.Diff([]any{batch + "b", batch + "d", batch + "e", batch + "f", batch + "h", batch + "j"}, names[:6]); diff != "" {
		w.t.Error(diff)
	}
}

// Odoo stores some times with fractions of a second, which it takes from no client,
// and shows them without. Walks in the order of such times go on all the same.
func TestWalksThroughFractions(t *testing.T) {
	for _, version := range []int{14, 19} {
		server := odootest.Start(t, odootest.Options{Version: version})
		walkThroughFractions(standIn(server, "").open(t, options{}))
	}
}

func walkThroughFractions(w *world) {
	partner := w.makePartners([]string{"Fraction " + stamp()})[0]
	var made []any
	for _, at := range []string{"2025-03-01 10:00:00.25", "2025-03-01 10:00:01.75", "2025-03-01 10:00:02", "2025-03-01 10:00:03.5", "2025-03-02 08:00:00"} {
		id := w.create(w.t, "sale.order", map[string]any{"partner_id": partner, "date_order": at, "name": "F" + stamp()})
		w.t.Cleanup(func() { w.unlink(w.t, "sale.order", id) })
		made = append(made, json.Number(strconv.FormatInt(id, 10)))
	}
	for _, sort := range []string{"date_order", "-date_order"} {
		for _, limit := range []int{1, 2, 3} {
			a := w.rest("GET", fmt.Sprintf("/sale_orders?partner__id=%d&cursor=&limit=%d&fields=id&sort=%s", partner, limit, sort), nil).is(200)
			forward := column(a.at("data"), "id")
			for a.link("next") != "" && len(forward) <= len(made) {
				a = w.rest("GET", a.link("next"), nil).is(200)
				forward = append(forward, column(a.at("data"), "id")...)
			}
			backward := column(a.at("data"), "id")
			for a.link("prev") != "" && len(backward) <= len(made) {
				a = w.rest("GET", a.link("prev"), nil).is(200)
				backward = append(column(a.at("data"), "id"), backward...)
			}
			want := slices.Clone(made)
			if sort[0] == '-' {
				slices.Reverse(want)
			}
			if diff := cmp.Diff([][]any{want, want}, [][]any{forward, backward}); diff != "" {
				w.t.Errorf("by %s, %d a page:\n%s", sort, limit, diff)
			}
		}
	}
}
