package policy

import (
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"odoograph/graph/relay"
)

// Demand is what an operation needs before it may run.
type Demand struct {
	// Scopes are those that the operation needs, each with the first place that
	// needs it, in the order of the document.
	Scopes []Need
	// Cost is the most that the operation can cost, in points.
	Cost int
	// Limited are the fields with a rate of their own.
	Limited []Limited
}

// Need is a scope that an operation needs.
type Need struct {
	Scope string
	Path  string // such as "saleOrders.nodes.partner"
}

// Limited is a field that may be asked for at a certain rate only.
type Limited struct {
	Field string // such as "Query.nodes"
	Rate  Rate
	Times int // that the operation asks for it
}

// mostCost is where counting ends: no budget is that large.
const mostCost = 1 << 30

// Demand says what a valid operation with coerced variables needs.
func (p *Policy) Demand(operation *ast.OperationDefinition, variables map[string]any) Demand {
	w := walk{policy: p, variables: variables}
	w.demand.Cost = w.selections(operation.SelectionSet, page{}, "")
	return w.demand
}

// Weight returns what an object of an answer costs that has these fields, apart
// from the objects within it.
func (p *Policy) Weight(fields []graphql.CollectedField) int {
	if len(fields) == 0 {
		return 0
	}
	weight := p.weightOf(fields[0].ObjectDefinition)
	for _, field := range fields {
		weight += p.weights[field.Definition]
	}
	return weight
}

type walk struct {
	policy    *Policy
	variables map[string]any
	demand    Demand
}

// page is how many items the lists in a selection may have.
type page struct{ size int }

// selections returns the cost of what is selected from one object.
func (w *walk) selections(set ast.SelectionSet, within page, path string) int {
	cost := 0
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			if w.included(s.Directives) {
				cost += w.field(s, within, path)
			}
		case *ast.InlineFragment:
			if w.included(s.Directives) {
				cost += w.fragment(s.ObjectDefinition, s.TypeCondition, s.SelectionSet, within, path)
			}
		case *ast.FragmentSpread:
			if w.included(s.Directives) {
				cost += w.fragment(s.ObjectDefinition, s.Definition.TypeCondition, s.Definition.SelectionSet, within, path)
			}
		}
		cost = min(cost, mostCost)
	}
	return cost
}

// fragment is what is asked of one of the types behind an interface.
func (w *walk) fragment(parent *ast.Definition, condition string, set ast.SelectionSet, within page, path string) int {
	if def := w.policy.schema.Types[condition]; def != nil && def != parent {
		w.need(def, path)
	}
	return w.selections(set, within, path)
}

func (w *walk) field(f *ast.Field, within page, path string) int {
	if f.Definition == nil || f.Name == "__typename" {
		return 0
	}
	path = join(path, f.Alias)
	value := w.policy.schema.Types[f.Definition.Type.Name()]
	if _, own := w.policy.auth[f.Definition]; own {
		w.need(f.Definition, path)
	} else {
		w.need(value, path)
	}
	arguments := f.ArgumentMap(w.variables)
	for _, argument := range f.Definition.Arguments {
		w.input(argument.Type, arguments[argument.Name], path)
	}
	if value.IsAbstractType() {
		w.named(arguments, path)
	}
	if rate, ok := w.policy.limits[f.Definition]; ok {
		w.limited(f.ObjectDefinition.Name+"."+f.Name, rate)
	}
	times, inner := 1, pageOf(f, arguments)
	if f.Definition.Type.Elem != nil {
		times = max(within.size, listed(arguments))
	}
	each := w.policy.weightOf(value) + w.selections(f.SelectionSet, inner, path)
	return min(w.policy.weights[f.Definition]+times*each, mostCost)
}

// need notes the scope of a type or field.
func (w *walk) need(element any, path string) {
	scope := w.policy.auth[element].scope
	if scope == "" || slices.ContainsFunc(w.demand.Scopes, func(n Need) bool { return n.Scope == scope }) {
		return
	}
	w.demand.Scopes = append(w.demand.Scopes, Need{scope, path})
}

// limited notes that a field with a rate of its own is asked for.
func (w *walk) limited(field string, rate Rate) {
	i := slices.IndexFunc(w.demand.Limited, func(l Limited) bool { return l.Field == field })
	if i < 0 {
		i = len(w.demand.Limited)
		w.demand.Limited = append(w.demand.Limited, Limited{Field: field, Rate: rate})
	}
	w.demand.Limited[i].Times++
}

// input notes the scopes of what a value is compared with: a filter tells, by
// what it lets through, what it was not allowed to show.
func (w *walk) input(t *ast.Type, value any, path string) {
	if value == nil {
		return
	}
	if t.Elem != nil {
		items, ok := value.([]any)
		if !ok {
			items = []any{value} // a single item stands for a list of it
		}
		for _, item := range items {
			w.input(t.Elem, item, path)
		}
		return
	}
	def := w.policy.schema.Types[t.Name()]
	if def.Kind != ast.InputObject {
		return
	}
	w.need(def, path)
	members, _ := value.(map[string]any)
	for _, field := range def.Fields {
		w.input(field.Type, members[field.Name], path)
	}
}

// named notes the scopes of the types that global ids name, where the type of
// what they lead to is open.
func (w *walk) named(arguments map[string]any, path string) {
	var ids []any
	for _, name := range []string{"id", "ids"} {
		switch v := arguments[name].(type) {
		case string:
			ids = append(ids, v)
		case []any:
			ids = append(ids, v...)
		}
	}
	for _, id := range ids {
		text, _ := id.(string)
		if typeName, _, err := relay.ParseID(text); err == nil {
			if def := w.policy.schema.Types[typeName]; def != nil {
				w.need(def, path)
			}
		}
	}
}

// included evaluates @skip and @include.
func (w *walk) included(directives ast.DirectiveList) bool {
	for _, d := range directives {
		if d.Name != "skip" && d.Name != "include" {
			continue
		}
		on, _ := d.ArgumentMap(w.variables)["if"].(bool)
		if on == (d.Name == "skip") {
			return false
		}
	}
	return true
}

// pageOf returns the size of the page that a connection's arguments ask for.
func pageOf(f *ast.Field, arguments map[string]any) page {
	if f.Definition.Arguments.ForName("first") == nil {
		// A mutation of several records answers with as many.
		input, _ := arguments["input"].(map[string]any)
		return page{listed(input)}
	}
	for _, name := range []string{"first", "last"} {
		if n, ok := integer(arguments[name]); ok {
			return page{min(max(n, 0), relay.MaxPageSize)}
		}
	}
	return page{relay.DefaultPageSize}
}

// listed returns the length of the longest list among the arguments: a list of
// results has an item for each.
func listed(arguments map[string]any) int {
	longest := 0
	for _, value := range arguments {
		if items, ok := value.([]any); ok {
			longest = max(longest, len(items))
		}
	}
	return longest
}

func integer(value any) (int, bool) {
	switch n := value.(type) {
	case int64:
		return int(min(max(n, -1), mostCost)), true
	case float64:
		return int(min(max(n, -1), mostCost)), true
	case interface{ Int64() (int64, error) }: // json.Number
		i, err := n.Int64()
		return int(min(max(i, -1), mostCost)), err == nil
	}
	return 0, false
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
