package loaders

import (
	"slices"

	"odoograph/odoo"
)

// shape is what one call reads of the records of a type: the fields, and the
// shapes of the records that these lead to. Several plans can share one.
type shape struct {
	typ      *boundType
	fields   []string // in the order of their names: equal shapes are equal words
	branches []*branch
}

// branch is a relation in a shape.
type branch struct {
	field string // of Odoo
	*shape
	limit int // of a to-many relation, 0 for none
}

// shapeOf merges plans of one type.
func shapeOf(t *boundType, plans ...*plan) *shape {
	s := &shape{typ: t}
	for _, pl := range plans {
		s.merge(pl)
	}
	return s
}

// shape is what a batch reads: only what is missing, but all that it leads to.
func (b *batch) shape() *shape {
	s := shapeOf(b.typ, b.plans...)
	s.fields = slices.Sorted(slices.Values(b.fields))
	return s
}

func (s *shape) merge(pl *plan) {
	for _, field := range pl.fields {
		s.need(field)
	}
	for name, child := range pl.ones {
		if child.typ.domain.IsAll() {
			s.branch(pl.typ.fields[name].odoo.Name, child, 0)
		}
	}
	for _, l := range pl.lists {
		if limit, ok := l.head(); ok {
			s.branch(l.field.odoo.Name, l.items, limit)
		}
	}
}

func (s *shape) need(field string) {
	if i, known := slices.BinarySearch(s.fields, field); !known {
		s.fields = slices.Insert(s.fields, i, field)
	}
}

func (s *shape) branch(field string, child *plan, limit int) {
	i := slices.IndexFunc(s.branches, func(b *branch) bool { return b.field == field })
	if i < 0 {
		i = len(s.branches)
		s.branches = append(s.branches, &branch{field: field, shape: shapeOf(child.typ)})
	}
	b := s.branches[i]
	b.limit = max(b.limit, limit)
	b.merge(child)
}

// head returns how many records from the start of a list its page needs, and
// false for a page that is not known before the ids are: one that is filtered,
// ordered anew or counted from the end.
func (l *list) head() (int, bool) {
	if !l.window || l.ranked() {
		return 0, false
	}
	window, err := l.page.Window(l.scope)
	if err != nil || window.FromEnd || window.Limit == 0 {
		return 0, false
	}
	return window.Offset + window.Limit, true
}

// ranked tells whether a list stands in another order, or holds fewer records,
// than the field has in Odoo.
func (l *list) ranked() bool {
	return !l.filter.IsAll() || len(l.order) > 0 || !l.items.typ.domain.IsAll()
}

func (s *shape) tree() *odoo.Tree {
	t := &odoo.Tree{Model: s.typ.model, Fields: s.fields}
	for _, b := range s.branches {
		t.Branches = append(t.Branches, odoo.Branch{Field: b.field, Tree: b.tree(), Limit: b.limit})
	}
	return t
}

// rememberTree adds rows and all that came with them to the identity map.
func (r *Request) rememberTree(s *shape, rows []odoo.Row) []*record {
	return r.rememberAll(s, [][]odoo.Row{rows}, len(rows))
}

// rememberAll adds rows that came with several records, n in all.
func (r *Request) rememberAll(s *shape, groups [][]odoo.Row, n int) []*record {
	for i, b := range s.branches {
		related, size := make([][]odoo.Row, 0, n), 0
		for _, rows := range groups {
			for _, row := range rows {
				if len(row.Related) > 0 { // not where this Odoo does not nest
					related, size = append(related, row.Related[i]), size+len(row.Related[i])
				}
			}
		}
		if size > 0 {
			r.rememberAll(b.shape, related, size)
		}
	}
	return r.remember(s.typ, s.fields, groups, n)
}
