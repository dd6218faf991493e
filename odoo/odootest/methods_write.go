package odootest

import "slices"

// createRecords makes records of one dict or a list of them. It answers with the
// id of a dict's record and the ids of a list's; JSON-2 always with ids.
func (c *call) createRecords() (any, error) {
	given := c.args["vals_list"]
	one, single := given.(dict)
	list := []any{one}
	if !single {
		var err error
		if list, err = c.valsList(given); err != nil {
			return nil, err
		}
	}
	ids := []any{}
	for _, item := range list {
		vals, ok := item.(dict)
		if !ok {
			return nil, raise("AttributeError", "'%s' object has no attribute 'get'", pythonType(item))
		}
		r, err := c.insert(c.table, vals)
		if err != nil {
			return nil, err
		}
		ids = append(ids, r.id)
	}
	if single && !c.byName {
		return ids[0], nil
	}
	return ids, nil
}

func (c *call) valsList(v any) ([]any, error) {
	switch v := v.(type) {
	case []any:
		return v, nil
	case string:
		return nil, raise("AttributeError", "'str' object has no attribute 'get'")
	}
	return nil, raise("TypeError", "'%s' object is not iterable", pythonType(v))
}

// vals returns the values that a call writes.
func (c *call) vals() (dict, error) {
	switch v := c.args["vals"].(type) {
	case dict:
		return v, nil
	case nil:
		return nil, raise("TypeError", "argument of type 'NoneType' is not iterable")
	default:
		return nil, raise("AttributeError", "'%s' object has no attribute 'get'", pythonType(v))
	}
}

func (c *call) writeRecords() (any, error) {
	if len(c.ids) == 0 {
		return true, nil
	}
	vals, err := c.vals()
	if err != nil {
		return nil, err
	}
	return true, c.update(c.table, c.ids, vals)
}

func (c *call) unlinkRecords() (any, error) { return true, c.remove(c.table, c.ids) }

// webSave writes the records, or creates one if there are none, and reads them
// as web_read does.
func (c *call) webSave() (any, error) {
	spec, ok := c.args["specification"].(dict)
	ids := c.ids
	if len(ids) == 0 {
		var err error
		if ids, err = c.insertSaved(); err != nil {
			return nil, err
		}
	} else if _, err := c.writeRecords(); err != nil {
		return nil, err
	}
	if !ok {
		return nil, raise("TypeError", "'%s' object is not iterable", pythonType(c.args["specification"]))
	}
	if next := c.args["next_id"]; truthy(next) {
		ids = []any{next}
	}
	return c.webRead(c.table, ids, spec)
}

// insertSaved makes the records that web_save creates: of a dict, or, as it only
// hands them on to create, of a list of dicts.
func (c *call) insertSaved() (ids []any, err error) {
	list, ok := c.args["vals"].([]any)
	if !ok {
		vals, err := c.vals()
		if err != nil {
			return nil, err
		}
		list = []any{vals}
	}
	for _, item := range list {
		vals, ok := item.(dict)
		if !ok {
			return nil, raise("AttributeError", "'%s' object has no attribute 'get'", pythonType(item))
		}
		r, err := c.insert(c.table, vals)
		if err != nil {
			return nil, err
		}
		ids = append(ids, r.id)
	}
	return ids, nil
}

func (c *call) archive() (any, error)   { return nil, c.setActive(false) }
func (c *call) unarchive() (any, error) { return nil, c.setActive(true) }

// toggleActive archives what is active and the other way round.
func (c *call) toggleActive() (any, error) {
	if err := c.archivable(); err != nil {
		return nil, err
	}
	rows, err := c.existing(c.table, c.ids)
	if err != nil {
		return nil, err
	}
	for i, r := range rows {
		active := r != nil && c.table.get(r, "active") == true
		if err := c.update(c.table, c.ids[i:i+1], dict{{"active", !active}}); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

func (c *call) setActive(active bool) error {
	if err := c.archivable(); err != nil {
		return err
	}
	rows, err := c.existing(c.table, c.ids)
	if err != nil {
		return err
	}
	if i := slices.Index(rows, nil); i >= 0 {
		id, _ := c.ids[i].(int64)
		return missingRecord(c.table.name, id, c.user.id)
	}
	if err := c.checkRules(c.table, rows); err != nil {
		return err
	}
	ids := []any{}
	for _, r := range rows {
		if (c.table.get(r, "active") == true) != active {
			ids = append(ids, r.id)
		}
	}
	return c.update(c.table, ids, dict{{"active", active}})
}

// archivable complains about a model whose records cannot be archived.
func (c *call) archivable() error {
	switch {
	case c.table.fields["active"] != nil:
		return nil
	case c.series < v17:
		return raise("TypeError", "tuple indices must be integers or slices, not NoneType")
	}
	return raise("AssertionError", "No 'active' field on model %s", c.table.name)
}
