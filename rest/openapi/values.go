package openapi

import (
	"math"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"odoograph/rest/contract"
)

var intType = &ast.Definition{Kind: ast.Scalar, Name: "Int"}

// leaf is a value of a scalar or an enum.
func (b *builder) leaf(def *ast.Definition, name string, at place) *Schema {
	if def.Kind != ast.Enum {
		return scalar(def, name, at)
	}
	return b.schema(def.Name, func() *Schema {
		s := &Schema{Type: "string"}
		lines := []string{inREST(def.Description), ""}
		for _, value := range def.EnumValues {
			name := strings.ToLower(value.Name)
			s.Enum = append(s.Enum, name)
			lines = append(lines, "- `"+name+"`: "+inREST(value.Description))
		}
		s.Description = strings.Join(lines, "\n")
		return s
	})
}

// componentOf is the name of the component that describes the record of a route.
func componentOf(r *contract.Route) string {
	if r.Record.Component != "" {
		return r.Record.Component
	}
	return title(r.Name) + "Record"
}

// record is what a route answers with.
func (b *builder) record(r *contract.Route) *Schema {
	return b.schema(componentOf(r), func() *Schema { return b.object(r.Record) })
}

// value is a value of an answer.
func (b *builder) value(v *contract.Value, name string) *Schema {
	var s *Schema
	switch v.Form {
	case contract.Leaf:
		s = b.leaf(v.Type, name, inAnswer)
	case contract.Count:
		s = whole(0, math.MaxInt32)
	case contract.Array:
		s = &Schema{Type: "array", MaxItems: v.MaxItems, Items: b.value(v.Items, name)}
	case contract.Object:
		if v.Component == "" {
			s = b.object(v)
		} else {
			s = b.schema(v.Component, func() *Schema { return b.object(v) })
		}
	}
	if v.Nullable {
		s = orNull(s)
	}
	return s
}

// object is an object of an answer. Nothing of it is required: `fields` leaves
// members out.
func (b *builder) object(v *contract.Value) *Schema {
	s := &Schema{Type: "object", Description: v.Description}
	if s.Description == "" {
		s.Description = inREST(v.Type.Description)
	}
	for _, m := range v.Shown() {
		member := described(b.value(m.Value, m.Name), paragraphs(inREST(m.Description), deprecation(m.Deprecated)))
		member.Deprecated = m.Deprecated != ""
		if m.Value.Form == contract.Leaf && m.Value.Type.Kind != ast.Enum {
			member.Examples = []any{leafExample(m.Value.Type, v.Type.Name, m.Name)}
		}
		s.Properties.Set(m.Name, member)
	}
	return s
}

func deprecation(reason string) string {
	if reason == "" {
		return ""
	}
	return "Deprecated: " + inREST(reason)
}
