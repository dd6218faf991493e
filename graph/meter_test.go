package graph

import (
	"bytes"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// Each object of an answer is weighed once, those of one place in a document by
// one look at their fields; an object that is null weighs nothing.
func TestMeter(t *testing.T) {
	order := []graphql.CollectedField{{Field: &ast.Field{Alias: "name"}}}
	line := []graphql.CollectedField{{Field: &ast.Field{Alias: "price"}}, {Field: &ast.Field{Alias: "tax"}}}
	object := func(fields []graphql.CollectedField) *fieldSet {
		s := newFieldSet(fields)
		for i := range s.Values {
			s.Values[i] = graphql.Null
		}
		return s
	}
	outer := object(order)
	outer.Values[0] = graphql.Array{object(line), graphql.Null, object(line)}

	looks := 0
	meter := &Meter{Weigh: func(fields []graphql.CollectedField) int { looks++; return len(fields) }}
	var text bytes.Buffer
	marshal(WithMeter(t.Context(), meter), outer, &text)
	if meter.Total != 1+2+2 || looks != 2 {
		t.Errorf("weighs %d after %d looks, want 5 after 2", meter.Total, looks)
	}
	if want := `{"name":[{"price":null,"tax":null},null,{"price":null,"tax":null}]}`; text.String() != want {
		t.Errorf("wrote %s, want %s", text.String(), want)
	}
}
