package odootest

import "slices"

// The commands of a one2many or many2many.
const (
	cmdCreate = int64(iota)
	cmdUpdate
	cmdDelete
	cmdUnlink
	cmdLink
	cmdClear
	cmdSet
)

// runCommands applies the values of one2manys and many2manys to records, after
// all others.
func (e *env) runCommands(t *table, rows []*row, vals dict, creating bool) error {
	for _, m := range vals {
		f := t.fields[m.key]
		if f == nil || !f.toMany() {
			continue
		}
		cmds, err := e.commands(f, m.value)
		if err != nil {
			return err
		}
		switch {
		case f.kind == "one2many":
			err = (&lines{env: e, of: rows, table: e.comodel(f), field: f, creating: creating, mayDelete: !creating}).run(cmds)
		case f.column >= 0:
			err = e.relink(t, rows, f, cmds, creating)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// commands reads the value of a one2many or many2many. A bare list of ids sets
// them, false clears; a list of dicts, which many clients try, is an error.
func (e *env) commands(f *field, v any) ([][]any, error) {
	if v == nil || v == false {
		return [][]any{{cmdClear}}, nil
	}
	list, ok := v.([]any)
	if !ok {
		text, isText := v.(string)
		if !isText {
			text = pythonRepr(v)
		}
		return nil, raise("ValueError", "Wrong value for %s: %s", f.qualified(), text)
	}
	if len(list) == 0 {
		return nil, nil
	}
	if _, ok := list[0].([]any); !ok {
		return [][]any{{cmdSet, int64(0), list}}, nil
	}
	var cmds [][]any
	for _, item := range list {
		cmd, ok := item.([]any)
		switch {
		case ok && len(cmd) > 0:
			cmds = append(cmds, cmd)
		case f.kind == "one2many" && ok:
			return nil, raise("IndexError", "list index out of range")
		case f.kind == "one2many":
			return nil, raise("TypeError", "'%s' object is not subscriptable", pythonType(item))
		}
	}
	return cmds, nil
}

// part returns a member of a command.
func part(cmd []any, i int) (any, error) {
	if i >= len(cmd) {
		return nil, raise("IndexError", "list index out of range")
	}
	return cmd[i], nil
}

// newVals returns the values of a record to create. Since 19 those below a new
// record are looked at before all others.
func (e *env) newVals(co *table, cmd []any, creating bool) (dict, error) {
	vals, err := e.partVals(cmd)
	for _, m := range vals {
		if creating && e.series >= v19 && co.fields[m.key] == nil {
			return nil, raise("ValueError", "Invalid field '%s' on model '%s'", m.key, co.name)
		}
	}
	return vals, err
}

// partVals returns the values that a command to create or update carries.
func (e *env) partVals(cmd []any) (dict, error) {
	v, err := part(cmd, 2)
	if err != nil {
		return nil, err
	}
	vals, ok := v.(dict)
	switch {
	case ok:
		return vals, nil
	case !truthy(v):
		return nil, nil
	case e.series < v17:
		return nil, raise("ValueError", "dictionary update sequence element #0 has length 1; 2 is required")
	}
	return nil, raise("AttributeError", "'%s' object has no attribute 'items'", pythonType(v))
}

// partIDs returns the ids that a command sets.
func (e *env) partIDs(f *field, cmd []any) ([]any, error) {
	if cmd[0] != cmdSet {
		return nil, nil
	}
	v, err := part(cmd, 2)
	if err != nil {
		return nil, err
	}
	list, ok := v.([]any)
	if !ok {
		return nil, raise("TypeError", "'%s' object is not iterable", pythonType(v))
	}
	for _, item := range list {
		switch item.(type) {
		case dict, []any:
			if e.series < v17 && f.kind == "one2many" {
				return nil, &Exception{"psycopg2.ProgrammingError", "can't adapt type '" + pythonType(item) + "'"}
			}
			return nil, raise("TypeError", "unhashable type: '%s'", pythonType(item))
		}
	}
	return list, nil
}

// An ordered set of ids, as clients and rows have them.
type idSet []int64

func (s *idSet) add(id int64) {
	if !slices.Contains(*s, id) {
		*s = append(*s, id)
	}
}

func (s *idSet) drop(id int64) {
	*s = slices.DeleteFunc(slices.Clone(*s), func(other int64) bool { return other == id })
}
