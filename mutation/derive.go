package mutation

import (
	"context"

	"odoograph/odoo"
)

// derived are the fields of an order that follow from its customer. Up to 15 Odoo
// fills them in on its screens only, and an order that comes in otherwise would go
// without: no fiscal position, so wrong taxes.
var derived = []string{ //nolint:gochecknoglobals // constant
	"partner_invoice_id", "partner_shipping_id", "pricelist_id", "payment_term_id", "fiscal_position_id", "user_id", "team_id", "note",
}

// follows are those of them that follow from another that the client may give.
var follows = map[string]string{ //nolint:gochecknoglobals // constant
	"partner_shipping_id": "fiscal_position_id", "user_id": "team_id",
}

// derive completes the values of a new order as Odoo's screen does when somebody
// chooses the customer, and then the address and the salesperson.
func (c *change) derive(ctx context.Context, values map[string]any, at path) error {
	if c.session.Derives() {
		return nil
	}
	screen := map[string]any{}
	for name, value := range values {
		screen[name] = value
	}
	if companies := c.session.User().Companies; screen["company_id"] == nil && len(companies) > 0 {
		screen["company_id"] = companies[0]
	}
	found, warning, err := c.onChange(ctx, screen, "partner_id")
	if err != nil {
		return err
	}
	if customer, gone := found["partner_id"]; gone && customer == false {
		c.fail(at.to("partner"), ForbiddenByRule, "%s", warning)
		return nil
	}
	take := func(name string) {
		if _, given := values[name]; !given && found[name] != nil {
			values[name] = found[name]
		}
	}
	for _, name := range derived {
		take(name)
	}
	for given, follower := range follows {
		if _, chosen := screen[given]; !chosen {
			continue
		}
		if _, chosen := screen[follower]; chosen {
			continue
		}
		for name, value := range values {
			screen[name] = value
		}
		delete(values, follower)
		if found, _, err = c.onChange(ctx, screen, given); err != nil {
			return err
		}
		take(follower)
	}
	return nil
}

// onChange asks Odoo what changes on its screen when somebody changes a field, and
// what it warns of.
func (c *change) onChange(ctx context.Context, screen map[string]any, field string) (changed map[string]any, warning string, err error) {
	known, watched := map[string]any{}, map[string]any{}
	for _, name := range append([]string{"partner_id", "company_id"}, derived...) {
		watched[name], known[name] = "1", false
		if value, given := screen[name]; given {
			known[name] = value
		}
	}
	result, err := c.session.Do(ctx, odoo.Call{
		Model: "sale.order", Method: "onchange", OnNone: true, Positional: []string{"values", "field_name", "field_onchange"},
		Args: map[string]any{"values": known, "field_name": []any{field}, "field_onchange": watched},
	})
	if err != nil {
		return nil, "", err
	}
	answer, _ := result.(*odoo.Object)
	if told, ok := answer.Get("warning").(*odoo.Object); ok {
		warning, _ = told.Get("message").(string)
	}
	values, ok := answer.Get("value").(*odoo.Object)
	if !ok {
		return nil, "", odoo.Unexpected("onchange", result)
	}
	changed = map[string]any{}
	for name, value := range values.All {
		if pair, ok := value.([]any); ok && len(pair) > 0 {
			value = pair[0] // an id with its name
		}
		changed[name] = value
	}
	return changed, warning, nil
}
