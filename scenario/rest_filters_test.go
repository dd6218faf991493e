package scenario

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"

	"odoograph/endpoint"
	"odoograph/rest"
)

// Each filter of each list finds what the same condition finds in Odoo.
func restFiltersMatchOdoo(w *world) {
	offers := w.offers()
	for _, l := range w.lists() {
		narrow, within := w.narrow(l)
		filters := offers[l.route()].filters
		if len(filters) < 20 {
			w.t.Errorf("%s has %d filters", l.path, len(filters))
		}
		known := w.read(w.t, l.model, append(append([]any{}, l.domain...), within...), "id", 60, l.fields()...)
		for _, name := range filters {
			field, operator, ok := l.filtered(name)
			if !ok {
				w.t.Errorf("%s: nothing is known of the filter %s", l.path, name)
				continue
			}
			if field.field == "" || w.unsearchable(l.model, field.field) {
				continue // this Odoo lacks it
			}
			for _, c := range field.conditions(w, l, operator, known) {
				query, domain := narrow+"&"+name+"="+url.QueryEscape(c.text), append(slices.Clone(within), c.domain...)
				if strings.HasPrefix(query, name+"=") { // the client may say it once
					query, domain = name+"="+c.text, c.domain
				}
				a := w.rest("GET", l.path+"?limit=100&fields=id&sort=id&"+query, nil)
				if a.status != 200 {
					w.t.Errorf("%s: %d %s", a.request, a.status, a.body)
					continue
				}
				want := columnOf(w.read(w.t, l.model, append(append([]any{}, l.domain...), domain...), "id", 100, "id"), "id")
				if diff := cmp.Diff(want, append([]any{}, columnOf(asMaps(a.at("data")), "id")...)); diff != "" {
					w.t.Errorf("%s, %v (-Odoo +gateway):\n%s", a.request, c.domain, diff)
				}
			}
		}
	}
}

// Filters go together: all that are given hold, also several on one relation.
func restFiltersTogether(w *world) {
	offers := w.offers()
	for _, l := range w.lists() {
		_, within := w.narrow(l)
		known := w.read(w.t, l.model, append(append([]any{}, l.domain...), within...), "id", 60, l.fields()...)
		names := slices.DeleteFunc(slices.Clone(offers[l.route()].filters), func(name string) bool {
			field, _, _ := l.filtered(name)
			return name == "id__lte" || field.field == "" || field.shape == ofMany || strings.Contains(field.field, "category_id.") || strings.Contains(field.field, "tag_ids.") || w.unsearchable(l.model, field.field)
		})
		for range 25 {
			query, domain := url.Values{"id__lte": {fmt.Sprint(within[0].([]any)[2])}}, slices.Clone(within)
			for range 2 + rand.N(3) { //nolint:gosec // no secret
				name := names[rand.N(len(names))] //nolint:gosec // no secret
				field, operator, _ := l.filtered(name)
				conditions := field.conditions(w, l, operator, known)
				if query.Has(name) || len(conditions) == 0 {
					continue
				}
				c := conditions[rand.N(len(conditions))] //nolint:gosec // no secret
				query.Set(name, c.text)
				domain = append(domain, c.domain...)
			}
			a := w.rest("GET", l.path+"?limit=100&fields=id&sort=id&"+query.Encode(), nil).is(200)
			want := columnOf(w.read(w.t, l.model, append(append([]any{}, l.domain...), domain...), "id", 100, "id"), "id")
			if diff := cmp.Diff(want, column(a.at("data"), "id")); diff != "" || a.at("pagination.total") != asNumber(len(want)) {
				w.t.Errorf("%s, %v (-Odoo +gateway):\n%s", a.request, domain, diff)
			}
		}
	}
}

// offered is what a list can be filtered and sorted by.
type offered struct{ filters, sorts []string }

// offers are those of the API's lists by their version and path.
func (w *world) offers() map[string]offered {
	w.t.Helper()
	versions, err := rest.Versions(endpoint.Schema().Schema())
	if err != nil {
		w.t.Fatal(err)
	}
	out := map[string]offered{}
	for _, version := range versions {
		for _, route := range version.Routes {
			if len(route.Filters) == 0 {
				continue
			}
			var o offered
			for _, f := range route.Filters {
				o.filters = append(o.filters, f.Name)
			}
			for _, s := range route.Sorts {
				o.sorts = append(o.sorts, s.Name)
			}
			out["/api/"+version.Name+route.Path] = o
		}
	}
	return out
}

// route is the path of a list as the contract writes it.
func (l restList) route() string {
	steps := strings.Split(l.path, "/")
	for i, step := range steps {
		if strings.Trim(step, "0123456789") == "" && step != "" {
			steps[i] = "{id}"
		}
	}
	path := strings.Join(steps, "/")
	if !strings.HasPrefix(path, "/api/") {
		path = "/api/v1" + path
	}
	return path
}

