package contract

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// Input is a value that a body can have.
type Input struct {
	// Form is Leaf, Object or Array.
	Form Form
	// Type is the GraphQL type of a Leaf or an Object.
	Type *ast.Definition
	// Nullable tells whether it can be null, which clears.
	Nullable bool
	// OneOf tells that an Object has exactly one member.
	OneOf bool
	// Fields are the members of an Object.
	Fields []*InputField
	// Items are those of an Array.
	Items *Input
}

// InputField is a member of an Object of a body.
type InputField struct {
	Name, Description string
	Required          bool
	Value             *Input

	graphql string
}

// conditionField is the input field that makes a change depend on the version of
// its record: HTTP has a header for it.
const conditionField = "ifUnmodifiedSince"

// change finds out what the body of a change is.
func (c *compiler) change(r *Route, op *ast.OperationDefinition, mutation *ast.Field) error {
	argument := mutation.Arguments.ForName(bodyArgument)
	if argument == nil || len(mutation.Arguments) != 1 {
		return at(mutation.Position, "a mutation of a route has the argument `input` alone")
	}
	def := c.schema.Types[argument.Value.ExpectedType.Name()]
	var err error
	if r.Body, err = c.inputObject(def); err != nil {
		return at(argument.Position, "%v", err)
	}
	if argument.Value.Kind == ast.ObjectValue {
		r.document.fixed = argument.Value
		whole := r.Body
		r.Body = &Input{Form: Object, Type: def}
		for _, field := range whole.Fields {
			if given := argument.Value.Children.ForName(field.graphql); given == nil || r.isOpen(given) {
				r.Body.Fields = append(r.Body.Fields, field)
			}
		}
	}
	r.Body.Fields = slices.DeleteFunc(slices.Clone(r.Body.Fields), func(f *InputField) bool { return f.graphql == conditionField })
	r.Conditional = def.Fields.ForName(conditionField) != nil
	if len(r.Body.Fields) == 0 {
		r.Body = nil
	}
	return nil
}

// isOpen tells whether a value is a variable that the path does not give, and so
// one of the body.
func (r *Route) isOpen(value *ast.Value) bool {
	return value.Kind == ast.Variable && !slices.ContainsFunc(r.Parameters, func(p *Parameter) bool { return p.Name == value.Raw })
}

// inputObject makes an object of an input type, once.
func (c *compiler) inputObject(def *ast.Definition) (*Input, error) {
	known, begun := c.inputs[def.Name]
	if begun && known == nil {
		return nil, fmt.Errorf("%s refers to itself: a body cannot", def.Name)
	}
	if begun {
		return known, nil
	}
	c.inputs[def.Name] = nil
	in := &Input{Form: Object, Type: def, OneOf: def.Directives.ForName("oneOf") != nil}
	// The field of the object type that an input field sets has the name.
	owner := def.Name
	if sets := def.Directives.ForName("sets"); sets != nil {
		owner, _ = sets.ArgumentMap(nil)["type"].(string)
	}
	for _, field := range def.Fields {
		if in.OneOf && field.Name == "id" {
			continue // the global id, which REST does not have
		}
		value, err := c.input(field.Type)
		if err != nil {
			return nil, err
		}
		in.Fields = append(in.Fields, &InputField{
			Name: c.names.of(owner, field.Name), graphql: field.Name, Description: field.Description,
			Required: field.Type.NonNull && field.DefaultValue == nil, Value: value,
		})
	}
	c.inputs[def.Name] = in
	return in, nil
}

func (c *compiler) input(t *ast.Type) (*Input, error) {
	def := c.schema.Types[t.Name()]
	in := &Input{Form: Leaf, Type: def}
	switch {
	case t.Elem != nil:
		items, err := c.input(t.Elem)
		if err != nil {
			return nil, err
		}
		in = &Input{Form: Array, Items: items}
	case def.Kind == ast.InputObject:
		object, err := c.inputObject(def)
		if err != nil {
			return nil, err
		}
		copied := *object // whether it can be null is said where it is used
		in = &copied
	}
	in.Nullable = !t.NonNull
	return in, nil
}

// PathOf returns the name in REST of what GraphQL says of the argument `input`:
// ["input", "lines", "0", "product"] is "lines.0.product". What the path of the
// route says has the name of its parameter.
func (r *Route) PathOf(steps []string) string {
	if len(steps) > 0 && steps[0] == bodyArgument {
		steps = steps[1:]
	}
	if len(steps) > 0 {
		if steps[0] == conditionField {
			return "If-Match"
		}
		name := variableAt(r.document.fixed, steps)
		if slices.ContainsFunc(r.Parameters, func(p *Parameter) bool { return p.Name == name }) {
			return name
		}
	}
	var out []string
	at := r.Body
	for _, step := range steps {
		name, next := step, (*Input)(nil)
		switch {
		case at == nil:
		case at.Form == Array:
			next = at.Items
		case at.Form == Object:
			for _, field := range at.Fields {
				if field.graphql == step {
					name, next = field.Name, field.Value
				}
			}
		}
		out, at = append(out, name), next
	}
	return strings.Join(out, ".")
}

// variableAt returns the variable that a literal has at a place, or below it.
func variableAt(value *ast.Value, steps []string) string {
	if value == nil {
		return ""
	}
	if value.Kind == ast.Variable {
		return value.Raw
	}
	for _, child := range value.Children {
		if len(steps) > 0 && child.Name != steps[0] {
			continue
		}
		rest := steps
		if len(rest) > 0 {
			rest = rest[1:]
		} else if len(value.Children) > 1 {
			return ""
		}
		if name := variableAt(child.Value, rest); name != "" {
			return name
		}
	}
	return ""
}
