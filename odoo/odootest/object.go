package odootest

import "strconv"

// An objectCall is a call of the service object.
type objectCall struct {
	db     any
	uid    int64
	secret string
	model  string
	method string
	args   []any
	kwargs dict
}

// parseObject reads the parameters of execute and execute_kw.
func (s *Server) parseObject(name string, params []any) (o objectCall, err error) {
	if s.series >= v19 && len(params) < 5 {
		return o, raise("ValueError", "not enough values to unpack (expected at least 5, got %d)", len(params))
	}
	if name != "execute" && name != "execute_kw" {
		return o, raise("NameError", "Method not available %s", name)
	}
	if len(params) < 5 {
		return o, raise("IndexError", "list index out of range")
	}
	o.db = params[0]
	switch uid := params[1].(type) {
	case int64:
		o.uid = uid
	case string:
		if o.uid, err = strconv.ParseInt(uid, 10, 64); err != nil {
			return o, raise("ValueError", "invalid literal for int() with base 10: %s", pythonQuote(uid))
		}
	case bool: // int(False) is 0: what a client sends that ignored a refusal
	default:
		return o, raise("TypeError", "int() argument must be a string, a bytes-like object or a real number, not '%s'", pythonType(uid))
	}
	o.secret, _ = params[2].(string)
	o.model, _ = params[3].(string)
	o.method, _ = params[4].(string)
	if name == "execute" {
		o.args = params[5:]
		return o, nil
	}
	if len(params) > 5 {
		list, ok := params[5].([]any)
		if !ok {
			return o, raise("TypeError", "argument after * must be an iterable, not %s", pythonType(params[5]))
		}
		o.args = list
	}
	if len(params) > 6 && params[6] != nil {
		kwargs, ok := params[6].(dict)
		if !ok {
			return o, raise("TypeError", "argument after ** must be a mapping, not %s", pythonType(params[6]))
		}
		o.kwargs = kwargs
	}
	return o, nil
}

// object answers the service object.
func (s *Server) object(address string, o objectCall) (any, error) {
	if o.secret == "" {
		return nil, AccessDenied()
	}
	if err := s.checkDB(o.db); err != nil {
		return nil, err
	}
	user, err := s.authorize(address, o.uid, o.secret)
	if err != nil {
		return nil, err
	}
	t := s.state.tables[o.model]
	if t == nil {
		return nil, UserError("Object " + o.model + " doesn't exist")
	}
	m, err := s.state.find(t, o.method)
	if err != nil {
		return nil, err
	}
	var ids []any
	args := o.args
	if !m.onModel {
		if len(args) == 0 {
			return nil, noFirstArgument(s.series)
		}
		ids, args = browse(s.series, args[0]), args[1:]
	}
	context, kwargs, err := splitContext(o.kwargs)
	if err != nil {
		return nil, err
	}
	bound, err := m.bind(s.series, args, kwargs)
	if err != nil {
		return nil, err
	}
	return s.state.holding(m, func() (any, error) {
		e, err := s.state.newEnv(user, context)
		if err != nil {
			return nil, err
		}
		result, err := m.run(&call{env: e, table: t, ids: ids, args: bound})
		if err == nil && m.name == "create" && len(args) == 0 {
			return nil, noFirstArgument(s.series) // Odoo looks at it to tell what to return
		}
		return result, err
	})
}

func noFirstArgument(s series) error {
	if s >= v17 {
		return raise("IndexError", "list index out of range")
	}
	return raise("IndexError", "tuple index out of range")
}

// browse reads the ids that a method is called on. Since 17 a text counts as a
// list of its characters, as in Python.
func browse(s series, v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	case bool:
		if !v {
			return nil
		}
	case string:
		if s < v17 {
			break
		}
		ids := []any{}
		for _, letter := range v {
			ids = append(ids, string(letter))
		}
		return ids
	}
	return []any{v}
}

// splitContext takes the context out of the named arguments.
func splitContext(kwargs dict) (context, rest dict, err error) {
	for _, m := range kwargs {
		if m.key != "context" {
			rest = append(rest, m)
			continue
		}
		switch v := m.value.(type) {
		case dict:
			context = v
		case string:
			if v != "" {
				return nil, nil, raise("ValueError", "dictionary update sequence element #0 has length 1; 2 is required")
			}
		default:
			if truthy(v) {
				return nil, nil, raise("TypeError", "'%s' object is not iterable", pythonType(v))
			}
		}
	}
	return context, rest, nil
}
