package odootest_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"odoograph/odoo/odootest"
)

// domainCases are domains and the letters of the partners that they find.
var domainCases = []struct {
	name   string
	domain list
	want   string // letters found by every version, unless the next ones differ
	on14   string
}{
	{name: "equal", domain: list{cond("ref", "=", "x%")}, want: "A"},
	{name: "equal is exact", domain: list{cond("ref", "=", "X%")}, want: ""},
	{name: "not equal holds for nothing", domain: list{cond("ref", "!=", "x%")}, want: "BCD"},
	{name: "no value", domain: list{cond("ref", "=", false)}, want: "CD", on14: "D"},
	{name: "some value", domain: list{cond("ref", "!=", false)}, want: "AB", on14: "ABC"},
	{name: "empty text", domain: list{cond("ref", "=", "")}, want: "CD", on14: "C"},
	{name: "in with false", domain: list{cond("ref", "in", list{"xy", false})}, want: "BCD", on14: "BD"},
	{name: "not in with false", domain: list{cond("ref", "not in", list{"xy", false})}, want: "A", on14: "AC"},
	{name: "in nothing", domain: list{cond("ref", "in", list{})}, want: ""},
	{name: "not in nothing", domain: list{cond("ref", "not in", list{})}, want: "ABCD"},
	{name: "wildcards", domain: list{cond("ref", "like", "x_")}, want: "AB"},
	{name: "wildcard taken literally", domain: list{cond("ref", "like", `x\%`)}, want: "A"},
	{name: "=like", domain: list{cond("ref", "=like", "%y")}, want: "B"},
	{name: "=ilike", domain: list{cond("ref", "=ilike", "X_")}, want: "AB"},
	{name: "case", domain: list{cond("ref", "ilike", "XY")}, want: "B"},
	{name: "accents count", domain: list{cond("city", "ilike", "liege")}, want: ""},
	{name: "case of accents", domain: list{cond("city", "ilike", "LIÈGE")}, want: "A"},
	{name: "not ilike holds for nothing", domain: list{cond("ref", "not ilike", "y")}, want: "ACD"},
	{name: "bool", domain: list{cond("is_company", "=", false)}, want: "BCD"},
	{name: "number", domain: list{cond("color", ">", 2)}, want: "BC"},
	{name: "not greater", domain: list{"!", cond("color", ">", 2)}, want: "AD"},
	{name: "country by id", domain: list{cond("country_id", "=", found{"res.country", list{cond("code", "=", "BE")}})}, want: "A"},
	{name: "country by name", domain: list{cond("country_id", "=", "Belgium")}, want: "A"},
	{name: "country by part of name", domain: list{cond("country_id", "ilike", "belg")}, want: "A"},
	{name: "other country or none", domain: list{cond("country_id", "!=", "Belgium")}, want: "BCD"},
	{name: "path", domain: list{cond("country_id.currency_id.name", "=", "EUR")}, want: "A"},
	{name: "path needs a record", domain: list{cond("country_id.code", "!=", "BE")}, want: "B"},
	{name: "lines", domain: list{cond("child_ids", "!=", false)}, want: "A"},
	{name: "no lines", domain: list{cond("child_ids", "=", false)}, want: "BCD"},
	{name: "some line", domain: list{cond("child_ids.ref", "=", "xy")}, want: "A"},
	{name: "child_of", domain: list{cond("id", "child_of", found{"res.partner", list{cond("name", "=", "A")}})}, want: "AB"},
	{name: "parent_of", domain: list{cond("id", "parent_of", found{"res.partner", list{cond("name", "=", "B")}})}, want: "AB"},
	{name: "tags", domain: list{cond("category_id", "in", list{found{"res.partner.category", list{cond("name", "=", "Trade")}}})}, want: "B"},
	{name: "not tagged", domain: list{cond("category_id", "not in", list{found{"res.partner.category", list{cond("name", "=", "Trade")}}})}, want: "ACD"},
	{name: "or", domain: list{"|", cond("ref", "=", "xy"), cond("color", "=", 9)}, want: "BC"},
	{name: "and not", domain: list{"&", "!", cond("ref", "=", "xy"), cond("color", ">", 0)}, want: "AC"},
	{name: "optional", domain: list{cond("ref", "=?", false)}, want: "ABCD"},
	{name: "archived too", domain: list{cond("active", "in", list{true, false})}, want: "ABCDE"},
	{name: "only archived", domain: list{cond("active", "=", false)}, want: "E"},
}

