package odootest

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// stored returns what a row holds after a client gave v for a field. Odoo
// validates little: it turns what it gets into something of the field's type.
// Creating differs from writing where PostgreSQL sees the value first.
func (e *env) stored(f *field, v any, creating bool) (any, error) {
	switch f.kind {
	case "boolean":
		return truthy(v), nil
	case "integer":
		return e.storedInteger(v, creating)
	case "float", "monetary":
		return e.storedFloat(f, v)
	case "date":
		return storedDate(v)
	case "datetime":
		return storedDatetime(v)
	case "selection":
		return storedKey(f, v)
	case "many2one":
		return e.storedTarget(f, v, creating)
	case "html":
		return storedHTML(v)
	}
	return storedText(v)
}

func (e *env) storedInteger(v any, creating bool) (any, error) {
	var n int64
	switch v := v.(type) {
	case bool:
		if v {
			n = 1
		}
	case int64:
		n = v
	case float64:
		n = int64(v)
	case string:
		if v == "" {
			break
		}
		var err error
		if n, err = strconv.ParseInt(strings.TrimSpace(v), 10, 64); err != nil {
			return nil, raise("ValueError", "invalid literal for int() with base 10: %s", pythonQuote(v))
		}
	default:
		if _, ok := v.(dict); ok && !creating || !truthy(v) {
			break // a dict stands for its missing id
		}
		return nil, raise("TypeError", "int() argument must be a string, a bytes-like object or a %s, not '%s'", e.pythonNumber(), pythonType(v))
	}
	if n > math.MaxInt32 || n < math.MinInt32 {
		return nil, &Exception{"psycopg2.errors.NumericValueOutOfRange", "integer out of range\n"}
	}
	return n, nil
}

// pythonNumber is what Python calls a number in its complaints.
func (e *env) pythonNumber() string {
	if e.series < v17 {
		return "number"
	}
	return "real number"
}

func (e *env) storedFloat(f *field, v any) (any, error) {
	var n float64
	switch v := v.(type) {
	case bool:
		if v {
			n = 1
		}
	case int64:
		n = float64(v)
	case float64:
		n = v
	case string:
		if v == "" {
			break
		}
		var err error
		if n, err = strconv.ParseFloat(strings.TrimSpace(v), 64); err != nil {
			return nil, raise("ValueError", "could not convert string to float: %s", pythonQuote(v))
		}
	default:
		if truthy(v) {
			return nil, raise("TypeError", "float() argument must be a string or a %s, not '%s'", e.pythonNumber(), pythonType(v))
		}
	}
	return f.round(n), nil
}

// round rounds to the digits of the field; money has the two of nearly all
// currencies.
func (f *field) round(n float64) float64 {
	if f.kind == "monetary" {
		return cents(n)
	}
	_, decimals, found := strings.Cut(f.digits, ",")
	places, err := strconv.Atoi(decimals)
	if !found || err != nil {
		return n
	}
	scale := math.Pow10(places)
	return math.Round(n*scale+math.Copysign(1e-9, n)) / scale
}

func storedText(v any) (any, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case bool:
		if !v {
			return nil, nil
		}
	case string:
		if strings.Contains(v, "\x00") {
			return nil, raise("ValueError", "A string literal cannot contain NUL (0x00) characters.")
		}
		return v, nil
	}
	return pythonRepr(v), nil
}

func storedKey(f *field, v any) (any, error) {
	if !truthy(v) {
		return nil, nil
	}
	key, ok := v.(string)
	for _, o := range f.options {
		if ok && o.key == key {
			return key, nil
		}
	}
	if ok && f.open {
		return key, nil
	}
	return nil, raise("ValueError", "Wrong value for %s: %s", f.qualified(), pythonRepr(v))
}

// storedTarget reads a many2one. Only an id is safe: what read returns, a pair,
// empties the field when written and is no SQL when created.
func (e *env) storedTarget(f *field, v any, creating bool) (any, error) {
	if d, ok := v.(dict); ok {
		return e.dictTarget(f, d, creating)
	}
	if creating {
		return e.createdTarget(f, v)
	}
	switch v := v.(type) {
	case int64:
		if v == 0 && e.series >= v17 {
			return nil, nil
		}
		return e.checkInt4(v)
	case string:
		if e.series < v17 {
			return idText(v)
		}
	}
	return nil, nil
}

func (e *env) createdTarget(f *field, v any) (any, error) {
	if !truthy(v) {
		return nil, nil
	}
	switch v := v.(type) {
	case int64:
		return e.checkInt4(v)
	case float64:
		return int64(math.RoundToEven(v)), nil
	case string:
		id, err := idText(v)
		if err == nil && e.series < v17 {
			err = AccessError(fmt.Sprintf("Database fetch misses ids ((%s,)) and has extra ids ((%s,)), "+
				"may be caused by a type incoherence in a previous request", pythonQuote(v), v))
		}
		return id, err
	case []any:
		for _, item := range v {
			if text, ok := item.(string); ok {
				return idText(text + " ")
			}
		}
		return nil, mismatch(f, "integer[]")
	}
	return nil, mismatch(f, "boolean")
}

func (e *env) checkInt4(id int64) (any, error) {
	if e.series < v17 && id > math.MaxInt32 {
		return nil, &Exception{"psycopg2.errors.NumericValueOutOfRange", "integer out of range\n"}
	}
	return id, nil
}

func (e *env) dictTarget(f *field, d dict, creating bool) (any, error) {
	if creating && e.series < v17 && len(d) > 0 {
		return nil, &Exception{"psycopg2.ProgrammingError", "can't adapt type 'dict'"}
	}
	for _, m := range d {
		if e.comodel(f).fields[m.key] == nil {
			return nil, raise("ValueError", "Invalid field '%s' on model '%s'", m.key, f.relation)
		}
	}
	switch {
	case creating && len(d) > 0:
		return nil, &Exception{"psycopg2.ProgrammingError", "can't adapt type 'dict'"}
	case e.series < v17 && !creating:
		return nil, &Exception{"psycopg2.ProgrammingError", "can't adapt type 'NewId'"}
	}
	return nil, nil
}

// idText is a text where PostgreSQL wants an id.
func idText(text string) (any, error) {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return nil, &Exception{"psycopg2.errors.InvalidTextRepresentation",
			"invalid input syntax for type integer: \"" + strings.TrimSuffix(text, " ") + "\"\nLINE 1: ...\n             ^\n"}
	}
	return id, nil
}

func mismatch(f *field, kind string) error {
	return &Exception{"psycopg2.errors.DatatypeMismatch", fmt.Sprintf(
		"column \"%s\" is of type integer but expression is of type %s\nLINE 1: ...\n             ^\nHINT:  You will need to rewrite or cast the expression.\n", f.name, kind)}
}
