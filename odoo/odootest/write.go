package odootest

import (
	"fmt"
	"slices"
)

// update writes values to records with the caller's rights. No records are
// changed without any check.
func (e *env) update(t *table, ids []any, vals dict) error {
	ids = slices.DeleteFunc(slices.Clone(ids), func(id any) bool { return !truthy(id) })
	if len(ids) == 0 {
		return nil
	}
	rows, err := e.changing(t, ids, vals, opWrite)
	if err != nil {
		return err
	}
	b := behaviourOf(t)
	if b.guard != nil {
		if err := b.guard(e, rows, vals); err != nil {
			return err
		}
	}
	before := make([]*row, len(rows))
	for i, r := range rows {
		before[i] = &row{id: r.id, values: slices.Clone(r.values)}
		if err := e.store(t, r, vals, false); err != nil {
			return err
		}
		e.stamp(t, r, false)
		if err := e.checkRow(t, r, vals); err != nil {
			return err
		}
	}
	if err := e.runCommands(t, rows, vals, false); err != nil {
		return err
	}
	for i, r := range rows {
		if b.wrote != nil {
			if err := b.wrote(e, r, before[i], vals); err != nil {
				return err
			}
		}
		if e.series >= v19 {
			if err := e.recheckRules(t, r, opRead); err != nil {
				return err
			}
		}
	}
	return nil
}

// changing returns the rows that a change is about, after the checks of rights,
// existence, rules and fields in Odoo's order.
func (e *env) changing(t *table, ids []any, vals dict, op operation) ([]*row, error) {
	if err := e.checkRight(t, op); err != nil {
		return nil, err
	}
	if err := e.understood(t); err != nil {
		return nil, err
	}
	unknown := e.unknownField(t, vals, false)
	if unknown != nil && (!t.tracked() || e.series >= v19 && t.name == "res.partner") {
		return nil, unknown
	}
	if err := e.checkFields(t, vals); err != nil {
		return nil, err
	}
	rows, err := e.visibleRows(t, ids)
	if err != nil {
		return nil, err
	}
	return rows, unknown
}

// visibleRows returns the rows of ids, all of which the caller must see.
func (e *env) visibleRows(t *table, ids []any) ([]*row, error) {
	rows, err := e.existing(t, ids)
	if err != nil {
		return nil, err
	}
	for i, r := range rows {
		if r == nil && t.tracked() {
			return nil, MissingError(fmt.Sprintf("Record does not exist or has been deleted.\n(Record: %s(%s,), User: %d)",
				t.name, pythonRepr(ids[i]), e.user.id))
		}
	}
	rows = slices.DeleteFunc(rows, func(r *row) bool { return r == nil })
	return rows, e.checkRules(t, rows)
}

// tracked tells whether Odoo reads records of a model before it changes them,
// for rules or a log of changes, and so finds out that some are missing. Of
// others it changes those that are there and says nothing.
func (m *model) tracked() bool {
	return m.name == "res.partner" || m.name == "sale.order" || m.name == "sale.order.line"
}
