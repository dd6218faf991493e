package pages

import (
	"html/template"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"odoograph/graph/relay"
	"odoograph/graph/sdl"
)

// reference is what the page of the same name shows.
type reference struct {
	Groups                    []group
	Scopes                    []scope
	Directives                []member
	Changes                   template.HTML
	Playground                bool
	PageSize, LargestPageSize int
}

// group is some of the types, under a heading.
type group struct {
	ID, Title, About string
	Types            []typ
}

// typ is a type as it is shown.
type typ struct {
	Name, Kind, Scope, Cost string
	Description             template.HTML
	// Root tells that operations begin here.
	Root bool
	// OneOf tells of an input that takes exactly one of its fields.
	OneOf bool
	// Also are the interfaces of an object, or the objects of an interface.
	Also []string
	// Uses are the first fields and arguments of the type, and More counts the others.
	Uses    []string
	More    int
	SpecURL string
	Members []member
}

// member is a field, an input's field, an enum's value or a directive.
type member struct {
	ID, Name, Scope, Rate, Cost, Default, Deprecated string
	Type                                             *typeRef
	Description                                      template.HTML
	// Paged tells of a list, whose arguments to page with are described once for all.
	Paged     bool
	Arguments []member
	Examples  []Example
}

// typeRef is a type with what is written around its name: "[", "Partner", "!]!".
type typeRef struct{ Before, Name, After string }

// scope is a scope and what needs it: objects, or changes.
type scope struct {
	Name  string
	Needs []anchor
}

// anchor is a place of the page with what it is called.
type anchor struct{ ID, Name string }

func newReference(o Options) (*reference, error) {
	examples, err := Examples()
	if err != nil {
		return nil, err
	}
	schema := sdl.Published(o.Schema)
	b := builder{schema: schema, examples: examples, uses: usesOf(schema)}
	b.prose.leads = b.has
	r := &reference{
		Playground: o.Playground, PageSize: relay.DefaultPageSize, LargestPageSize: relay.MaxPageSize,
		Scopes: b.scopes(), Directives: b.directives(),
	}
	_, changes, _ := strings.Cut(o.Changes, "\n") // whose first line is the title
	r.Changes = b.prose.html(changes)
	for _, g := range groups {
		shown := group{ID: g.id, Title: g.title, About: g.about}
		for _, def := range sorted(schema.Types) {
			if groupOf(def) == g.id && (!def.BuiltIn || len(b.uses[def.Name]) > 0) {
				shown.Types = append(shown.Types, b.typ(def))
			}
		}
		r.Groups = append(r.Groups, shown)
	}
	return r, nil
}

// groups are the headings, in the order of the page.
var groups = []struct{ id, title, about string }{
	{"queries", "Queries", "What can be asked for."},
	{"mutations", "Changes", "What can be changed. Each is done wholly or not at all, and is safe to repeat with an idempotency key."},
	{"objects", "Objects", "What answers are made of."},
	{"inputs", "Inputs", "What changes are made of."},
	{"filters", "Filters", "Which records a list shows."},
	{"enums", "Enums", "Values out of a few."},
	{"scalars", "Scalars", "Single values. Those that GraphQL does not have itself are written as strings."},
	{"payloads", "Results of changes", "What changes answer with: the record as it is now, and what was wrong with the input."},
	{"lists", "Lists", "Pages of records, after Relay’s connections."},
	{"orders", "Orders of lists", "By what lists can be sorted."},
}

func groupOf(def *ast.Definition) string {
	suffixed := func(suffix string) bool { return strings.HasSuffix(def.Name, suffix) }
	switch {
	case strings.HasPrefix(def.Name, "__"):
		return ""
	case def.Name == "Query":
		return "queries"
	case def.Name == "Mutation":
		return "mutations"
	case def.Kind == ast.Scalar:
		return "scalars"
	case def.Kind == ast.InputObject && (suffixed("Filter") || suffixed("Range")):
		return "filters"
	case def.Kind == ast.InputObject && suffixed("Order"), def.Kind == ast.Enum && suffixed("OrderField"):
		return "orders"
	case def.Kind == ast.InputObject:
		return "inputs"
	case def.Kind == ast.Enum:
		return "enums"
	case suffixed("Connection") || suffixed("Edge") || def.Name == "PageInfo":
		return "lists"
	case suffixed("Payload"):
		return "payloads"
	}
	return "objects"
}

func sorted(types map[string]*ast.Definition) []*ast.Definition {
	var defs []*ast.Definition
	for _, def := range types {
		defs = append(defs, def)
	}
	slices.SortFunc(defs, func(a, b *ast.Definition) int { return strings.Compare(a.Name, b.Name) })
	return defs
}
