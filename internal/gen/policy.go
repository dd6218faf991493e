package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// policyOf returns the scope of a type, for the types that are made from it.
func policyOf(def *ast.Definition) ast.DirectiveList {
	if auth := def.Directives.ForName("auth"); auth != nil {
		return ast.DirectiveList{auth}
	}
	return nil
}

// cost returns the directive of that weight.
func cost(weight int) *ast.Directive {
	return &ast.Directive{Name: "cost", Arguments: ast.ArgumentList{
		{Name: "weight", Value: &ast.Value{Kind: ast.IntValue, Raw: strconv.Itoa(weight)}},
	}}
}

func costly(f *ast.FieldDefinition, weight int) *ast.FieldDefinition {
	f.Directives = append(f.Directives, cost(weight))
	return f
}

// explain adds to a description what the directives say, which clients do not
// see otherwise.
func explain(description string, directives ast.DirectiveList) string {
	var notes []string
	if auth := directives.ForName("auth"); auth != nil {
		if scope := auth.Arguments.ForName("scope"); scope != nil {
			notes = append(notes, fmt.Sprintf("Needs the scope `%s`.", scope.Value.Raw))
		}
	}
	if limit := directives.ForName("rateLimit"); limit != nil {
		window := "60s"
		if given := limit.Arguments.ForName("window"); given != nil {
			window = given.Value.Raw
		}
		notes = append(notes, fmt.Sprintf("At most %s times in %s.", limit.Arguments.ForName("limit").Value.Raw, window))
	}
	if cost := directives.ForName("cost"); cost != nil && cost.Arguments.ForName("weight").Value.Raw != "0" {
		notes = append(notes, fmt.Sprintf("Costs %s points.", cost.Arguments.ForName("weight").Value.Raw))
	}
	if len(notes) == 0 {
		return description
	}
	return strings.TrimSpace(description) + "\n\n" + strings.Join(notes, " ")
}

// explainPolicy completes the descriptions of all object types and their fields.
func (c *contract) explainPolicy() {
	for _, doc := range c.documents {
		for _, def := range append(append(ast.DefinitionList{}, doc.Definitions...), doc.Extensions...) {
			if def.Kind != ast.Object {
				continue
			}
			def.Description = explain(def.Description, def.Directives)
			for _, f := range def.Fields {
				f.Description = explain(f.Description, f.Directives)
			}
		}
	}
}
