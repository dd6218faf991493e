package odootest

import (
	"fmt"
	"slices"
	"strconv"
)

// relink applies commands to the many2many of some records.
func (e *env) relink(t *table, rows []*row, f *field, cmds [][]any, creating bool) error {
	l := &links{env: e, table: e.comodel(f), field: f, creating: creating}
	for _, r := range rows {
		old, _ := r.raw(f).([]int64)
		l.sets = append(l.sets, slices.Clone(old))
	}
	for _, cmd := range cmds {
		if err := l.step(cmd); err != nil {
			return err
		}
	}
	if err := l.finish(); err != nil {
		return err
	}
	for i, r := range rows {
		for _, id := range l.sets[i] {
			if err := l.exists(id); err != nil {
				return err
			}
		}
		t.set(r, f, []int64(l.sets[i]))
	}
	return nil
}

// links applies commands to sets of ids.
type links struct {
	*env
	table    *table // of the records that are linked
	field    *field
	creating bool
	sets     []idSet
	create   []dict
	remove   []any
}

func (l *links) step(cmd []any) error {
	op, ok := cmd[0].(int64)
	switch {
	case !ok || op > cmdSet || op < cmdCreate:
		return nil // unknown commands do nothing
	case op == cmdCreate:
		vals, err := l.newVals(l.table, cmd, l.creating)
		l.create = append(l.create, vals)
		return err
	case op == cmdClear || op == cmdSet:
		return l.set(cmd)
	}
	v, err := part(cmd, 1)
	if err != nil {
		return err
	}
	switch op {
	case cmdUpdate:
		vals, err := l.partVals(cmd)
		if err != nil {
			return err
		}
		return l.update(l.table, []any{v}, vals)
	case cmdDelete:
		l.remove = append(l.remove, v)
		return nil
	case cmdUnlink:
		if id, ok := v.(int64); ok {
			for i := range l.sets {
				l.sets[i].drop(id)
			}
		}
		return nil
	}
	id, err := l.idOf(v)
	for i := range l.sets {
		l.sets[i].add(id)
	}
	return err
}

func (l *links) set(cmd []any) error {
	values, err := l.partIDs(l.field, cmd)
	if err != nil {
		return err
	}
	l.create = nil // records to come are no longer linked
	for i := range l.sets {
		l.sets[i] = nil
	}
	for _, v := range values {
		id, err := l.idOf(v)
		if err != nil {
			return err
		}
		for i := range l.sets {
			l.sets[i].add(id)
		}
	}
	return nil
}

// idOf reads the id of a record to link.
func (l *links) idOf(v any) (int64, error) {
	switch v := v.(type) {
	case int64:
		return v, nil
	case string:
		if l.series >= v17 {
			return 0, MissingError(fmt.Sprintf("Record does not exist or has been deleted.\n(Record: %s(%s,), User: %d)",
				l.table.name, pythonQuote(v), l.user.id))
		}
		id, err := strconv.ParseInt(v, 10, 64)
		if err != nil {
			_, err = idText(v)
		}
		return id, err
	}
	return 0, mismatch(l.field, "boolean")
}

// exists refuses an id without a record; only records to be created look at it
// before the database does, and lines of orders at their taxes.
func (l *links) exists(id int64) error {
	switch {
	case l.table.rows[id] != nil:
		return nil
	case id != 0 && (l.creating || l.isTaxes()) && (l.series >= v17 || l.creating && l.isTaxes()):
		return missingRecord(l.table.name, id, l.user.id)
	}
	return l.foreignKey(l.field)
}

func (l *links) isTaxes() bool {
	return l.field.model.name == "sale.order.line" && l.field.name == l.taxField()
}

func (l *links) finish() error {
	for _, vals := range l.create {
		r, err := l.insert(l.table, vals)
		if err != nil {
			return err
		}
		for i := range l.sets {
			l.sets[i].add(r.id)
		}
	}
	if err := l.env.remove(l.table, l.remove); err != nil {
		return err
	}
	for _, v := range l.remove {
		if id, ok := v.(int64); ok {
			for i := range l.sets {
				l.sets[i].drop(id)
			}
		}
	}
	return nil
}
