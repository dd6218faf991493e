package odootest_test

import (
	"strings"
	"testing"

	"odoograph/odoo/odootest"
)

func TestOrders(t *testing.T) {
	for _, c := range []struct {
		name, order, want string
	}{
		{"text, capitals and accents together", "name", "anna Émile Eva Zoe"},
		{"descending", "name desc", "Zoe Eva Émile anna"},
		{"nothing comes last", "ref", "Zoe anna Eva Émile"},
		{"or first when descending", "ref desc, id", "Eva Émile anna Zoe"},
		{"many2one by the comodel's order", "country_id, id", "Émile Eva anna Zoe"},
		{"several keys", "color desc, name desc", "Zoe anna Eva Émile"},
		{"id", "id desc", "Zoe Émile Eva anna"},
	} {
		t.Run(c.name, func(t *testing.T) {
			everyVersion(t, func(t *testing.T, _ int, s *odootest.Server, e *endpoint) {
				austria, chile := s.Find("res.country", "code", "AT"), s.Find("res.country", "code", "CL")
				add(t, s, odootest.Values{"name": "anna", "ref": "b", "color": 1, "country_id": chile})
				add(t, s, odootest.Values{"name": "Eva", "country_id": austria})
				add(t, s, odootest.Values{"name": "Émile", "country_id": austria})
				add(t, s, odootest.Values{"name": "Zoe", "ref": "a", "color": 1})
				if strings.HasPrefix(c.order, "country_id") { // equal countries: by id
					c.want = "Eva Émile anna Zoe"
				}
				var names []string
				for _, n := range e.column(t, "admin", "res.partner", "name", list{cond("street", "=", "letters")}, keys{"order": c.order}) {
					names = append(names, n.(string))
				}
				if got := strings.Join(names, " "); got != c.want {
					t.Errorf("want %s, got %s", c.want, got)
				}
			})
		})
	}
}

// What Odoo cannot order by is ignored by 14 and refused since.
func TestOrderUnsortable(t *testing.T) {
	everyVersion(t, func(t *testing.T, version int, _ *odootest.Server, e *endpoint) {
		for _, order := range []string{"child_ids", "contact_address"} {
			answer := e.call(t, "admin", "res.partner", "search", list{list{}}, keys{"order": order, "limit": 1})
			if refused := answer.body["error"] != nil; refused != (version > 14) {
				t.Errorf("%s: %s", order, answer.raw)
			}
		}
	})
}

// Pages are cut after sorting; limit 0 and None are no limit.
func TestPages(t *testing.T) {
	everyVersion(t, func(t *testing.T, version int, _ *odootest.Server, e *endpoint) {
		all := e.column(t, "admin", "res.country", "code", list{}, keys{"order": "code"})
		page := e.column(t, "admin", "res.country", "code", list{}, keys{"order": "code", "offset": 10, "limit": 3})
		if len(page) != 3 || page[0] != all[10] {
			t.Errorf("want 3 from %v, got %v", all[10], page)
		}
		if n := len(e.column(t, "admin", "res.country", "code", list{}, keys{"limit": 0})); n != len(all) {
			t.Errorf("limit 0: %d of %d", n, len(all))
		}
		answer := e.call(t, "admin", "res.country", "search", list{list{}}, keys{"limit": "2"})
		if refused := answer.body["error"] != nil; refused != (version == 14) {
			t.Errorf("limit as text: %.200s", answer.raw)
		}
	})
}

// An order that was used before notices new, changed and deleted records.
func TestOrderStaysFresh(t *testing.T) {
	s, e := standIn(t, odootest.Options{})
	first := func() any {
		return e.column(t, "admin", "res.partner.category", "name", list{}, keys{"order": "name", "limit": 1})[0]
	}
	first()
	id, err := s.Create("res.partner.category", odootest.Values{"name": "AAA"})
	if err != nil {
		t.Fatal(err)
	}
	if got := first(); got != "AAA" {
		t.Errorf("after adding: %v", got)
	}
	if err := s.Write("res.partner.category", id, odootest.Values{"name": "zzz"}); err != nil {
		t.Fatal(err)
	}
	if got := first(); got != "Gold" {
		t.Errorf("after changing: %v", got)
	}
	if err := s.Delete("res.partner.category", s.Find("res.partner.category", "name", "Gold")); err != nil {
		t.Fatal(err)
	}
	if got := first(); got != "Hospitality" {
		t.Errorf("after deleting: %v", got)
	}
}
