package odootest

import (
	"slices"
)

// A query is one search: what to find, in which order, which slice of it.
type query struct {
	domain *condition
	order  string
	offset int
	limit  int // 0 is unlimited
}

// visible compiles a condition together with what hides records from the
// caller: archiving and record rules.
func (e *env) visible(t *table, c *condition) (matcher, error) {
	match, err := e.compile(t, c, false)
	if err != nil {
		return nil, err
	}
	var active matcher
	if f := t.fields["active"]; f != nil && e.activeTest && !c.mentions("active") {
		active = func(r *row) bool { return r.raw(f) == true }
	}
	rule, err := e.ruleOf(t)
	if err != nil {
		return nil, err
	}
	return func(r *row) bool {
		return (active == nil || active(r)) && (rule == nil || rule(r)) && match(r)
	}, nil
}

// search returns the ids that a query finds.
func (e *env) search(t *table, q query) ([]int64, error) {
	terms, err := e.parseOrder(t, q.order)
	if err != nil {
		return nil, err
	}
	match, err := e.visible(t, q.domain)
	if err != nil {
		return nil, err
	}
	rows, ordered := e.candidates(t, q.domain)
	if !ordered {
		rows = slices.DeleteFunc(rows, func(r *row) bool { return !match(r) })
		e.sortRows(t, rows, terms)
		match = everything
	} else {
		rows = e.ordered(t, terms)
	}
	ids := []int64{}
	skip := q.offset
	for _, r := range rows {
		if !match(r) {
			continue
		}
		if skip > 0 {
			skip--
			continue
		}
		ids = append(ids, r.id)
		if q.limit > 0 && len(ids) == q.limit {
			break
		}
	}
	return ids, nil
}

// count returns how many records a query finds; a limit stops counting.
func (e *env) count(t *table, c *condition, limit int) (int, error) {
	match, err := e.visible(t, c)
	if err != nil {
		return 0, err
	}
	rows, all := e.candidates(t, c)
	if all {
		rows = t.sorted
	}
	n := 0
	for _, r := range rows {
		if match(r) {
			if n++; n == limit {
				break
			}
		}
	}
	return n, nil
}

// candidates looks for a condition on ids or on a many2one, which narrows a
// search down without looking at every record. all is true when there is none.
func (e *env) candidates(t *table, c *condition) (rows []*row, all bool) {
	if c == nil {
		return nil, true
	}
	if c.op == "&" {
		for _, kid := range c.kids {
			if rows, all := e.candidates(t, kid); !all {
				return rows, false
			}
		}
		return nil, true
	}
	if c.oper != "=" && c.oper != "in" {
		return nil, true
	}
	list, isList := c.value.([]any)
	if !isList {
		list = []any{c.value}
	}
	f := t.fields[c.path]
	if f == nil || f.name != "id" && (f.kind != "many2one" || f.column < 0) {
		return nil, true
	}
	seen := map[int64]bool{}
	for _, item := range list {
		id, ok := item.(int64)
		if !ok {
			return nil, true
		}
		if seen[id] {
			continue
		}
		seen[id] = true
		if f.name != "id" {
			rows = append(rows, e.pointing(f, id)...)
		} else if r := t.rows[id]; r != nil {
			rows = append(rows, r)
		}
	}
	return rows, false
}

// idsByName returns the records whose names match, as name_search and
// conditions on a many2one look for them.
func (e *env) idsByName(t *table, oper, text string) []int64 {
	exact := func(s string) bool { return s == text }
	if oper != "=" {
		exact = likeMatcher(oper, text)
	}
	match := func(r *row) bool {
		for _, name := range t.namedBy() {
			if f := t.fields[name]; f != nil && exact(e.text(r, f)) {
				return true
			}
		}
		return exact(e.displayName(t, r))
	}
	visible, err := e.visible(t, nil)
	if err != nil {
		return nil
	}
	var ids []int64
	for _, r := range t.sorted {
		if visible(r) && match(r) {
			ids = append(ids, r.id)
		}
	}
	return ids
}

// namedBy is the list of fields that a search by name looks at.
func (m *model) namedBy() []string {
	if m.searchBy != nil {
		return m.searchBy
	}
	return []string{"name"}
}
