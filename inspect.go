package main

import (
	"os"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"

	"odoograph/endpoint"
)

type schemaCommand struct{}

// Run prints the contract as clients see it.
func (schemaCommand) Run() error { //nolint:unparam // kong wants an error
	schema := endpoint.Schema().Schema()
	for _, def := range schema.Types {
		def.Directives = removed(def.Directives)
		for _, field := range def.Fields {
			field.Directives = removed(field.Directives)
		}
		for _, value := range def.EnumValues {
			value.Directives = removed(value.Directives)
		}
	}
	delete(schema.Directives, "odoo")
	formatter.NewFormatter(os.Stdout, formatter.WithIndent("  ")).FormatSchema(schema)
	return nil
}

// removed returns the directives without @odoo, which is nobody's business outside.
func removed(directives ast.DirectiveList) ast.DirectiveList {
	var kept ast.DirectiveList
	for _, directive := range directives {
		if directive.Name != "odoo" {
			kept = append(kept, directive)
		}
	}
	return kept
}
