// Command gen writes all code that follows from graph/schema: the published
// contract (graph/contract), the Go type of each object type (graph/model) and,
// through gqlgen, the executable schema (graph) and the stubs of root resolvers
// (resolvers). It imports nothing of this module. Run it with go generate ./...
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/99designs/gqlgen/api"
	"github.com/99designs/gqlgen/codegen/config"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"golang.org/x/tools/imports"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run() error {
	documents, err := parse("graph/schema")
	if err != nil {
		return err
	}
	contract, err := expand(documents)
	if err != nil {
		return err
	}
	imports.LocalPrefix = "odoograph"
	if err := contract.write("graph/contract"); err != nil {
		return err
	}
	if err := contract.writeModels("graph/model"); err != nil {
		return err
	}
	payloads, err := contract.payloads()
	if err != nil {
		return err
	}
	if err := writePayloads(payloads, "graph/model"); err != nil {
		return err
	}
	cfg, err := config.LoadConfig("gqlgen.yml")
	if err != nil {
		return err
	}
	bindPayloads(payloads, cfg.Models)
	for _, input := range contract.inputs() {
		// The planner reads arguments by name: no input needs a struct.
		cfg.Models.Add(input, "map[string]interface{}")
	}
	if err := api.Generate(cfg, api.AddPlugin(rootResolvers{contract})); err != nil {
		return err
	}
	return sequential("graph")
}

// document is one schema file.
type document struct {
	name string // "partner.graphqls"
	*ast.SchemaDocument
}

func parse(dir string) ([]*document, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.graphqls"))
	if err != nil || len(paths) == 0 {
		return nil, fmt.Errorf("no schema in %s: run go generate ./... at the top of the module (%w)", dir, err)
	}
	var documents []*document
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		doc, err := parser.ParseSchema(&ast.Source{Name: path, Input: string(text)})
		if err != nil {
			return nil, err
		}
		documents = append(documents, &document{filepath.Base(path), doc})
	}
	return documents, nil
}
