package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"odoograph/odoo"
)

// fetch asks the REST API, and hands on the body.
func (g *gateway) fetch(ctx context.Context, path, media string, body io.Writer) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, g.url+path, http.NoBody)
	if err != nil {
		return err
	}
	request.Header.Set("Accept", media)
	request.Header.Set("Authorization", "Bearer "+benchKey)
	response, err := g.clients.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	_, err = io.Copy(body, response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = errors.New(response.Status)
	}
	return err
}

// route is the way of asking a route of the REST API.
func (g *gateway) route(name, path, media string) way {
	return way{name: name, calls: g.calls.Load, ask: func(ctx context.Context) error { return g.fetch(ctx, path, media, io.Discard) }}
}

const (
	partnerFields = `databaseId name displayName reference isCompany type active email phone mobile website taxId language parent { id: databaseId name: displayName } createdAt updatedAt`
	orderFields   = `databaseId name state locked clientReference origin orderDate validUntil promisedDate partner { id: databaseId name: displayName } salesperson { id: databaseId name: displayName } company { id: databaseId name: displayName } currency { id: databaseId name: displayName } amountUntaxed amountTax amountTotal invoiceStatus createdAt updatedAt`
	pageFields    = `pageInfo { hasNextPage hasPreviousPage startCursor endCursor }`
)

// routes are routes of the REST API beside the queries of GraphQL behind them.
func routes(g *gateway) []way {
	query := func(text string) func() string { return func() string { return text } }
	return []way{
		g.way("100 partners, GraphQL", query(`{ partners(first: 100, orderBy: [{field: NAME}]) { nodes { `+partnerFields+` } `+pageFields+` totalCount } }`)),
		g.route("100 partners, REST", "/api/v1/partners?limit=100", "application/json"),
		g.way("20 orders, GraphQL", query(`{ saleOrders(first: 20, orderBy: [{field: ORDER_DATE, direction: DESC}]) { nodes { `+orderFields+` } `+pageFields+` totalCount } }`)),
		g.route("20 orders, REST", "/api/v1/sale_orders", "application/json"),
		g.way("one partner, GraphQL", query(`{ partner(databaseId: 1) { databaseId name email phone updatedAt } }`)),
		g.route("one partner, REST", "/api/v1/partners/1?fields=id,name,email,phone,updated_at", "application/json"),
	}
}

// exports are all partners, beside a client that pages through them itself.
func (s *settings) exports(ctx context.Context, g *gateway) ([]way, error) {
	plain, err := s.session(ctx, "json-rpc")
	if err != nil {
		return nil, err
	}
	direct := func(ctx context.Context) error {
		fields := []any{
			"name", "display_name", "ref", "is_company", "type", "active", "email", "phone", "website", "vat", "lang", "parent_id", "create_date", "write_date",
		}
		for offset := 0; ; offset += 1000 {
			answer, err := plain.Do(ctx, odoo.Call{
				Model: "res.partner", Method: "search_read",
				Positional: []string{"domain"}, Args: map[string]any{"domain": []any{}, "fields": fields, "offset": offset, "limit": 1000, "order": "id"},
			})
			if err != nil {
				return err
			}
			if rows, _ := answer.([]any); len(rows) < 1000 {
				return nil
			}
		}
	}
	ways := []way{
		{name: "search_read by 1,000, JSON-RPC", ask: direct},
		g.route("NDJSON", "/api/v1/partners", "application/x-ndjson"),
		g.route("CSV", "/api/v1/partners", "text/csv"),
	}
	var lines countLines
	if err := g.fetch(ctx, "/api/v1/partners?fields=id", "application/x-ndjson", &lines); err != nil {
		return nil, err
	}
	fmt.Printf("%d partners\n\n", lines)
	return ways, nil
}

// countLines counts the lines that are written to it.
type countLines int

// Write implements io.Writer.
func (c *countLines) Write(p []byte) (int, error) {
	for _, b := range p {
		if b == '\n' {
			*c++
		}
	}
	return len(p), nil
}
