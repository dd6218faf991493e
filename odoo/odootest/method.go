package odootest

import (
	"fmt"
	"slices"
	"strings"
)

// A method is a public method of every model that has it.
type method struct {
	name     string
	models   []string // nil is all
	versions span
	writes   bool   // it is one of writeMethods
	class    string // the class that Python's errors name since 19; "" is the model's own
	onModel  bool   // an @api.model method: it takes no ids
	params   []param
	run      func(*call) (any, error)
}

// A param is a parameter as Python's signature has it.
type param struct {
	name     string
	required bool
	byDef    any
}

func need(name string) param           { return param{name: name, required: true} }
func opt(name string, byDef any) param { return param{name: name, byDef: byDef} }

// A call is a method with its arguments bound.
type call struct {
	*env
	table  *table
	ids    []any
	args   map[string]any
	byName bool // called over JSON-2, with named arguments
}

// text returns an argument that must be a text, "" for none.
func (c *call) text(name string) string {
	s, _ := c.args[name].(string)
	return s
}

// names returns a list of field names; a text counts as a list of its letters,
// as in Python.
func (c *call) names(name string) ([]string, error) {
	switch v := c.args[name].(type) {
	case nil, bool:
		return nil, nil
	case string:
		return strings.Split(v, ""), nil
	case dict: // Python walks over the keys
		keys := make([]string, len(v))
		for i := range v {
			keys[i] = v[i].key
		}
		return keys, nil
	case []any:
		names := make([]string, len(v))
		for i, item := range v {
			s, ok := item.(string)
			if !ok {
				return nil, raise("ValueError", "Invalid field %s on model '%s'", pythonRepr(item), c.table.name)
			}
			names[i] = s
		}
		return names, nil
	default:
		return nil, raise("TypeError", "'%s' object is not iterable", pythonType(v))
	}
}

// number returns a limit or offset.
func (c *call) number(name string) (int, error) {
	switch v := c.args[name].(type) {
	case nil, bool:
		return 0, nil
	case int64:
		if v < 0 {
			return 0, sqlError("InvalidRowCountInLimitClause", strings.ToUpper(name)+" must not be negative", "")
		}
		return int(v), nil
	case float64:
		return int(v), nil
	case string:
		var n int
		if _, err := fmt.Sscanf(v, "%d", &n); err == nil && c.series >= v17 {
			return n, nil
		}
		return 0, raise("TypeError", "%%d format: a number is required, not str")
	default:
		return 0, raise("TypeError", "%%d format: a number is required, not %s", pythonType(v))
	}
}

// query reads domain, offset, limit and order.
func (c *call) query(domainArg string) (q query, err error) {
	if q.domain, err = parseDomain(c.series, c.args[domainArg]); err != nil {
		return q, err
	}
	if q.offset, err = c.number("offset"); err != nil {
		return q, err
	}
	if q.limit, err = c.number("limit"); err != nil {
		return q, err
	}
	q.order = c.text("order")
	return q, nil
}

// find returns the method of a model, with the errors of old and new versions
// for private and unknown ones.
func (st *state) find(t *table, name string) (*method, error) {
	private := "Private methods (such as %s) cannot be called remotely."
	quoted := name
	if st.series >= v17 {
		quoted = "'" + t.name + "." + name + "'"
	}
	if strings.HasPrefix(name, "_") || st.series >= v19 && slices.Contains(privateMethods, name) {
		return nil, AccessError(fmt.Sprintf(private, quoted))
	}
	for i, table := range [][]method{methods, writeMethods} {
		for _, m := range table {
			if m.name != name || !m.versions.has(st.series) || m.models != nil && !slices.Contains(m.models, t.name) {
				continue
			}
			if m.class == "" {
				m.class = t.class()
			}
			m.writes = i == 1
			return &m, nil
		}
	}
	if st.series >= v19 {
		return nil, raise("AttributeError", "The method '%s.%s' does not exist", t.name, name)
	}
	return nil, raise("AttributeError", "type object '%s' has no attribute '%s'", t.name, name)
}

// class is the Python class of a model that has methods of its own.
func (m *model) class() string {
	switch m.name {
	case "res.partner":
		return "ResPartner"
	case "sale.order":
		return "SaleOrder"
	case "sale.order.line":
		return "SaleOrderLine"
	}
	return base
}

// privateMethods exist in Odoo 19 but refuse remote calls.
var privateMethods = []string{
	"browse", "check_access", "concat", "ensure_one", "exists", "fetch", "filtered", "filtered_domain", "mapped",
	"search_fetch", "sorted", "sudo", "union", "with_company", "with_context", "with_env", "with_user",
}

// bind gives positional and named arguments to a method as Python does,
// complaining in Python's words.
func (m *method) bind(s series, args []any, kwargs dict) (map[string]any, error) {
	qualified := m.name
	if s >= v19 {
		qualified = m.class + "." + m.name
	}
	if len(args) > len(m.params) {
		return nil, raise("TypeError", "%s() takes %s positional arguments but %d were given", qualified, m.arity(), len(args)+1)
	}
	bound := map[string]any{}
	for i, v := range args {
		bound[m.params[i].name] = v
	}
	for _, kw := range kwargs {
		i := slices.IndexFunc(m.params, func(p param) bool { return p.name == kw.key })
		if i < 0 {
			return nil, raise("TypeError", "%s() got an unexpected keyword argument '%s'", qualified, kw.key)
		}
		if i < len(args) {
			return nil, raise("TypeError", "%s() got multiple values for argument '%s'", qualified, kw.key)
		}
		bound[kw.key] = kw.value
	}
	var missing []string
	for _, p := range m.params {
		if _, ok := bound[p.name]; ok {
			continue
		}
		if p.required {
			missing = append(missing, "'"+p.name+"'")
		}
		bound[p.name] = p.byDef
	}
	if missing != nil {
		plural := ""
		if len(missing) > 1 {
			plural = "s"
		}
		return nil, raise("TypeError", "%s() missing %d required positional argument%s: %s",
			qualified, len(missing), plural, strings.Join(missing, " and "))
	}
	return bound, nil
}

func (m *method) arity() string {
	required := 1 // self
	for _, p := range m.params {
		if p.required {
			required++
		}
	}
	if required == len(m.params)+1 {
		return fmt.Sprint(required)
	}
	return fmt.Sprintf("from %d to %d", required, len(m.params)+1)
}

// bindNamed is bind for JSON-2, which checks the signature first and complains
// in the words of Python's inspect module.
func (m *method) bindNamed(kwargs dict) (map[string]any, error) {
	bound := map[string]any{}
	for _, p := range m.params {
		v, ok := kwargs.get(p.name)
		if !ok && p.required {
			return nil, &Exception{classUnprocessable, "missing a required argument: '" + p.name + "'"}
		}
		if !ok {
			v = p.byDef
		}
		bound[p.name] = v
	}
	for _, kw := range kwargs {
		if _, ok := bound[kw.key]; !ok {
			return nil, &Exception{classUnprocessable, "got an unexpected keyword argument '" + kw.key + "'"}
		}
	}
	return bound, nil
}
