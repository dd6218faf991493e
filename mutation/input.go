package mutation

import (
	"fmt"
	"maps"
	"slices"

	"odoograph/loaders"
)

const (
	// maxLinked bounds a list of references.
	maxLinked = 100
	// maxNested bounds a list of new records within another.
	maxNested = 500
)

// values reads an input object: each of its fields sets the field of the same name
// of the type, except those named. What a client leaves out is not in the result,
// and null is Odoo's false. The references are in the result once resolve has
// found them.
func (c *change) values(t loaders.Type, given map[string]any, at path, except ...string) map[string]any {
	out := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if !slices.Contains(except, name) {
			c.value(out, t, name, given[name], at.to(name))
		}
	}
	return out
}

// value reads one field of an input object into the values of a record.
func (c *change) value(out map[string]any, t loaders.Type, name string, v any, at path) {
	field := t.Field(name)
	switch {
	case field == nil:
		panic(fmt.Sprintf("mutation: %s has no field %q", t.Name(), name)) // a test looks at all inputs
	case field.Odoo == nil:
		if v != nil {
			c.fail(at, Unsupported, "This Odoo has no %s of a %s.", name, t.Noun())
		}
	case v == nil && field.Odoo.Required:
		c.fail(at, Blank, "A %s needs this.", t.Noun())
	case field.Many && field.Odoo.Type == "one2many":
		if commands := c.additions(field.Target, v, at); len(commands) > 0 {
			out[field.Odoo.Name] = commands
		}
	case field.Many:
		out[field.Odoo.Name] = c.links(field, v, at)
	case field.Target != "" && v == nil:
		out[field.Odoo.Name] = false
	case field.Target != "":
		k := c.reference(field.Target, v, at, func(id int64) { out[field.Odoo.Name] = id })
		if k != nil {
			k.unchecked, k.column = field.Odoo.Unchecked, field.Odoo.Name
		}
	default:
		scalar, problem := scalarOf(field, v)
		if problem != nil {
			c.fail(at, problem.code, "%s", problem.text)
			return
		}
		out[field.Odoo.Name] = scalar
		c.columns = append(c.columns, column{field.Odoo.Name, at})
	}
}

// column is where in the input the value of an Odoo field comes from.
type column struct {
	name string
	at   path
}

// reference reads a reference to a record of the named type. It returns nil after
// a user error.
func (c *change) reference(typeName string, given any, at path, set func(int64)) *key {
	target, err := c.request.Type(typeName)
	if err != nil {
		c.fail(at, Unsupported, "This Odoo has none of these.")
		return nil
	}
	return c.key(target, given, at, set)
}

// links reads a list of references that takes the place of the one that is there.
func (c *change) links(field *loaders.Field, v any, at path) any {
	given := list(v)
	if len(given) > maxLinked {
		c.fail(at, Invalid, "There are %d here; at most %d are allowed.", len(given), maxLinked)
		return nil
	}
	ids := make([]any, len(given))
	for i, item := range given {
		if k := c.reference(field.Target, item, at.to(i), func(id int64) { ids[i] = id }); k != nil {
			k.column = field.Odoo.Name
		}
	}
	return []any{[]any{6, 0, ids}}
}

// additions reads a list of inputs of records to create within another.
func (c *change) additions(typeName string, v any, at path) []any {
	given := list(v)
	if len(given) > maxNested {
		c.fail(at, Invalid, "There are %d here; at most %d are allowed.", len(given), maxNested)
		return nil
	}
	target, err := c.request.Type(typeName)
	if err != nil {
		c.fail(at, Unsupported, "This Odoo has none of these.")
		return nil
	}
	var commands []any
	for i, item := range given {
		fields, _ := item.(map[string]any)
		commands = append(commands, []any{0, 0, c.creation(target, fields, at.to(i))})
	}
	return commands
}

// creation reads the input of a new record, with what its type demands besides.
func (c *change) creation(t loaders.Type, given map[string]any, at path) map[string]any {
	switch t.Name() {
	case "Partner":
		c.checkPartner(given, at)
	case "SaleOrderLine":
		c.checkLine(given, at)
	}
	return c.values(t, given, at)
}

// list returns a list of an input; GraphQL lets a client leave out the brackets
// around a single item.
func list(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	case []map[string]any: // as gqlgen reads a list of inputs
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = item
		}
		return out
	}
	return []any{v}
}
