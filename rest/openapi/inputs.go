package openapi

import (
	"net/http"
	"regexp"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"

	"odoograph/rest/contract"
)

// longestList bounds lists of new records in bodies, longestLinks those of records
// that are there, unless the schema says otherwise.
const longestList, longestLinks = 500, 100

// atMost is where a description bounds a list.
var atMost = regexp.MustCompile(`at most (\d+)`)

// body is what a change takes.
func (b *builder) body(r *contract.Route) *RequestBody {
	name := title(r.Name) + "Body"
	media := &Media{
		Schema:   b.schema(name, func() *Schema { return b.inputObject(r.Body) }),
		Examples: Ordered[*Example]{{"example", b.example(name, func() any { return bodyExample(r) })}},
	}
	out := &RequestBody{
		Description: inREST(r.Body.Type.Description), Required: true,
		Content: Ordered[*Media]{{"application/json", media}},
	}
	if r.Method == http.MethodPatch { // RFC 7396
		out.Content.Set("application/merge-patch+json", media)
	}
	return out
}

// noBody is what a change without a body takes: some clients always send one.
func (b *builder) noBody() *RequestBody {
	nothing := b.schema("NoBody", func() *Schema {
		return &Schema{Type: "object", Description: "An object without members.", AdditionalProperties: new(bool)}
	})
	return &RequestBody{
		Description: "None is needed; `{}` is taken for none.",
		Content:     Ordered[*Media]{{"application/json", &Media{Schema: nothing}}},
	}
}

// input is a value of a body.
func (b *builder) input(in *contract.Input, name, description string) *Schema {
	var s *Schema
	switch in.Form {
	case contract.Array:
		s = &Schema{Type: "array", MaxItems: longestList, Items: b.input(in.Items, name, "")}
		if in.Items.OneOf {
			s.MaxItems = longestLinks
		}
		if bound := atMost.FindStringSubmatch(description); bound != nil {
			s.MaxItems, _ = strconv.Atoi(bound[1])
		}
	case contract.Object:
		s = b.schema(in.Type.Name, func() *Schema { return b.inputObject(in) })
	default:
		s = b.leaf(in.Type, name, inBody)
	}
	if in.Nullable {
		s = orNull(s)
	}
	return s
}

// inputObject is an object of a body, which has no members but these.
func (b *builder) inputObject(in *contract.Input) *Schema {
	s := &Schema{Type: "object", Description: inREST(in.Type.Description), AdditionalProperties: new(bool)}
	if in.OneOf {
		s.MinProperties, s.MaxProperties = 1, 1
	}
	for _, field := range in.Fields {
		value := *field.Value
		value.Nullable = value.Nullable && !in.OneOf
		member := described(b.input(&value, field.Name, field.Description), inREST(field.Description))
		if value.Form == contract.Leaf && value.Type.Kind != ast.Enum {
			member.Examples = []any{leafExample(value.Type, objectOf(in.Type), field.Name)}
		}
		s.Properties.Set(field.Name, member)
		if field.Required {
			s.Required = append(s.Required, field.Name)
		}
	}
	return s
}
