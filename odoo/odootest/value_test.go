package odootest_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"odoograph/odoo/odootest"
)

// False stands for no value of any type but bool and numbers; a many2one is a
// pair, or an id with load.
func TestValues(t *testing.T) {
	everyVersion(t, func(t *testing.T, _ int, s *odootest.Server, e *endpoint) {
		belgium := float64(s.Find("res.country", "code", "BE"))
		id := add(t, s, odootest.Values{"name": "A", "country_id": int64(belgium)})
		fields := list{"name", "ref", "country_id", "state_id", "is_company", "color", "category_id"}
		want := map[string]any{
			"id": float64(id), "name": "A", "ref": false, "country_id": []any{belgium, "Belgium"}, "state_id": false,
			"is_company": false, "color": 0.0, "category_id": []any{},
		}
		got := e.result(t, "admin", "res.partner", "read", list{list{id}, fields}, nil)
		if diff := cmp.Diff([]any{want}, got); diff != "" {
			t.Error(diff)
		}
		want["country_id"] = belgium
		got = e.result(t, "admin", "res.partner", "read", list{list{id}, fields}, keys{"load": ""})
		if diff := cmp.Diff([]any{want}, got); diff != "" {
			t.Error(diff)
		}
	})
}

// read keeps the order and repetitions of ids and drops those that are gone;
// asked for the id alone, 14 complains and newer versions make up a record.
func TestReadMissing(t *testing.T) {
	everyVersion(t, func(t *testing.T, version int, _ *odootest.Server, e *endpoint) {
		got := e.result(t, "admin", "res.partner", "read", list{list{3, 99999999, 1, 3}, list{"is_company"}}, nil)
		want := []any{
			map[string]any{"id": 3.0, "is_company": false}, map[string]any{"id": 1.0, "is_company": true}, map[string]any{"id": 3.0, "is_company": false},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		answer := e.call(t, "admin", "res.partner", "read", list{list{99999999}, list{"id"}}, nil)
		if missing := strings.Contains(faultOf(answer.body), "MissingError"); missing != (version == 14) {
			t.Errorf("id alone: %s", answer.raw)
		}
	})
}

// Texts are in the language of the context; an unknown one is ignored by 14 and
// refused since.
func TestLanguages(t *testing.T) {
	everyVersion(t, func(t *testing.T, version int, _ *odootest.Server, e *endpoint) {
		domain := list{cond("code", "=", "DE")}
		name := func(lang string) any {
			return e.column(t, "admin", "res.country", "name", domain, keys{"context": keys{"lang": lang}})[0]
		}
		if en, fr := name("en_US"), name("fr_FR"); en != "Germany" || fr != "Allemagne" {
			t.Errorf("%v, %v", en, fr)
		}
		answer := e.call(t, "admin", "res.country", "search_read", list{domain, list{"name"}}, keys{"context": keys{"lang": "xx_XX"}})
		if refused := strings.Contains(faultOf(answer.body), "Invalid language code: xx_XX"); refused != (version > 14) {
			t.Errorf("unknown language: %s", answer.raw)
		}
		// Searching and sorting follow the language too.
		codes := e.column(t, "admin", "res.country", "code", list{cond("name", "=ilike", "allem%")}, keys{"context": keys{"lang": "fr_FR"}})
		if diff := cmp.Diff([]any{"DE"}, codes); diff != "" {
			t.Error(diff)
		}
	})
}

// Archived records are hidden, unless the context or the domain says otherwise
// or they are read by id.
func TestArchived(t *testing.T) {
	everyVersion(t, func(t *testing.T, _ int, s *odootest.Server, e *endpoint) {
		count := func(domain list, context keys) any {
			return e.result(t, "admin", "res.currency", "search_count", list{domain}, keys{"context": context})
		}
		all := float64(len(s.IDs("res.currency")))
		if got := count(list{}, nil); got != 2.0 {
			t.Errorf("in use: %v", got)
		}
		if got := count(list{}, keys{"active_test": false}); got != all {
			t.Errorf("active_test: %v of %v", got, all)
		}
		if got := count(list{cond("active", "in", list{true, false})}, nil); got != all {
			t.Errorf("leaf on active: %v of %v", got, all)
		}
		yen := s.Find("res.currency", "name", "JPY")
		if got := e.result(t, "admin", "res.currency", "read", list{list{yen}, list{"name"}}, nil); len(got.([]any)) != 1 {
			t.Errorf("by id: %v", got)
		}
	})
}

// Contacts that are archived disappear from their company; the field has a
// domain, so that even active_test does not bring them back.
func TestArchivedContacts(t *testing.T) {
	everyVersion(t, func(t *testing.T, _ int, s *odootest.Server, e *endpoint) {
		lumen := s.Find("res.partner", "ref", "C-1002")
		for _, context := range []keys{{}, {"active_test": false}} {
			got := e.result(t, "admin", "res.partner", "read", list{list{lumen}, list{"child_ids"}}, keys{"context": context})
			if n := len(got.([]any)[0].(map[string]any)["child_ids"].([]any)); n != 1 {
				t.Errorf("%v: %v", context, got)
			}
		}
	})
}

// Names and fields that changed between versions.
func TestFieldsByVersion(t *testing.T) {
	everyVersion(t, func(t *testing.T, version int, _ *odootest.Server, e *endpoint) {
		for model, fields := range map[string]map[string][2]int{ // from, to
			"sale.order":        {"locked": {17, 99}},
			"sale.order.line":   {"product_uom": {0, 18}, "product_uom_id": {19, 99}, "tax_id": {0, 18}, "tax_ids": {19, 99}},
			"res.partner":       {"mobile": {0, 18}, "complete_name": {17, 99}},
			"account.tax":       {"invoice_label": {17, 99}},
			"account.move.line": {"exclude_from_invoice_tab": {0, 15}},
			"res.currency":      {"full_name": {15, 99}},
		} {
			got := e.result(t, "admin", model, "fields_get", list{}, keys{"attributes": list{"type"}}).(map[string]any)
			for name, span := range fields {
				if _, ok := got[name]; ok != (version >= span[0] && version <= span[1]) {
					t.Errorf("%s.%s: %v", model, name, ok)
				}
			}
		}
		got := e.result(t, "admin", "res.partner", "fields_get", list{list{"comment"}}, keys{"attributes": list{"type"}})
		want := map[string]any{"comment": map[string]any{"type": pick(version < 15, "text", "html")}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

// A locked order is in state done on 14, and marked locked since 17.
func TestLockedOrder(t *testing.T) {
	everyVersion(t, func(t *testing.T, version int, _ *odootest.Server, e *endpoint) {
		field := pick(version < 17, "state", "locked")
		got := e.column(t, "admin", "sale.order", field, list{cond("name", "=", "S00005")}, nil)
		if want := pick[any](version < 17, "done", true); got[0] != want {
			t.Errorf("%s: %v", field, got)
		}
	})
}

// display_name exists everywhere; search by name looks at more than the name.
func TestNames(t *testing.T) {
	everyVersion(t, func(t *testing.T, version int, _ *odootest.Server, e *endpoint) {
		for model, c := range map[string]struct {
			domain list
			want   string
		}{
			"res.partner":       {list{cond("email", "=", "invoices@harbourcafes.example")}, "Harbour Cafés, " + pick(version < 17, "Invoice Address", "Invoice")},
			"product.product":   {list{cond("default_code", "=", "NW-D100")}, "[NW-D100] Standing desk"},
			"product.category":  {list{cond("name", "=", "Desks")}, "Furniture / Desks"},
			"res.country.state": {list{cond("name", "=", "Quebec")}, "Quebec (CA)"},
			"product.pricelist": {list{cond("name", "=", "Overseas")}, "Overseas (USD)"},
		} {
			if got := e.column(t, "admin", model, "display_name", c.domain, nil); len(got) != 1 || got[0] != c.want {
				t.Errorf("%s: want %q, got %v", model, c.want, got)
			}
		}
		got := e.result(t, "admin", "product.product", "name_search", list{"NW-D1"}, nil)
		if pairs := got.([]any); len(pairs) != 1 || pairs[0].([]any)[1] != "[NW-D100] Standing desk" {
			t.Errorf("name_search: %v", got)
		}
	})
}
