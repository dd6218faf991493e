package openapi_test

import (
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"odoograph/rest/contract"
)

// Every example, of whatever it is one, is what its schema says.
func TestExamplesAreValid(t *testing.T) {
	eachVersion(t, func(t *testing.T, _ *contract.Version, document object) {
		compiler := jsonschema.NewCompiler()
		compiler.AssertFormat()
		if err := compiler.AddResource("document.json", any(document)); err != nil {
			t.Fatal(err)
		}
		count := 0
		check := func(place string, example any) {
			count++
			schema, err := compiler.Compile("document.json#" + place)
			if err != nil {
				t.Fatalf("%s: %v", place, err)
			}
			if err := schema.Validate(example); err != nil {
				t.Errorf("%s: %v", place, err)
			}
		}
		walk(document, "", func(place string, value object) {
			if place == "/components" || strings.HasSuffix(place, "/examples") || strings.Contains(place, "/examples/") {
				return // these hold examples by name
			}
			schema, _ := value["schema"].(object)
			switch examples := value["examples"].(type) {
			case object: // of a media type
				for _, example := range examples {
					check(place+"/schema", get(t, document, example, "value"))
				}
			case []any: // of a schema
				for _, example := range examples {
					check(place, example)
				}
			}
			if schema != nil && strings.Contains(place, "/parameters/") && schema["examples"] == nil {
				t.Errorf("%s has no example", place)
			}
		})
		if count < 200 {
			t.Errorf("only %d examples", count)
		}
	})
}
