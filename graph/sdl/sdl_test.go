package sdl_test

import (
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"odoograph/graph/sdl"
)

const schema = `
directive @odoo(field: String) on OBJECT | FIELD_DEFINITION | ENUM_VALUE
directive @sets(type: String!) on INPUT_OBJECT
directive @cost(weight: Int!) on OBJECT | FIELD_DEFINITION

"Where reading starts."
type Query { partner: Partner @cost(weight: 3) @odoo(field: "res") }
"Somebody."
type Partner @odoo(field: "res.partner") { state: State @odoo(field: "state") }
enum State { NEW @odoo(field: "draft") }
input PartnerInput @sets(type: "Partner") { name: String = "x" }
`

// What is published can be read again, holds all but what is internal, and leaves
// the schema that the gateway runs with alone.
func TestPrint(t *testing.T) {
	loaded := gqlparser.MustLoadSchema(&ast.Source{Input: schema})
	var first, second strings.Builder
	sdl.Print(&first, loaded)
	sdl.Print(&second, loaded)
	if first.String() != second.String() {
		t.Error("printing changes the schema")
	}
	if loaded.Types["Partner"].Directives.ForName("odoo") == nil || loaded.Directives["odoo"] == nil {
		t.Error("printing takes directives from the schema in use")
	}
	for text, want := range map[string]bool{
		"odoo": false, "sets": false, "res.partner": false,
		"@cost(weight: 3)": true, "Somebody.": true, `name: String = "x"`: true, "NEW": true,
	} {
		if strings.Contains(first.String(), text) != want {
			t.Errorf("%q is there: %v, in\n%s", text, !want, first.String())
		}
	}
	again, err := gqlparser.LoadSchema(&ast.Source{Input: first.String()})
	if err != nil {
		t.Fatal(err)
	}
	var third strings.Builder
	sdl.Print(&third, again)
	if third.String() != first.String() {
		t.Errorf("read again it is\n%s\nnot\n%s", third.String(), first.String())
	}
}
