package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"

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
	_, err := s.Do(ctx, odoo.Call{Model: "sale.order", Method: "web_search_read", Positional: []string{"domain"}, Args: nestedArguments()})
	return err
}

func nestedArguments() map[string]any {
	plain := map[string]any{}
	with := func(fields map[string]any) map[string]any { return map[string]any{"fields": fields} }
	return map[string]any{
		"domain": []any{}, "limit": 50, "order": "id", "specification": map[string]any{
			"name": plain, "state": plain, "amount_total": plain,
			"partner_id": with(map[string]any{"name": plain, "email": plain, "country_id": with(map[string]any{"code": plain, "name": plain})}),
			"order_line": with(map[string]any{"name": plain, "product_uom_qty": plain, "price_unit": plain, "product_id": with(map[string]any{"name": plain})}),
		},
	}
}

// plainJSON2 is the same in the few lines that Odoo's manual shows: nothing but
// the key, and the answer as encoding/json reads it.
func (s *settings) plainJSON2(ctx context.Context) error {
	body, err := json.Marshal(nestedArguments())
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL+"/json/2/sale.order/web_search_read", bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+s.APIKey)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return errors.New(response.Status)
	}
	var answer any
	return json.NewDecoder(response.Body).Decode(&answer)
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

// search and read are what a client says to Odoo by hand.
func search(ctx context.Context, s *odoo.Session, model string, limit int, fields ...string) ([]*odoo.Object, error) {
	result, err := s.Do(ctx, odoo.Call{Model: model, Method: "search_read", Positional: []string{"domain"}, Args: map[string]any{
		"domain": []any{}, "fields": texts(fields), "limit": limit, "order": "id",
	}})
	return records(result), err
}

func read(ctx context.Context, s *odoo.Session, model string, ids []any, fields ...string) ([]*odoo.Object, error) {
	list := make([]int64, 0, len(ids))
	for _, id := range ids {
		switch id := id.(type) {
		case int64:
			list = append(list, id)
		case json.Number:
			n, err := id.Int64()
			if err != nil {
				return nil, err
			}
			list = append(list, n)
		}
	}
	result, err := s.Do(ctx, odoo.Call{Model: model, Method: "read", IDs: list, Args: map[string]any{"fields": texts(fields)}})
	return records(result), err
}

func partners(ctx context.Context, s *odoo.Session) ([]int64, error) {
	found, err := search(ctx, s, "res.partner", 10_000, "id")
	ids := make([]int64, len(found))
	for i, record := range found {
		if ids[i], err = record.Get("id").(json.Number).Int64(); err != nil { //nolint:forcetypeassert // as Odoo gives ids
			return nil, err
		}
	}
	return ids, err
}

func records(result any) []*odoo.Object {
	list, _ := result.([]any)
	out := make([]*odoo.Object, len(list))
	for i, item := range list {
		out[i], _ = item.(*odoo.Object)
	}
	return out
}

func texts(list []string) []any {
	out := make([]any, len(list))
	for i, text := range list {
		out[i] = text
	}
	return out
}
