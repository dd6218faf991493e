package main

import (
	"context"
	"fmt"
	"io"
	"net"

	"odoograph/auth"
	"odoograph/endpoint"
	"odoograph/idempotency"
	"odoograph/odoo/odootest"
	"odoograph/settings"
	"odoograph/store"
)

type demoCommand struct {
	settings.Listen `group:"Clients"`
	settings.Cache  `group:"Odoo"`
	settings.Limits `group:"Limits"`
	settings.Log    `group:"Log"`
	OdooVersion     int `default:"19" enum:"14,17,19" help:"Version of Odoo to pose as: ${enum}."`
	Partners        int `default:"0" help:"Partners to make up besides the demo data: 50000 takes a second."`
	Orders          int `default:"0" help:"Sale orders to make up besides the demo data."`
}

// Help shows how it is used.
func (demoCommand) Help() string {
	return `Examples:
  odoograph demo
  odoograph demo --partners 50000 --orders 20000
  odoograph demo --odoo-version 14 --addr 127.0.0.1:9000`
}

// Run serves until ctx ends.
func (c *demoCommand) Run(ctx context.Context, out io.Writer, to logTo) error {
	if host, _, err := net.SplitHostPort(c.Addr); err != nil || !endpoint.IsLoopback(host) {
		return fmt.Errorf("--addr of a demo must be an address of this machine alone, such as 127.0.0.1:8080, not %s: everybody knows the demo's API key", c.Addr)
	}
	log, _ := c.Logger(to)
	shown := newProgress("made up", c.Partners+c.Orders)
	standIn, err := odootest.Run(odootest.Options{Version: c.OdooVersion, Partners: c.Partners, Orders: c.Orders, Progress: shown.at}, "127.0.0.1:0")
	shown.end()
	if err != nil {
		return err
	}
	defer standIn.Close()
	standIn.SetRecording(false) // of calls, which is for tests
	log.InfoContext(ctx, "a stand-in poses as Odoo", "odoo", c.OdooVersion, "database", standIn.DB())
	odoo := settings.Odoo{URL: standIn.URL(), DB: standIn.DB(), Login: odootest.AdminLogin, APIKey: odootest.AdminKey}
	backends, closeBackends, err := backends(&odoo, c.ReferenceTTL, log)
	if err != nil {
		return err
	}
	defer closeBackends()
	o := endpoint.Options{
		Backends: backends, Log: log, Timeout: c.Timeout, Origins: c.Origins, LocalOnly: true, PageKey: demoKey, Introspection: true, Playground: true,
	}
	if o.Defaults, err = defaults(&c.Limits); err != nil {
		return err
	}
	if o.Limits, err = openLimits(&c.Limits, log); err != nil {
		return err
	}
	defer o.Limits.Close()
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
	handler, err := endpoint.New(o)
	if err != nil {
		return err
	}
	return serve(ctx, &c.Listen, handler, log, func(base string) { c.welcome(out, base) })
}

// demoKey is the API key of every demo: everybody knows it, so demos serve their
// own machine alone.
const demoKey = "odg_demo"

// welcome tells a person where to go on.
func (c *demoCommand) welcome(out io.Writer, base string) {
	fmt.Fprintf(out, `
  A stand-in poses as Odoo %[1]d, with demo data. Nothing is kept when it ends: Ctrl-C.

  Playground         %[2]s/playground
  GraphQL reference  %[2]s/docs/graphql
  REST reference     %[2]s/api/v1/docs/
  API key            %[3]s

  From another terminal:

  curl -s %[2]s/graphql -H 'Authorization: Bearer %[3]s' -H 'Content-Type: application/json' -d '{"query": "{ saleOrders(first: 3) { totalCount nodes { name amountTotal partner { name } } } }"}'

`, c.OdooVersion, base, demoKey)
}
