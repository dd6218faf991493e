package mutation

import (
	"context"
	"time"

	"odoograph/apierror"
	"odoograph/loaders"
	"odoograph/odoo"
)

// create creates the records of inputs that stand at these places. Records that an
// interrupted attempt may have created are known by a reference: the field of that
// name.
func (c *change) create(ctx context.Context, t loaders.Type, reference string, inputs []map[string]any, at []path) (*odoo.Saved, error) {
	values := make([]map[string]any, len(inputs))
	for i, input := range inputs {
		values[i] = c.creation(t, input, at[i])
	}
	if err := c.resolve(ctx); err != nil || len(c.errors) > 0 {
		return nil, err
	}
	if c.attempt.interrupted() {
		saved, err := c.earlier(ctx, t, reference, inputs...)
		if saved != nil || err != nil {
			return saved, err
		}
	}
	if t.Name() == saleOrder {
		for i, v := range values {
			if err := c.derive(ctx, v, at[i]); err != nil {
				return nil, c.refused(ctx, t, err, v)
			}
		}
		if len(c.errors) > 0 {
			return nil, nil
		}
	}
	return c.save(ctx, t, nil, values...)
}

// clockSkew is by how much the clocks of Odoo and of the gateway's database may differ.
const clockSkew = time.Minute

// earlier finds the records that an interrupted attempt created: those of the same
// user and since then that have the references of the inputs. It returns nil when
// there surely are none, and an error when nobody can tell, or not yet.
func (c *change) earlier(ctx context.Context, t loaders.Type, reference string, inputs ...map[string]any) (*odoo.Saved, error) {
	field := t.Field(reference).Odoo
	saved := &odoo.Saved{}
	for _, input := range inputs {
		text, _ := input[reference].(string)
		if text == "" || field == nil {
			return nil, c.unsure()
		}
		found, err := c.session.Search(ctx, odoo.Query{Model: t.Model(), Limit: 2, Domain: odoo.And(
			t.Where(field.Name, odoo.Equal, text), t.Everything(),
			t.Where("create_uid", odoo.Equal, c.session.User().ID),
			t.Where("create_date", odoo.GreaterOrEqual, time.Now().Add(-c.attempt.Age-clockSkew).UTC()),
		)})
		switch {
		case err != nil:
			return nil, err
		case len(found) > 1:
			return nil, c.unsure()
		}
		saved.IDs = append(saved.IDs, found...)
	}
	switch wait := c.attempt.unsettled(); {
	case len(saved.IDs) == len(inputs):
		c.replayed = true
		return saved, nil
	case len(saved.IDs) > 0: // all are created or none: these are of something else
		return nil, c.unsure()
	case wait > 0:
		return nil, c.wait()
	}
	return nil, nil
}

// wait is the error while an earlier attempt may still go on.
func (c *change) wait() error {
	err := apierror.New(apierror.IdempotencyInProgress, "An earlier request with this idempotency key was cut off, and Odoo may still be at it; repeat this one later.")
	err.RetryAfter = min(c.attempt.unsettled(), retryPause)
	return err
}

// retryPause is when to look again for what an interrupted attempt did: most often
// it is there by then.
const retryPause = 5 * time.Second
