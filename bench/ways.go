package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"

	"odoograph/odoo"
)

const ordersQuery = `{ saleOrders(first: 50) { totalCount nodes { name state amountTotal partner { name email country { code name } } lines { nodes { name quantity priceUnit product { name } } } } } }`

// ways are those that are compared, the gateway first.
func (s *settings) ways(ctx context.Context) ([]way, error) {
	g, err := s.gateway()
	if err != nil {
		return nil, err
	}
	var ways []way
	switch s.Workload {
	case "one":
		ways, err = s.onePartner(ctx, g)
	case "pages":
		ways, err = pages(ctx, g)
	case "rest":
		ways = routes(g)
	case "exports":
		ways, err = s.exports(ctx, g)
	default:
		ways, err = s.orders(ctx, g)
	}
	if s.Gateway && err == nil {
		ways = ways[:1]
	}
	return ways, err
}

func (s *settings) orders(ctx context.Context, g *gateway) ([]way, error) {
	plain, err := s.session(ctx, "json-rpc")
	if err != nil {
		return nil, err
	}
	old, err := s.session(ctx, "xml-rpc")
	if err != nil {
		return nil, err
	}
	ways := []way{g.way("gateway", func() string { return ordersQuery })}
	if plain.CanNest() {
		web, err := s.session(ctx, "web-session")
		if err != nil {
			return nil, err
		}
		ways = append(ways,
			way{name: "one nested call, web session", ask: func(ctx context.Context) error { return nested(ctx, web) }},
			way{name: "one nested call, JSON-RPC", ask: func(ctx context.Context) error { return nested(ctx, plain) }})
	}
	if modern, err := s.session(ctx, "json-2"); err == nil {
		ways = append(ways,
			way{name: "one nested call, JSON-2", ask: func(ctx context.Context) error { return nested(ctx, modern) }},
			way{name: "one nested call, plain JSON-2 client", ask: s.plainJSON2})
	}
	return append(ways,
		way{name: "a call for each model, JSON-RPC", ask: func(ctx context.Context) error { return batched(ctx, plain) }},
		way{name: "a call for each record, XML-RPC", slow: true, ask: func(ctx context.Context) error { return naive(ctx, old) }}), nil
}

func (s *settings) onePartner(ctx context.Context, g *gateway) ([]way, error) {
	plain, err := s.session(ctx, "json-rpc")
	if err != nil {
		return nil, err
	}
	web, err := s.session(ctx, "web-session")
	if err != nil {
		return nil, err
	}
	ids, err := partners(ctx, plain)
	if err != nil {
		return nil, err
	}
	random := func() int64 { return ids[rand.IntN(len(ids))] } //nolint:gosec // no secret
	direct := func(s *odoo.Session) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := read(ctx, s, "res.partner", []any{random()}, "name", "email", "phone", "city")
			return err
		}
	}
	return []way{
		g.way("gateway", func() string {
			return fmt.Sprintf(`{ partner(databaseId: %d) { name email phone city } }`, random())
		}),
		{name: "read, web session", ask: direct(web)},
		{name: "read, JSON-RPC", ask: direct(plain)},
	}, nil
}

// pages are pages of all partners by name.
func pages(ctx context.Context, g *gateway) ([]way, error) {
	const selection = `{ nodes { name email city } pageInfo { startCursor } }`
	answer, err := g.ask(ctx, `{ partners(last: 100, orderBy: [{field: NAME, direction: ASC}]) `+selection+` }`)
	if err != nil {
		return nil, err
	}
	var end struct {
		Data struct {
			Partners struct {
				PageInfo struct{ StartCursor string }
			}
		}
	}
	if err := json.Unmarshal(answer, &end); err != nil {
		return nil, err
	}
	page := func(after string) func() string {
		query := `{ partners(first: 20, orderBy: [{field: NAME, direction: ASC}]` + after + `) ` + selection + ` }`
		return func() string { return query }
	}
	return []way{
		g.way("20 partners, the first page", page("")),
		g.way("20 partners, 100 rows before the end", page(fmt.Sprintf(", after: %q", end.Data.Partners.PageInfo.StartCursor))),
	}, nil
}
