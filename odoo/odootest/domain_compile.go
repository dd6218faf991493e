package odootest

import (
	"slices"
	"strings"
)

// A matcher tells whether a record meets a condition.
type matcher func(*row) bool

func everything(*row) bool { return true }
func nothing(*row) bool    { return false }

// compile turns a condition into a matcher. Conditions on other models are
// searched here, once, with the caller's rights, as Odoo's sub-queries are.
func (e *env) compile(t *table, c *condition, negated bool) (matcher, error) {
	if c == nil {
		return everything, nil
	}
	switch c.op {
	case "!":
		return e.compile(t, c.kids[0], !negated)
	case "&", "|":
		return e.compileAll(t, c, negated)
	}
	if c.always != nil {
		if *c.always != negated {
			return everything, nil
		}
		return nothing, nil
	}
	return e.compileLeaf(t, c, negated)
}

func (e *env) compileAll(t *table, c *condition, negated bool) (matcher, error) {
	parts := make([]matcher, 0, len(c.kids))
	for _, kid := range c.kids {
		m, err := e.compile(t, kid, negated)
		if err != nil {
			return nil, err
		}
		parts = append(parts, m)
	}
	all := (c.op == "&") != negated
	return func(r *row) bool {
		for _, m := range parts {
			if m(r) != all {
				return !all
			}
		}
		return all
	}, nil
}

func (e *env) compileLeaf(t *table, c *condition, negated bool) (matcher, error) {
	name, rest, dotted := strings.Cut(c.path, ".")
	f := t.fields[name]
	if f == nil {
		return nil, e.badCondition("Invalid field "+t.name+"."+name, c)
	}
	if !e.mayUse(f) {
		if e.series < v17 {
			return nothing, nil // the field's search finds nothing, and says nothing
		}
		return nil, e.fieldDenied(f)
	}
	switch {
	case dotted && !f.relational():
		return nil, e.notAPath(f, rest)
	case !f.searchable && e.series < v17:
		// The trap of old versions: a condition that cannot be met by SQL is
		// dropped, and the search finds everything.
		return everything, nil
	case !f.searchable:
		return nil, raise("ValueError", "Cannot convert %s to SQL because it is not stored", f.qualified())
	case c.oper == "any" || c.oper == "not any":
		return e.compileAny(f, c, negated)
	case dotted:
		sub := &condition{path: rest, oper: c.oper, value: c.value, source: append([]any{rest}, c.source[1:]...)}
		return e.compilePath(f, sub, negated)
	case c.oper == "child_of" || c.oper == "parent_of":
		m, err := e.compileTree(t, f, c)
		return negate(m, negated), err
	case c.oper == "=?" && !truthy(c.value):
		return negate(everything, negated), nil
	case f.toMany():
		m, err := e.compileMany(f, c)
		return negate(m, negated), err
	}
	return e.compileScalar(f, c, negated)
}

func (e *env) badCondition(what string, c *condition) error {
	kind := "leaf"
	if e.series >= v19 {
		kind = "condition"
	}
	return raise("ValueError", "%s in %s %s", what, kind, pythonTuple(c.source))
}

func (e *env) notAPath(f *field, rest string) error {
	if e.series < v17 {
		kind := strings.ToUpper(f.kind[:1]) + f.kind[1:]
		return raise("AttributeError", "'%s' object has no attribute 'auto_join'", kind)
	}
	return raise("ValueError", "Invalid field property '%s' on %s", rest, f.qualified())
}

func negate(m matcher, negated bool) matcher {
	if !negated || m == nil {
		return m
	}
	return func(r *row) bool { return !m(r) }
}

// compilePath matches records that lead to one that meets the condition. The
// negation of an operator stays inside: `line_ids.name != x` holds when some
// line has another name.
func (e *env) compilePath(f *field, sub *condition, negated bool) (matcher, error) {
	if negated && e.series < v19 {
		if inverse, ok := inverseOperator[sub.oper]; ok {
			sub.oper, negated = inverse, false
		}
	}
	m, err := e.reaching(f, sub)
	return negate(m, negated), err
}

// inverseOperator is how versions before 19 push a `!` into a leaf.
var inverseOperator = map[string]string{
	"<": ">=", ">": "<=", "<=": ">", ">=": "<", "=": "!=", "!=": "=", "in": "not in", "not in": "in",
	"like": "not like", "not like": "like", "ilike": "not ilike", "not ilike": "ilike",
}

