package odootest

import (
	"slices"
	"strings"
)

// A condition is a node of a parsed domain: a connective over other
// conditions, or a leaf.
type condition struct {
	op     string // "&", "|", "!" or "" for a leaf
	kids   []*condition
	path   string
	oper   string
	value  any
	source []any // the leaf as it was sent
	always *bool // a leaf such as (1, '=', 1)
}

// The operators of a leaf, with the versions that know them.
var operators = map[string]span{
	"=": {}, "!=": {}, "<": {}, ">": {}, "<=": {}, ">=": {}, "<>": {}, "=?": {},
	"like": {}, "not like": {}, "ilike": {}, "not ilike": {}, "=like": {}, "=ilike": {},
	"in": {}, "not in": {}, "child_of": {}, "parent_of": {},
	"any": {from: v17}, "not any": {from: v17},
	"not =like": {from: v19}, "not =ilike": {from: v19},
}

// parseDomain reads a domain in Odoo's prefix notation. A nil condition holds
// for everything.
func parseDomain(s series, v any) (*condition, error) {
	if !truthy(v) {
		return nil, nil
	}
	list, ok := v.([]any)
	if !ok {
		return nil, notADomain(s, v)
	}
	if err := checkDomain(s, list); err != nil {
		return nil, err
	}
	var stack []*condition
	for _, l := range slices.Backward(list) {
		if leaf, ok := l.([]any); ok {
			c, err := parseLeaf(s, leaf)
			if err != nil {
				return nil, err
			}
			stack = append(stack, c)
			continue
		}
		c := &condition{op: l.(string)}
		arity := 2
		if c.op == "!" {
			arity = 1
		}
		cut := len(stack) - arity
		c.kids = slices.Clone(stack[cut:])
		stack = append(stack[:cut], c)
	}
	if len(stack) == 1 {
		return stack[0], nil
	}
	return &condition{op: "&", kids: stack}, nil
}

func notADomain(s series, v any) error {
	if s >= v19 {
		return raise("TypeError", "Domain() invalid argument type for domain: %s", pythonRepr(v))
	}
	switch v.(type) {
	case bool:
		return raise("TypeError", "object of type 'bool' has no len()")
	case int64:
		return raise("TypeError", "object of type 'int' has no len()")
	case float64:
		return raise("TypeError", "object of type 'float' has no len()")
	}
	return raise("AssertionError", "Domains to normalize must have a 'domain' form: a list or tuple of domain components")
}

// checkDomain finds what is wrong with the shape of a domain.
func checkDomain(s series, list []any) error {
	expected := 1
	var odd any
	for _, item := range list {
		if expected == 0 {
			expected = 1 // an implicit & stands in front
		}
		switch item := item.(type) {
		case []any:
			expected--
			if len(item) != 3 && s >= v19 {
				return raise("ValueError", "Domain() invalid item in domain: %s", pythonRepr(item))
			}
		default:
			switch item {
			case "&", "|":
				expected++
			case "!":
			default:
				expected--
				odd = item // Odoo names the last one
			}
		}
	}
	switch {
	case odd != nil && s >= v19:
		return raise("ValueError", "Domain() invalid item in domain: %s", pythonRepr(odd))
	case expected != 0 && s >= v19:
		return raise("ValueError", "Domain() malformed domain %s", pythonRepr(list))
	case expected != 0:
		return raise("AssertionError", "This domain is syntactically not correct: %s", pythonRepr(list))
	case odd != nil:
		// Odoo takes the text for a leaf and looks at its letters.
		return raise("IndexError", "string index out of range")
	}
	return nil
}

func parseLeaf(s series, leaf []any) (*condition, error) {
	if len(leaf) != 3 {
		return nil, raise("ValueError", "Invalid leaf %s", pythonTuple(leaf))
	}
	c := &condition{value: leaf[2], source: leaf}
	oper, isText := leaf[1].(string)
	path, isPath := leaf[0].(string)
	if n, ok := leaf[0].(int64); ok && oper == "=" && (n == 0 || n == 1) && leaf[2] == int64(1) {
		holds := n == 1
		c.always = &holds
		return c, nil
	}
	if s >= v19 {
		if oper = strings.ToLower(oper); oper == "==" {
			oper = "="
		}
	}
	versions, known := operators[oper]
	if !isText || !isPath || path == "" || !known || !versions.has(s) {
		return nil, badLeaf(s, oper, leaf)
	}
	if oper == "<>" {
		oper = "!="
	}
	c.path, c.oper = path, oper
	c.normalizeList(s)
	return c, nil
}

func badLeaf(s series, oper string, leaf []any) error {
	if _, isList := leaf[2].([]any); isList && s < v17 && strings.HasSuffix(oper, "any") {
		return raise("TypeError", "unhashable type: 'list'")
	}
	if s >= v19 {
		return raise("ValueError", "Invalid operator in condition %s", pythonTuple(leaf))
	}
	return raise("ValueError", "Invalid leaf %s", pythonTuple(leaf))
}

// normalizeList turns `=` with a list into `in`, and `in` with a truth value
// into `=`.
func (c *condition) normalizeList(s series) {
	list, isList := c.value.([]any)
	switch {
	case s >= v19 && isList && len(list) == 0 && (c.oper == "=" || c.oper == "!="):
		c.value = false
	case isList && c.oper == "=":
		c.oper = "in"
	case isList && c.oper == "!=":
		c.oper = "not in"
	case isList:
	case c.oper == "in" && (s >= v19 || isBool(c.value)):
		c.oper = "="
	case c.oper == "not in" && (s >= v19 || isBool(c.value)):
		c.oper = "!="
	}
}

func isBool(v any) bool {
	_, ok := v.(bool)
	return ok
}

// mentions tells whether a leaf is on exactly this field.
func (c *condition) mentions(name string) bool {
	if c == nil {
		return false
	}
	return c.path == name || slices.ContainsFunc(c.kids, func(kid *condition) bool { return kid.mentions(name) })
}