// behind are the fields of Odoo that a list can be filtered by and does not show.
var behind = map[string]restColumn{
	"city": {field: "city"}, "zip": {field: "zip"}, "country": {field: "country_id", shape: ofOne}, "country__code": {field: "country_id.code"},
	"state__code": {field: "state_id.code"}, "tags": {field: "category_id|tag_ids", shape: ofMany}, "tags__name": {field: "category_id.name|tag_ids.name"},
	"salesperson": {field: "user_id", shape: ofOne}, "team": {field: "team_id", shape: ofOne}, "partner__name": {field: "partner_id.name"},
	"partner__reference": {field: "partner_id.ref"}, "category__name": {field: "categ_id.name"},
}

// filtered finds what a filter is about: "country__code__in" is the field
// country_id.code and the operator "in".
func (l restList) filtered(name string) (restColumn, string, bool) {
	field, operator := name, ""
	if i := strings.LastIndex(name, "__"); i > 0 && slices.Contains(operators, name[i+2:]) {
		field, operator = name[:i], name[i+2:]
	}
	field, id := strings.CutSuffix(field, "__id")
	for _, c := range l.columns {
		if c.name == field {
			return c, operator, id == (c.shape == ofMany || c.shape == ofOne && operator != "isnull")
		}
	}
	c, ok := behind[field]
	first, second, _ := strings.Cut(c.field, "|")
	if c.field = first; second != "" && l.model == "sale.order" {
		c.field = second
	}
	return c, operator, ok && id == (c.shape == ofMany || c.shape == ofOne)
}

var operators = []string{"ne", "in", "contains", "startswith", "endswith", "gt", "gte", "lt", "lte", "isnull"}

// unsearchable tells whether Odoo refuses to search by a field.
func (w *world) unsearchable(model, field string) bool {
	field, _, _ = strings.Cut(field, ".")
	field, _, _ = strings.Cut(field, "=")
	known := w.rpc(w.t, model, "fields_get", []any{[]any{field}, []any{"searchable"}}, nil).(map[string]any)
	return dig(known, field+".searchable") == false
}

// condition is what a client writes and the domain that says the same.
type condition struct {
	text   string
	domain []any
}

