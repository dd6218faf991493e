package contract

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"odoograph/internal/casing"
)

// lookups are the suffixes of filters for the operators of the schema. They are
// those of Django, which those who work with Odoo, in Python, know best; ranges
// are two filters.
var lookups = map[string]string{
	"eq": "", "neq": "__ne", "in": "__in", "contains": "__contains", "startsWith": "__startswith", "endsWith": "__endswith",
	"gt": "__gt", "gte": "__gte", "lt": "__lt", "lte": "__lte", "isNull": "__isnull",
}

// arguments of a connection that a list gives, and their variables.
var listArguments = []string{"first", "after", "last", "before", "filter", "orderBy", "search"}

// list finds out what a list can be filtered and sorted by: what its items show,
// and what the document names besides.
func (c *compiler) list(r *Route, result *ast.Field, item *ast.Definition, further []string) error {
	for _, argument := range result.Arguments {
		switch argument.Name {
		case "filter":
			r.document.fixed = argument.Value
		case "orderBy":
			r.document.order = argument.Value
		default:
			return at(argument.Position, "`%s` of a list is for the client to say", argument.Name)
		}
	}
	filter := c.schema.Types[item.Name+"Filter"]
	c.shown(r, filter, r.Record, nil, nil, "")
	for _, path := range further {
		if err := c.further(r, result, filter, item, strings.Split(path, ".")); err != nil {
			return err
		}
	}
	slices.SortStableFunc(r.Filters, func(a, b *Filter) int { return strings.Compare(a.Name, b.Name) })
	c.sorts(r, item)
	return nil
}

// shown adds filters on what items show, and on what they refer to.
func (c *compiler) shown(r *Route, filter *ast.Definition, v *Value, path, names []string, about string) {
	for _, m := range v.Members {
		input := filter.Fields.ForName(m.field.Name)
		if input == nil || m.hidden || m.Value.Form == Count {
			continue
		}
		steps, labels := append(slices.Clone(path), m.field.Name), append(slices.Clone(names), m.Name)
		within := m.Value
		if within.Form == Array {
			within = within.Items
		}
		of := c.schema.Types[input.Type.Name()]
		switch {
		case within.Form == Leaf:
			c.operators(r, of, sentences(about, m.Description), steps, labels)
		case len(path) == 0:
			c.shown(r, of, within, steps, labels, m.Description)
			if m.Value.Form == Object && m.Value.Nullable {
				c.operator(r, of.Fields.ForName("isNull"), m.Description, steps, labels)
			}
		}
	}
}

// further adds the filters on a field that the document names by its path.
func (c *compiler) further(r *Route, place *ast.Field, filter, owner *ast.Definition, path []string) error {
	var steps, labels []string
	description := ""
	for _, name := range path {
		field := owner.Fields.ForName(name)
		input := filter.Fields.ForName(name)
		if field == nil || input == nil {
			return at(place.Position, "@rest(filters:): %s cannot be filtered by %s", owner.Name, strings.Join(path, "."))
		}
		steps, labels = append(steps, name), append(labels, c.names.of(owner.Name, name))
		description = sentences(description, field.Description)
		filter = c.schema.Types[input.Type.Name()]
		next := strings.TrimSuffix(field.Type.Name(), "Connection")
		owner = c.schema.Types[next]
	}
	if owner.Kind == ast.Object {
		return at(place.Position, "@rest(filters:): %s is a record: name a field of it", strings.Join(path, "."))
	}
	c.operators(r, filter, description, steps, labels)
	return nil
}

// operators adds a filter for each way of comparing a field.
func (c *compiler) operators(r *Route, filter *ast.Definition, description string, steps, labels []string) {
	for _, operator := range filter.Fields {
		// The numbers of records that another one refers to have no order that means anything.
		if related := len(steps) > 1 && steps[len(steps)-1] == "databaseId"; related && operator.Name != "eq" && operator.Name != "in" {
			continue
		}
		c.operator(r, operator, description, steps, labels)
	}
}

// operator adds a filter, once.
func (c *compiler) operator(r *Route, operator *ast.FieldDefinition, description string, steps, labels []string) {
	suffix, known := lookups[operator.Name]
	name := strings.Join(labels, "__") + suffix
	if !known || slices.ContainsFunc(r.Filters, func(f *Filter) bool { return f.Name == name }) {
		return
	}
	r.Filters = append(r.Filters, &Filter{
		Name: name, Description: sentences(description, operator.Description),
		Type: c.schema.Types[operator.Type.Name()], Many: operator.Type.Elem != nil,
		path: append(slices.Clone(steps), operator.Name),
	})
}

// sentences joins what is said of the steps to a field.
func sentences(texts ...string) string { return strings.TrimSpace(strings.Join(texts, " ")) }

// sorts finds the fields of an item that the schema can order by.
func (c *compiler) sorts(r *Route, item *ast.Definition) {
	orders := c.schema.Types[item.Name+"OrderField"]
	for _, m := range r.Record.Members {
		if m.Value.Form != Leaf {
			continue
		}
		value := strings.ToUpper(casing.Snake(m.field.Name))
		if orders.EnumValues.ForName(value) != nil {
			r.Sorts = append(r.Sorts, &Sort{Name: m.Name, value: value})
		}
	}
}
