package main

import (
	"fmt"
	"io"

	"odoograph/endpoint"
	"odoograph/policy"
	"odoograph/rest"
	"odoograph/rest/openapi"
)

type openapiCommand struct {
	Version string `arg:"" optional:"" default:"v1" help:"The version of the REST API: v1 or v2."`
	Format  string `enum:"json,yaml" default:"json" help:"json or yaml."`
}

// Run prints the contract of the REST API as clients see it.
func (c openapiCommand) Run(out io.Writer) error {
	schema := endpoint.Schema().Schema()
	rules, err := policy.New(schema)
	if err != nil {
		return err
	}
	versions, err := rest.Versions(schema)
	if err != nil {
		return err
	}
	for _, version := range versions {
		if version.Name != c.Version {
			continue
		}
		document, err := openapi.New(version, rules)
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
		_, err = out.Write(text)
		return err
	}
	return fmt.Errorf("there is no version %q of the REST API", c.Version)
}
