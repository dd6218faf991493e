package odootest

import (
	"slices"
)

// webRead reads records with a specification: for each field, which fields of
// the records that it leads to, in which order, how many of them. Every level is
// read with the caller's rights, so one hidden record fails the whole call.
func (e *env) webRead(t *table, ids []any, spec dict) ([]any, error) {
	if len(spec) == 0 || len(spec) == 1 && spec[0].key == "id" {
		return idStubs(ids), nil
	}
	names := make([]string, len(spec))
	for i, m := range spec {
		names[i] = m.key
	}
	records, err := e.read(t, ids, names, false)
	if err != nil {
		return nil, err
	}
	for _, m := range spec {
		f := t.fields[m.key]
		sub, ok := m.value.(dict)
		if !ok && m.value != nil && f.relational() {
			return nil, raise("AttributeError", "'%s' object has no attribute 'get'", pythonType(m.value))
		}
		switch {
		case f.kind == "many2one":
			err = e.expandOne(f, sub, records)
		case f.toMany() && len(sub) > 0:
			err = e.expandMany(f, sub, records)
		}
		if err != nil {
			return nil, err
		}
	}
	return records, nil
}

func idStubs(ids []any) []any {
	out := []any{}
	for _, id := range ids {
		out = append(out, dict{{"id", id}})
	}
	return out
}

// subSpec reads the "fields" of a specification.
func subSpec(spec dict) (fields dict, given bool, err error) {
	v, given := spec.get("fields")
	if !given {
		return nil, false, nil
	}
	fields, ok := v.(dict)
	if !ok && v != nil {
		return nil, true, raise("AttributeError", "'%s' object has no attribute 'items'", pythonType(v))
	}
	return fields, true, nil
}

// subEnv applies the "context" of a specification.
func (e *env) subEnv(spec dict) (*env, error) {
	v, _ := spec.get("context")
	context, _ := v.(dict)
	if len(context) == 0 {
		return e, nil
	}
	return e.withContext(context)
}

func (e *env) expandOne(f *field, spec dict, records []any) error {
	fields, given, err := subSpec(spec)
	if err != nil || !given {
		return err
	}
	sub, err := e.subEnv(spec)
	if err != nil {
		return err
	}
	_, named := fields.get("display_name")
	rest := slices.DeleteFunc(slices.Clone(fields), func(m member) bool { return m.key == "display_name" })
	co := e.comodel(f)
	found, err := sub.webRead(co, distinctIDs(records, f.name, -1), rest)
	if err != nil {
		return err
	}
	byID := map[any]dict{}
	for _, item := range found {
		d := item.(dict)
		id, _ := d[0].value.(int64)
		if r := co.rows[id]; named && r != nil {
			// The name alone is read past access rights.
			d = append(d, member{"display_name", sub.displayName(co, r)})
		}
		byID[d[0].value] = d
	}
	for i := range records {
		d := records[i].(dict)
		if id, _ := d.get(f.name); truthy(id) {
			if target, ok := byID[id]; ok {
				d.set(f.name, slices.Clone(target))
			} else {
				d.set(f.name, false)
			}
		}
	}
	return nil
}

func (e *env) expandMany(f *field, spec dict, records []any) error {
	co := e.comodel(f)
	if order, _ := spec.get("order"); truthy(order) {
		if err := e.reorder(co, f, order, records); err != nil {
			return err
		}
	}
	fields, given, err := subSpec(spec)
	if err != nil || !given {
		return err
	}
	sub, err := e.subEnv(spec)
	if err != nil {
		return err
	}
	limit := -1
	if v, ok := spec.get("limit"); ok && v != nil {
		n, _ := v.(int64)
		limit = int(n)
	}
	found, err := sub.webRead(co, distinctIDs(records, f.name, limit), fields)
	if err != nil {
		return err
	}
	byID := map[any]dict{}
	for _, item := range found {
		byID[item.(dict)[0].value] = item.(dict)
	}
	for i := range records {
		d := records[i].(dict)
		v, _ := d.get(f.name)
		list := []any{}
		for _, id := range v.([]any) {
			line, ok := byID[id]
			if !ok { // beyond the limit: a stub
				line = dict{{"id", id}}
			}
			list = append(list, slices.Clone(line))
		}
		d.set(f.name, list)
	}
	return nil
}

// reorder sorts the ids of a relation in all records.
func (e *env) reorder(co *table, f *field, order any, records []any) error {
	text, _ := order.(string)
	ids, err := e.withArchived().search(co, query{
		domain: &condition{path: "id", oper: "in", value: distinctIDs(records, f.name, -1), source: []any{"id", "in", []any{}}},
		order:  text,
	})
	if err != nil {
		return err
	}
	rank := map[any]int{}
	for i, id := range ids {
		rank[id] = i
	}
	for i := range records {
		d := records[i].(dict)
		v, _ := d.get(f.name)
		list := slices.DeleteFunc(slices.Clone(v.([]any)), func(id any) bool { _, ok := rank[id]; return !ok })
		slices.SortFunc(list, func(a, b any) int { return rank[a] - rank[b] })
		d.set(f.name, list)
	}
	return nil
}

// distinctIDs collects the ids that a field of the records leads to, each once;
// of a list only the first ones, unless limit is negative.
func distinctIDs(records []any, name string, limit int) []any {
	out, seen := []any{}, map[any]bool{}
	add := func(id any) {
		if truthy(id) && !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	for i := range records {
		v, _ := records[i].(dict).get(name)
		list, ok := v.([]any)
		if !ok {
			add(v)
			continue
		}
		if limit >= 0 && len(list) > limit {
			list = list[:limit]
		}
		for _, id := range list {
			add(id)
		}
	}
	return out
}
