package mutation_test

import (
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"odoograph/endpoint"
)

// What the mutations take from the schema, so that none of it has to be looked at
// when a request comes.

// subjects are the fields of inputs that set nothing: they name the record that is
// to be changed, of these types.
var subjects = map[string]string{"Partner": "partner", "SaleOrder": "order", "SaleOrderLine": "line"}

// setBy returns the name of the type whose fields an input sets, "" if it sets none.
func setBy(def *ast.Definition) string {
	directive := def.Directives.ForName("sets")
	if directive == nil {
		return ""
	}
	name, _ := directive.ArgumentMap(nil)["type"].(string)
	return name
}

func TestInputsSetFieldsOfTheirType(t *testing.T) {
	schema := endpoint.Schema().Schema()
	inputs := 0
	for name, def := range schema.Types {
		if def.Directives.ForName("sets") == nil {
			continue
		}
		inputs++
		target := schema.Types[setBy(def)]
		if target == nil || target.Kind != ast.Object || target.Directives.ForName("odoo") == nil {
			t.Errorf("%s sets fields of %q, which is no type of records", name, setBy(def))
			continue
		}
		for _, field := range def.Fields {
			sets := target.Fields.ForName(field.Name)
			switch {
			case field.Name == subjects[target.Name] || field.Name == "ifUnmodifiedSince":
				if sets != nil {
					t.Errorf("%s.%s is a field of %s too: which is meant?", name, field.Name, target.Name)
				}
			case sets == nil:
				t.Errorf("%s.%s: %s has no such field", name, field.Name, target.Name)
			case !fits(schema, field.Type, sets.Type):
				t.Errorf("%s.%s is a %s, which does not set a %s", name, field.Name, field.Type, sets.Type)
			}
		}
	}
	if inputs < 7 {
		t.Errorf("%d inputs set fields: the directive is lost", inputs)
	}
}

// fits tells whether values of an input's type set a field: the same scalar or
// enum; the key of a record, or new ones, for a relation.
func fits(schema *ast.Schema, given, set *ast.Type) bool {
	name, many := strings.CutSuffix(set.Name(), "Connection")
	if many = many || set.Elem != nil; many != (given.Elem != nil) {
		return false
	}
	if schema.Types[name].Kind != ast.Object {
		return given.Name() == name
	}
	return given.Name() == name+"Key" || setBy(schema.Types[given.Name()]) == name
}

func TestMutationsHaveOneShape(t *testing.T) {
	schema := endpoint.Schema().Schema()
	mutations := 0
	for _, field := range schema.Mutation.Fields {
		if strings.HasPrefix(field.Name, "__") {
			continue
		}
		mutations++
		base := strings.ToUpper(field.Name[:1]) + field.Name[1:]
		if len(field.Arguments) != 1 || field.Arguments[0].Name != "input" || field.Arguments[0].Type.String() != base+"Input!" || field.Arguments[0].DefaultValue != nil {
			t.Errorf("%s does not take input: %sInput! alone", field.Name, base)
		}
		if input := schema.Types[base+"Input"]; input == nil || input.Kind != ast.InputObject {
			t.Errorf("%s has no input object", field.Name)
		}
		if field.Type.String() != base+"Payload" {
			t.Errorf("%s answers %s, want %sPayload", field.Name, field.Type, base)
		}
		checkPayload(t, schema, schema.Types[field.Type.Name()])
		scope := ""
		if auth := field.Directives.ForName("auth"); auth != nil {
			scope, _ = auth.ArgumentMap(nil)["scope"].(string)
		}
		if resource, ok := strings.CutSuffix(scope, ":write"); !ok || resource == "" {
			t.Errorf("%s needs the scope %q, want one to write", field.Name, scope)
		}
		if field.Directives.ForName("cost") == nil {
			t.Errorf("%s costs nothing of its own", field.Name)
		}
	}
	if mutations < 16 {
		t.Errorf("%d mutations are looked at", mutations)
	}
}

// checkPayload looks for one field with a record, or with records, and userErrors.
// A record that the user may not see is null, and takes nothing else with it.
func checkPayload(t *testing.T, schema *ast.Schema, payload *ast.Definition) {
	t.Helper()
	if payload == nil || payload.Kind != ast.Object || len(payload.Fields) != 2 {
		t.Errorf("%+v is not of a record and userErrors", payload)
		return
	}
	if errors := payload.Fields.ForName("userErrors"); errors == nil || errors.Type.String() != "[UserError!]!" {
		t.Errorf("%s has no userErrors: [UserError!]!", payload.Name)
	}
	for _, field := range payload.Fields {
		if field.Name == "userErrors" {
			continue
		}
		if field.Type.NonNull || schema.Types[field.Type.Name()].Directives.ForName("odoo") == nil {
			t.Errorf("%s.%s is a %s, want a record that may be null", payload.Name, field.Name, field.Type)
		}
	}
}

func TestKeysNameRecordsOfTheirType(t *testing.T) {
	schema := endpoint.Schema().Schema()
	keys := 0
	for name, def := range schema.Types {
		typeName, ok := strings.CutSuffix(name, "Key")
		if !ok || def.Kind != ast.InputObject {
			continue
		}
		keys++
		target := schema.Types[typeName]
		if target == nil || target.Directives.ForName("odoo") == nil {
			t.Errorf("%s: there is no type %s of records", name, typeName)
			continue
		}
		if def.Directives.ForName("oneOf") == nil {
			t.Errorf("%s lacks @oneOf", name)
		}
		for _, field := range def.Fields {
			if field.Type.NonNull || field.Type.Elem != nil || field.DefaultValue != nil {
				t.Errorf("%s.%s: %s cannot be one of several", name, field.Name, field.Type)
			}
			known := target.Fields.ForName(field.Name)
			if known == nil || known.Type.Name() != field.Type.Name() {
				t.Errorf("%s.%s: %s has no such field of this type", name, field.Name, typeName)
			}
		}
		for _, id := range []string{"id", "databaseId"} {
			if def.Fields.ForName(id) == nil {
				t.Errorf("%s lacks %s", name, id)
			}
		}
	}
	if keys < 10 {
		t.Errorf("%d keys are looked at", keys)
	}
}
