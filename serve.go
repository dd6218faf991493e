package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"odoograph/auth"
	"odoograph/endpoint"
	"odoograph/idempotency"
	"odoograph/loaders"
	"odoograph/odoo"
	"odoograph/store"
)

// listenFlags say how clients reach the gateway.
type listenFlags struct {
	Addr    string        `env:"ODOOGRAPH_ADDR" default:"127.0.0.1:8080" help:"Address to listen on; 0.0.0.0:8080 for clients on other machines."`
	Timeout time.Duration `env:"ODOOGRAPH_TIMEOUT" default:"30s" help:"Time that one request may take."`
	TLSCert string        `name:"tls-cert" env:"ODOOGRAPH_TLS_CERT" help:"File with the TLS certificate and its chain (PEM). It is read again when it changes."`
	TLSKey  string        `name:"tls-key" env:"ODOOGRAPH_TLS_KEY" help:"File with the private key of the certificate (PEM)."`
}

type serveCommand struct {
	odooFlags
	listenFlags
	keyringFlags
	accessFlags
	limitFlags
	logFlags
}

// Run serves until ctx ends.
func (c *serveCommand) Run(ctx context.Context) error {
	o := endpoint.Options{Log: c.logger(os.Stderr), Timeout: c.Timeout, Playground: true}
	if err := c.apply(&o); err != nil {
		return err
	}
	closeLimits, err := c.limitFlags.open(&o)
	if err != nil {
		return err
	}
	defer closeLimits()
	backends, closeBackends, err := c.backends(o.Log)
	if err != nil {
		return err
	}
	defer closeBackends()
	o.Backends = backends
	config, err := c.config(o.Log)
	if err != nil {
		return err
	}
	db, err := store.Open(ctx, store.Config{Database: c.Database, Log: o.Log})
	if err != nil {
		return err
	}
	defer db.Close()
	if o.Keys, err = auth.Open(ctx, db, config); err != nil {
		return plain(err)
	}
	defer o.Keys.Close()
	o.Answers = idempotency.New(db, idempotency.Config{Log: o.Log})
	defer o.Answers.Close()
	if err := c.warn(ctx, o); err != nil {
		return plain(err)
	}
	go reloadOnHangUp(ctx, o)
	// Odoo need not be there yet: look, tell, and serve all the same.
	go func() {
		if err := backends.Service().Ready(ctx); err != nil && ctx.Err() == nil {
			o.Log.ErrorContext(ctx, "Odoo is not ready; requests try again", "error", err)
		}
	}()
	return c.serve(ctx, o)
}

// reloadOnHangUp reads the trusted documents again whenever the process gets
// SIGHUP. Those that cannot be read leave the ones before in use.
func reloadOnHangUp(ctx context.Context, o endpoint.Options) {
	hangUp := make(chan os.Signal, 1)
	signal.Notify(hangUp, syscall.SIGHUP)
	defer signal.Stop(hangUp)
	for {
		select {
		case <-ctx.Done():
			return
		case <-hangUp:
		}
		if err := o.Documents.Reload(); err != nil {
			o.Log.ErrorContext(ctx, "the trusted documents stay as they are", "error", err)
			continue
		}
		o.Log.InfoContext(ctx, "trusted documents are read", "documents", o.Documents.Trusted())
	}
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

// backends returns the Odoo that the flags name, and what closes it.
func (f *odooFlags) backends(log *slog.Logger) (*loaders.Backends, func(), error) {
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
	return loaders.NewBackends(client, credential, schema, log), func() {
		known := client.ReferenceStats()
		log.Debug("reference cache", "hits", known.Hits, "misses", known.Misses, "entries", known.Entries)
		client.Close()
	}, nil
}

// shutdownGrace is how long requests that are under way may go on.
const shutdownGrace = 10 * time.Second

// serve answers requests until ctx ends, then lets those under way finish.
func (f *listenFlags) serve(ctx context.Context, o endpoint.Options) error {
	if _, _, err := net.SplitHostPort(f.Addr); err != nil {
		return fmt.Errorf("--addr must be like 127.0.0.1:8080: %w", err)
	}
	handler, err := endpoint.New(o)
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: f.Timeout,
		WriteTimeout: f.Timeout + 5*time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
		ErrorLog: slog.NewLogLogger(o.Log.Handler(), slog.LevelWarn),
	}
	serve, scheme := server.Serve, "http"
	if f.TLSCert != "" || f.TLSKey != "" {
		certificate, err := endpoint.LoadCertificate(f.TLSCert, f.TLSKey, o.Log)
		if err != nil {
			return err
		}
		server.TLSConfig, scheme = certificate.Config(), "https"
		serve = func(l net.Listener) error { return server.ServeTLS(l, "", "") }
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", f.Addr)
	if err != nil {
		return err
	}
	runtime.GC() // what starting left behind is not what the heap should be measured by
	base := scheme + "://" + listener.Addr().String()
	o.Log.InfoContext(ctx, "serving", "page", base+"/", "graphql", base+"/graphql", "rest", base+"/api/v1")
	failed := make(chan error, 1)
	go func() { failed <- serve(listener) }()
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
