package mutation

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"odoograph/loaders"
	"odoograph/odoo"
)

// key is a reference to a record in an input: by its id, or by a natural key.
type key struct {
	typ   loaders.Type
	at    path
	name  string // of the input's field: "id", "code"
	value string // of a natural key
	id    int64  // 0 until it is found
	set   func(id int64)
	// column is the field of Odoo that gets the id, "" if none does.
	column string
	// unchecked tells that Odoo would write the id without looking for the record.
	unchecked bool
}

// key reads a reference. What it names is found by resolve, which then calls set
// unless that is nil.
func (c *change) key(t loaders.Type, given any, at path, set func(int64)) *key {
	k := &key{typ: t, at: at, set: set}
	all, _ := given.(map[string]any)
	fields := maps.Clone(all) // the input is the client's
	maps.DeleteFunc(fields, func(_ string, value any) bool { return value == nil })
	if len(fields) != 1 { // @oneOf, which gqlparser does not check in variables
		c.fail(at, Invalid, "Name the %s that is meant by exactly one of the fields.", t.Noun())
		return k
	}
	for name, value := range fields {
		k.name, k.at = name, at.to(name)
		switch name {
		case "id":
			var ok bool
			if k.id, ok = globalID(t, fmt.Sprint(value)); !ok {
				c.fail(k.at, Invalid, "This is not the global id of a %s.", t.Noun())
			}
		case "databaseId":
			n, err := json.Number(fmt.Sprint(value)).Int64()
			if k.id = n; err != nil || n < 1 || n > math.MaxInt32 {
				c.fail(k.at, Invalid, "%v is no number of a record.", value)
			}
		default:
			k.value = fmt.Sprint(value)
			if strings.TrimSpace(k.value) == "" {
				c.fail(k.at, Blank, "Name the %s that is meant.", t.Noun())
			}
		}
	}
	c.keys = append(c.keys, k)
	return k
}

// missing adds the user error that there is no such record.
func (k *key) missing(c *change) {
	if k.value != "" {
		c.fail(k.at, NotFound, "There is no %s with the %s %q.", k.typ.Noun(), k.name, k.value)
		return
	}
	c.fail(k.at, NotFound, "There is no such %s.", k.typ.Noun())
}

// resolve finds the records of all keys: natural ones with one search for each
// kind of key, and those that Odoo would not look for itself. Odoo finds the
// others missing as it writes them.
func (c *change) resolve(ctx context.Context) error {
	if len(c.errors) > 0 {
		return nil
	}
	natural, ids := map[string][]*key{}, map[string][]*key{}
	for _, k := range c.keys {
		switch {
		case k.id == 0:
			kind := k.typ.Name() + "." + k.name
			if k.typ.Name() == "CountryState" {
				kind += "." + k.value // two countries may have the same code
			}
			natural[kind] = append(natural[kind], k)
		case k.unchecked:
			ids[k.typ.Name()] = append(ids[k.typ.Name()], k)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(natural)) {
		if err := c.find(ctx, natural[name]); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(ids)) {
		if err := c.verify(ctx, ids[name]); err != nil {
			return err
		}
	}
	for _, k := range c.keys {
		if k.set != nil && k.id != 0 {
			k.set(k.id)
			k.set = nil
		}
	}
	return nil
}

// find looks for the records of natural keys of one kind. Reference data may be
// known already; what is not among that is looked for anew.
func (c *change) find(ctx context.Context, keys []*key) error {
	if err := c.look(ctx, keys); err != nil {
		return err
	}
	unknown := slices.ContainsFunc(keys, func(k *key) bool { return k.id == 0 })
	if unknown && keys[0].typ.Model().Reference {
		if err := c.look(odoo.WithoutReference(ctx), keys); err != nil {
			return err
		}
	}
	for _, k := range keys {
		if k.id == 0 {
			k.missing(c)
		}
	}
	return nil
}

func (c *change) look(ctx context.Context, keys []*key) error {
	t := keys[0].typ
	var values []any
	for _, k := range keys {
		if k.id == 0 && !slices.Contains(values, any(k.value)) {
			values = append(values, k.value)
		}
	}
	n := c.naturalOf(t, keys[0].name)
	limit := 2*len(values) + 1
	rows, err := c.session.SearchRead(ctx, odoo.Query{Model: t.Model(), Domain: n.where(values), Limit: limit}, n.fields)
	if err != nil {
		return err
	}
	if len(rows) == limit && len(values) > 1 { // one of them has so many that others may not have come
		for _, k := range keys {
			if k.id == 0 {
				if err := c.look(ctx, []*key{k}); err != nil {
					return err
				}
			}
		}
		return nil
	}
	for _, k := range keys {
		var found []int64
		for _, row := range rows {
			if n.matches(row, k.value) {
				found = append(found, row.ID)
			}
		}
		switch len(found) {
		case 0:
		case 1:
			k.id = found[0]
		default:
			k.id = found[0]
			c.fail(k.at, Ambiguous, "There are several with the %s %q: name the %s that is meant by its id.", k.name, k.value, t.Noun())
		}
	}
	return nil
}

// verify looks whether records are there, by their ids.
func (c *change) verify(ctx context.Context, keys []*key) error {
	t := keys[0].typ
	var ids []any
	for _, k := range keys {
		if !slices.Contains(ids, any(k.id)) {
			ids = append(ids, k.id)
		}
	}
	found, err := c.session.Search(ctx, odoo.Query{
		Model: t.Model(), Limit: len(ids), Domain: odoo.And(t.Where("id", odoo.In, ids), t.Everything()),
	})
	if err != nil {
		return err
	}
	for _, k := range keys {
		if !slices.Contains(found, k.id) {
			k.missing(c)
		}
	}
	return nil
}
