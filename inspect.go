package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"time"

	"odoograph/endpoint"
	"odoograph/graph/sdl"
	"odoograph/internal/build"
)

type checkCommand struct {
	odooFlags
	logFlags
}

// Run tells what the gateway finds. It fails if some of the schema cannot be served.
func (c *checkCommand) Run(ctx context.Context) error {
	backends, closeBackends, err := c.backends(c.logger(os.Stderr).With("command", "check"))
	if err != nil {
		return err
	}
	defer closeBackends()
	session, binding, err := backends.Service().Bind(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("Odoo        %s at %s, database %s\n", session.Version().Text, c.URL, c.DB)
	transport, why := session.Transport()
	fmt.Printf("transport   %s: %s\n", transport, why)
	fmt.Printf("user        %d, companies %v, language %s\n", session.User().ID, session.User().Companies, session.Language())
	fmt.Printf("calls       at most %d at once\n", session.MaxConns())
	if expiry, err := session.KeyExpiry(ctx); err == nil && !expiry.At.IsZero() {
		which := "the API key ends"
		if !expiry.Certain {
			which = "the user has several API keys, the first of which ends"
		}
		fmt.Printf("key         %s on %s\n", which, expiry.At.Format(time.RFC3339))
	}
	severe := 0
	for _, gap := range binding.Gaps {
		consequence := "null"
		if gap.Severe {
			consequence = "an error"
			severe++
		}
		fmt.Printf("%-11s %s\n", consequence, gap)
	}
	if severe > 0 {
		return fmt.Errorf("%d parts of the schema cannot be served from this Odoo", severe)
	}
	if len(binding.Gaps) == 0 {
		fmt.Println("schema      complete")
	}
	return nil
}

type schemaCommand struct{}

// Run prints the contract as clients see it.
func (schemaCommand) Run() error { //nolint:unparam // kong wants an error
	sdl.Print(os.Stdout, endpoint.Schema().Schema())
	return nil
}

type versionCommand struct{}

// Run prints the version that the Go toolchain recorded.
func (versionCommand) Run() error { //nolint:unparam // kong wants an error
	version, commit := build.Version()
	fmt.Println("odoograph", version, commit, runtime.Version())
	return nil
}
