package contract

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"odoograph/graph/scalar"
)

// Fault is what is wrong with a member of a body.
type Fault struct {
	// Field leads to the member: "lines.0.product".
	Field, Message string
}

// Read turns a body, as package json decodes it with its numbers as they are
// written, into a value of the GraphQL input. It tells all faults that it finds.
func (in *Input) Read(value any) (any, []Fault) {
	r := reader{}
	out := r.read(in, value, "")
	return out, r.faults
}

type reader struct{ faults []Fault }

// maxFaults bounds how many faults of one body are told.
const maxFaults = 50

func (r *reader) fault(path, format string, args ...any) any {
	if len(r.faults) < maxFaults {
		r.faults = append(r.faults, Fault{path, fmt.Sprintf(format, args...)})
	}
	return nil
}

func (r *reader) read(in *Input, value any, path string) any {
	if value == nil {
		if !in.Nullable {
			return r.fault(path, "This must not be null.")
		}
		return nil
	}
	switch in.Form {
	case Object:
		return r.object(in, value, path)
	case Array:
		items, ok := value.([]any)
		if !ok {
			return r.fault(path, "This must be an array.")
		}
		out := make([]any, len(items))
		for i, item := range items {
			out[i] = r.read(in.Items, item, join(path, strconv.Itoa(i)))
		}
		return out
	}
	return r.leaf(in.Type, value, path)
}

func (r *reader) object(in *Input, value any, path string) any {
	members, ok := value.(map[string]any)
	if !ok {
		return r.fault(path, "This must be an object with %s.", allowedMembers(in))
	}
	out := make(map[string]any, len(members))
	for _, field := range in.Fields {
		given, ok := members[field.Name]
		if !ok {
			if field.Required {
				r.fault(join(path, field.Name), "This is required.")
			}
			continue
		}
		out[field.graphql] = r.read(field.Value, given, join(path, field.Name))
	}
	unknown := false
	for name := range members {
		if !slices.ContainsFunc(in.Fields, func(f *InputField) bool { return f.Name == name }) {
			unknown = true
			r.fault(join(path, name), "There is no such member here: give %s.", allowedMembers(in))
		}
	}
	if in.OneOf && len(members) != 1 && !unknown {
		return r.fault(path, "Give exactly one of %s.", allowedMembers(in))
	}
	return out
}

// allowedMembers names the members of an object.
func allowedMembers(in *Input) string {
	names := make([]string, len(in.Fields))
	for i, field := range in.Fields {
		names[i] = field.Name
	}
	return strings.Join(names, ", ")
}

func (r *reader) leaf(def *ast.Definition, value any, path string) any {
	out, err := Coerce(def, value)
	if err != nil {
		return r.fault(path, "%s", err.Error())
	}
	return out
}

// Coerce turns a JSON value into one of a GraphQL scalar or enum. The error says
// what is allowed.
func Coerce(def *ast.Definition, value any) (any, error) {
	if def.Kind == ast.Enum {
		text, _ := value.(string)
		for _, known := range def.EnumValues {
			if strings.ToLower(known.Name) == text {
				return known.Name, nil
			}
		}
		return nil, coercion("This must be one of " + strings.Join(EnumValues(def), ", ") + ".")
	}
	number, isNumber := value.(json.Number)
	text, isText := value.(string)
	switch def.Name {
	case "Boolean":
		if _, ok := value.(bool); ok {
			return value, nil
		}
		return nil, errTrueOrFalse
	case "Int":
		n, err := strconv.ParseInt(string(number), 10, 64)
		if isNumber && err == nil && n >= math.MinInt32 && n <= math.MaxInt32 {
			return n, nil
		}
		return nil, errWhole
	case "Decimal":
		if isNumber {
			text, isText = string(number), true
		}
	}
	if !isText {
		return nil, errText
	}
	return text, checked(def.Name, text)
}

// checked refuses a text that is none of a scalar, which GraphQL would refuse without
// saying where it stands.
func checked(scalarName, text string) error {
	var err error
	switch scalarName {
	case "Decimal":
		_, err = scalar.UnmarshalDecimal(text)
	case "Date":
		_, err = scalar.UnmarshalDate(text)
	case "DateTime":
		_, err = scalar.UnmarshalDateTime(text)
	}
	if err != nil {
		return coercion("This must be " + map[string]string{
			"Decimal": `a decimal number: "1250.50"`, "Date": `a day as in ISO 8601: "2026-11-21"`, "DateTime": `a time as in RFC 3339: "2026-11-21T09:30:00Z"`,
		}[scalarName] + ".")
	}
	return nil
}

// EnumValues returns the values of an enum as REST writes them.
func EnumValues(def *ast.Definition) []string {
	names := make([]string, len(def.EnumValues))
	for i, value := range def.EnumValues {
		names[i] = strings.ToLower(value.Name)
	}
	return names
}

// coercion is why a value is none of a type.
type coercion string

func (c coercion) Error() string { return string(c) }

const (
	errTrueOrFalse coercion = "This must be true or false."
	errWhole       coercion = "This must be a whole number from -2147483648 to 2147483647."
	errText        coercion = "This must be a string."
)

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// FromText returns what a text of a URL is in JSON, for a value of this type.
func FromText(def *ast.Definition, text string) any {
	switch {
	case def.Name == "Int":
		return json.Number(text)
	case def.Name == "Boolean" && (text == "true" || text == "false"):
		return text == "true"
	}
	return text
}
