package openapi_test

import (
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2/ast"

	"odoograph/apierror"
	"odoograph/rest/contract"
)

// All that the contract has is in the document, and no operation that it has not.
func TestWholeContractIsDescribed(t *testing.T) {
	eachVersion(t, func(t *testing.T, version *contract.Version, document object) {
		operations := 0
		for _, item := range document["paths"].(object) {
			operations += len(item.(object))
		}
		if operations != len(version.Routes) || operations == 0 {
			t.Errorf("%d operations, %d routes", operations, len(version.Routes))
		}
		for _, r := range version.Routes {
			t.Run(r.Name, func(t *testing.T) {
				operation := get(t, document, document, "paths", r.Path, strings.ToLower(r.Method)).(object)
				if operation["operationId"] != r.Name || operation["summary"] != r.Summary {
					t.Errorf("operation %v: %v", operation["operationId"], operation["summary"])
				}
				checkParameters(t, document, r, operation)
				checkAnswers(t, document, r, operation)
				body, _ := operation["requestBody"].(object)
				if (r.Kind == contract.Change) != (body != nil) || body != nil && body["required"] != (r.Body != nil) {
					t.Fatalf("body: %v", body)
				}
				if r.Body != nil {
					checkInput(t, document, r.Body, get(t, document, operation, "requestBody", "content", "application/json", "schema"), r.Name)
				}
			})
		}
	})
}

func checkParameters(t *testing.T, document object, r *contract.Route, operation object) {
	described := map[string]object{}
	for _, p := range operation["parameters"].([]any) {
		p := resolve(t, document, p).(object)
		described[p["in"].(string)+" "+p["name"].(string)] = p
	}
	want := []string{"query fields", "header Accept-Language", "header X-Request-Id"}
	for _, p := range r.Parameters {
		want = append(want, "path "+p.Name)
	}
	if r.Kind == contract.Change {
		want = append(want, "header Idempotency-Key", "header Prefer")
	} else {
		want = append(want, "header If-None-Match")
	}
	if r.Conditional {
		want = append(want, "header If-Match", "header If-Unmodified-Since")
	}
	if r.Kind == contract.List {
		want = append(want, "query page", "query limit", "query cursor", "query with_cursor", "query sort")
		if r.Searchable() {
			want = append(want, "query q")
		}
	}
	for _, f := range r.Filters {
		want = append(want, "query "+f.Name)
		schema, _ := get(t, document, described["query "+f.Name], "schema").(object)
		if f.Many != (schema["type"] == "array") {
			t.Errorf("%s: many values %v, schema %v", f.Name, f.Many, schema)
		}
		if f.Many {
			schema, _ = get(t, document, schema, "items").(object)
		}
		checkLeaf(t, f.Type, schema, f.Name)
	}
	var got []string
	for name := range described {
		got = append(got, name)
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("parameters (-contract +document):\n%s", diff)
	}
	var sorts []any
	for _, s := range r.Sorts {
		sorts = append(sorts, s.Name, "-"+s.Name)
	}
	if sorts != nil {
		if diff := cmp.Diff(sorts, get(t, document, described["query sort"], "schema", "items", "enum")); diff != "" {
			t.Errorf("sort (-contract +document):\n%s", diff)
		}
	}
	fields, _ := get(t, document, described["query fields"], "schema", "items", "enum").([]any)
	if missing := slices.DeleteFunc(dotted(r.Record, ""), func(name string) bool { return slices.Contains(fields, any(name)) }); len(missing) > 0 {
		t.Errorf("fields lacks %v", missing)
	}
}

// dotted are the names of members as `fields` takes them.
func dotted(v *contract.Value, prefix string) []string {
	if v.Form == contract.Array {
		v = v.Items
	}
	var names []string
	for _, m := range v.Shown() {
		names = append(append(names, prefix+m.Name), dotted(m.Value, prefix+m.Name+".")...)
	}
	return names
}

