package contract

import (
	"maps"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// Call is an operation to execute, with its variables.
type Call struct {
	Document  *ast.QueryDocument
	Name      string
	Variables map[string]any
}

// Page says which part of a list is wanted, and in which order.
type Page struct {
	// Size is how many records at most.
	Size int
	// After and Before are cursors of GraphQL; Before wants the records that precede it.
	After, Before string
	// Filter is what Filters made; Search a text to look for.
	Filter map[string]any
	Search string
	// Order is empty for that of the document, nil for that of the records' numbers.
	Order []Order
	// Total wants the length of the whole list, Cursors one for each record.
	Total, Cursors bool
}

// List returns the call for a page of records.
func (r *Route) List(record *Value, path map[string]any, p Page) *Call {
	variables := maps.Clone(path)
	if variables == nil {
		variables = map[string]any{}
	}
	size, start := "first", "after"
	cursor := p.After
	if p.Before != "" {
		size, start, cursor = "last", "before", p.Before
	}
	variables[size] = int64(p.Size)
	if cursor != "" {
		variables[start] = cursor
	}
	if filter := r.filter(path, p.Filter); filter != nil {
		variables["filter"] = filter
	}
	if p.Search != "" {
		variables["search"] = p.Search
	}
	switch {
	case len(p.Order) > 0:
		keys := make([]any, len(p.Order))
		for i, o := range p.Order {
			keys[i] = map[string]any{"field": o.Sort.value, "direction": map[bool]string{false: "ASC", true: "DESC"}[o.Desc]}
		}
		variables["orderBy"] = keys
	case p.Order != nil && r.document.order != nil:
		variables["orderBy"] = literal(r.document.order, path)
	}
	wanted := []string{"nodes", "pageInfo"}
	if p.Cursors {
		wanted[0] = "edges"
	}
	if p.Total {
		wanted = append(wanted, "totalCount")
	}
	return &Call{r.document.ask(r.listOf(record, wanted)), r.Name, variables}
}

// Within tells whether a list is one within a record.
func (r *Route) Within() bool { return len(r.document.way) > 1 }

// filter joins what a client wants of a list with what the document does.
func (r *Route) filter(path, own map[string]any) any {
	switch fixed := r.document.fixed; {
	case fixed == nil && len(own) == 0:
		return nil
	case fixed == nil:
		return own
	case len(own) == 0:
		return literal(fixed, path)
	default:
		return map[string]any{"and": []any{literal(fixed, path), own}}
	}
}

// listOf returns the selection of a connection.
func (r *Route) listOf(record *Value, wanted []string) ast.SelectionSet {
	way := r.document.way
	items := selection(record)
	var set ast.SelectionSet
	for _, s := range way[len(way)-1].SelectionSet {
		field, ok := s.(*ast.Field)
		if !ok || !slices.Contains(wanted, field.Name) {
			continue
		}
		field = withSelection(field, field.SelectionSet)
		switch field.Name {
		case "nodes":
			field.SelectionSet = items
		case "edges":
			edge := slices.Clone(field.SelectionSet)
			node, _ := edge[len(edge)-1].(*ast.Field)
			edge[len(edge)-1] = withSelection(node, items)
			field.SelectionSet = edge
		}
		set = append(set, field)
	}
	return set
}

// One returns the call for a record.
func (r *Route) One(record *Value, path map[string]any) *Call {
	return &Call{r.document.ask(selection(record)), r.Name, path}
}

// Change returns the call for a change. The body is in the names of GraphQL; the
// version, if there is one, is that which the record must have.
func (r *Route) Change(record *Value, path, body map[string]any, version string) *Call {
	input := maps.Clone(body)
	if input == nil {
		input = map[string]any{}
	}
	if r.document.fixed != nil {
		for _, child := range r.document.fixed.Children {
			if !r.isOpen(child.Value) {
				input[child.Name] = literal(child.Value, path)
			}
		}
	}
	if version != "" {
		input[conditionField] = version
	}
	variables := maps.Clone(path)
	if variables == nil {
		variables = map[string]any{}
	}
	variables[bodyVariable] = input
	return &Call{r.document.ask(selection(record)), r.Name, variables}
}

// ask returns the document that selects this of what is answered.
func (d *document) ask(set ast.SelectionSet) *ast.QueryDocument {
	for i, field := range slices.Backward(d.way) {
		asked := withSelection(field, set)
		// What stands beside the way, such as userErrors, is asked for, too.
		if i+1 < len(d.way) {
			asked.SelectionSet = append(slices.Clone(set), field.SelectionSet[1:]...)
		}
		set = ast.SelectionSet{asked}
	}
	operation := *d.operation
	operation.SelectionSet = set
	return &ast.QueryDocument{Operations: ast.OperationList{&operation}}
}

func withSelection(field *ast.Field, set ast.SelectionSet) *ast.Field {
	out := *field
	out.SelectionSet = set
	return &out
}

// literal returns what a value of a document is, with these variables.
func literal(value *ast.Value, variables map[string]any) any {
	out, err := value.Value(variables)
	if err != nil {
		return nil // a number that is none, which validation found
	}
	return out
}
