package odootest

import (
	"fmt"
	"slices"
	"sort"
)

// A table holds the records of one model.
type table struct {
	*model
	rows   map[int64]*row
	sorted []*row // by id
	nextID int64
	// rev counts changes, so that caches know when they are stale.
	rev  uint64
	undo *undoLog
}

// A row is one record. A nil value is SQL's NULL; the others are string, bool,
// int64, float64 and, for many2many, []int64. Dates are texts as on the wire.
type row struct {
	id     int64
	values []any
	// texts holds translations: language, then field.
	texts map[string]map[string]string
	// named is the display name that a client of 14 has written.
	named string
}

func newTable(m *model, undo *undoLog) *table {
	return &table{model: m, rows: map[int64]*row{}, nextID: 1, undo: undo}
}

// raw returns a stored value.
func (r *row) raw(f *field) any {
	if f.column < 0 {
		return nil
	}
	return r.values[f.column]
}

// insert adds a record; id 0 takes the next free one.
func (t *table) insert(id int64) *row {
	if id == 0 {
		id = t.nextID
	}
	r := &row{id: id, values: make([]any, t.columns)}
	t.undo.add(func() { t.remove(id) })
	t.put(r)
	return r
}

// put files a record under its id.
func (t *table) put(r *row) {
	id := r.id
	t.rows[id] = r
	t.nextID = max(t.nextID, id+1) // ids that were taken back are not given again
	if n := len(t.sorted); n == 0 || t.sorted[n-1].id < id {
		t.sorted = append(t.sorted, r)
	} else {
		at := sort.Search(n, func(i int) bool { return t.sorted[i].id >= id })
		t.sorted = slices.Insert(t.sorted, at, r)
	}
	t.rev++
}

// setDefaults gives a new record the values that Odoo gives it: active, and zero
// in numbers, which are NULL only where other programs write.
func (t *table) setDefaults(r *row) {
	for _, f := range t.list {
		switch {
		case f.column < 0:
		case f.name == "active":
			r.values[f.column] = true
		case f.kind == "integer":
			r.values[f.column] = int64(0)
		case f.numeric():
			r.values[f.column] = 0.0
		}
	}
}

func (t *table) remove(id int64) {
	at := sort.Search(len(t.sorted), func(i int) bool { return t.sorted[i].id >= id })
	if at < len(t.sorted) && t.sorted[at].id == id {
		// A copy: an ordering in use may still walk the old slice.
		t.sorted = slices.Concat(t.sorted[:at], t.sorted[at+1:])
	}
	if r := t.rows[id]; r != nil {
		t.undo.add(func() { t.put(r) })
	}
	delete(t.rows, id)
	t.rev++
}

// assign stores a value, converted to what the field holds.
func (t *table) assign(r *row, name string, v any) error {
	f := t.fields[name]
	if f == nil {
		return fmt.Errorf("odootest: no field %q on model %s", name, t.name)
	}
	if f.column < 0 {
		return fmt.Errorf("odootest: field %s is computed", f.qualified())
	}
	stored, err := f.convert(v)
	if err != nil {
		return err
	}
	t.set(r, f, stored)
	return nil
}

// set stores a value that is already what the field holds.
func (t *table) set(r *row, f *field, stored any) {
	old := r.values[f.column]
	t.undo.add(func() { r.values[f.column] = old; t.rev++ })
	r.values[f.column] = stored
	t.rev++
}

// setDisplayName stores a display name, until Odoo works it out again: "".
func (t *table) setDisplayName(r *row, name string) {
	old := r.named
	t.undo.add(func() { r.named = old; t.rev++ })
	r.named = name
	t.rev++
}

// setNamed is set for a field that not all versions have.
func (t *table) setNamed(r *row, name string, stored any) {
	if f := t.fields[name]; f != nil && f.column >= 0 {
		t.set(r, f, stored)
	}
}

// get returns a stored value, nil for a field that the version lacks.
func (t *table) get(r *row, name string) any {
	if f := t.fields[name]; f != nil {
		return r.raw(f)
	}
	return nil
}

// convert turns what a Go caller writes into what a row holds.
func (f *field) convert(v any) (any, error) {
	switch x := v.(type) {
	case nil:
		return nil, nil
	case int:
		v = int64(x)
	case []int:
		ids := make([]int64, len(x))
		for i := range x {
			ids[i] = int64(x[i])
		}
		v = ids
	}
	var ok bool
	switch f.kind {
	case "boolean":
		_, ok = v.(bool)
	case "integer", "many2one":
		_, ok = v.(int64)
		if v == int64(0) && f.kind == "many2one" {
			return nil, nil
		}
	case "float", "monetary":
		if i, isInt := v.(int64); isInt {
			v = float64(i)
		}
		_, ok = v.(float64)
	case "many2many":
		_, ok = v.([]int64)
	default:
		_, ok = v.(string)
	}
	if !ok {
		return nil, fmt.Errorf("odootest: field %s of kind %s cannot hold %T", f.qualified(), f.kind, v)
	}
	return v, nil
}