func checkAnswers(t *testing.T, document object, r *contract.Route, operation object) {
	data := get(t, document, operation, "responses", strconv.Itoa(r.Status), "content", "application/json", "schema", "properties", "data")
	if r.Kind == contract.List {
		data = get(t, document, data, "items")
		for _, media := range []string{"text/csv", "application/x-ndjson"} {
			get(t, document, operation, "responses", "200", "content", media)
		}
	}
	record := *r.Record
	record.Nullable = r.Kind == contract.Change
	checkValue(t, document, &record, data, r.Name)
	responses, _ := operation["responses"].(object)
	_, created := get(t, document, responses, strconv.Itoa(r.Status), "headers").(object)["Location"]
	if created != (r.Status == http.StatusCreated && len(r.Parameters) == 0) {
		t.Errorf("Location: %v", created)
	}
	for status, for204 := range map[string]bool{"204": r.Kind == contract.Change, "304": r.Kind != contract.Change, "404": len(r.Parameters) > 0, "412": r.Conditional, "415": r.Body != nil, "422": r.Kind == contract.Change} {
		if _, ok := responses[status]; ok != for204 {
			t.Errorf("status %s: %v", status, ok)
		}
	}
}

// checkValue compares a value of an answer with its schema.
func checkValue(t *testing.T, document object, v *contract.Value, schema any, place string) {
	t.Helper()
	s := notNull(t, document, schema, v.Nullable, place)
	switch v.Form {
	case contract.Leaf:
		checkLeaf(t, v.Type, s, place)
	case contract.Count:
		if s["type"] != "integer" {
			t.Errorf("%s: %v", place, s)
		}
	case contract.Array:
		if s["maxItems"] != float64(v.MaxItems) {
			t.Errorf("%s: %v, not %d", place, s["maxItems"], v.MaxItems)
		}
		checkValue(t, document, v.Items, s["items"], place)
	case contract.Object:
		properties, _ := s["properties"].(object)
		if len(properties) != len(v.Shown()) {
			t.Errorf("%s: %d properties, %d members", place, len(properties), len(v.Shown()))
		}
		for _, m := range v.Shown() {
			checkValue(t, document, m.Value, get(t, document, s, "properties", m.Name), place+"."+m.Name)
		}
	}
}

// checkInput compares a value of a body with its schema.
func checkInput(t *testing.T, document object, in *contract.Input, schema any, place string) {
	t.Helper()
	s := notNull(t, document, schema, in.Nullable, place)
	switch in.Form {
	case contract.Leaf:
		if in.Type.Name != "Decimal" {
			checkLeaf(t, in.Type, s, place)
		} else if diff := cmp.Diff([]any{"string", "number"}, s["type"]); diff != "" {
			t.Errorf("%s: %s", place, diff)
		}
	case contract.Array:
		checkInput(t, document, in.Items, s["items"], place)
	case contract.Object:
		required, _ := s["required"].([]any)
		one := s["minProperties"] == 1.0 && s["maxProperties"] == 1.0
		if s["additionalProperties"] != false || one != in.OneOf || len(s["properties"].(object)) != len(in.Fields) {
			t.Errorf("%s: %v", place, s)
		}
		for _, field := range in.Fields {
			if slices.Contains(required, any(field.Name)) != field.Required {
				t.Errorf("%s.%s: required %v", place, field.Name, !field.Required)
			}
			value := *field.Value
			value.Nullable = value.Nullable && !in.OneOf
			checkInput(t, document, &value, get(t, document, s, "properties", field.Name), place+"."+field.Name)
		}
	}
}

