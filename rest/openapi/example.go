package openapi

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"odoograph/apierror"
	"odoograph/rest/contract"
)

// example refers to an example, which is made once.
func (b *builder) example(name string, make func() any) *Example {
	return &Example{Ref: component(b, "examples", b.components.Examples, name, func() *Example { return &Example{Value: make()} })}
}

// leafExample returns a value for a member of a type, or for a filter of its lists.
func leafExample(def *ast.Definition, typeName, name string) any {
	stem := name
	for _, suffix := range []string{"ne", "in", "contains", "startswith", "endswith", "gt", "gte", "lt", "lte", "isnull"} {
		stem = strings.TrimSuffix(stem, "__"+suffix)
	}
	last := stem[strings.LastIndex(stem, "__")+1:]
	last = strings.TrimPrefix(last, "_")
	for _, key := range []string{typeName + "." + stem, stem, last} {
		if value, ok := examplesByName[key]; ok && fits(def, value) {
			return value
		}
	}
	if def.Kind == ast.Enum {
		return strings.ToLower(def.EnumValues[0].Name)
	}
	if value, ok := examplesByType[def.Name]; ok {
		return value
	}
	return examplesByType["String"]
}

// fits tells whether a value can be one of a scalar or an enum.
func fits(def *ast.Definition, value any) bool {
	if def.Kind == ast.Enum {
		text, _ := value.(string)
		return def.EnumValues.ForName(strings.ToUpper(text)) != nil
	}
	return fmt.Sprintf("%T", value) == fmt.Sprintf("%T", examplesByType[def.Name])
}

// recordExample returns a record as a route answers it.
func recordExample(v *contract.Value) any {
	out := Ordered[any]{}
	for _, m := range v.Shown() {
		var value any
		switch m.Value.Form {
		case contract.Leaf:
			value = leafExample(m.Value.Type, v.Type.Name, m.Name)
		case contract.Count:
			value = 1
		case contract.Array:
			value = []any{recordExample(m.Value.Items)}
		case contract.Object:
			value = recordExample(m.Value)
		}
		out.Set(m.Name, value)
	}
	return out
}

func pageExample(r *contract.Route, pagination any) any {
	return Ordered[any]{{"data", []any{recordExample(r.Record)}}, {"pagination", pagination}}
}

// bodyExample returns the body of a change: of a partial one, little.
func bodyExample(r *contract.Route) any {
	if r.Method != http.MethodPatch {
		return inputExample(r.Body)
	}
	out := Ordered[any]{}
	for _, field := range r.Body.Fields {
		if field.Value.Form == contract.Leaf && field.Value.Type.Name == "String" && len(out) < 2 {
			out.Set(field.Name, leafExample(field.Value.Type, objectOf(r.Body.Type), field.Name))
		}
	}
	return out
}

func inputExample(in *contract.Input) any {
	switch in.Form {
	case contract.Leaf:
		return leafExample(in.Type, "", "")
	case contract.Array:
		return []any{inputExample(in.Items)}
	}
	out := Ordered[any]{}
	for i, field := range in.Fields {
		switch {
		case in.OneOf && i > 0, !in.OneOf && !field.Required && !slices.Contains(typicalMembers, field.Name):
		case field.Value.Form == contract.Leaf:
			out.Set(field.Name, leafExample(field.Value.Type, objectOf(in.Type), field.Name))
		default:
			out.Set(field.Name, inputExample(field.Value))
		}
	}
	return out
}

// objectOf names the type whose fields an input sets or names.
func objectOf(input *ast.Definition) string {
	if sets := input.Directives.ForName("sets"); sets != nil {
		name, _ := sets.ArgumentMap(nil)["type"].(string)
		return name
	}
	return strings.TrimSuffix(input.Name, "Key")
}

// rows returns a list as text: its one record in each of the media types.
func rows(v *contract.Value, kind string) string {
	record := recordExample(v)
	if kind == "NDJSON" {
		return compact(record) + "\n"
	}
	cells, err := v.Cells(nil, []byte(compact(record)))
	var out strings.Builder
	table := csv.NewWriter(&out)
	if err != nil || table.WriteAll([][]string{v.Columns(), cells}) != nil {
		panic("openapi: an example is no record") // it was made of the same members
	}
	return out.String()
}

func compact(value any) string {
	var flat, out bytes.Buffer
	if encode(&flat, value) != nil || json.Compact(&out, flat.Bytes()) != nil {
		panic("openapi: an example is no JSON") // it is made of texts and numbers
	}
	return out.String()
}

// errorExample returns an error as clients get it without asking.
func errorExample(code apierror.Code) any {
	said := saidOf(code)
	out := Ordered[any]{{"error", said.message}, {"code", code.REST()}, {"request_id", exampleRequest}}
	return withDetails(out, said, "fields")
}

// problemExample returns an error as RFC 9457 has it.
func problemExample(code apierror.Code) any {
	said := saidOf(code)
	status := code.Meaning().Status
	out := Ordered[any]{
		{"type", "urn:odoograph:error:" + code.REST()}, {"title", http.StatusText(status)}, {"status", status},
		{"detail", said.message}, {"code", code.REST()}, {"request_id", exampleRequest},
	}
	return withDetails(out, said, "errors")
}

func saidOf(code apierror.Code) exampleError {
	said := exampleErrors[code]
	if said.message == "" {
		said.message = code.Meaning().When
	}
	return said
}

func withDetails(out Ordered[any], said exampleError, fields string) any {
	if said.field != "" {
		out.Set(fields, []any{Ordered[any]{{"field", said.field}, {"message", strings.TrimPrefix(said.message, "`"+said.field+"`: ")}}})
	}
	if said.waits {
		out.Set("retry_after", exampleWait)
	}
	return out
}
