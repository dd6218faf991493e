package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"time"

	"odoograph/auth"
	"odoograph/endpoint"
	"odoograph/limit"
	"odoograph/loaders"
	"odoograph/odoo"
	"odoograph/store"
)

// gateway is a running gateway and a client of it.
type gateway struct {
	url     string
	clients *http.Client
	calls   callCounter
}

func (s *settings) gateway() (*gateway, error) {
	g := &gateway{clients: &http.Client{Transport: &http.Transport{
		MaxIdleConnsPerHost: 256, DisableCompression: true, // as the others: Odoo does not compress
	}}}
	client, err := odoo.New(odoo.Config{URL: s.URL, Database: s.DB, ReferenceTTL: time.Minute, Log: slog.New(&g.calls)})
	if err != nil {
		return nil, err
	}
	schema, err := loaders.NewSchema(endpoint.Schema().Schema())
	if err != nil {
		return nil, err
	}
	log := slog.New(slog.DiscardHandler)
	db, err := store.Open(context.Background(), store.Config{Database: store.Memory})
	if err != nil {
		return nil, err
	}
	keys, err := auth.Open(context.Background(), db, auth.Config{})
	if err != nil {
		return nil, err
	}
	keys.Accept(benchKey, auth.Key{ID: "bench", Scopes: []string{"*"}})
	limits, err := limit.New(limit.Config{Log: log})
	if err != nil {
		return nil, err
	}
	handler, err := endpoint.New(endpoint.Options{
		Backends: loaders.NewBackends(client, s.credential(), schema, log), Keys: keys, Limits: limits,
		Defaults: auth.Limits{Requests: noLimit, CostCapacity: noLimit, CostRestore: noLimit}, Log: log, Timeout: time.Minute,
	})
	if err != nil {
		return nil, err
	}
	g.url = httptest.NewServer(handler).URL
	return g, nil
}

const (
	benchKey = "odg_bench"
	noLimit  = 1_000_000_000
)

// ask sends a query and returns the answer, which must be free of errors.
func (g *gateway) ask(ctx context.Context, query string) ([]byte, error) {
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, g.url+"/graphql", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+benchKey)
	response, err := g.clients.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err == nil && (response.StatusCode != http.StatusOK || bytes.Contains(answer, []byte(`"errors"`))) {
		err = errors.New(string(answer))
	}
	return answer, err
}

// way is the way of asking the gateway what query returns each time.
func (g *gateway) way(name string, query func() string) way {
	return way{name: name, calls: g.calls.Load, ask: func(ctx context.Context) error {
		_, err := g.ask(ctx, query())
		return err
	}}
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
