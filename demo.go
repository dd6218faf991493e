package main

import (
	"context"
	"os"

	"odoograph/endpoint"
	"odoograph/odoo/odootest"
)

type demoCommand struct {
	listenFlags
	cacheFlags
	logFlags
	OdooVersion int `default:"19" enum:"14,17,19" help:"Version of Odoo to pose as: ${enum}."`
	Partners    int `default:"0" help:"Partners to make up besides the demo data: 50000 takes a second."`
	Orders      int `default:"0" help:"Sale orders to make up besides the demo data."`
}

// Run serves until ctx ends.
func (c *demoCommand) Run(ctx context.Context) error {
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
	backend, closeBackend, err := flags.backend(log)
	if err != nil {
		return err
	}
	defer closeBackend()
	return c.serve(ctx, endpoint.Options{Backend: backend, Log: log, Timeout: c.Timeout, Introspection: true})
}
