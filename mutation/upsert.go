package mutation

import (
	"context"
	"slices"
	"strings"

	"odoograph/loaders"
	"odoograph/odoo"
)

// UpsertPartners creates or changes partners, told apart by their references, all
// in one transaction.
func UpsertPartners[T any, P entity[T]](ctx context.Context) (*Payload[T], error) {
	return run[T, P](ctx, partner, maxBatch, func(ctx context.Context, c *change) (*odoo.Saved, error) {
		t, err := c.request.Type(partner)
		if err != nil {
			return nil, err
		}
		rows := c.upserts(t)
		if err := c.resolve(ctx); err != nil || len(c.errors) > 0 {
			return nil, err
		}
		if err := c.existing(ctx, t, rows); err != nil || len(c.errors) > 0 {
			return nil, err
		}
		return c.upsert(ctx, t, rows)
	})
}

// upsert is one record to create or change.
type upsert struct {
	at        path
	input     map[string]any
	reference string
	values    map[string]any
	id        int64 // 0 for a new one
}

// upserts reads the input.
func (c *change) upserts(t loaders.Type) []*upsert {
	given := list(c.input["partners"])
	if len(given) == 0 || len(given) > maxBatch {
		c.fail(argument.to("partners"), Invalid, "There are %d partners here; 1 to %d are allowed.", len(given), maxBatch)
		return nil
	}
	rows := make([]*upsert, len(given))
	for i, item := range given {
		u := &upsert{at: argument.to("partners", i)}
		u.input, _ = item.(map[string]any)
		u.reference, _ = u.input["reference"].(string)
		switch {
		case strings.TrimSpace(u.reference) == "":
			c.fail(u.at.to("reference"), Blank, "A partner is found by its reference.")
		case slices.ContainsFunc(rows[:i], func(other *upsert) bool { return other.reference == u.reference }):
			c.fail(u.at.to("reference"), Invalid, "This reference was named before.")
		}
		u.values = c.values(t, u.input, u.at)
		rows[i] = u
	}
	return rows
}

// existing finds the records that are there, and keeps other changes of them out.
func (c *change) existing(ctx context.Context, t loaders.Type, rows []*upsert) error {
	names, references := make([]string, len(rows)), make([]any, len(rows))
	for i, u := range rows {
		names[i], references[i] = "reference "+u.reference, u.reference
	}
	if err := c.lockNames(ctx, names); err != nil {
		return err
	}
	known, err := c.byReference(ctx, t, references)
	if err != nil {
		return err
	}
	var ids []int64
	for _, u := range rows {
		found := known[u.reference]
		if len(found) > 1 {
			c.fail(u.at.to("reference"), Ambiguous, "Several partners have the reference %q: change one by its id.", u.reference)
		}
		if len(found) > 0 {
			u.id = found[0]
			ids = append(ids, u.id)
		}
	}
	for _, u := range rows {
		if u.id == 0 {
			c.checkPartner(u.input, u.at)
		}
	}
	if c.attempt.interrupted() && len(ids) < len(rows) && c.attempt.unsettled() > 0 {
		return c.wait()
	}
	return c.lock(ctx, t, ids...)
}

// carrier is a transient model of Odoo's, in all versions, that links to partners:
// the commands in the links of a new record create and change partners in one
// transaction, which no method of partners themselves does for several with
// different values. It is the wizard that merges partners, and merges nothing until
// it is told to; Odoo deletes the record by itself.
const carrier = "base.partner.merge.automatic.wizard"

// upsert creates and changes the partners.
func (c *change) upsert(ctx context.Context, t loaders.Type, rows []*upsert) (*odoo.Saved, error) {
	commands, values, references := make([]any, len(rows)), make([]map[string]any, len(rows)), make([]any, len(rows))
	for i, u := range rows {
		commands[i], values[i], references[i] = []any{0, 0, u.values}, u.values, u.reference
		if u.id != 0 {
			commands[i] = []any{1, u.id, u.values}
		}
	}
	if err := c.attempt.again(ctx); err != nil {
		return nil, err
	}
	model := &odoo.Model{Name: carrier}
	if _, err := c.session.Save(ctx, odoo.Write{
		Model: model, Values: []map[string]any{{"partner_ids": commands}},
	}, &odoo.Tree{Model: model}); err != nil {
		return nil, c.refused(ctx, t, err, values...)
	}
	c.written = true
	byReference, err := c.byReference(ctx, t, references)
	if err != nil {
		return nil, err
	}
	saved := &odoo.Saved{}
	for _, u := range rows {
		saved.IDs = append(saved.IDs, byReference[u.reference]...)
	}
	return saved, nil
}

// byReference returns the ids of the partners with these references.
func (c *change) byReference(ctx context.Context, t loaders.Type, references []any) (map[string][]int64, error) {
	field := t.Field("reference").Odoo.Name
	found, err := c.session.SearchRead(ctx, odoo.Query{
		Model: t.Model(), Limit: 2 * len(references), Domain: odoo.And(t.Where(field, odoo.In, references), t.Everything()),
	}, []string{field})
	ids := map[string][]int64{}
	for _, row := range found {
		reference, _ := row.Values[0].(string)
		ids[reference] = append(ids[reference], row.ID)
	}
	return ids, err
}
