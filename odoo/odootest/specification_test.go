package odootest_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"odoograph/odoo/odootest"
)

// webRead reads the seventh order with a specification.
func webRead(t *testing.T, e *endpoint, spec keys) map[string]any {
	t.Helper()
	order := e.resolve(t, found{"sale.order", list{cond("name", "=", "S00007")}})
	got := e.result(t, "admin", "sale.order", "web_read", list{list{order}, spec}, nil).([]any)
	if len(got) != 1 {
		t.Fatalf("%d records", len(got))
	}
	return got[0].(map[string]any)
}

func TestSpecification(t *testing.T) {
	for _, version := range []int{17, 19} {
		s, e := standIn(t, odootest.Options{Version: version})
		prairie := float64(s.Find("res.partner", "ref", "C-1008"))
		lines := list{}
		lines = append(lines, e.column(t, "admin", "sale.order.line", "id", list{cond("order_id.name", "=", "S00007")}, nil)...)
		stub := func(id any) any { return map[string]any{"id": id} }
		for _, c := range []struct {
			name  string
			field string
			spec  keys
			want  any
		}{
			{"many2one alone is an id", "partner_id", keys{}, prairie},
			{"many2one with no fields is a stub", "partner_id", keys{"fields": keys{}}, stub(prairie)},
			{"many2one with fields", "partner_id", keys{"fields": keys{"display_name": keys{}, "ref": keys{}}},
				map[string]any{"id": prairie, "ref": "C-1008", "display_name": "Prairie Schools District"}},
			{"two levels", "partner_id", keys{"fields": keys{"country_id": keys{"fields": keys{"code": keys{}}}}},
				map[string]any{"id": prairie, "country_id": map[string]any{"id": float64(s.Find("res.country", "code", "US")), "code": "US"}}},
			{"no value", "validity_date", keys{}, false},
			{"lines alone are ids", "order_line", keys{}, []any(lines)},
			{"beyond the limit are stubs", "order_line", keys{"fields": keys{"sequence": keys{}}, "limit": 1},
				[]any{map[string]any{"id": lines[0], "sequence": 10.0}, stub(lines[1]), stub(lines[2]), stub(lines[3]), stub(lines[4]), stub(lines[5]), stub(lines[6])}},
			{"order", "order_line", keys{"fields": keys{}, "order": "id desc"},
				[]any{stub(lines[6]), stub(lines[5]), stub(lines[4]), stub(lines[3]), stub(lines[2]), stub(lines[1]), stub(lines[0])}},
		} {
			t.Run(c.name, func(t *testing.T) {
				if diff := cmp.Diff(c.want, webRead(t, e, keys{c.field: c.spec})[c.field]); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

// web_read of nothing but ids checks nothing: even missing records are there.
func TestSpecificationEmpty(t *testing.T) {
	_, e := standIn(t, odootest.Options{})
	got := e.result(t, "admin", "res.partner", "web_read", list{list{3, 99999999}, keys{}}, nil)
	if diff := cmp.Diff([]any{map[string]any{"id": 3.0}, map[string]any{"id": 99999999.0}}, got); diff != "" {
		t.Error(diff)
	}
}

// length is counted when the page is full, up to count_limit; past the end it is
// 0.
func TestLength(t *testing.T) {
	s, e := standIn(t, odootest.Options{})
	all := float64(len(s.IDs("res.country")))
	for _, c := range []struct {
		name   string
		kwargs keys
		want   float64
	}{
		{"not full", keys{"limit": 1000}, all},
		{"full", keys{"limit": 2}, all},
		{"counted up to a limit", keys{"limit": 2, "count_limit": 10}, 10},
		{"beyond that limit", keys{"limit": 2, "offset": 20, "count_limit": 10}, 22},
		{"past the end", keys{"limit": 2, "offset": 1000}, 0},
		{"no limit", keys{}, all},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := e.result(t, "admin", "res.country", "web_search_read", list{list{}, keys{}}, c.kwargs).(map[string]any)
			if got["length"] != c.want {
				t.Errorf("want %v, got %v", c.want, got["length"])
			}
		})
	}
}