// TestDomains is about four partners made for it: their names are letters.
func TestDomains(t *testing.T) {
	for _, c := range domainCases {
		t.Run(c.name, func(t *testing.T) {
			everyVersion(t, func(t *testing.T, version int, s *odootest.Server, e *endpoint) {
				letters(t, s, e)
				domain := append(list{cond("street", "=", "letters")}, e.resolve(t, deep(c.domain)).(list)...)
				want := c.want
				if version < 19 && c.on14 != "" {
					want = c.on14
				}
				got := ""
				for _, name := range e.column(t, "admin", "res.partner", "name", domain, keys{"order": "name"}) {
					got += name.(string)
				}
				if got != want {
					t.Errorf("want %q, got %q", want, got)
				}
			})
		})
	}
}

// letters adds the partners A to E.
func letters(t *testing.T, s *odootest.Server, _ *endpoint) {
	t.Helper()
	belgium, brazil := s.Find("res.country", "code", "BE"), s.Find("res.country", "code", "BR")
	a := add(t, s, odootest.Values{"name": "A", "ref": "x%", "city": "Liège", "is_company": true, "color": 1, "country_id": belgium})
	add(t, s, odootest.Values{"name": "B", "ref": "xy", "color": 3, "parent_id": a, "country_id": brazil,
		"category_id": []int64{s.Find("res.partner.category", "name", "Trade")}})
	add(t, s, odootest.Values{"name": "C", "ref": "", "color": 9})
	add(t, s, odootest.Values{"name": "D"})
	add(t, s, odootest.Values{"name": "E", "active": false})
}

func add(t *testing.T, s *odootest.Server, values odootest.Values) int64 {
	t.Helper()
	values["street"] = "letters"
	id, err := s.Create("res.partner", values)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// deep is a domain as a list that resolve walks through.
func deep(domain list) any { return any([]any(domain)) }

// `any` came with 17; older versions stumble over it.
func TestDomainAny(t *testing.T) {
	everyVersion(t, func(t *testing.T, version int, s *odootest.Server, e *endpoint) {
		letters(t, s, e)
		domain := list{cond("child_ids", "any", list{cond("ref", "=", "xy")})}
		if version < 17 {
			if class, _ := e.refusal(t, "admin", "res.partner", "search", list{domain}, nil); class != "builtins.TypeError" {
				t.Errorf("want a TypeError, got %s", class)
			}
			return
		}
		if diff := cmp.Diff([]any{"A"}, e.column(t, "admin", "res.partner", "name", domain, nil)); diff != "" {
			t.Error(diff)
		}
	})
}

// A condition that Odoo cannot search by finds everything on 14: never trust it.
func TestDomainDropped(t *testing.T) {
	everyVersion(t, func(t *testing.T, version int, _ *odootest.Server, e *endpoint) {
		domain := list{cond("contact_address", "=", "nowhere")}
		if version > 14 {
			if class, _ := e.refusal(t, "admin", "res.partner", "search_count", list{domain}, nil); class != "builtins.ValueError" {
				t.Errorf("want a ValueError, got %s", class)
			}
			return
		}
		all := e.result(t, "admin", "res.partner", "search_count", list{list{}}, nil)
		if got := e.result(t, "admin", "res.partner", "search_count", list{domain}, nil); got != all {
			t.Errorf("want all %v, got %v", all, got)
		}
	})
}

// A day stands for its first second, or its last one after `>` and `<=`.
func TestDomainDays(t *testing.T) {
	everyVersion(t, func(t *testing.T, _ int, s *odootest.Server, e *endpoint) {
		order := s.IDs("sale.order")[0]
		if err := s.Write("sale.order", order, odootest.Values{"date_order": "2020-05-04 12:00:00"}); err != nil {
			t.Fatal(err)
		}
		for oper, want := range map[string]float64{">=": 1, ">": 0, "=": 0} {
			domain := list{cond("date_order", oper, "2020-05-04"), cond("date_order", "<=", "2020-05-04")}
			if got := e.result(t, "admin", "sale.order", "search_count", list{domain}, nil); got != want {
				t.Errorf("%s: want %v, got %v", oper, want, got)
			}
		}
	})
}

// An unknown field or operator, or a domain of a wrong shape, is an exception.
func TestDomainRefused(t *testing.T) {
	for _, domain := range []any{
		list{cond("zzz", "=", 1)}, list{cond("name", "~", 1)}, list{"name", "=", "x"}, list{"|", cond("name", "=", "x")},
		list{list{"name", "="}}, "abc", 5, list{cond("country_id.zzz", "=", 1)}, list{cond("name.zzz", "=", 1)},
	} {
		t.Run(fmt.Sprint(domain), func(t *testing.T) {
			everyVersion(t, func(t *testing.T, _ int, _ *odootest.Server, e *endpoint) {
				e.refusal(t, "admin", "res.partner", "search", list{domain}, nil)
			})
		})
	}
}
