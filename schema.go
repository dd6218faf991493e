package main

import (
	"io"

	"odoograph/endpoint"
	"odoograph/graph/sdl"
)

type schemaCommand struct{}

// Run prints the contract as clients see it.
func (schemaCommand) Run(out io.Writer) error { //nolint:unparam // kong wants an error
	sdl.Print(out, endpoint.Schema().Schema())
	return nil
}
