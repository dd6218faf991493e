package graph_test

import (
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"odoograph/endpoint"
)

// Every element of the schema says what it is, to somebody who never saw Odoo.
func TestEveryElementIsDescribed(t *testing.T) {
	check := func(name, description string) {
		if strings.TrimSpace(description) == "" {
			t.Errorf("%s has no description", name)
		}
	}
	schema := endpoint.Schema().Schema()
	for name, def := range schema.Types {
		if def.BuiltIn {
			continue
		}
		check(name, def.Description)
		for _, field := range def.Fields {
			if strings.HasPrefix(field.Name, "__") {
				continue
			}
			check(name+"."+field.Name, field.Description)
			for _, argument := range field.Arguments {
				check(name+"."+field.Name+"("+argument.Name+":)", argument.Description)
			}
		}
		for _, value := range def.EnumValues {
			check(name+"."+value.Name, value.Description)
		}
	}
}

// What a caller may not read is null: it must not take its parent with it.
func TestRelationsAreNullable(t *testing.T) {
	schema := endpoint.Schema().Schema()
	for name, def := range schema.Types {
		if def.Directives.ForName("odoo") == nil {
			continue
		}
		for _, field := range def.Fields {
			if kind := schema.Types[field.Type.Name()].Kind; field.Type.NonNull && (kind == ast.Object || kind == ast.Enum) {
				t.Errorf("%s.%s is not nullable", name, field.Name)
			}
		}
	}
}
