package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"time"

	"odoograph/endpoint"
	"odoograph/loaders"
	"odoograph/odoo"
)

const ordersQuery = `{ saleOrders(first: 50) { totalCount nodes { name state amountTotal partner { name email country { code name } } lines { nodes { name quantity priceUnit product { name } } } } } }`

// ways are those that are compared, the gateway first.
func (s *settings) ways(ctx context.Context) ([]way, error) {
	plain, err := s.session(ctx, "json-rpc")
	if err != nil {
		return nil, err
	}
	old, err := s.session(ctx, "xml-rpc")
	if err != nil {
		return nil, err
	}
	gateway, calls, err := s.gateway()
	if err != nil {
		return nil, err
	}
	if s.Workload == "one" {
		ids, err := partners(ctx, plain)
		if err != nil {
			return nil, err
		}
		random := func() int64 { return ids[rand.IntN(len(ids))] } //nolint:gosec // no secret
		return []way{
			{"gateway", func(ctx context.Context) error {
				return gateway(ctx, fmt.Sprintf(`{ partner(databaseId: %d) { name email phone city } }`, random()))
			}, calls},
			{"read over JSON-RPC", func(ctx context.Context) error {
				_, err := read(ctx, plain, "res.partner", []any{random()}, "name", "email", "phone", "city")
				return err
			}, nil},
		}, nil
	}
	ways := []way{
		{"gateway", func(ctx context.Context) error { return gateway(ctx, ordersQuery) }, calls},
		{"a call for each model, JSON-RPC", func(ctx context.Context) error { return batched(ctx, plain) }, nil},
		{"a call for each record, XML-RPC", func(ctx context.Context) error { return naive(ctx, old) }, nil},
	}
	if plain.CanNest() {
		web, err := s.session(ctx, "web-session")
		if err != nil {
			return nil, err
		}
		ways = append(ways,
			way{"one nested call, web session", func(ctx context.Context) error { return nested(ctx, web) }, nil},
			way{"one nested call, JSON-RPC", func(ctx context.Context) error { return nested(ctx, plain) }, nil})
	}
	if modern, err := s.session(ctx, "json-2"); err == nil {
		ways = append(ways, way{"one nested call, JSON-2", func(ctx context.Context) error { return nested(ctx, modern) }, nil})
	}
	return ways, nil
}

// gateway starts a gateway and returns what asks it and what counts its calls.
func (s *settings) gateway() (ask func(context.Context, string) error, calls func() int64, err error) {
	counter := &callCounter{}
	client, err := odoo.New(odoo.Config{URL: s.URL, Database: s.DB, Log: slog.New(counter)})
	if err != nil {
		return nil, nil, err
	}
	schema, err := loaders.NewSchema(endpoint.Schema().Schema())
	if err != nil {
		return nil, nil, err
	}
	log := slog.New(slog.DiscardHandler)
	credential := odoo.Credential{Login: s.Login, Password: s.Password, APIKey: s.APIKey}
	server := httptest.NewServer(endpoint.New(endpoint.Options{
		Backend: loaders.NewBackend(client, credential, schema, log), Log: log, Timeout: time.Minute,
	}))
	clients := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256}}
	return func(ctx context.Context, query string) error {
		body, err := json.Marshal(map[string]string{"query": query})
		if err != nil {
			return err
		}
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL+"/graphql", bytes.NewReader(body))
		if err != nil {
			return err
		}
		request.Header.Set("Content-Type", "application/json")
		response, err := clients.Do(request)
		if err != nil {
			return err
		}
		defer response.Body.Close()
		answer, err := io.ReadAll(response.Body)
		if err == nil && (response.StatusCode != http.StatusOK || bytes.Contains(answer, []byte(`"errors"`))) {
			err = errors.New(string(answer))
		}
		return err
	}, counter.Load, nil
}

// callCounter is a log that counts the client's calls to Odoo.
type callCounter struct{ atomic.Int64 }

// Enabled implements slog.Handler.
func (c *callCounter) Enabled(context.Context, slog.Level) bool { return true }

// Handle implements slog.Handler.
func (c *callCounter) Handle(_ context.Context, r slog.Record) error {
	if r.Message == "odoo call" {
		c.Add(1)
	}
	return nil
}

// WithAttrs implements slog.Handler.
func (c *callCounter) WithAttrs([]slog.Attr) slog.Handler { return c }

// WithGroup implements slog.Handler.
func (c *callCounter) WithGroup(string) slog.Handler { return c }

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
