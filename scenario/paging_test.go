package scenario

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// walk pages through a connection and returns all ids, in the order of the walk.
func walk(w *world, size, variables string, backward bool) []any {
	w.t.Helper()
	direction, cursor, more, from := "first", "after", "hasNextPage", "endCursor"
	if backward {
		direction, cursor, more, from = "last", "before", "hasPreviousPage", "startCursor"
	}
	var ids []any
	var at any
	for {
		data := w.get(fmt.Sprintf(`query($at: String) { partners(%s: %s, %s: $at %s) { nodes { databaseId } pageInfo { %s %s } } }`,
			direction, size, cursor, variables, more, from), map[string]any{"at": at})
		page := column(dig(data, "partners.nodes"), "databaseId")
		if backward {
			slices.Reverse(page)
		}
		ids = append(ids, page...)
		if dig(data, "partners.pageInfo."+more) == false {
			return ids
		}
		at = dig(data, "partners.pageInfo."+from)
	}
}

// Pages of any size, in either direction, visit each record exactly once, in one order.
func pagesVisitEachOnce(w *world) {
	// A part of the partners, so that a large database does not take long.
	part := `filter: {databaseId: {lte: 60}}`
	want := column(asAny(w.read(w.t, "res.partner", []any{[]any{"id", "<=", 60}}, "id", 0, "id")), "id")
	for _, size := range []string{"1", "7", "100"} {
		if diff := cmp.Diff(want, walk(w, size, part, false)); diff != "" {
			w.t.Errorf("forward by %s (-Odoo +gateway):\n%s", size, diff)
		}
		back := walk(w, size, part, true)
		slices.Reverse(back)
		if diff := cmp.Diff(want, back); diff != "" {
			w.t.Errorf("backward by %s (-Odoo +gateway):\n%s", size, diff)
		}
	}
	// Countries repeat, so that only the tie-breaker keeps this order total.
	ordered := walk(w, "3", part+`, orderBy: [{field: IS_COMPANY, direction: DESC}]`, false)
	slices.SortFunc(ordered, func(a, b any) int { return len(fmt.Sprint(a)) - len(fmt.Sprint(b)) })
	if len(ordered) != len(want) {
		w.t.Errorf("ordered walk visits %d of %d", len(ordered), len(want))
	}
	slices.SortFunc(ordered, compareNumbers)
	if diff := cmp.Diff(want, ordered); diff != "" {
		w.t.Errorf("ordered walk (-Odoo +gateway):\n%s", diff)
	}
}

// A walk through 50,000 partners visits each exactly once.
func walkThroughVolume(w *world) {
	if testing.Short() {
		w.t.Skip("a long walk")
	}
	count := w.rpc(w.t, "res.partner", "search_count", []any{[]any{}}, nil)
	if len(fmt.Sprint(count)) < 5 {
		w.t.Skipf("only %v partners: seed this Odoo to see the walk", count)
	}
	ids := walk(w, "100", "", false)
	seen := map[any]bool{}
	for _, id := range ids {
		if seen[id] {
			w.t.Fatalf("%v twice", id)
		}
		seen[id] = true
	}
	if strconv.Itoa(len(ids)) != fmt.Sprint(count) {
		w.t.Errorf("visited %d of %v", len(ids), count)
	}
}

