package openapi_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"odoograph/endpoint"
	"odoograph/policy"
	"odoograph/rest/contract"
	"odoograph/rest/openapi"
)

// object is an object of the document, as clients read it.
type object = map[string]any

// load returns a version and its rules.
func load(t *testing.T, folder fs.FS) (*contract.Version, *policy.Policy) {
	t.Helper()
	schema := endpoint.Schema().Schema()
	rules, err := policy.New(schema)
	if err != nil {
		t.Fatal(err)
	}
	version, err := contract.Load(folder, "v1", schema)
	if err != nil {
		t.Fatal(err)
	}
	return version, rules
}

// describe returns a version and its document.
func describe(t *testing.T, folder fs.FS) (*contract.Version, object) {
	t.Helper()
	version, rules := load(t, folder)
	document, err := openapi.New(version, rules)
	if err != nil {
		t.Fatal(err)
	}
	text, err := document.JSON()
	if err != nil {
		t.Fatal(err)
	}
	var out object
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return version, out
}

// eachVersion runs a test with each version and its document.
func eachVersion(t *testing.T, test func(t *testing.T, version *contract.Version, document object)) {
	for _, name := range []string{"v1", "v2"} {
		t.Run(name, func(t *testing.T) {
			version, document := describe(t, os.DirFS("../"+name))
			test(t, version, document)
		})
	}
}

// get follows a path into a document, through references.
func get(t *testing.T, document object, value any, path ...string) any {
	t.Helper()
	for _, step := range path {
		in, ok := resolve(t, document, value).(object)
		if !ok || in[step] == nil {
			t.Fatalf("there is no %q of %v", step, path)
		}
		value = in[step]
	}
	return resolve(t, document, value)
}

// resolve returns what a reference refers to, and anything else as it is.
func resolve(t *testing.T, document object, value any) any {
	t.Helper()
	for {
		in, _ := value.(object)
		ref, _ := in["$ref"].(string)
		if ref == "" {
			return value
		}
		path, local := strings.CutPrefix(ref, "#/")
		if !local {
			t.Fatalf("%s leads out of the document", ref)
		}
		value = document
		for step := range strings.SplitSeq(path, "/") {
			in, _ := value.(object)
			if value = in[step]; value == nil {
				t.Fatalf("%s leads nowhere", ref)
			}
		}
	}
}

// walk visits all values of a document, with their places.
func walk(value any, place string, visit func(place string, value object)) {
	switch v := value.(type) {
	case object:
		visit(place, v)
		for name, member := range v {
			walk(member, place+"/"+strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1"), visit)
		}
	case []any:
		for i, item := range v {
			walk(item, fmt.Sprintf("%s/%d", place, i), visit)
		}
	}
}

// Every reference leads somewhere, and to every component leads one.
func TestReferencesResolve(t *testing.T) {
	eachVersion(t, func(t *testing.T, _ *contract.Version, document object) {
		used := map[string]bool{}
		walk(document, "", func(_ string, value object) {
			if ref, ok := value["$ref"].(string); ok {
				resolve(t, document, value)
				used[strings.TrimPrefix(ref, "#")] = true
			}
		})
		for kind, components := range document["components"].(object) {
			for name := range components.(object) {
				if place := "/components/" + kind + "/" + name; !used[place] && kind != "securitySchemes" {
					t.Errorf("nothing refers to %s", place)
				}
			}
		}
		for _, way := range document["security"].([]any) {
			for name := range way.(object) {
				get(t, document, document, "components", "securitySchemes", name)
			}
		}
	})
}

// The same version has the same document, in JSON and in YAML.
func TestDocumentIsDeterministic(t *testing.T) {
	texts := map[string][]byte{}
	for range 3 {
		version, rules := load(t, os.DirFS("../v1"))
		document, err := openapi.New(version, rules)
		if err != nil {
			t.Fatal(err)
		}
		for format, write := range map[string]func() ([]byte, error){"JSON": document.JSON, "YAML": document.YAML} {
			text, err := write()
			if err != nil {
				t.Fatal(err)
			}
			if before := texts[format]; before != nil && !bytes.Equal(before, text) {
				t.Errorf("the %s differs from one time to the next", format)
			}
			texts[format] = text
		}
	}
	var fromJSON, fromYAML any
	if err := json.Unmarshal(texts["JSON"], &fromJSON); err != nil {
		t.Fatal(err)
	}
	converted, err := yaml.YAMLToJSON(texts["YAML"])
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(converted, &fromYAML); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(fromJSON, fromYAML); diff != "" {
		t.Errorf("the YAML says something else than the JSON (-JSON +YAML):\n%s", diff)
	}
}

// A route that is to go says so, and when.
func TestDeprecatedRoute(t *testing.T) {
	_, document := describe(t, fstest.MapFS{"a.graphql": {Data: []byte(`
		"Get a country."
		query getCountry($id: Int!) @rest(method: GET, path: "/countries/{id}", deprecated: "2026-01-01", sunset: "2026-12-31", successor: "/lands/{id}") {
		  data: country(databaseId: $id) { name }
		}
		"Get a land."
		query getLand($id: Int!) @rest(method: GET, path: "/lands/{id}") { data: country(databaseId: $id) { name } }
	`)}})
	old := get(t, document, document, "paths", "/countries/{id}", "get").(object)
	if old["deprecated"] != true || old["x-sunset"] != "2026-12-31" {
		t.Errorf("deprecated %v, x-sunset %v", old["deprecated"], old["x-sunset"])
	}
	for _, text := range []string{"2026-01-01", "2026-12-31", "/lands/{id}"} {
		if !strings.Contains(old["description"].(string), text) {
			t.Errorf("%q says nothing of %s", old["description"], text)
		}
	}
	get(t, document, old, "responses", "200", "headers", "Deprecation")
	get(t, document, old, "responses", "200", "headers", "Sunset")
	in, _ := get(t, document, document, "paths", "/lands/{id}", "get").(object)
	headers, _ := get(t, document, in, "responses", "200", "headers").(object)
	if in["deprecated"] != nil || in["x-sunset"] != nil || headers["Deprecation"] != nil || headers["Sunset"] != nil {
		t.Errorf("a route in use is deprecated: %v", in)
	}
}

// A fragment cannot take the name of something else.
func TestNamesClash(t *testing.T) {
	version, rules := load(t, fstest.MapFS{"a.graphql": {Data: []byte(`
		"Get a country."
		query getCountry($id: Int!) @rest(method: GET, path: "/countries/{id}") { data: country(databaseId: $id) { ...Error } }
		fragment Error on Country { name }
	`)}})
	if _, err := openapi.New(version, rules); err == nil || !strings.Contains(err.Error(), "Error") {
		t.Errorf("two schemas called Error: %v", err)
	}
}
