package mutation

import (
	"context"

	"odoograph/odoo"
)

const partner = "Partner"

// CreatePartner creates a partner with its contacts.
func CreatePartner[T any, P entity[T]](ctx context.Context) (*Payload[T], error) {
	return run[T, P](ctx, partner, 1, func(ctx context.Context, c *change) (*odoo.Saved, error) {
		t, err := c.request.Type(partner)
		if err != nil {
			return nil, err
		}
		return c.create(ctx, t, "reference", []map[string]any{c.input}, []path{argument})
	})
}

// UpdatePartner changes a partner.
func UpdatePartner[T any, P entity[T]](ctx context.Context) (*Payload[T], error) {
	return update[T, P](ctx, partner, "partner")
}

// ArchivePartner takes a partner out of use, or into use again.
func ArchivePartner[T any, P entity[T]](ctx context.Context, active bool) (*Payload[T], error) {
	return run[T, P](ctx, partner, 1, func(ctx context.Context, c *change) (*odoo.Saved, error) {
		t, err := c.request.Type(partner)
		if err != nil {
			return nil, err
		}
		subject, err := c.subject(ctx, t, "partner")
		if subject == nil {
			return nil, err
		}
		return c.save(ctx, t, []int64{subject.id}, map[string]any{"active": active})
	})
}

// AddPartnerContact adds a contact or address to a partner.
func AddPartnerContact[T any, P entity[T]](ctx context.Context) (*Payload[T], error) {
	return run[T, P](ctx, partner, 1, func(ctx context.Context, c *change) (*odoo.Saved, error) {
		t, err := c.request.Type(partner)
		if err != nil {
			return nil, err
		}
		contact, _ := c.input["contact"].(map[string]any)
		values := c.creation(t, contact, argument.to("contact"))
		subject, err := c.subject(ctx, t, "partner")
		if subject == nil {
			return nil, err
		}
		values[t.Field("parent").Odoo.Name] = subject.id
		if c.attempt.interrupted() {
			saved, err := c.earlier(ctx, t, "reference", contact)
			if saved != nil || err != nil {
				return saved, err
			}
		}
		return c.save(ctx, t, nil, values)
	})
}

// checkPartner looks for what every new partner needs.
func (c *change) checkPartner(given map[string]any, at path) {
	kind, _ := given["type"].(string)
	name, _ := given["name"].(string)
	if name == "" && (kind == "" || kind == "CONTACT") { // as Odoo's own constraint has it
		if _, exists := given["name"]; exists {
			at = at.to("name")
		}
		c.fail(at, Blank, "A contact needs a name.")
	}
}

// update changes the record that a field of the input names.
func update[T any, P entity[T]](ctx context.Context, typeName, subjectName string) (*Payload[T], error) {
	return run[T, P](ctx, typeName, 1, func(ctx context.Context, c *change) (*odoo.Saved, error) {
		t, err := c.request.Type(typeName)
		if err != nil {
			return nil, err
		}
		values := c.values(t, c.input, argument, subjectName, "ifUnmodifiedSince")
		subject, err := c.subject(ctx, t, subjectName)
		if subject == nil {
			return nil, err
		}
		if len(values) == 0 {
			return &odoo.Saved{IDs: []int64{subject.id}}, nil
		}
		return c.save(ctx, t, []int64{subject.id}, values)
	})
}
