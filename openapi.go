package main

import (
	"fmt"
	"io"
	"os"

	"odoograph/endpoint"
	"odoograph/policy"
	"odoograph/rest"
	"odoograph/rest/openapi"
)

type openapiCommand struct {
	Version string `arg:"" optional:"" default:"v1" help:"The version of the REST API: v1 or v2."`
	Format  string `enum:"json,yaml" default:"json" help:"json or yaml."`
	Output  string `short:"o" placeholder:"FILE" help:"Where to write it, instead of printing it."`
}

// Help shows how it is used.
func (openapiCommand) Help() string {
	return `Examples:
  odoograph openapi > openapi.json
  odoograph openapi v2 --format yaml --output v2.yaml`
}

// Run prints the contract of the REST API as clients see it.
func (c openapiCommand) Run(out io.Writer) error {
	document, err := c.document()
	if err != nil {
		return err
	}
	write := document.JSON
	if c.Format == "yaml" {
		write = document.YAML
	}
	text, err := write()
	if err != nil {
		return err
	}
	if c.Output != "" {
		return os.WriteFile(c.Output, text, 0o644) //nolint:gosec // it is public
	}
	_, err = out.Write(text)
	return err
}

func (c openapiCommand) document() (*openapi.Document, error) {
	schema := endpoint.Schema().Schema()
	rules, err := policy.New(schema)
	if err != nil {
		return nil, err
	}
	versions, err := rest.Versions(schema)
	if err != nil {
		return nil, err
	}
	for _, version := range versions {
		if version.Name == c.Version {
			return openapi.New(version, rules)
		}
	}
	return nil, fmt.Errorf("there is no version %q of the REST API", c.Version)
}
