package odootest

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// An orderTerm is one key of an ORDER BY. Like PostgreSQL, it puts NULL last
// when ascending and first when descending, unless told otherwise.
type orderTerm struct {
	field     *field
	desc      bool
	nullFirst bool
}

var orderPattern = regexp.MustCompile(`(?i)^([a-z0-9:_.]+)(?:\s+(asc|desc))?(?:\s+nulls\s+(first|last))?$`)

// parseOrder reads an order; an empty one is the model's own.
func (e *env) parseOrder(t *table, order string) ([]orderTerm, error) {
	if strings.TrimSpace(order) == "" {
		order = t.order
	}
	var terms []orderTerm
	for part := range strings.SplitSeq(order, ",") {
		part = strings.TrimSpace(part)
		match := orderPattern.FindStringSubmatch(part)
		if part == "" && e.series < v17 {
			return nil, raise("IndexError", "list index out of range")
		}
		if match == nil || e.series < v17 && (match[3] != "" || strings.Contains(match[1], ".")) {
			return nil, UserError(`Invalid "order" specified (` + order + `). A valid "order" specification is a comma-separated list of valid field names (optionally followed by asc/desc for the direction)`)
		}
		name, rest, dotted := strings.Cut(match[1], ".")
		f := t.fields[name]
		switch {
		case f == nil:
			return nil, raise("ValueError", "Invalid field '%s' on model '%s'", name, t.name)
		case e.series >= v17 && !e.mayUse(f):
			return nil, e.fieldDenied(f)
		case dotted:
			return nil, raise("ValueError", "Invalid field property '%s' on %s", rest, f.qualified())
		case !f.sortable && e.series < v17:
			continue // ignored, silently
		case !f.sortable:
			return nil, raise("ValueError", "Cannot convert %s to SQL because it is not stored", f.qualified())
		}
		term := orderTerm{field: f, desc: strings.EqualFold(match[2], "desc")}
		term.nullFirst = term.desc
		if match[3] != "" {
			term.nullFirst = strings.EqualFold(match[3], "first")
		}
		terms = append(terms, term)
	}
	return terms, nil
}

// A cachedOrder is every record of a table in some order.
type cachedOrder struct {
	revs uint64 // sum of the revisions of all tables that it depends on
	rows []*row
	rank map[int64]int
}

// ordered returns all records of a table in an order. It is kept until one of
// the tables behind it changes.
func (e *env) ordered(t *table, terms []orderTerm) []*row {
	return e.orderOf(t, terms).rows
}

func (e *env) orderOf(t *table, terms []orderTerm) *cachedOrder {
	var key strings.Builder
	key.WriteString(t.name + "/" + e.lang)
	revs := t.rev
	for _, term := range terms {
		key.WriteString("," + term.field.name)
		if term.desc {
			key.WriteString(" desc")
		}
		if term.nullFirst {
			key.WriteString(" nulls first")
		}
		revs += e.revsBehind(term.field, 3)
	}
	e.cacheMu.Lock()
	cached := e.orders[key.String()]
	e.cacheMu.Unlock()
	if cached != nil && cached.revs == revs {
		return cached
	}
	cached = &cachedOrder{revs: revs, rows: slices.Clone(t.sorted)}
	e.sortRows(t, cached.rows, terms)
	e.cacheMu.Lock()
	e.orders[key.String()] = cached
	e.cacheMu.Unlock()
	return cached
}

// revsBehind sums the revisions of the tables that a sort by this field looks
// at.
func (e *env) revsBehind(f *field, depth int) uint64 {
	var revs uint64
	if f.kind == "many2one" && depth > 0 {
		co := e.comodel(f)
		revs += co.rev
		if terms, err := e.parseOrder(co, ""); err == nil {
			for _, term := range terms {
				revs += e.revsBehind(term.field, depth-1)
			}
		}
	}
	if f.related != "" || f.column < 0 { // computed from partners, at most
		for _, name := range []string{"res.partner", "sale.order", "account.move", "product.category"} {
			revs += e.tables[name].rev
		}
	}
	return revs
}

// sortRows sorts records in place. Equal keys stay in the order of ids, which
// PostgreSQL does not promise.
func (e *env) sortRows(t *table, rows []*row, terms []orderTerm) {
	if len(rows) < 2 {
		return
	}
	type keyed struct {
		row  *row
		keys []any
	}
	list := make([]keyed, len(rows))
	all := make([]any, len(rows)*len(terms))
	ranks := make([]func(*row) any, len(terms))
	for i, term := range terms {
		ranks[i] = e.sortKey(t, term)
	}
	for i, r := range rows {
		keys := all[i*len(terms) : (i+1)*len(terms)]
		for k := range terms {
			keys[k] = ranks[k](r)
		}
		list[i] = keyed{r, keys}
	}
	slices.SortStableFunc(list, func(a, b keyed) int {
		for i, term := range terms {
			if c := compareTerm(term, a.keys[i], b.keys[i]); c != 0 {
				return c
			}
		}
		return cmp.Compare(a.row.id, b.row.id)
	})
	for i := range list {
		rows[i] = list[i].row
	}
}

func compareTerm(term orderTerm, a, b any) int {
	if a == nil || b == nil {
		switch {
		case a == nil && b == nil:
			return 0
		case (a == nil) == term.nullFirst:
			return -1
		}
		return 1
	}
	c := compareValues(a, b)
	if term.desc {
		return -c
	}
	return c
}

// sortKey returns what a term sorts records by. A many2one sorts by the place of
// its record in the comodel's own order.
func (e *env) sortKey(t *table, term orderTerm) func(*row) any {
	f := term.field
	if f.kind != "many2one" {
		return func(r *row) any {
			v := e.value(r, f)
			if text, ok := v.(string); ok && f.kind != "date" && f.kind != "datetime" {
				return collationKey(text)
			}
			return v
		}
	}
	co := e.comodel(f)
	rank := e.rankOf(t, co)
	return func(r *row) any {
		id, ok := e.value(r, f).(int64)
		if !ok || co.rows[id] == nil {
			return nil
		}
		return rank(id)
	}
}

// rankOf returns the place of ids in a table's own order. A table that sorts by
// itself sorts by id instead, as Odoo does.
func (e *env) rankOf(t, co *table) func(int64) int64 {
	terms, err := e.parseOrder(co, "")
	if t == co || err != nil {
		return func(id int64) int64 { return id }
	}
	cached := e.orderOf(co, terms)
	e.cacheMu.Lock()
	defer e.cacheMu.Unlock()
	if cached.rank == nil {
		cached.rank = make(map[int64]int, len(cached.rows))
		for i, r := range cached.rows {
			cached.rank[r.id] = i
		}
	}
	rank := cached.rank
	return func(id int64) int64 { return int64(rank[id]) }
}
