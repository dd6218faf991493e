package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"odoograph/endpoint"
	"odoograph/loaders"
	"odoograph/odoo"
)

// listenFlags say how clients reach the gateway.
type listenFlags struct {
	Addr    string        `env:"ODOOGRAPH_ADDR" default:"127.0.0.1:8080" help:"Address to listen on. Only this machine's own, as long as there are no API keys."`
	Timeout time.Duration `env:"ODOOGRAPH_TIMEOUT" default:"30s" help:"Time that one request may take."`
}

type serveCommand struct {
	odooFlags
	listenFlags
	logFlags
	Introspection bool `env:"ODOOGRAPH_INTROSPECTION" help:"Let clients ask for the schema."`
}

// Run serves until ctx ends.
func (c *serveCommand) Run(ctx context.Context) error {
	log := c.logger(os.Stderr)
	backend, closeBackend, err := c.backend(log)
	if err != nil {
		return err
	}
	defer closeBackend()
	// Odoo need not be there yet: look, tell, and serve all the same.
	go func() {
		if err := backend.Ready(ctx); err != nil && ctx.Err() == nil {
			log.ErrorContext(ctx, "Odoo is not ready; requests try again", "error", err)
		}
	}()
	return c.serve(ctx, endpoint.Options{Backend: backend, Log: log, Timeout: c.Timeout, Introspection: c.Introspection})
}

// backend returns the Odoo that the flags name, and what closes it.
func (f *odooFlags) backend(log *slog.Logger) (*loaders.Backend, func(), error) {
	credential, err := f.credential()
	if err != nil {
		return nil, nil, err
	}
	client, err := odoo.New(odoo.Config{
		URL: f.URL, Database: f.DB, Transport: f.Transport, Timeout: f.CallTimeout, MaxConns: f.MaxConns,
		ReferenceTTL: f.ReferenceTTL, Log: log,
	})
	if err != nil {
		return nil, nil, err
	}
	schema, err := loaders.NewSchema(endpoint.Schema().Schema())
	if err != nil {
		return nil, nil, err
	}
	return loaders.NewBackend(client, credential, schema, log), func() {
		known := client.ReferenceStats()
		log.Debug("reference cache", "hits", known.Hits, "misses", known.Misses, "entries", known.Entries)
		client.Close()
	}, nil
}

// shutdownGrace is how long requests that are under way may go on.
const shutdownGrace = 10 * time.Second

// serve answers requests until ctx ends, then lets those under way finish.
func (f *listenFlags) serve(ctx context.Context, o endpoint.Options) error {
	host, _, err := net.SplitHostPort(f.Addr)
	if err != nil {
		return fmt.Errorf("--addr must be like 127.0.0.1:8080: %w", err)
	}
	if !endpoint.IsLoopback(host) {
		return fmt.Errorf("--addr must be an address of this machine alone, such as 127.0.0.1:8080, not %s: anybody who reaches the gateway could read Odoo", f.Addr)
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", f.Addr)
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler: endpoint.New(o), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: f.Timeout,
		WriteTimeout: f.Timeout + 5*time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
		ErrorLog: slog.NewLogLogger(o.Log.Handler(), slog.LevelWarn),
	}
	o.Log.InfoContext(ctx, "serving", "page", "http://"+listener.Addr().String()+"/", "graphql", "http://"+listener.Addr().String()+"/graphql")
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	o.Log.Info("stopping: waiting for requests under way", "at_most", shutdownGrace)
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownGrace)
	defer cancel()
	if err := server.Shutdown(grace); err != nil {
		return errors.Join(err, server.Close())
	}
	return nil
}