// What page arguments may say, and what the page then says of itself.
func pageArguments(w *world) {
	for _, bad := range []struct{ arguments, field string }{
		{`first: 101`, "first"}, {`first: -1`, "first"}, {`last: -1`, "last"}, {`last: 101`, "last"}, {`first: 1, last: 1`, "last"},
		{`after: "nonsense"`, "after"}, {`before: "MTphOjA"`, "before"}, {`after: ""`, ""},
	} {
		query := `{ partners(` + bad.arguments + `) { nodes { databaseId } } }`
		if bad.field == "" {
			w.get(query, nil)
			continue
		}
		if e := w.refuse("BAD_USER_INPUT", query, nil); e.Extensions["field"] != bad.field {
			w.t.Errorf("%s: the error names %v", bad.arguments, e.Extensions["field"])
		}
	}
	first := w.get(`{ partners(first: 3) { edges { cursor node { databaseId } } pageInfo { hasPreviousPage hasNextPage startCursor endCursor } } }`, nil)
	cursors := column(dig(first, "partners.edges"), "cursor")
	if dig(first, "partners.pageInfo.startCursor") != cursors[0] || dig(first, "partners.pageInfo.endCursor") != cursors[2] ||
		dig(first, "partners.pageInfo.hasPreviousPage") != false || dig(first, "partners.pageInfo.hasNextPage") != true {
		w.t.Errorf("pageInfo of the first page: %v", first)
	}
	between := w.get(`query($a: String, $b: String) { partners(after: $a, before: $b) { nodes { databaseId } } }`, map[string]any{"a": cursors[0], "b": cursors[2]})
	if diff := cmp.Diff([]any{dig(first, "partners.edges.1.node.databaseId")}, column(dig(between, "partners.nodes"), "databaseId")); diff != "" {
		w.t.Errorf("between two cursors:\n%s", diff)
	}
	w.refuse("BAD_USER_INPUT", `query($a: String) { partners(after: $a, filter: {active: {eq: true}}) { nodes { databaseId } } }`, map[string]any{"a": cursors[0]})
	w.refuse("BAD_USER_INPUT", `query($a: String) { countries(after: $a) { nodes { databaseId } } }`, map[string]any{"a": cursors[0]})
	empty := w.get(`{ partners(first: 0) { nodes { databaseId } pageInfo { hasNextPage endCursor } totalCount } }`, nil)
	if len(dig(empty, "partners.nodes").([]any)) != 0 || dig(empty, "partners.pageInfo.hasNextPage") != true || dig(empty, "partners.pageInfo.endCursor") != nil {
		w.t.Errorf("an empty page: %v", empty)
	}
}

func asAny(records []map[string]any) []any {
	out := make([]any, len(records))
	for i, record := range records {
		out[i] = record
	}
	return out
}

// Walking by any order visits each record once, whatever its keys hold: equal
// names, several scripts, upper and lower case, no e-mail address or an empty one;
// also while records come and go.
func walksByEveryOrder(w *world) {
	made := w.makePartners([]string{"Walk-in", "c", "Zoë", "zoe", "Zoe", "Ångström", "Øre", "Ωmega", "Жанна", "山田", "אבי", "same", "same", "same", "  spaced", "'quoted'", `back\slash%_`, "🙂"})
	var among []any
	for _, id := range made {
		among = append(among, relayID("Partner", id))
	}
	variables := map[string]any{"among": among}
	for _, order := range []struct{ graphql, odoo string }{
		{`[{field: NAME}]`, "name, id"},
		{`[{field: NAME, direction: DESC}]`, "name desc, id"},
		{`[{field: EMAIL}, {field: NAME, direction: DESC}]`, "email, name desc, id"},
		{`[{field: EMAIL, direction: DESC}, {field: NAME}]`, "email desc, name, id"},
		{`[{field: NAME}, {field: DATABASE_ID, direction: DESC}]`, "name, id desc"},
		{`[{field: CITY}, {field: EMAIL}]`, "city, email, id"},
		{`[{field: TYPE}, {field: CREATED_AT}]`, "type, create_date, id"},
		{`[{field: DATABASE_ID, direction: DESC}]`, "id desc"},
	} {
		want := column(asAny(w.read(w.t, "res.partner", []any{[]any{"id", "in", numbers(made)}}, order.odoo, 0, "id")), "id")
		for _, size := range []int{1, 3, 100} {
			for _, backward := range []bool{false, true} {
				got := w.walkBy(order.graphql, size, backward, variables)
				if diff := cmp.Diff(want, got); diff != "" {
					w.t.Errorf("by %s, %d a page, backward %v (-Odoo +gateway):\n%s", order.graphql, size, backward, diff)
				}
			}
		}
	}
}

