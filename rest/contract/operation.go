package contract

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// connectionFields are what the shim may ask of a list besides its items.
const connectionFields = `{ a { edges { cursor } totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`

// userErrorFields are what every change is asked for besides its record.
const userErrorFields = `{ userErrors { field message code currentUpdatedAt } }`

// finish builds the whole operation, from which each request takes its part, and
// validates it.
func (c *compiler) finish(r *Route, op *ast.OperationDefinition, way []*ast.Field) error {
	d := r.document
	for _, field := range way {
		copied := *field
		copied.SelectionSet = nil
		d.way = append(d.way, &copied)
	}
	result := d.way[len(d.way)-1]
	d.operation = &ast.OperationDefinition{Operation: op.Operation, Name: op.Name, Position: op.Position}
	for _, variable := range op.VariableDefinitions {
		inPath := slices.ContainsFunc(r.Parameters, func(p *Parameter) bool { return p.Name == variable.Variable })
		if r.Kind != Change && !inPath {
			return at(variable.Position, "the path has no {%s}", variable.Variable)
		}
		if inPath && usedIn(d.way, variable.Variable, d.fixed) {
			d.operation.VariableDefinitions = append(d.operation.VariableDefinitions, variable)
		}
	}
	switch r.Kind {
	case List:
		result.Arguments = nil
		for _, name := range listArguments {
			d.bind(result, name, name)
		}
	case Change:
		d.bind(d.way[0], bodyArgument, bodyVariable)
	}
	doc := r.whole()
	if err := validate(c.schema, doc); err != nil {
		return at(op.Position, "%s cannot be a route: %v", r.Name, err)
	}
	return nil
}

// bind gives an argument of a field the value of a variable.
func (d *document) bind(field *ast.Field, argument, variable string) {
	definition := field.Definition.Arguments.ForName(argument)
	if definition == nil {
		return
	}
	d.operation.VariableDefinitions = append(d.operation.VariableDefinitions, &ast.VariableDefinition{
		Variable: variable, Type: definition.Type, Position: field.Position,
	})
	field.Arguments = slices.DeleteFunc(slices.Clone(field.Arguments), func(a *ast.Argument) bool { return a.Name == argument })
	field.Arguments = append(field.Arguments, &ast.Argument{
		Name: argument, Position: field.Position, Value: &ast.Value{Kind: ast.Variable, Raw: variable, Position: field.Position},
	})
}

// usedIn tells whether fields use a variable, other than in a value that is left out.
func usedIn(fields []*ast.Field, name string, except *ast.Value) bool {
	for _, field := range fields {
		for _, argument := range field.Arguments {
			if argument.Value != except && uses(argument.Value, name) {
				return true
			}
		}
	}
	return false
}

func uses(value *ast.Value, name string) bool {
	if value.Kind == ast.Variable {
		return value.Raw == name
	}
	return slices.ContainsFunc(value.Children, func(child *ast.ChildValue) bool { return uses(child.Value, name) })
}

// whole returns the operation that asks for everything, whose fields know their
// definitions once it is validated.
func (r *Route) whole() *ast.QueryDocument {
	items := selection(r.Record)
	result := r.document.way[len(r.document.way)-1]
	switch r.Kind {
	case One, Change:
		result.SelectionSet = items
	case List:
		extra := parsed(connectionFields)
		edge, _ := extra[0].(*ast.Field)
		edge.SelectionSet = append(edge.SelectionSet, &ast.Field{Alias: "node", Name: "node", SelectionSet: items})
		result.SelectionSet = append(ast.SelectionSet{&ast.Field{Alias: "nodes", Name: "nodes", SelectionSet: items}}, extra...)
	}
	set := ast.SelectionSet{result}
	for i, field := range slices.Backward(r.document.way[:len(r.document.way)-1]) {
		field.SelectionSet = set
		if i == 0 && r.Kind == Change {
			errs := mustParse(userErrorFields)
			field.SelectionSet = append(field.SelectionSet, errs...)
		}
		set = ast.SelectionSet{field}
	}
	r.document.operation.SelectionSet = set
	return &ast.QueryDocument{Operations: ast.OperationList{r.document.operation}}
}

// parsed returns the fields below the first one of a document.
func parsed(text string) ast.SelectionSet {
	field, _ := mustParse(text)[0].(*ast.Field)
	return field.SelectionSet
}

func mustParse(text string) ast.SelectionSet {
	doc, err := parser.ParseQuery(&ast.Source{Input: text})
	if err != nil {
		panic(err) // it is a part of this file
	}
	return doc.Operations[0].SelectionSet
}

// selection returns what GraphQL is asked for a value.
func selection(v *Value) ast.SelectionSet {
	set := make(ast.SelectionSet, 0, len(v.Members))
	for _, m := range v.Members {
		field := *m.field
		switch m.Value.Form {
		case Object:
			field.SelectionSet = selection(m.Value)
		case Array:
			inner := *m.inner
			inner.SelectionSet = selection(m.Value.Items)
			field.SelectionSet = ast.SelectionSet{&inner}
		case Count:
			field.SelectionSet = ast.SelectionSet{m.inner}
		}
		set = append(set, &field)
	}
	return set
}
