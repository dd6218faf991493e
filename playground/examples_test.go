package playground

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// Each example says what it is, is one operation with a name for its tab, and has
// the variables that it declares.
func TestExamplesAreWhole(t *testing.T) {
	examples := Examples()
	if len(examples) < 12 {
		t.Fatalf("there are %d examples", len(examples))
	}
	for _, e := range examples {
		t.Run(e.Name, func(t *testing.T) {
			if e.Title == "" || e.About == "" || !strings.HasSuffix(e.About, ".") {
				t.Errorf("it says %q, %q", e.Title, e.About)
			}
			document, err := parser.ParseQuery(&ast.Source{Input: e.Query})
			if err != nil {
				t.Fatal(err)
			}
			if len(document.Operations) != 1 || document.Operations[0].Name == "" {
				t.Fatal("it is not one operation with a name")
			}
			variables := map[string]any{}
			if e.Variables != nil {
				if err := json.Unmarshal(e.Variables, &variables); err != nil {
					t.Fatal(err)
				}
			}
			for _, declared := range document.Operations[0].VariableDefinitions {
				if _, given := variables[declared.Variable]; !given {
					t.Errorf("$%s has no value", declared.Variable)
				}
				delete(variables, declared.Variable)
			}
			if len(variables) > 0 {
				t.Errorf("it does not declare %v", variables)
			}
			if looksUp := strings.Contains(string(e.Variables), `"$.`); looksUp != (e.Before != "") {
				t.Errorf("paths: %v, a query before: %q", looksUp, e.Before)
			}
		})
	}
}

func TestFill(t *testing.T) {
	var answer any
	if err := json.Unmarshal([]byte(`{"partners": {"nodes": [{"id": "a"}, {"id": null}]}}`), &answer); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		variables, want, problem string
	}{
		{``, `{}`, ""},
		{`{"id": "$.partners.nodes.0.id"}`, `{"id": "a"}`, ""},
		{`{"input": {"list": [{"id": "$.partners.nodes.0.id"}, 1]}}`, `{"input": {"list": [{"id": "a"}, 1]}}`, ""},
		{`{"price": "$ 3"}`, `{"price": "$ 3"}`, ""},
		{`{"id": "$.partners.nodes.1.id"}`, "", "partners.nodes.1.id"},
		{`{"id": "$.partners.nodes.2.id"}`, "", "partners.nodes.2.id"},
		{`{"id": "$.orders.nodes"}`, "", "orders.nodes"},
		{`{"id": ["$.partners.nodes.first"]}`, "", "partners.nodes.first"},
		{`[]`, "", "x.json"},
	} {
		e := Example{Name: "x"}
		if test.variables != "" {
			e.Variables = json.RawMessage(test.variables)
		}
		got, err := e.Fill(answer)
		if test.problem != "" {
			if err == nil || !strings.Contains(err.Error(), test.problem) {
				t.Errorf("%s: %v, want one about %s", test.variables, err, test.problem)
			}
			continue
		}
		var want map[string]any
		if err := json.Unmarshal([]byte(test.want), &want); err != nil {
			t.Fatal(err)
		}
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v %v, want %v", test.variables, got, err, want)
		}
	}
}
