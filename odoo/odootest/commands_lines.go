package odootest

import "slices"

// lines applies commands to the one2many of some records.
type lines struct {
	*env
	of       []*row
	table    *table // of the lines
	field    *field
	creating bool
	// mayDelete tells whether clearing removes lines: not while the record is
	// being created, nor after a command that gave it some.
	mayDelete bool

	create []dict
	link   []any
	remove []any
}

// run goes through the commands. Updates happen at once; what is to be deleted,
// created and linked waits for the end, in this order.
func (l *lines) run(cmds [][]any) error {
	for _, cmd := range cmds {
		if err := l.step(cmd); err != nil {
			return err
		}
	}
	return l.flush()
}

func (l *lines) step(cmd []any) error {
	op, _ := cmd[0].(int64)
	if _, ok := cmd[0].(int64); !ok {
		return nil // an unknown command, like any above 6
	}
	switch op {
	case cmdCreate:
		vals, err := l.newVals(l.table, cmd, l.creating)
		if err != nil {
			return err
		}
		for _, r := range l.of {
			line := slices.Clone(vals)
			line.set(l.field.inverse, r.id)
			l.create = append(l.create, line)
		}
		l.mayDelete = false
		return nil
	case cmdClear, cmdSet:
		return l.set(cmd)
	case cmdUpdate, cmdDelete, cmdUnlink, cmdLink:
	default:
		return nil
	}
	id, err := part(cmd, 1)
	if err != nil {
		return err
	}
	switch op {
	case cmdUpdate:
		vals, err := l.partVals(cmd)
		if err != nil {
			return err
		}
		return l.update(l.table, []any{id}, vals)
	case cmdDelete:
		l.remove = append(l.remove, id)
	case cmdUnlink:
		return l.unlink([]any{id})
	case cmdLink:
		l.link = append(l.link, id)
		l.mayDelete = false
	}
	return nil
}

// set makes lines the only ones. Those that go are deleted if they cannot be
// without the record, and let go otherwise.
func (l *lines) set(cmd []any) error {
	ids, err := l.partIDs(l.field, cmd)
	if err != nil {
		return err
	}
	if !l.mayDelete {
		l.link = append(l.link, ids...)
		return nil
	}
	if err := l.flush(); err != nil {
		return err
	}
	var gone []any
	for _, r := range l.of {
		for _, line := range l.pointing(l.table.fields[l.field.inverse], r.id) {
			if !slices.Contains(ids, any(line.id)) {
				gone = append(gone, line.id)
			}
		}
	}
	if err := l.unlink(gone); err != nil {
		return err
	}
	l.link = append(l.link, ids...)
	return nil
}

func (l *lines) unlink(ids []any) error {
	if l.table.fields[l.field.inverse].cascade {
		l.remove = append(l.remove, ids...)
		return nil
	}
	return l.update(l.table, ids, dict{{l.field.inverse, false}})
}

func (l *lines) flush() error {
	if err := l.env.remove(l.table, l.remove); err != nil {
		return err
	}
	for _, vals := range l.create {
		if _, err := l.insert(l.table, vals); err != nil {
			return err
		}
	}
	last := l.of[len(l.of)-1]
	for _, id := range l.link {
		n, _ := id.(int64)
		if line := l.table.rows[n]; line != nil && l.table.get(line, l.field.inverse) == last.id {
			continue
		}
		if err := l.update(l.table, []any{id}, dict{{l.field.inverse, last.id}}); err != nil {
			return err
		}
	}
	l.create, l.link, l.remove = nil, nil, nil
	return nil
}
