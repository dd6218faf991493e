package odootest

import (
	"slices"
	"strings"
)

// remove deletes records with the caller's rights.
func (e *env) remove(t *table, ids []any) error {
	ids = slices.DeleteFunc(slices.Clone(ids), func(id any) bool { return !truthy(id) })
	if len(ids) == 0 {
		return nil
	}
	b := behaviourOf(t)
	if b.leaving == nil {
		b.leaving = func(*env, []*row) error { return nil }
	}
	if e.series < v17 && strings.HasPrefix(t.name, "sale.") { // these ask before Odoo looks at rights
		rows, err := e.visibleRows(t, ids)
		if err == nil {
			err = b.leaving(e, rows)
		}
		if err != nil {
			return err
		}
	}
	rows, err := e.changing(t, ids, dict{}, opUnlink)
	if err == nil {
		err = b.leaving(e, rows)
	}
	if err != nil {
		return err
	}
	for _, r := range rows {
		if err := e.detach(t, r); err != nil {
			return err
		}
		if b.left != nil {
			b.left(e, r)
		}
	}
	return nil
}

// detach deletes a record as the database does: what must point to it keeps it,
// what belongs to it goes too, all else lets go.
func (e *env) detach(t *table, r *row) error {
	if t.rows[r.id] == nil {
		return nil // gone with another one
	}
	pointers := e.pointers(t)
	for _, f := range pointers {
		if f.kind == "many2one" && !f.cascade && (f.required || f.restrict) && len(e.pointing(f, r.id)) > 0 {
			return e.foreignKey(f)
		}
	}
	for _, f := range pointers {
		other := e.tables[f.model.name]
		if f.kind == "many2many" {
			e.unlinkFrom(other, f, r.id)
			continue
		}
		for _, line := range slices.Clone(e.pointing(f, r.id)) {
			if !f.cascade {
				other.set(line, f, nil)
			} else if err := e.detach(other, line); err != nil {
				return err
			}
		}
	}
	t.remove(r.id)
	return nil
}

// pointers are the stored relations that lead to a model, by model and field.
func (e *env) pointers(t *table) []*field {
	var fields []*field
	for _, other := range e.tables {
		for _, f := range other.list {
			if f.relation == t.name && f.column >= 0 {
				fields = append(fields, f)
			}
		}
	}
	slices.SortFunc(fields, func(a, b *field) int { return compareValues(a.qualified(), b.qualified()) })
	return fields
}

// unlinkFrom takes an id out of a many2many of all records.
func (e *env) unlinkFrom(t *table, f *field, id int64) {
	for _, r := range t.sorted {
		if ids, _ := r.raw(f).([]int64); slices.Contains(ids, id) {
			t.set(r, f, slices.DeleteFunc(slices.Clone(ids), func(other int64) bool { return other == id }))
		}
	}
}
