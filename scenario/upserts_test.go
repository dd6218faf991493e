package scenario

import (
	"fmt"

	"github.com/google/go-cmp/cmp"
)

// Partners of an older system are created and changed together, told apart by
// their references.
func upserts(w *world) {
	mark := stamp()
	reference := func(i int) string { return fmt.Sprintf("%s-%d", mark, i) }
	upsert := func(partners ...any) map[string]any {
		return w.change("upsertPartners", "partners { databaseId reference name email country { code } tags { nodes { name } } isCompany }", map[string]any{"partners": partners})
	}
	tag := "Tag " + mark
	w.create(w.t, "res.partner.category", map[string]any{"name": tag})
	first := upsert(
		map[string]any{"reference": reference(1), "name": "One", "email": "one@example.com", "country": map[string]any{"code": "BE"}},
		map[string]any{"reference": reference(2), "name": "Two", "isCompany": true, "tags": []any{map[string]any{"name": tag}}},
	)
	if fmt.Sprint(column(first["partners"], "name")) != "[One Two]" {
		w.t.Fatalf("%v", first)
	}
	second := upsert(
		map[string]any{"reference": reference(3), "name": "Three"},
		map[string]any{"reference": reference(2), "email": "two@example.com"},
		map[string]any{"reference": reference(1), "country": nil},
	)
	record := func(of map[string]any, i int, name string, email, country any, tags []any, company bool) map[string]any {
		return map[string]any{"databaseId": dig(of, fmt.Sprintf("partners.%d.databaseId", i)), "reference": nil, "name": name, "email": email,
			"country": country, "tags": map[string]any{"nodes": tags}, "isCompany": company}
	}
	want := []any{
		record(second, 0, "Three", nil, nil, []any{}, false),
		record(first, 1, "Two", "two@example.com", nil, []any{map[string]any{"name": tag}}, true),
		record(first, 0, "One", "one@example.com", nil, []any{}, false),
	}
	for i, n := range []int{3, 2, 1} {
		want[i].(map[string]any)["reference"] = reference(n)
	}
	if diff := cmp.Diff(want, second["partners"]); diff != "" {
		w.t.Errorf("%s %v", diff, second)
	}
	// A reference is taken as it stands, blanks and all.
	blank := mark + " "
	for range 2 {
		if padded := upsert(map[string]any{"reference": blank, "name": "Padded"}); fmt.Sprint(column(padded["partners"], "reference")) != fmt.Sprint([]any{blank}) {
			w.t.Errorf("a reference with a blank: %v", padded)
		}
	}
	if n := len(w.read(w.t, "res.partner", []any{[]any{"ref", "=", blank}}, "id", 0, "id")); n != 1 {
		w.t.Errorf("%d partners with one reference", n)
	}
	// One fault, and nothing is done.
	for name, fault := range map[string]struct {
		partner map[string]any
		path    string
		code    string
	}{
		"no such country": {map[string]any{"reference": reference(4), "name": "Four", "country": map[string]any{"databaseId": 999999}}, "[input partners 1 country databaseId]", "NOT_FOUND"},
		"no name":         {map[string]any{"reference": reference(4)}, "[input partners 1]", "BLANK"},
		"no reference":    {map[string]any{"reference": " ", "name": "Four"}, "[input partners 1 reference]", "BLANK"},
		"the same twice":  {map[string]any{"reference": reference(1), "name": "Four"}, "[input partners 1 reference]", "INVALID"},
		"its own parent":  {map[string]any{"reference": reference(2), "parent": map[string]any{"reference": reference(2)}}, "[input]", "INVALID"},
	} {
		refused := upsert(map[string]any{"reference": reference(1), "email": "lost@example.com"}, fault.partner)
		errs := refused["userErrors"].([]any)
		if len(errs) != 1 || fmt.Sprint(dig(errs[0], "field")) != fault.path || !w.isCode(dig(errs[0], "code"), fault.code) {
			w.t.Errorf("%s: %v", name, errs)
		}
	}
	if email := dig(w.get(`query($r: String) { partner(reference: $r) { email } }`, map[string]any{"r": reference(1)}), "partner.email"); email != "one@example.com" {
		w.t.Errorf("a refused change left %v behind", email)
	}
}