func (e *env) compileAny(f *field, c *condition, negated bool) (matcher, error) {
	sub, err := parseDomain(e.series, c.value)
	if err != nil {
		return nil, err
	}
	if !f.relational() {
		return nil, e.badCondition("Cannot use 'any' with non-relational fields", c)
	}
	m, err := e.reaching(f, sub)
	return negate(m, negated != (c.oper == "not any")), err
}

// reaching matches records from which the field leads to one that meets the
// condition and that the caller may see.
func (e *env) reaching(f *field, sub *condition) (matcher, error) {
	co := e.comodel(f)
	env := e
	if f.kind == "many2one" {
		env = e.withArchived()
	}
	match, err := env.visible(co, sub)
	if err != nil {
		return nil, err
	}
	return e.leadsTo(f, func(id int64) bool {
		r := co.rows[id]
		return r != nil && match(r)
	}), nil
}

// leadsTo matches records whose relation contains an id that passes.
func (e *env) leadsTo(f *field, pass func(int64) bool) matcher {
	if f.kind == "many2one" {
		return func(r *row) bool {
			id, ok := e.value(r, f).(int64)
			return ok && pass(id)
		}
	}
	t := e.tables[f.model.name]
	return func(r *row) bool { return slices.ContainsFunc(e.related(t, r, f), pass) }
}

// compileTree matches what is below (child_of) or above (parent_of) the records
// that the value names, themselves included.
func (e *env) compileTree(t *table, f *field, c *condition) (matcher, error) {
	co := t
	if f.relational() {
		co = e.comodel(f)
	} else if f.name != "id" {
		return nil, e.badCondition("Cannot use a hierarchy", c)
	}
	parent := co.fields["parent_id"]
	if parent == nil {
		return nil, raise("KeyError", "parent_id")
	}
	found := map[int64]bool{}
	for _, id := range e.namedIDs(co, c.value, "ilike") {
		e.walkTree(co, parent, id, c.oper == "child_of", found)
	}
	if f.name == "id" && !f.relational() {
		return func(r *row) bool { return found[r.id] }, nil
	}
	return e.leadsTo(f, func(id int64) bool { return found[id] }), nil
}

func (e *env) walkTree(t *table, parent *field, id int64, down bool, found map[int64]bool) {
	r := t.rows[id]
	if r == nil || found[id] {
		return
	}
	found[id] = true
	if !down {
		if up, ok := r.raw(parent).(int64); ok {
			e.walkTree(t, parent, up, down, found)
		}
		return
	}
	for _, child := range e.pointing(parent, id) {
		e.walkTree(t, parent, child.id, down, found)
	}
}

// namedIDs reads a value that names records: an id, a text that is searched
// among their names, or a list of either.
func (e *env) namedIDs(t *table, v any, oper string) []int64 {
	switch v := v.(type) {
	case int64:
		return []int64{v}
	case float64:
		return []int64{int64(v)}
	case string:
		return e.sudo().withArchived().idsByName(t, oper, v)
	case []any:
		var ids []int64
		for _, item := range v {
			ids = append(ids, e.namedIDs(t, item, oper)...)
		}
		return ids
	}
	return nil
}

// compileMany matches a one2many or many2many itself. `!=` and `not in` hold
// when no record of it is named.
func (e *env) compileMany(f *field, c *condition) (matcher, error) {
	some := func(pass func(int64) bool) matcher { return e.leadsTo(f, pass) }
	filled := some(func(int64) bool { return true })
	oper, negated := strings.CutPrefix(c.oper, "not ")
	if c.oper == "!=" {
		oper, negated = "=", true
	}
	nameOper := oper
	if oper == "=" || oper == "in" {
		nameOper = "="
	}
	switch oper {
	case "=", "in", "like", "ilike", "=like", "=ilike":
	default:
		return nil, e.badCondition("Invalid operator", c)
	}
	if oper == "=" && !truthy(c.value) {
		return negate(filled, !negated), nil
	}
	ids := map[int64]bool{}
	for _, id := range e.namedIDs(e.comodel(f), c.value, nameOper) {
		ids[id] = true
	}
	match := some(func(id int64) bool { return ids[id] })
	if list, ok := c.value.([]any); ok && slices.Contains(list, any(false)) {
		inner := match
		match = func(r *row) bool { return inner(r) || !filled(r) }
	}
	return negate(match, negated), nil
}
