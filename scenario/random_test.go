package scenario

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2/ast"

	"odoograph/endpoint"
)

// generator writes queries of arbitrary shape, and how many calls each may cost.
type generator struct {
	*rand.Rand
	schema *ast.Schema
	bound  int64
}

// query asks for one or two lists, with whatever hangs on them.
func (g *generator) query() string {
	g.bound = 0
	var roots []string
	for i := range 1 + g.IntN(2) {
		fields := g.schema.Query.Fields
		field := fields[g.IntN(len(fields))]
		for !strings.HasSuffix(field.Type.Name(), "Connection") {
			field = fields[g.IntN(len(fields))]
		}
		roots = append(roots, fmt.Sprintf("r%d: %s", i, g.list(field, 0)))
	}
	return "{ " + strings.Join(roots, " ") + " }"
}

// list is a connection. It may cost one call for the ids that it ranks, one for
// its records and one for its total.
func (g *generator) list(field *ast.FieldDefinition, depth int) string {
	typeName := strings.TrimSuffix(field.Type.Name(), "Connection")
	g.bound += 3
	args := []string{fmt.Sprintf("%s: %d", []string{"first", "last"}[g.IntN(2)], 1+g.IntN(12>>depth))}
	if g.IntN(3) == 0 {
		keys := g.schema.Types[typeName+"OrderField"].EnumValues
		key := keys[g.IntN(len(keys))].Name
		if key != "MOBILE" && key != "FULL_NAME" { // not in every version
			args = append(args, fmt.Sprintf("orderBy: [{field: %s, direction: %s}]", key, []string{"ASC", "DESC"}[g.IntN(2)]))
		}
	}
	if g.IntN(3) == 0 {
		args = append(args, fmt.Sprintf("filter: {databaseId: {%s: %d}}", []string{"gt", "lte"}[g.IntN(2)], g.IntN(30)))
	}
	total := []string{"", "totalCount "}[g.IntN(2)]
	return fmt.Sprintf("%s(%s) { %snodes { %s } pageInfo { hasNextPage hasPreviousPage } }", field.Name, strings.Join(args, ", "), total, g.fields(typeName, depth+1))
}

// fields are some of a type's, each once.
func (g *generator) fields(typeName string, depth int) string {
	out := []string{"databaseId"}
	for _, field := range g.schema.Types[typeName].Fields {
		target := g.schema.Types[field.Type.Name()]
		isList, isRecord := strings.HasSuffix(target.Name, "Connection"), target.Kind == ast.Object
		switch {
		case g.IntN(4) != 0, field.Name == "expectedDate": // which Odoo counts from this very second
		case !isRecord:
			out = append(out, field.Name)
		case depth >= 4:
		case isList:
			out = append(out, g.list(field, depth))
		default:
			g.bound++
			out = append(out, field.Name+" { "+g.fields(target.Name, depth+1)+" }")
		}
	}
	return strings.Join(out, " ")
}

// Queries of arbitrary shape cost no more calls than their own text allows, and
// have the same answer whether Odoo nests or is read level by level.
func randomQueries(w *world) {
	flat := w.target
	flat.flat = true
	other := flat.open(w.t, options{})
	w.get(simpleQuery, nil)
	other.get(simpleQuery, nil)
	for seed := range uint64(60) {
		g := &generator{Rand: rand.New(rand.NewPCG(seed, 7)), schema: endpoint.Schema().Schema()}
		query := g.query()
		var one, two answer
		calls := w.callsOf(func() { one = w.ask(query, nil) })
		flatCalls := other.callsOf(func() { two = other.ask(query, nil) })
		if calls > g.bound || flatCalls > g.bound {
			w.t.Errorf("seed %d: %d and %d calls, at most %d allowed\n%s", seed, calls, flatCalls, g.bound, query)
		}
		if diff := cmp.Diff(one.Data, two.Data); diff != "" {
			w.t.Errorf("seed %d: nested and level by level differ\n%s\n%s", seed, query, diff)
		}
		if len(one.Errors) != len(two.Errors) || len(one.Errors) > 0 && dig(one.Data, "r0") == nil {
			w.t.Errorf("seed %d: errors %+v and %+v\n%s", seed, one.Errors, two.Errors, query)
		}
	}
}
