package odootest

import (
	"slices"
)

func (c *call) readRecords() (any, error) {
	names, err := c.names("fields")
	if err != nil {
		return nil, err
	}
	records, err := c.read(c.table, c.ids, names, c.classic())
	return records, err
}

func (c *call) webReadRecords() (any, error) {
	spec, ok := c.args["specification"].(dict)
	if !ok {
		return nil, raise("AttributeError", "'%s' object has no attribute 'items'", pythonType(c.args["specification"]))
	}
	return c.webRead(c.table, c.ids, spec)
}

func (c *call) exists() (any, error) {
	ids := []any{}
	for _, id := range c.ids {
		if n, ok := id.(int64); ok && c.table.rows[n] != nil {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

var accessModes = []any{"read", "write", "create", "unlink"}

func (c *call) checkAccessRights() (any, error) {
	if !slices.Contains(accessModes, c.args["operation"]) {
		return nil, raise("AssertionError", "Invalid access mode")
	}
	may := c.allowed(c.table, operation(c.text("operation")))
	switch {
	case !truthy(c.args["raise_exception"]):
		return may, nil
	case !may:
		return nil, c.checkRight(c.table, operation(c.text("operation")))
	case c.series >= v19:
		return nil, nil
	}
	return true, nil
}

func (c *call) hasAccess() (any, error) {
	if !slices.Contains(accessModes, c.args["operation"]) {
		return nil, raise("AssertionError", "Invalid access mode")
	}
	if !c.allowed(c.table, operation(c.text("operation"))) {
		return false, nil
	}
	rows, err := c.existing(c.table, c.ids)
	if err != nil {
		return nil, err
	}
	return c.checkRules(c.table, rows) == nil, nil
}

// A frozenDict is a dict that Odoo 14 cannot write as XML-RPC.
type frozenDict dict

func (c *call) contextGet() (any, error) {
	users := c.tables["res.users"]
	r := users.rows[c.user.id]
	d := dict{{"lang", "en_US"}, {"tz", false}}
	for _, name := range []string{"lang", "tz"} {
		if v := c.value(r, users.fields[name]); v != nil {
			d.set(name, v)
		}
	}
	if c.series < v17 {
		return frozenDict(d), nil
	}
	return append(d, member{"uid", c.user.id}), nil
}

func (c *call) getInstalled() (any, error) {
	out := []any{}
	for _, r := range c.table.sorted {
		if r.raw(c.table.fields["active"]) == true {
			out = append(out, []any{r.raw(c.table.fields["code"]), r.raw(c.table.fields["name"])})
		}
	}
	slices.SortFunc(out, func(a, b any) int { return compareValues(a.([]any)[1], b.([]any)[1]) })
	return out, nil
}
