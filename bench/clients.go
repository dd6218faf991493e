package main

import (
	"context"

	"odoograph/odoo"
)

// naive follows every relation of every record with a call of its own.
func naive(ctx context.Context, s *odoo.Session) error {
	orders, err := search(ctx, s, "sale.order", 50, "name", "state", "amount_total", "partner_id", "order_line")
	if err != nil {
		return err
	}
	for _, order := range orders {
		partner, err := read(ctx, s, "res.partner", ids(order, "partner_id"), "name", "email", "country_id")
		if err != nil {
			return err
		}
		for _, p := range partner {
			if country := ids(p, "country_id"); len(country) > 0 {
				if _, err := read(ctx, s, "res.country", country, "code", "name"); err != nil {
					return err
				}
			}
		}
		for _, line := range ids(order, "order_line") {
			lines, err := read(ctx, s, "sale.order.line", []any{line}, "name", "product_uom_qty", "price_unit", "product_id")
			if err != nil {
				return err
			}
			for _, l := range lines {
				if product := ids(l, "product_id"); len(product) > 0 {
					if _, err := read(ctx, s, "product.product", product, "name"); err != nil {
						return err
					}
				}
			}
		}
	}
	return nil
}

// batched makes one call for each model, as a careful client does by hand.
func batched(ctx context.Context, s *odoo.Session) error {
	orders, err := search(ctx, s, "sale.order", 50, "name", "state", "amount_total", "partner_id", "order_line")
	if err != nil {
		return err
	}
	partners, err := read(ctx, s, "res.partner", all(orders, "partner_id"), "name", "email", "country_id")
	if err != nil {
		return err
	}
	if _, err := read(ctx, s, "res.country", all(partners, "country_id"), "code", "name"); err != nil {
		return err
	}
	lines, err := read(ctx, s, "sale.order.line", all(orders, "order_line"), "name", "product_uom_qty", "price_unit", "product_id")
	if err != nil {
		return err
	}
	_, err = read(ctx, s, "product.product", all(lines, "product_id"), "name")
	return err
}

// nested says it all to Odoo in one call, as Odoo 17 and later understand it.
func nested(ctx context.Context, s *odoo.Session) error {
	plain := map[string]any{}
	with := func(fields map[string]any) map[string]any { return map[string]any{"fields": fields} }
	_, err := s.Do(ctx, odoo.Call{Model: "sale.order", Method: "web_search_read", Positional: []string{"domain"}, Args: map[string]any{
		"domain": []any{}, "limit": 50, "order": "id", "specification": map[string]any{
			"name": plain, "state": plain, "amount_total": plain,
			"partner_id": with(map[string]any{"name": plain, "email": plain, "country_id": with(map[string]any{"code": plain, "name": plain})}),
			"order_line": with(map[string]any{"name": plain, "product_uom_qty": plain, "price_unit": plain, "product_id": with(map[string]any{"name": plain})}),
		},
	}})
	return err
}

// ids are those in a relation of a record, each once over all of them.
func ids(record *odoo.Object, field string) []any { return all([]*odoo.Object{record}, field) }

func all(records []*odoo.Object, field string) []any {
	var out []any
	seen := map[any]bool{}
	for _, record := range records {
		list, _ := record.Get(field).([]any)
		if len(list) == 2 {
			if _, isName := list[1].(string); isName {
				list = list[:1]
			}
		}
		for _, id := range list {
			if !seen[id] {
				seen[id] = true
				out = append(out, id)
			}
		}
	}
	return out
}
