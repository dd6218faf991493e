package odootest

import (
	"math"
	"strconv"
	"strings"
)

// compileScalar matches one stored value. Where Odoo's versions differ in what
// NULL means, the difference is here.
func (e *env) compileScalar(f *field, c *condition, negated bool) (matcher, error) {
	oper := c.oper
	if oper == "=?" {
		oper = "="
	}
	if inverse, ok := inverseOperator[oper]; ok && negated && e.series < v19 {
		oper, negated = inverse, false
	}
	m, err := e.scalarMatcher(f, oper, c)
	return negate(m, negated), err
}

func (e *env) scalarMatcher(f *field, oper string, c *condition) (matcher, error) {
	switch oper {
	case "=", "!=":
		m, err := e.equals(f, []any{c.value}, c)
		return negate(m, oper == "!="), err
	case "in", "not in":
		list, isList := c.value.([]any)
		if !isList && c.value != nil {
			return nil, raise("ValueError", "Invalid domain term %s", pythonTuple(c.source))
		}
		m, err := e.equals(f, list, c)
		return negate(m, oper == "not in"), err
	case "<", ">", "<=", ">=":
		return e.compares(f, oper, c)
	}
	return e.resembles(f, oper, c)
}

// equals matches a value that is one of the list. A false in the list stands
// for no value.
func (e *env) equals(f *field, list []any, c *condition) (matcher, error) {
	set, orNull := map[any]bool{}, false
	for _, item := range list {
		if f.kind == "many2one" {
			if text, ok := item.(string); ok {
				for _, id := range e.namedIDs(e.comodel(f), text, "=") {
					set[id] = true
				}
				continue
			}
		}
		key, isNull, err := e.operand(f, c, item)
		if err != nil {
			return nil, err
		}
		orNull = orNull || isNull
		if key != nil {
			set[key] = true
		}
	}
	if f.name == "id" {
		return func(r *row) bool { return set[r.id] }, nil
	}
	return func(r *row) bool {
		v := e.value(r, f)
		if v == nil {
			return orNull
		}
		return set[v]
	}, nil
}

// operand converts one value of a domain to what the field stores, and tells
// whether NULL equals it. A nil key equals no stored value.
func (e *env) operand(f *field, c *condition, v any) (key any, isNull bool, err error) {
	// Since 19 a field's empty value and NULL are the same.
	modern := e.series >= v19
	switch {
	case v == nil || v == false && f.kind != "boolean":
		switch {
		case modern && f.textual():
			return "", true, nil
		case modern && f.kind == "integer" && f.name != "id":
			return int64(0), true, nil
		case modern && f.numeric() && f.name != "id":
			return 0.0, true, nil
		case f.kind == "boolean":
			return false, true, nil
		}
		return nil, true, nil
	case f.kind == "boolean":
		holds := e.boolOperand(v)
		return holds, !holds, nil
	case f.kind == "many2one" || f.name == "id":
		key, err = e.idOperand(c, v)
		return key, false, err
	case f.numeric():
		key, err = numberOperand(f, v)
		return key, modern && (key == int64(0) || key == 0.0), err
	case f.kind == "date" || f.kind == "datetime":
		key, err = e.dateOperand(f, c.oper, v)
		return key, false, err
	}
	if text, ok := v.(string); ok {
		return text, modern && text == "" && f.textual(), nil
	}
	if n, ok := v.(int64); ok && !modern {
		return strconv.FormatInt(n, 10), false, nil
	}
	return nil, false, nil
}

func (e *env) boolOperand(v any) bool {
	text, isText := v.(string)
	if !isText || e.series < v19 {
		return truthy(v)
	}
	switch strings.ToLower(text) {
	case "y", "yes", "1", "true", "t", "on":
		return true
	}
	return false
}

