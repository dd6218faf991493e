package main

import (
	"fmt"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
)

// filterOf makes the input that filters a list of the type.
func (c *contract) filterOf(def *ast.Definition) *ast.Definition {
	name, noun := def.Name+"Filter", words(def.Name)
	input := &ast.Definition{
		Kind: ast.InputObject, Name: name, Directives: policyOf(def), // a filter tells of what it compares
		Description: fmt.Sprintf("Conditions on a %s. All that are given must hold.", noun),
		Fields: ast.FieldList{
			field("and", "All of these must hold.", listOf(name), nil),
			field("or", "At least one of these must hold; an empty list matches nothing.", listOf(name), nil),
			field("not", "This must not hold.", ast.NamedType(name, nil), nil),
			field("isNull", fmt.Sprintf("In a filter on something that refers to a %s: true if it refers to none.", noun), ast.NamedType("Boolean", nil), nil),
		},
	}
	for _, f := range def.Fields {
		if !odooFlag(f, "filter") {
			continue
		}
		typeName := f.Type.Name()
		description := fmt.Sprintf("On `%s`.", f.Name)
		switch {
		case c.listOf(f) != nil:
			typeName = c.listOf(f).Name + "Filter"
			description = fmt.Sprintf("At least one of `%s` meets all of this.", f.Name)
		case c.enums[typeName] != nil:
			c.filtered[typeName] = true
			typeName += "Filter"
		default:
			typeName += "Filter"
		}
		input.Fields = append(input.Fields, field(f.Name, description, ast.NamedType(typeName, nil), nil))
	}
	return input
}

// enumFilter makes the input that filters by an enum.
func enumFilter(enum *ast.Definition) *ast.Definition {
	return &ast.Definition{
		Kind: ast.InputObject, Name: enum.Name + "Filter",
		Description: fmt.Sprintf("Conditions on a %s. All that are given must hold.", words(enum.Name)),
		Fields: ast.FieldList{
			field("eq", "Is this.", ast.NamedType(enum.Name, nil), nil),
			field("neq", "Is not this.", ast.NamedType(enum.Name, nil), nil),
			field("in", "Is one of these; an empty list matches nothing.", listOf(enum.Name), nil),
			field("isNull", "True: has no value. False: has one.", ast.NamedType("Boolean", nil), nil),
		},
	}
}

func orderOf(def *ast.Definition) *ast.Definition {
	direction := field("direction", "Which way to sort.", nonNull("OrderDirection"), nil)
	direction.DefaultValue = &ast.Value{Kind: ast.EnumValue, Raw: "ASC"}
	return &ast.Definition{
		Kind: ast.InputObject, Name: def.Name + "Order",
		Description: fmt.Sprintf("One key of the order of a list of %s objects.", words(def.Name)),
		Fields:      ast.FieldList{field("field", "What to sort by.", nonNull(def.Name+"OrderField"), nil), direction},
	}
}

func (c *contract) orderFieldOf(def *ast.Definition) *ast.Definition {
	enum := &ast.Definition{
		Kind: ast.Enum, Name: def.Name + "OrderField",
		Description: fmt.Sprintf("What a list of %s objects can be sorted by.", words(def.Name)),
	}
	for _, f := range def.Fields {
		if f.Type.Name() == "ID" || c.types[f.Type.Name()] != nil || f.Type.Elem != nil || !odooFlag(f, "order") {
			continue
		}
		enum.EnumValues = append(enum.EnumValues, &ast.EnumValueDefinition{
			Name: constant(f.Name), Description: fmt.Sprintf("By `%s`.", f.Name),
		})
	}
	return enum
}

func connectionOf(def *ast.Definition) *ast.Definition {
	return &ast.Definition{
		Kind: ast.Object, Name: def.Name + "Connection", Directives: policyOf(def),
		Description: fmt.Sprintf("A page of %s objects.", words(def.Name)),
		Fields: ast.FieldList{
			field("edges", "The items of the page, each with its cursor.", required(listOf(def.Name+"Edge")), nil),
			field("nodes", "The items of the page.", required(listOf(def.Name)), nil),
			field("pageInfo", "Where the page lies.", nonNull("PageInfo"), nil),
			costly(field("totalCount", "How many items all pages have together. It is counted only when asked for.", nonNull("Int"), nil), 10),
		},
	}
}

func edgeOf(def *ast.Definition) *ast.Definition {
	return &ast.Definition{
		Kind: ast.Object, Name: def.Name + "Edge", Directives: ast.DirectiveList{cost(0)},
		Description: fmt.Sprintf("A %s with its place in a connection.", words(def.Name)),
		Fields: ast.FieldList{
			field("cursor", "The place: give it as `after` or `before`.", nonNull("String"), nil),
			field("node", "The item.", nonNull(def.Name), nil),
		},
	}
}

func connectionArguments(target *ast.Definition, root bool) ast.ArgumentDefinitionList {
	order := "The order: the first key counts most. Without it the items stand in the order that the document itself shows."
	if root {
		order = "The order: the first key counts most. Without it, or where items are equal, they stand in the order of their `databaseId`."
	}
	args := ast.ArgumentDefinitionList{
		argument("first", "How many items to return from the start of the list or of `after`: at most 100, by default 20.", ast.NamedType("Int", nil)),
		argument("after", "Only items that follow this cursor.", ast.NamedType("String", nil)),
		argument("last", "How many items to return from the end of the list or of `before`: at most 100. Not together with `first`.", ast.NamedType("Int", nil)),
		argument("before", "Only items that stand before this cursor.", ast.NamedType("String", nil)),
		argument("filter", "Which items to return. Archived ones are left out unless the filter speaks of `active`.", ast.NamedType(target.Name+"Filter", nil)),
		argument("orderBy", order, listOf(target.Name+"Order")),
	}
	if root {
		args = append(args, argument("search", "Only items that a person would find by typing this.", ast.NamedType("String", nil)))
	}
	return args
}

// odooArgs are the arguments of an @odoo directive.
type odooArgs map[string]any

func field(name, description string, t *ast.Type, odoo odooArgs) *ast.FieldDefinition {
	f := &ast.FieldDefinition{Name: name, Description: description, Type: t}
	if odoo == nil {
		return f
	}
	directive := &ast.Directive{Name: "odoo"}
	for _, arg := range []string{"field", "filter", "order"} {
		switch v := odoo[arg].(type) {
		case string:
			directive.Arguments = append(directive.Arguments, &ast.Argument{Name: arg, Value: &ast.Value{Kind: ast.StringValue, Raw: v}})
		case bool:
			directive.Arguments = append(directive.Arguments, &ast.Argument{Name: arg, Value: &ast.Value{Kind: ast.BooleanValue, Raw: strconv.FormatBool(v)}})
		}
	}
	f.Directives = ast.DirectiveList{directive}
	return f
}

// odooFlag tells whether @odoo leaves a flag of a field at its default, true.
func odooFlag(f *ast.FieldDefinition, flag string) bool {
	directive := f.Directives.ForName("odoo")
	if directive == nil {
		return true
	}
	arg := directive.Arguments.ForName(flag)
	return arg == nil || arg.Value.Raw == "true"
}

func argument(name, description string, t *ast.Type) *ast.ArgumentDefinition {
	return &ast.ArgumentDefinition{Name: name, Description: description, Type: t}
}

func nonNull(name string) *ast.Type { return ast.NonNullNamedType(name, nil) }

// listOf returns [name!].
func listOf(name string) *ast.Type { return ast.ListType(nonNull(name), nil) }

func required(t *ast.Type) *ast.Type {
	t.NonNull = true
	return t
}
