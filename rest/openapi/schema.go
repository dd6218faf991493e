package openapi

import (
	"math"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"odoograph/rest/contract"
)

// Schema is a JSON Schema, as far as one is needed here.
type Schema struct {
	Ref                  string           `json:"$ref,omitempty"`
	Title                string           `json:"title,omitempty"`
	Description          string           `json:"description,omitempty"`
	Deprecated           bool             `json:"deprecated,omitempty"`
	Type                 any              `json:"type,omitempty"` // a name or a list of names
	Format               string           `json:"format,omitempty"`
	Pattern              string           `json:"pattern,omitempty"`
	Enum                 []any            `json:"enum,omitempty"`
	MinLength            int              `json:"minLength,omitempty"`
	MaxLength            int              `json:"maxLength,omitempty"`
	Minimum              *int             `json:"minimum,omitempty"`
	Maximum              *int             `json:"maximum,omitempty"`
	MinItems             int              `json:"minItems,omitempty"`
	MaxItems             int              `json:"maxItems,omitempty"`
	Items                *Schema          `json:"items,omitempty"`
	Properties           Ordered[*Schema] `json:"properties,omitempty"`
	Required             []string         `json:"required,omitempty"`
	MinProperties        int              `json:"minProperties,omitempty"`
	MaxProperties        int              `json:"maxProperties,omitempty"`
	AdditionalProperties *bool            `json:"additionalProperties,omitempty"`
	OneOf                []*Schema        `json:"oneOf,omitempty"`
	Examples             []any            `json:"examples,omitempty"`
}

const (
	// anyText is the pattern of texts without a form of their own.
	anyText = `^[^\x00]*$`
	// decimalText is the pattern of decimal numbers.
	decimalText = `^-?[0-9]+(\.[0-9]+)?$`
	// longestSent bounds texts in requests: a body has no more bytes.
	longestSent = 1 << 20
	// longestAnswered bounds texts in answers: Odoo's have no more bytes.
	longestAnswered = 64 << 20
	// longestDecimalSent and longestDecimalAnswered are those of decimal numbers.
	longestDecimalSent, longestDecimalAnswered = 40, 400
	longestTime                                = 40
)

// place is where a value stands, which decides how it may be written.
type place int

const (
	inQuery place = iota
	inBody
	inAnswer
)

// text is a string of at most this many characters, which match the pattern.
func text(longest int, pattern string) *Schema {
	return &Schema{Type: "string", MaxLength: longest, Pattern: pattern}
}

// whole is a number in these bounds.
func whole(least, most int) *Schema {
	return &Schema{Type: "integer", Format: "int32", Minimum: &least, Maximum: &most}
}

// scalar is a value of a GraphQL scalar: name is that of the member or parameter.
func scalar(def *ast.Definition, name string, at place) *Schema {
	switch def.Name {
	case "Boolean":
		return &Schema{Type: "boolean"}
	case "Int":
		if name == "id" || strings.HasSuffix(name, "_id") {
			return whole(1, math.MaxInt32)
		}
		return whole(math.MinInt32, math.MaxInt32)
	case "Decimal":
		s := text(longestDecimalSent, decimalText)
		switch at {
		case inAnswer:
			s.MaxLength = longestDecimalAnswered
		case inBody:
			s.Type = []string{"string", "number"}
		}
		return s
	case "Date":
		return &Schema{Type: "string", Format: "date", MaxLength: len("2006-01-02")}
	case "DateTime":
		return &Schema{Type: "string", Format: "date-time", MaxLength: longestTime}
	}
	longest := map[place]int{inQuery: contract.MaxCompared, inBody: longestSent, inAnswer: longestAnswered}[at]
	return text(longest, anyText)
}

// orNull lets a value be null.
func orNull(s *Schema) *Schema {
	if s.Ref != "" || s.OneOf != nil || len(s.Properties) > 0 {
		return &Schema{OneOf: []*Schema{s, {Type: "null"}}}
	}
	switch names := s.Type.(type) {
	case string:
		s.Type = []string{names, "null"}
	case []string:
		s.Type = append(names, "null")
	}
	return s
}

// described adds a description to a schema, a reference or not.
func described(s *Schema, description string) *Schema {
	s.Description = description
	return s
}

func ref(kind, name string) string { return "#/components/" + kind + "/" + name }
