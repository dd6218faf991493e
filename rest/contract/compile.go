package contract

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"odoograph/internal/casing"
)

const (
	// resultAlias marks the field that is answered.
	resultAlias = "data"
	// bodyVariable and bodyArgument take the body of a request.
	bodyVariable = "input"
	bodyArgument = "input"
	// The members of an answer that are asked for the sake of its headers.
	versionAlias = "_version"
	idAlias      = "_id"
)

// route makes a route of a valid operation.
func (c *compiler) route(op *ast.OperationDefinition) (*Route, error) {
	r := &Route{document: &document{}}
	filters, err := r.describe(op)
	if err != nil {
		return nil, err
	}
	way, err := wayTo(op)
	if err != nil {
		return nil, err
	}
	result := way[len(way)-1]
	root := way[0]
	r.Kind = One
	itemsOf := result
	if op.Operation == ast.Mutation {
		r.Kind = Change
	} else if nodes := soleField(result, "nodes"); nodes != nil && isConnection(result) {
		r.Kind, itemsOf = List, nodes
	}
	if r.Kind != List && len(filters) > 0 {
		return nil, at(op.Position, "%s answers no list: there is nothing to filter", op.Name)
	}
	item := c.schema.Types[itemsOf.Definition.Type.Name()]
	if item.Kind != ast.Object || r.Kind != List && (isConnection(result) || result.Definition.Type.Elem != nil) {
		return nil, at(result.Position, "`data` must be an object, or a connection of which `nodes` alone is selected")
	}
	if r.Record, err = c.object(item, itemsOf.SelectionSet); err != nil {
		return nil, err
	}
	r.Noun = noun(item.Name)
	if len(way) > 1 && r.Kind != Change {
		r.Noun = noun(way[len(way)-2].Definition.Type.Name())
	}
	switch r.Kind {
	case List:
		err = c.list(r, result, item, filters)
	case Change:
		err = c.change(r, op, root)
	}
	if err != nil {
		return nil, err
	}
	if r.Kind != List {
		r.addHidden(item, op.Position)
	}
	return r, c.finish(r, op, way)
}

// noun is what people call the records of a type: "sale order".
func noun(typeName string) string {
	return strings.ReplaceAll(casing.Snake(strings.ToLower(typeName[:1])+typeName[1:]), "_", " ")
}

// wayTo returns the fields from the root to the one that is answered.
func wayTo(op *ast.OperationDefinition) ([]*ast.Field, error) {
	var way []*ast.Field
	for set := op.SelectionSet; len(set) == 1; {
		field, ok := set[0].(*ast.Field)
		if !ok {
			break
		}
		if way = append(way, field); field.Alias == resultAlias {
			return way, nil
		}
		set = field.SelectionSet
	}
	return nil, at(op.Position, "%s has no field with the alias `data`, reached through single fields", op.Name)
}

// isConnection tells whether a field leads to a Relay connection.
func isConnection(field *ast.Field) bool {
	return strings.HasSuffix(field.Definition.Type.Name(), "Connection")
}

// soleField returns the field that alone is selected, nil if another one is.
func soleField(of *ast.Field, name string) *ast.Field {
	if len(of.SelectionSet) != 1 {
		return nil
	}
	if field, ok := of.SelectionSet[0].(*ast.Field); ok && field.Name == name {
		return field
	}
	return nil
}

// addHidden asks for what the headers of an answer say of its record.
func (r *Route) addHidden(item *ast.Definition, place *ast.Position) {
	for _, hidden := range []struct{ alias, name string }{{versionAlias, "updatedAt"}, {idAlias, "databaseId"}} {
		if definition := item.Fields.ForName(hidden.name); definition != nil {
			r.Record.Members = append(r.Record.Members, &Member{
				Name: hidden.alias, hidden: true, field: &ast.Field{Alias: hidden.alias, Name: hidden.name, Definition: definition, ObjectDefinition: item, Position: place},
				Value: &Value{Form: Leaf, Type: &ast.Definition{Kind: ast.Scalar, Name: definition.Type.Name()}},
			})
		}
	}
	r.Record.plain = false
}