// conditions are those that a filter is tried with: on values that there are.
func (c restColumn) conditions(w *world, l restList, operator string, known []map[string]any) []condition {
	w.t.Helper()
	term := func(op string, value any) []any { return []any{[]any{c.field, op, value}} }
	if operator == "isnull" {
		none, some := term("=", false), term("!=", false)
		if c.shape == ofText {
			none, some = []any{"|", []any{c.field, "=", false}, []any{c.field, "=", ""}}, append(some, term("!=", "")...)
		}
		if c.keys[""] != "" { // no key is a key
			none, some = term("=", "no such key"), []any{}
		}
		return []condition{{"true", none}, {"false", some}}
	}
	values := c.values(w, l, known)
	switch c.shape {
	case ofText:
		return textConditions(c.field, operator, values)
	case ofEnum:
		return c.enumConditions(operator, values)
	case ofBool:
		if field, key, compared := strings.Cut(c.field, "="); compared {
			return []condition{{"true", []any{[]any{field, "=", key}}}, {"false", []any{[]any{field, "!=", key}}}}
		}
		return []condition{{"true", term("=", true)}, {"false", term("=", false)}}
	case ofTime:
		return timeConditions(c.field, operator, values)
	}
	signs := map[string]string{"": "=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
	var out []condition
	if operator == "in" {
		texts := make([]string, len(values))
		for i, v := range values {
			texts[i] = fmt.Sprint(v)
		}
		return []condition{{strings.Join(texts, ","), term("in", values)}, {texts[0], term("in", values[:1])}}
	}
	for _, v := range values {
		out = append(out, condition{fmt.Sprint(v), term(signs[operator], v)})
	}
	return out
}

// values are two of those that the records have in a field: one from the middle, and
// one that differs from it if there is any.
func (c restColumn) values(w *world, l restList, known []map[string]any) []any {
	w.t.Helper()
	name, _, through := strings.Cut(c.field, ".")
	name, _, _ = strings.Cut(name, "=")
	if _, read := known[0][name]; !read {
		known = w.read(w.t, l.model, append([]any{}, l.domain...), "id", 60, name)
	}
	var found []any
	for _, record := range known {
		v := record[name]
		if list, ok := v.([]any); ok {
			if len(list) == 0 {
				continue
			}
			v = list[0]
		}
		if v == false && c.shape != ofEnum || v == "" || slices.Contains(found, v) {
			continue
		}
		found = append(found, v)
	}
	if through {
		found = w.through(l.model, c.field, found)
	}
	if len(found) == 0 {
		placeholder := map[shape]any{ofText: "zz", ofInt: json.Number("7"), ofDecimal: json.Number("7"), ofDay: "2026-01-01", ofTime: "2026-01-01 00:00:00", ofOne: json.Number("7"), ofMany: json.Number("7"), ofEnum: "no"}
		return []any{placeholder[c.shape]}
	}
	middle := len(found) / 2
	return slices.Compact([]any{found[middle], found[0]})
}

// through reads what the records that a field refers to have in a field of theirs.
func (w *world) through(model, path string, ids []any) []any {
	w.t.Helper()
	relation, field, _ := strings.Cut(path, ".")
	info := w.rpc(w.t, model, "fields_get", []any{[]any{relation}, []any{"relation"}}, nil)
	target := dig(info, relation+".relation").(string)
	var out []any
	for _, record := range w.rpc(w.t, target, "read", []any{ids, []any{field}}, nil).([]any) {
		if v := dig(record, field); v != false && v != "" && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

func textConditions(field, operator string, values []any) []condition {
	var out []condition
	for _, v := range values {
		whole := v.(string)
		letters := []rune(whole)
		head, tail := string(letters[:min(3, len(letters))]), string(letters[max(0, len(letters)-3):])
		switch operator {
		case "":
			out = append(out, condition{whole, []any{[]any{field, "=", whole}}})
		case "ne":
			out = append(out, condition{whole, []any{"|", []any{field, "=", false}, []any{field, "!=", whole}}})
		case "contains":
			out = append(out, condition{strings.ToUpper(head), []any{[]any{field, "ilike", likeText(head)}}})
		case "startswith":
			out = append(out, condition{strings.ToLower(head), []any{[]any{field, "=ilike", likeText(head) + "%"}}})
		case "endswith":
			out = append(out, condition{tail, []any{[]any{field, "=ilike", "%" + likeText(tail)}}})
		case "in":
			if !strings.Contains(whole, ",") { // which parts the values
				out = append(out, condition{whole + ",zz", []any{[]any{field, "in", []any{whole, "zz"}}}})
			}
		}
	}
	return out
}

// likeText is a text in which Odoo sees no wildcards.
func likeText(text string) string {
	return strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(text)
}

func timeConditions(field, operator string, values []any) []condition {
	var out []condition
	for _, v := range values {
		second := v.(string)
		at, err := time.Parse(time.DateTime, second)
		if err != nil {
			return nil
		}
		next := at.Add(time.Second).Format(time.DateTime)
		domain := map[string][]any{
			"": {[]any{field, ">=", second}, []any{field, "<", next}}, "gt": {[]any{field, ">=", next}}, "gte": {[]any{field, ">=", second}},
			"lt": {[]any{field, "<", second}}, "lte": {[]any{field, "<", next}},
		}[operator]
		out = append(out, condition{at.Format(time.RFC3339), domain}, condition{at.In(time.FixedZone("", 2*3600)).Format(time.RFC3339), domain})
	}
	return out
}

func (c restColumn) enumConditions(operator string, values []any) []condition {
	var out []condition
	for _, v := range values {
		key, _ := v.(string)
		name := key
		if renamed, ok := c.keys[key]; ok {
			name = renamed
		}
		if name == "" {
			continue // no value at all
		}
		keys := []any{}
		for _, k := range append([]string{name}, sortedKeys(c.keys)...) {
			if (c.keys[k] == name || k == name && c.keys[k] == "") && k != "" {
				keys = append(keys, k)
			}
			if k == "" && c.keys[k] == name {
				keys = append(keys, false)
			}
		}
		is, not := []any{[]any{c.field, "in", keys}}, []any{"|", []any{c.field, "=", false}, []any{c.field, "not in", keys}}
		if slices.Contains(keys, false) {
			is, not = []any{"|", []any{c.field, "=", false}, []any{c.field, "in", keys[:len(keys)-1]}}, []any{[]any{c.field, "!=", false}}
		}
		switch operator {
		case "ne":
			out = append(out, condition{name, not})
		default:
			out = append(out, condition{name, is})
		}
	}
	return out
}

func sortedKeys(m map[string]string) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

func asMaps(list any) []map[string]any {
	var out []map[string]any
	for _, item := range list.([]any) {
		out = append(out, item.(map[string]any))
	}
	return out
}

func columnOf(records []map[string]any, name string) []any {
	out := []any{}
	for _, record := range records {
		out = append(out, record[name])
	}
	return out
}
