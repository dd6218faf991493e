package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/alecthomas/kong"

	"odoograph/diagnosis"
	"odoograph/endpoint"
	"odoograph/loaders"
	"odoograph/odoo"
	"odoograph/settings"
)

type initCommand struct {
	settings.Odoo
	Addr     string   `env:"ODOOGRAPH_ADDR" help:"Address to listen on; 127.0.0.1:8080 if nothing else is said."`
	Database string   `env:"ODOOGRAPH_DATABASE" help:"Database of the gateway. Default: odoograph.db beside the configuration file."`
	KeyName  string   `help:"Who uses the first API key; my-app if nothing else is said."`
	Scopes   []string `default:"*" help:"What that key may do, with commas between."`
	Output   string   `short:"o" default:"odoograph.toml" help:"Configuration file to write."`
	Force    bool     `help:"Write over files that are there. The gateway's secret is kept all the same."`
	Yes      bool     `short:"y" help:"Ask nothing: take what is given and else the suggestions."`
}

// BeforeApply leaves it to the questions to find out what is missing.
func (c *initCommand) BeforeApply(command *kong.Context) error { return makeOptional(command) }

// Run asks what the gateway must know, tries it on Odoo, and writes a
// configuration with the first API key.
func (c *initCommand) Run(ctx context.Context, out io.Writer) error {
	return c.run(ctx, os.Stdin, out)
}

func (c *initCommand) run(ctx context.Context, in *os.File, out io.Writer) error {
	output, err := filepath.Abs(c.Output)
	if err != nil {
		return err
	}
	files := newSetupFiles(output, c.Force)
	if err := files.check(); err != nil {
		return err
	}
	schema, err := loaders.NewSchema(endpoint.Schema().Schema())
	if err != nil {
		return err
	}
	s := &setup{
		dialogue: newDialogue(in, out, !c.Yes), flags: c,
		odoo: diagnosis.NewOdoo(odoo.Config{Transport: c.Transport, MaxConns: c.MaxConns, Timeout: c.CallTimeout}, schema),
	}
	defer s.odoo.Close()
	if err := s.askAll(ctx); err != nil {
		return fmt.Errorf("%w; nothing was written", err)
	}
	if err := ctx.Err(); err != nil {
		return errors.New("interrupted; nothing was written")
	}
	// From here on it takes moments: an interruption waits until all is there.
	token, err := files.write(context.WithoutCancel(ctx), s.answers)
	if err != nil {
		return fmt.Errorf("%w; nothing was written", err)
	}
	return s.farewell(files, token)
}

// answers are what the questions brought to light.
type answers struct {
	url, database string
	credential    odoo.Credential
	transport     string // "" for the one that fits
	secretFile    string // that holds the credential already, "" if it must be written
	addr          string
	own           string // the gateway's database, "" for the one beside the file
	keyName       string
	scopes        []string
}

// farewell shows the key, once, and what to do next.
func (s *setup) farewell(files *setupFiles, token string) error {
	serve := "odoograph serve"
	if s.flags.Output != "odoograph.toml" {
		serve += " --config " + s.flags.Output
	}
	_, err := fmt.Fprintf(s.out, `
Written: %s

The API key of %s. It is shown this once; only its hash is kept.

%s

Next:

  %s
  curl -s %s/graphql -H 'Authorization: Bearer %s' -H 'Content-Type: application/json' -d '{"query": "{ partners(first: 3) { nodes { name } } }"}'
`, files.toml, s.keyName, token, serve, baseURL(s.addr), token)
	return err
}
