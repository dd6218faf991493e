// Package sdl writes the contract as clients see it, in the schema definition
// language of GraphQL. It imports no other package of this module.
package sdl

import (
	"io"
	"maps"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
)

// internal are the directives that tell the gateway how to serve the schema. They
// are nobody's business outside.
var internal = map[string]bool{"odoo": true, "sets": true}

// Print writes the published part of a schema, which stays as it is.
func Print(w io.Writer, schema *ast.Schema) {
	formatter.NewFormatter(w, formatter.WithIndent("  ")).FormatSchema(Published(schema))
}

// Published returns a schema without what the gateway keeps to itself. Both share
// what they have in common.
func Published(schema *ast.Schema) *ast.Schema {
	published := *schema
	published.Directives = maps.Clone(schema.Directives)
	maps.DeleteFunc(published.Directives, func(name string, _ *ast.DirectiveDefinition) bool { return internal[name] })
	published.Types = make(map[string]*ast.Definition, len(schema.Types))
	for name, def := range schema.Types {
		published.Types[name] = publishedType(def)
	}
	named := func(def *ast.Definition) *ast.Definition {
		if def == nil {
			return nil
		}
		return published.Types[def.Name]
	}
	published.Query, published.Mutation, published.Subscription = named(schema.Query), named(schema.Mutation), named(schema.Subscription)
	return &published
}

func publishedType(def *ast.Definition) *ast.Definition {
	published := *def
	published.Directives = without(def.Directives)
	published.Fields = make(ast.FieldList, len(def.Fields))
	for i, field := range def.Fields {
		copied := *field
		copied.Directives = without(field.Directives)
		published.Fields[i] = &copied
	}
	published.EnumValues = make(ast.EnumValueList, len(def.EnumValues))
	for i, value := range def.EnumValues {
		copied := *value
		copied.Directives = without(value.Directives)
		published.EnumValues[i] = &copied
	}
	return &published
}

func without(directives ast.DirectiveList) ast.DirectiveList {
	var kept ast.DirectiveList
	for _, directive := range directives {
		if !internal[directive.Name] {
			kept = append(kept, directive)
		}
	}
	return kept
}
