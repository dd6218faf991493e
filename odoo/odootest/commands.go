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
			err = (&lines{env: e, of: rows, table: e.comodel(f), inverse: f.inverse, mayDelete: !creating}).run(cmds)
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
func (e *env) partIDs(co *table, cmd []any) ([]any, error) {
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
		if err := e.hashable(item); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (e *env) hashable(v any) error {
	switch v.(type) {
	case dict, []any:
		return raise("TypeError", "unhashable type: '%s'", pythonType(v))
	}
	return nil
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