// walkBy visits the partners among a list of ids in an order, and returns their ids in it.
func (w *world) walkBy(order string, size int, backward bool, variables map[string]any) []any {
	w.t.Helper()
	query := `query($at: String, $among: [ID!]) { partners(first: %d, after: $at, filter: {id: {in: $among}}, orderBy: %s) { nodes { databaseId } pageInfo { more: hasNextPage at: endCursor } } }`
	if backward {
		query = `query($at: String, $among: [ID!]) { partners(last: %d, before: $at, filter: {id: {in: $among}}, orderBy: %s) { nodes { databaseId } pageInfo { more: hasPreviousPage at: startCursor } } }`
	}
	variables = map[string]any{"among": variables["among"], "at": nil}
	var ids []any
	for range 100 {
		data := w.get(fmt.Sprintf(query, size, order), variables)
		page := column(dig(data, "partners.nodes"), "databaseId")
		if backward {
			ids = append(page, ids...)
		} else {
			ids = append(ids, page...)
		}
		if dig(data, "partners.pageInfo.more") == false {
			return ids
		}
		variables["at"] = dig(data, "partners.pageInfo.at")
	}
	w.t.Fatalf("the walk by %s does not end", order)
	return nil
}

// Records that come and go during a walk neither hide nor repeat the others.
func walksWhileRecordsComeAndGo(w *world) {
	made := w.makePartners([]string{"walk b", "walk d", "walk f", "walk h", "walk j", "walk l"})
	query := `query($at: String) { partners(first: 2, after: $at, filter: {name: {startsWith: "walk "}}, orderBy: [{field: NAME}]) { nodes { name } pageInfo { endCursor hasNextPage } } }`
	first := w.get(query, nil)
	// One before the cursor, one after it; the record that the cursor points at goes.
	w.makePartners([]string{"walk a", "walk e"})
	w.drop(made[1])
	second := w.get(query, map[string]any{"at": dig(first, "partners.pageInfo.endCursor")})
	third := w.get(query, map[string]any{"at": dig(second, "partners.pageInfo.endCursor")})
	var names []any
	for _, page := range []map[string]any{first, second, third} {
		names = append(names, column(dig(page, "partners.nodes"), "name")...)
	}
	if diff := cmp.Diff([]any{"walk b", "walk d", "walk e", "walk f", "walk h", "walk j"}, names); diff != "" {
		w.t.Error(diff)
	}
}

// A cursor that somebody has changed is refused, whatever it says.
func forgedCursors(w *world) {
	page := w.get(`{ partners(first: 1, orderBy: [{field: NAME}]) { pageInfo { endCursor } } }`, nil)
	text, err := base64.RawURLEncoding.DecodeString(dig(page, "partners.pageInfo.endCursor").(string))
	if err != nil {
		w.t.Fatal(err)
	}
	scope := strings.Join(strings.SplitN(string(text), ":", 3)[:2], ":")
	for _, place := range []string{`{}`, `{"o":3}`, `{"k":["x"]}`, `{"k":[],"i":5}`, `{"k":[5],"i":5}`, `{"k":[["x"]],"i":5}`, `{"k":[{"a":1}],"i":5}`, `{"k":["x","y"],"i":5}`, `{"k":["a\u0000"],"i":5}`, `{"k":["x"],"i":99999999999}`, `{"k":["x"],"i":-1}`, `{`, `[]`} {
		cursor := base64.RawURLEncoding.EncodeToString([]byte(scope + ":" + place))
		w.refuse("BAD_USER_INPUT", `query($at: String) { partners(first: 1, after: $at, orderBy: [{field: NAME}]) { nodes { name } } }`, map[string]any{"at": cursor})
	}
}

func numbers(ids []int64) []any {
	out := make([]any, len(ids))
	for i, id := range ids {
		out[i] = id
	}
	return out
}

func relayID(typeName string, id int64) string {
	return base64.RawURLEncoding.EncodeToString([]byte(typeName + ":" + strconv.FormatInt(id, 10)))
}
