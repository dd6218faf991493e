package main

import (
	"context"
	"fmt"
	"net"
	"os"

	"odoograph/auth"
	"odoograph/endpoint"
	"odoograph/idempotency"
	"odoograph/odoo/odootest"
	"odoograph/store"
)

type demoCommand struct {
	listenFlags
	cacheFlags
	limitFlags
	logFlags
	OdooVersion int `default:"19" enum:"14,17,19" help:"Version of Odoo to pose as: ${enum}."`
	Partners    int `default:"0" help:"Partners to make up besides the demo data: 50000 takes a second."`
	Orders      int `default:"0" help:"Sale orders to make up besides the demo data."`
}

// Run serves until ctx ends.
func (c *demoCommand) Run(ctx context.Context) error {
	if host, _, err := net.SplitHostPort(c.Addr); err != nil || !endpoint.IsLoopback(host) {
		return fmt.Errorf("--addr of a demo must be an address of this machine alone, such as 127.0.0.1:8080, not %s: everybody knows the demo's API key", c.Addr)
	}
	log := c.logger(os.Stderr)
	standIn, err := odootest.Run(odootest.Options{Version: c.OdooVersion, Partners: c.Partners, Orders: c.Orders}, "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer standIn.Close()
	standIn.SetRecording(false) // of calls, which is for tests
	log.InfoContext(ctx, "a stand-in poses as Odoo", "odoo", c.OdooVersion, "database", standIn.DB())
	flags := odooFlags{
		URL: standIn.URL(), DB: standIn.DB(), Login: odootest.AdminLogin, APIKey: odootest.AdminKey, cacheFlags: c.cacheFlags,
	}
	backends, closeBackends, err := flags.backends(log)
	if err != nil {
		return err
	}
	defer closeBackends()
	o := endpoint.Options{Backends: backends, Log: log, Timeout: c.Timeout, LocalOnly: true, PageKey: demoKey, Introspection: true, Playground: true}
	closeLimits, err := c.limitFlags.open(&o)
	if err != nil {
		return err
	}
	defer closeLimits()
	db, err := store.Open(ctx, store.Config{Database: store.Memory})
	if err != nil {
		return err
	}
	defer db.Close()
	if o.Keys, err = auth.Open(ctx, db, auth.Config{Log: log}); err != nil {
		return err
	}
	defer o.Keys.Close()
	o.Answers = idempotency.New(db, idempotency.Config{Log: o.Log})
	defer o.Answers.Close()
	o.Keys.Accept(demoKey, auth.Key{ID: "demo", Name: "demo", Scopes: []string{"*"}, Documents: auth.DocumentsAny})
	log.InfoContext(ctx, "the demo's API key", "key", demoKey)
	return c.serve(ctx, o)
}

// demoKey is the API key of every demo: everybody knows it, so demos serve their
// own machine alone.
const demoKey = "odg_demo"