// notNull returns the schema of what is not null, once it is clear whether null may be.
func notNull(t *testing.T, document object, schema any, nullable bool, place string) object {
	t.Helper()
	s, _ := resolve(t, document, schema).(object)
	found := false
	if alternatives, ok := s["oneOf"].([]any); ok && len(alternatives) == 2 {
		found = cmp.Equal(alternatives[1], object{"type": "null"})
		s, _ = resolve(t, document, alternatives[0]).(object)
	}
	if types, ok := s["type"].([]any); ok && slices.Contains(types, any("null")) {
		found = true
		rest := slices.DeleteFunc(slices.Clone(types), func(name any) bool { return name == "null" })
		copied := object{}
		for name, value := range s {
			copied[name] = value
		}
		if copied["type"] = any(rest); len(rest) == 1 {
			copied["type"] = rest[0]
		}
		s = copied
	}
	if found != nullable {
		t.Errorf("%s: null %v, %v", place, found, schema)
	}
	return s
}

// checkLeaf compares a scalar or an enum with its schema.
func checkLeaf(t *testing.T, def *ast.Definition, s object, place string) {
	t.Helper()
	if def.Kind == ast.Enum {
		var values []any
		for _, value := range def.EnumValues {
			values = append(values, strings.ToLower(value.Name))
		}
		if diff := cmp.Diff(values, s["enum"]); diff != "" {
			t.Errorf("%s: %s", place, diff)
		}
		return
	}
	want := map[string]string{"Boolean": "boolean ", "Int": "integer int32", "Date": "string date", "DateTime": "string date-time"}[def.Name]
	if want == "" {
		want = "string "
	}
	format, _ := s["format"].(string)
	if got := fmt.Sprintf("%v %s", s["type"], format); got != want {
		t.Errorf("%s: %q, not %q", place, got, want)
	}
	if pattern, _ := s["pattern"].(string); (def.Name == "Decimal") != strings.Contains(pattern, "[0-9]") {
		t.Errorf("%s: pattern %q", place, pattern)
	}
}

// An operation needs the scopes that the gateway will ask for, and a filter what it
// needs besides.
func TestScopesAreThoseOfThePolicy(t *testing.T) {
	version, rules := load(t, os.DirFS("../v1"))
	_, document := describe(t, os.DirFS("../v1"))
	for _, r := range version.Routes {
		operation := get(t, document, document, "paths", r.Path, strings.ToLower(r.Method)).(object)
		var want []any
		for _, need := range rules.Demand(r.Operation(), nil).Scopes {
			want = append(want, need.Scope)
		}
		got, _ := operation["x-required-scopes"].([]any)
		for _, scope := range want {
			if !slices.Contains(got, scope) || !strings.Contains(operation["description"].(string), "`"+scope.(string)+"`") {
				t.Errorf("%s: %v and %q lack %s", r.Name, got, operation["description"], scope)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s: %v, not %v", r.Name, got, want)
		}
	}
	for _, p := range get(t, document, document, "paths", "/partners", "get", "parameters").([]any) {
		p := resolve(t, document, p).(object)
		said := strings.Contains(p["description"].(string), "`reference:read`")
		if name := p["name"].(string); said != strings.HasPrefix(name, "country__") {
			t.Errorf("%s: %s", name, p["description"])
		}
	}
}

// Each status tells of the codes that the table of errors has for it.
func TestErrorsAreThoseOfTheTable(t *testing.T) {
	_, document := describe(t, os.DirFS("../v1"))
	responses := get(t, document, document, "paths", "/partners/{id}", "patch", "responses").(object)
	for status, response := range responses {
		if status < "400" {
			continue
		}
		var want []string
		for _, code := range apierror.Codes() {
			if strconv.Itoa(code.Meaning().Status) == status && !strings.HasPrefix(string(code), "GRAPHQL") &&
				code != apierror.QueryTooComplex && code != apierror.PersistedQueryNotFound && code != apierror.DocumentNotTrusted {
				want = append(want, code.REST())
			}
		}
		slices.Sort(want)
		for _, media := range []string{"application/json", "application/problem+json"} {
			var got []string
			for name, example := range get(t, document, response, "content", media, "examples").(object) {
				got = append(got, name)
				if value := get(t, document, example, "value").(object); value["code"] != name {
					t.Errorf("the example of %s has the code %v", name, value["code"])
				}
			}
			slices.Sort(got)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-table +document):\n%s", status, diff)
			}
		}
	}
}
