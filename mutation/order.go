package mutation

import (
	"context"
	"slices"

	"odoograph/loaders"
	"odoograph/odoo"
)

const saleOrder = "SaleOrder"

// CreateSaleOrder creates a quotation.
func CreateSaleOrder[T any, P entity[T]](ctx context.Context) (*Payload[T], error) {
	return run[T, P](ctx, saleOrder, 1, func(ctx context.Context, c *change) (*odoo.Saved, error) {
		return c.createOrders(ctx, []any{c.input}, []path{argument})
	})
}

// maxBatch bounds the records of a batch.
const maxBatch = 100

// CreateSaleOrders creates quotations: all or none.
func CreateSaleOrders[T any, P entity[T]](ctx context.Context) (*Payload[T], error) {
	return run[T, P](ctx, saleOrder, maxBatch, func(ctx context.Context, c *change) (*odoo.Saved, error) {
		orders := list(c.input["orders"])
		at := make([]path, len(orders))
		for i := range orders {
			at[i] = argument.to("orders", i)
		}
		return c.createOrders(ctx, orders, at)
	})
}

func (c *change) createOrders(ctx context.Context, orders []any, at []path) (*odoo.Saved, error) {
	t, err := c.request.Type(saleOrder)
	if err != nil {
		return nil, err
	}
	lines := 0
	inputs := make([]map[string]any, len(orders))
	for i, order := range orders {
		inputs[i], _ = order.(map[string]any)
		lines += len(list(inputs[i]["lines"]))
	}
	switch {
	case len(orders) == 0:
		c.fail(argument.to("orders"), Blank, "There is no order here.")
	case len(orders) == 1 && lines > maxNested:
		c.fail(at[0].to("lines"), Invalid, "There are %d lines here; at most %d are allowed.", lines, maxNested)
	case len(orders) > maxBatch || lines > maxNested:
		c.fail(argument, Invalid, "There are %d orders with %d lines here; at most %d with %d are allowed.", len(orders), lines, maxBatch, maxNested)
	}
	if len(c.errors) > 0 {
		return nil, nil
	}
	return c.create(ctx, t, "clientReference", inputs, at)
}

// UpdateSaleOrder changes an order.
func UpdateSaleOrder[T any, P entity[T]](ctx context.Context) (*Payload[T], error) {
	return update[T, P](ctx, saleOrder, "order")
}

// AddSaleOrderLines adds lines to an order.
func AddSaleOrderLines[T any, P entity[T]](ctx context.Context) (*Payload[T], error) {
	return changeLines[T, P](ctx, func(c *change, _ loaders.Type, _ []int64) []any {
		return c.additions("SaleOrderLine", c.input["lines"], argument.to("lines"))
	})
}

// UpdateSaleOrderLines changes lines of an order.
func UpdateSaleOrderLines[T any, P entity[T]](ctx context.Context) (*Payload[T], error) {
	return changeLines[T, P](ctx, func(c *change, line loaders.Type, known []int64) []any {
		var commands []any
		for i, item := range list(c.input["lines"]) {
			at := argument.to("lines", i)
			fields, _ := item.(map[string]any)
			id := c.line(line, fields["line"], at.to("line"), known, false)
			commands = append(commands, []any{1, id, c.values(line, fields, at, "line")})
		}
		return commands
	})
}

// RemoveSaleOrderLines removes lines from an order.
func RemoveSaleOrderLines[T any, P entity[T]](ctx context.Context) (*Payload[T], error) {
	return changeLines[T, P](ctx, func(c *change, line loaders.Type, known []int64) []any {
		commands := []any{}
		for i, item := range list(c.input["lines"]) {
			at := argument.to("lines", i)
			if id := c.line(line, item, at, known, c.attempt.interrupted()); id != 0 {
				commands = append(commands, []any{2, id, 0})
			}
		}
		return commands
	})
}

// changeLines changes the lines of the order that the input names. The commands
// are made with the knowledge of the lines that the order has: Odoo would change
// those of another order just as well.
func changeLines[T any, P entity[T]](ctx context.Context, commands func(*change, loaders.Type, []int64) []any) (*Payload[T], error) {
	return run[T, P](ctx, saleOrder, 1, func(ctx context.Context, c *change) (*odoo.Saved, error) {
		t, err := c.request.Type(saleOrder)
		if err != nil {
			return nil, err
		}
		line, err := c.request.Type("SaleOrderLine")
		if err != nil {
			return nil, err
		}
		given, field := list(c.input["lines"]), t.Field("lines").Odoo.Name
		if len(given) == 0 || len(given) > maxNested {
			c.fail(argument.to("lines"), Invalid, "There are %d lines here; 1 to %d are allowed.", len(given), maxNested)
			return nil, nil
		}
		order, err := c.subject(ctx, t, "order", field)
		if order == nil {
			return nil, err
		}
		known, _ := order.values[field].([]int64)
		changes := commands(c, line, known)
		if err := c.resolve(ctx); err != nil || len(c.errors) > 0 {
			return nil, err
		}
		if c.attempt.interrupted() && adds(changes) {
			return nil, c.unsure()
		}
		if len(changes) == 0 { // an interrupted attempt has removed them
			return &odoo.Saved{IDs: []int64{order.id}}, nil
		}
		return c.save(ctx, t, []int64{order.id}, map[string]any{field: changes})
	})
}

// adds tells whether commands create records.
func adds(commands []any) bool {
	return slices.ContainsFunc(commands, func(command any) bool { return command.([]any)[0] == 0 }) //nolint:forcetypeassert // commands are lists
}

// line returns the id of a line of the order, and 0 for one that is none of it:
// after a user error, unless the line may be gone already.
func (c *change) line(t loaders.Type, given any, at path, known []int64, gone bool) int64 {
	before := len(c.errors)
	k := c.key(t, given, at, nil)
	id := k.id
	switch {
	case len(c.errors) > before:
		return 0
	case slices.Contains(c.lines, id):
		c.fail(k.at, Invalid, "This line was named before.")
		return 0
	case !slices.Contains(known, id):
		if !gone {
			c.fail(k.at, NotFound, "The order has no such line.")
		}
		return 0
	}
	c.lines = append(c.lines, id)
	return id
}

// checkLine looks for what a product, a section or a note needs. Odoo's own words
// for it name no field.
func (c *change) checkLine(given map[string]any, at path) {
	kind, _ := given["displayType"].(string)
	if kind == "" || kind == "PRODUCT" {
		if given["product"] == nil {
			if _, exists := given["product"]; exists {
				at = at.to("product")
			}
			c.fail(at, Blank, "A line needs a product, unless it is a section or note.")
		}
		return
	}
	if name, _ := given["name"].(string); name == "" {
		c.fail(at, Blank, "A section or note needs a name.")
	}
	for _, field := range []string{"product", "quantity", "unit", "priceUnit", "discount", "taxes", "leadTimeDays"} {
		if given[field] != nil {
			c.fail(at.to(field), Invalid, "A section or note has none.")
		}
	}
}
