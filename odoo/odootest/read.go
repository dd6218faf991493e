package odootest

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

func missingRecord(model string, id, uid int64) error {
	return MissingError(fmt.Sprintf("Record does not exist or has been deleted.\n(Record: %s(%d,), User: %d)", model, id, uid))
}

// readFields returns the fields of a list of names; no names are all fields
// that the caller may use.
func (e *env) readFields(t *table, names []string) ([]*field, error) {
	if len(names) == 0 {
		var all []*field
		for _, f := range t.list {
			if e.mayUse(f) {
				all = append(all, f)
			}
		}
		return all, nil
	}
	fields := make([]*field, 0, len(names))
	for _, name := range names {
		f := t.fields[name]
		switch {
		case f == nil && e.series < v19:
			return nil, raise("ValueError", "Invalid field '%s' on model '%s'", name, t.name)
		case f == nil:
			return nil, raise("ValueError", "Invalid field '%s' on '%s'", name, t.name)
		case !e.mayUse(f):
			return nil, e.fieldDenied(f)
		}
		if !slices.Contains(fields, f) {
			fields = append(fields, f)
		}
	}
	return fields, nil
}

// read returns records as dicts, in the order asked for, repeated ids included
// and missing ones left out. classic pairs a many2one's id with its name.
func (e *env) read(t *table, ids []any, names []string, classic bool) ([]any, error) {
	if err := e.checkModel(t); err != nil {
		return nil, err
	}
	fields, err := e.readFields(t, names)
	if err != nil {
		return nil, err
	}
	rows, err := e.existing(t, ids)
	if err != nil {
		return nil, err
	}
	if err := e.checkRules(t, rows); err != nil {
		return nil, err
	}
	if slices.ContainsFunc(fields, func(f *field) bool { return f.translated }) {
		if err := e.checkLang(); err != nil {
			return nil, err
		}
	}
	onlyID := len(fields) == 1 && fields[0].name == "id"
	out := []any{}
	for i, r := range rows {
		switch {
		case r != nil:
			d, err := e.readRow(t, r, ids[i], fields, classic)
			if err != nil {
				return nil, err
			}
			out = append(out, d)
		case !truthy(ids[i]):
			out = append(out, ghost(ids[i], fields))
		case onlyID && e.series >= v17:
			out = append(out, ghost(ids[i], fields))
		case onlyID:
			id, _ := ids[i].(int64)
			return nil, missingRecord(t.name, id, e.user.id)
		}
	}
	return out, nil
}

// ghost is what Odoo gives for an id that stands for no record.
func ghost(id any, fields []*field) dict {
	d := dict{{"id", id}}
	for _, f := range fields {
		if f.name != "id" {
			d = append(d, member{f.name, emptyValue(f)})
		}
	}
	return d
}

func emptyValue(f *field) any {
	switch {
	case f.toMany():
		return []any{}
	case f.kind == "integer":
		return int64(0)
	case f.numeric():
		return 0.0
	}
	return false
}

// existing returns the record of each id, nil for one that is missing.
func (e *env) existing(t *table, ids []any) ([]*row, error) {
	rows := make([]*row, len(ids))
	for i, id := range ids {
		switch id := id.(type) {
		case int64:
			rows[i] = t.rows[id]
		case float64:
			if id == math.Trunc(id) {
				rows[i] = t.rows[int64(id)]
			}
		case string:
			if e.series < v17 {
				return nil, AccessError(fmt.Sprintf("Database fetch misses ids ((%s,)) and has extra ids ((%s,)), "+
					"may be caused by a type incoherence in a previous request", pythonQuote(id), id))
			}
		case bool:
			if e.series < v17 {
				return nil, sqlError("UndefinedFunction", "operator does not exist: integer = boolean", `WHERE id IN (`+fmt.Sprint(id)+`)`)
			}
		}
	}
	return rows, nil
}

// checkRules refuses records that a rule hides; those that are missing pass.
func (e *env) checkRules(t *table, rows []*row) error {
	rule, err := e.ruleOf(t)
	if err != nil || rule == nil {
		return err
	}
	var denied []*row
	for _, r := range rows {
		if r != nil && !rule(r) {
			denied = append(denied, r)
		}
	}
	if denied != nil {
		return e.recordsDenied(t, opRead, denied)
	}
	return nil
}

func (e *env) readRow(t *table, r *row, id any, fields []*field, classic bool) (dict, error) {
	d := make(dict, 0, len(fields)+1)
	d = append(d, member{"id", id})
	for _, f := range fields {
		if f.name == "id" {
			continue
		}
		v, err := e.wireValue(t, r, f, classic)
		if err != nil {
			return nil, err
		}
		d = append(d, member{f.name, v})
	}
	return d, nil
}

// wireValue returns a field's value as read() shows it.
func (e *env) wireValue(t *table, r *row, f *field, classic bool) (any, error) {
	if f.toMany() {
		ids, err := e.relatedVisible(t, r, f)
		return wireIDs(ids), err
	}
	v := e.value(r, f)
	if v == nil {
		return emptyValue(f), nil
	}
	if f.kind == "many2one" && classic {
		co := e.comodel(f)
		target := co.rows[v.(int64)]
		if target == nil {
			return false, nil
		}
		return []any{v, e.displayName(co, target)}, nil
	}
	return v, nil
}

func wireIDs(ids []int64) []any {
	out := make([]any, len(ids))
	for i, id := range ids {
		out[i] = id
	}
	return out
}

// relatedVisible returns the ids of a relation that the caller may see, in the
// comodel's own order. A comodel that the caller may not read fails the call.
func (e *env) relatedVisible(t *table, r *row, f *field) ([]int64, error) {
	co := e.comodel(f)
	if err := e.checkModel(co); err != nil {
		refused := err.(*Exception)
		if e.series >= v17 {
			refused.Message = "Failed to read field " + f.qualified() + "\n" + refused.Message
		}
		return nil, refused
	}
	ids := e.related(t, r, f)
	if len(ids) == 0 {
		return nil, nil
	}
	rule, err := e.ruleOf(co)
	if err != nil {
		return nil, err
	}
	active := co.fields["active"]
	rows := make([]*row, 0, len(ids))
	for _, id := range ids {
		line := co.rows[id]
		if line == nil || rule != nil && !rule(line) || active != nil && e.activeTest && line.raw(active) != true {
			continue
		}
		rows = append(rows, line)
	}
	if err := e.sortRelated(co, f, rows); err != nil {
		return nil, err
	}
	out := make([]int64, len(rows))
	for i, line := range rows {
		out[i] = line.id
	}
	return out, nil
}

func (e *env) sortRelated(co *table, f *field, rows []*row) error {
	terms, err := e.parseOrder(co, "")
	if err != nil {
		return err
	}
	// All lines of a one2many have the same parent: sorting by it is idle work.
	if f.kind == "one2many" && len(terms) > 0 && terms[0].field.name == f.inverse {
		terms = terms[1:]
	}
	if len(terms) == 1 && terms[0].field.name == "id" && !terms[0].desc {
		slices.SortFunc(rows, func(a, b *row) int { return cmp.Compare(a.id, b.id) })
		return nil
	}
	e.sortRows(co, rows, terms)
	return nil
}