// idOperand reads an id. PostgreSQL's complaints reach the client.
func (e *env) idOperand(c *condition, v any) (any, error) {
	quoted := `"` + strings.Trim(pythonRepr(v), "'") + `"`
	invalid := sqlError("InvalidTextRepresentation", "invalid input syntax for type integer: "+quoted, `"id" = `+pythonRepr(v)+`)) AN...`)
	switch v := v.(type) {
	case int64:
		if e.series < v17 && c.path == "id" && c.oper != "in" && c.oper != "not in" && (v > math.MaxInt32 || v < math.MinInt32) {
			return nil, sqlError("NumericValueOutOfRange", "value "+quoted+" is out of range for type integer", `"id" = '`+strconv.FormatInt(v, 10)+`'))...`)
		}
		return v, nil
	case string:
		id, err := strconv.ParseInt(strings.TrimSpace(v), 10, 64)
		if err != nil {
			return nil, invalid
		}
		return id, nil
	case float64:
		if e.series < v19 {
			return nil, invalid
		}
		if v != math.Trunc(v) {
			return v, nil // equal to no id
		}
		return int64(v), nil
	case bool:
		return nil, sqlError("UndefinedFunction", "operator does not exist: integer = boolean", `"id" = true)) A...`)
	}
	return nil, raise("ValueError", "Invalid domain term %s", pythonTuple(c.source))
}

func numberOperand(f *field, v any) (any, error) {
	var n float64
	switch v := v.(type) {
	case int64:
		if f.kind == "integer" {
			return v, nil
		}
		n = float64(v)
	case float64:
		n = v
	case bool:
		n = 1
	case string:
		parsed, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
		if err != nil {
			return nil, sqlError("InvalidTextRepresentation", `invalid input syntax for type numeric: "`+v+`"`, `"`+f.name+`" = '`+v+`'`)
		}
		n = parsed
	default:
		return nil, raise("ValueError", "Invalid number %s for field %s", pythonRepr(v), f.qualified())
	}
	if f.kind == "integer" {
		if n != math.Trunc(n) {
			return n, nil // equal to no integer
		}
		return int64(n), nil
	}
	return n, nil
}

// compares matches an order. NULL stands in no order, except that 19 takes it
// for the field's empty value.
func (e *env) compares(f *field, oper string, c *condition) (matcher, error) {
	key, _, err := e.operand(f, c, c.value)
	if err != nil || key == nil {
		return nothing, err
	}
	var empty any
	if e.series >= v19 && f.name != "id" {
		switch {
		case f.textual():
			empty = ""
		case f.kind == "integer":
			empty = int64(0)
		case f.numeric():
			empty = 0.0
		}
	}
	return func(r *row) bool {
		v := e.value(r, f)
		if v == nil {
			v = empty
		}
		if v == nil {
			return false
		}
		order := compareValues(v, key)
		switch oper {
		case "<":
			return order < 0
		case "<=":
			return order <= 0
		case ">":
			return order > 0
		}
		return order >= 0
	}, nil
}

// resembles matches the like family. A condition on a many2one is on the names
// of the records it leads to.
func (e *env) resembles(f *field, oper string, c *condition) (matcher, error) {
	plainOper, negated := strings.CutPrefix(oper, "not ")
	if f.kind == "many2one" {
		if !truthy(c.value) {
			return negate(everything, negated && e.series >= v19), nil
		}
		ids := map[int64]bool{}
		for _, id := range e.namedIDs(e.comodel(f), textOperand(c.value), plainOper) {
			ids[id] = true
		}
		return negate(e.leadsTo(f, func(id int64) bool { return ids[id] }), negated), nil
	}
	match := likeMatcher(plainOper, textOperand(c.value))
	// An empty pattern matches NULL too; before 19, its negation did as well.
	matchesNull := !strings.HasPrefix(plainOper, "=") && !truthy(c.value)
	return func(r *row) bool {
		v := e.value(r, f)
		if v == nil {
			return matchesNull != negated || matchesNull && e.series < v19
		}
		return match(textOperand(v)) != negated
	}, nil
}

func textOperand(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case nil:
		return ""
	case bool:
		if !v {
			return ""
		}
	}
	return pythonRepr(v)
}
