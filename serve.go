package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"odoograph/auth"
	"odoograph/endpoint"
	"odoograph/idempotency"
	"odoograph/loaders"
	"odoograph/odoo"
	"odoograph/settings"
	"odoograph/store"
)

// serveCommand serves until its context ends.
type serveCommand struct {
	settings.File
	settings.All
}

// Help shows how it is used.
func (serveCommand) Help() string {
	return `Examples:
  odoograph serve                                  with the settings of odoograph.toml
  odoograph serve --config /etc/odoograph.toml --addr 0.0.0.0:8080
  ODOO_URL=https://erp.example.com ODOO_DB=production ODOO_API_KEY_FILE=odoo.key odoograph serve

docs/configuration.md describes all settings. SIGHUP makes a running gateway read them again.`
}

// Run serves until ctx ends. Again parses the command line anew.
func (c *serveCommand) Run(ctx context.Context, current *kong.Context, again parse, to logTo) error {
	log, level := c.Logger(to)
	o := endpoint.Options{Log: log, Timeout: c.Timeout}
	if err := admit(&c.All, &o); err != nil {
		return err
	}
	var err error
	if o.Limits, err = openLimits(&c.Limits, log); err != nil {
		return err
	}
	defer o.Limits.Close()
	backends, closeBackends, err := backends(&c.Odoo, c.ReferenceTTL, log)
	if err != nil {
		return err
	}
	defer closeBackends()
	o.Backends = backends
	closeData, err := c.openData(ctx, &o)
	if err != nil {
		return err
	}
	defer closeData()
	if err := c.warn(ctx, o); err != nil {
		return plain(err)
	}
	gateway, err := newReplaceable(o)
	if err != nil {
		return err
	}
	go reloading{gateway, o, level, current, again}.run(ctx)
	// Odoo need not be there yet: look, tell, and serve all the same.
	go func() {
		if err := backends.Service().Ready(ctx); err != nil && ctx.Err() == nil {
			log.ErrorContext(ctx, "Odoo is not ready; requests try again", "error", err)
		}
	}()
	return serve(ctx, &c.Listen, gateway, log, func(string) {})
}

// openData opens the gateway's database for the options, and returns what closes it.
func (c *serveCommand) openData(ctx context.Context, o *endpoint.Options) (func(), error) {
	config, err := keyringConfig(&c.Keyring, o.Log)
	if err != nil {
		return nil, err
	}
	address, err := c.Address()
	if err != nil {
		return nil, err
	}
	db, err := store.Open(ctx, store.Config{Database: address, Log: o.Log})
	if err != nil {
		return nil, err
	}
	if o.Keys, err = auth.Open(ctx, db, config); err != nil {
		return nil, errors.Join(plain(err), db.Close())
	}
	o.Answers = idempotency.New(db, idempotency.Config{Log: o.Log})
	return func() {
		o.Answers.Close()
		_ = o.Keys.Close()
		_ = db.Close()
	}, nil
}

// warn tells of what an operator would rather hear of now than from the clients.
func (c *serveCommand) warn(ctx context.Context, o endpoint.Options) error {
	keys, err := o.Keys.List(ctx)
	if err != nil {
		return err
	}
	if len(keys) == 0 && o.Anonymous == nil && o.PassThrough == nil {
		o.Log.WarnContext(ctx, "there are no API keys yet: make one with odoograph keys create --name NAME --scopes '*'")
	}
	host, _, _ := net.SplitHostPort(c.Addr)
	if c.TLSCert == "" && !endpoint.IsLoopback(host) {
		o.Log.WarnContext(ctx, "API keys travel unencrypted unless a proxy in front speaks TLS: see --tls-cert")
	}
	return nil
}

// backends returns the Odoo that the settings name, and what closes it.
func backends(s *settings.Odoo, referenceTTL time.Duration, log *slog.Logger) (*loaders.Backends, func(), error) {
	credential, err := s.Credential()
	if err != nil {
		return nil, nil, err
	}
	client, err := odoo.New(odoo.Config{
		URL: s.URL, Database: s.DB, Transport: s.Transport, Timeout: s.CallTimeout, MaxConns: s.MaxConns,
		ReferenceTTL: referenceTTL, Log: log,
	})
	if err != nil {
		return nil, nil, err
	}
	schema, err := loaders.NewSchema(endpoint.Schema().Schema())
	if err != nil {
		return nil, nil, err
	}
	return loaders.NewBackends(client, credential, schema, log), func() {
		known := client.ReferenceStats()
		log.Debug("reference cache", "hits", known.Hits, "misses", known.Misses, "entries", known.Entries)
		client.Close()
	}, nil
}

// shutdownGrace is how long requests that are under way may go on.
const shutdownGrace = 10 * time.Second

// serve answers requests until ctx ends, then lets those under way finish. Once it
// listens, it calls ready with its base URL.
func serve(ctx context.Context, s *settings.Listen, handler http.Handler, log *slog.Logger, ready func(base string)) error {
	if _, _, err := net.SplitHostPort(s.Addr); err != nil {
		return fmt.Errorf("addr must be like 127.0.0.1:8080: %w", err)
	}
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: s.Timeout,
		WriteTimeout: s.Timeout + 5*time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	serve, scheme := server.Serve, "http"
	if s.TLSCert != "" || s.TLSKey != "" {
		certificate, err := endpoint.LoadCertificate(s.TLSCert, s.TLSKey, log)
		if err != nil {
			return err
		}
		server.TLSConfig, scheme = certificate.Config(), "https"
		serve = func(l net.Listener) error { return server.ServeTLS(l, "", "") }
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", s.Addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("something else listens at %s already; choose another port with --addr: %w", s.Addr, err)
	}
	if err != nil {
		return err
	}
	runtime.GC() // what starting left behind is not what the heap should be measured by
	base := scheme + "://" + listener.Addr().String()
	log.InfoContext(ctx, "serving", "page", base+"/", "graphql", base+"/graphql", "rest", base+"/api/v1")
	ready(base)
	failed := make(chan error, 1)
	go func() { failed <- serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	log.Info("stopping: waiting for requests under way", "at_most", shutdownGrace)
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownGrace)
	defer cancel()
	if err := server.Shutdown(grace); err != nil {
		return errors.Join(err, server.Close())
	}
	return nil
}
