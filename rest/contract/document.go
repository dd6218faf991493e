package contract

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// document is what an operation is built from.
type document struct {
	// operation is the whole of it: what a request does not ask for is left out.
	operation *ast.OperationDefinition
	// way are the fields from the root to the one that is answered, the last.
	way []*ast.Field
	// fixed is what the document says of the body or filter itself; nil for nothing.
	fixed *ast.Value
	// order is the list's own; nil for none.
	order *ast.Value
}

// Load reads the version in a folder. An error names the file and line of what
// does not fit the schema, and why.
func Load(folder fs.FS, name string, schema *ast.Schema) (*Version, error) {
	operations, fragments, err := read(folder)
	if err != nil {
		return nil, err
	}
	if len(operations) == 0 {
		return nil, fmt.Errorf("%s: there is no operation in the folder", name)
	}
	c := &compiler{schema: schema, names: names{}, inputs: map[string]*Input{}}
	for _, op := range operations {
		if err := c.check(op, fragments); err != nil {
			return nil, err
		}
	}
	version := &Version{Name: name}
	taken := map[string]bool{}
	for _, op := range operations {
		route, err := c.route(op)
		if err != nil {
			return nil, err
		}
		if place := route.Method + " " + route.Path; taken[place] || taken[route.Name] {
			return nil, at(op.Position, "%s: there is another operation of this name or route: %s", route.Name, place)
		}
		taken[route.Method+" "+route.Path], taken[route.Name] = true, true
		version.Routes = append(version.Routes, route)
	}
	slices.SortStableFunc(version.Routes, func(a, b *Route) int { return cmp.Compare(a.Path, b.Path) })
	return version, nil
}

// read parses the documents of a folder.
func read(folder fs.FS) (ast.OperationList, ast.FragmentDefinitionList, error) {
	files, err := fs.Glob(folder, "*.graphql")
	if err != nil {
		return nil, nil, err
	}
	var operations ast.OperationList
	var fragments ast.FragmentDefinitionList
	for _, file := range files {
		text, err := fs.ReadFile(folder, file)
		if err != nil {
			return nil, nil, err
		}
		doc, err := parser.ParseQuery(&ast.Source{Name: path.Base(file), Input: string(text)})
		if err != nil {
			return nil, nil, err
		}
		operations = append(operations, doc.Operations...)
		fragments = append(fragments, doc.Fragments...)
	}
	return operations, fragments, nil
}

// compiler makes routes of operations.
type compiler struct {
	schema *ast.Schema
	names  names
	inputs map[string]*Input // by GraphQL type, since types refer to one another
}

// check validates an operation as it was written, @rest apart, and notes the names
// that it gives to fields.
func (c *compiler) check(op *ast.OperationDefinition, fragments ast.FragmentDefinitionList) error {
	directive := op.Directives.ForName("rest")
	if directive == nil || len(op.Directives) != 1 {
		return at(op.Position, "%s needs the directive @rest, and no other", op.Name)
	}
	op.Directives = nil
	doc := &ast.QueryDocument{Operations: ast.OperationList{op}, Fragments: used(op.SelectionSet, fragments, nil)}
	err := validate(c.schema, doc)
	op.Directives = ast.DirectiveList{directive}
	if err != nil {
		return err
	}
	return c.noteNames(op.SelectionSet)
}

func (c *compiler) noteNames(set ast.SelectionSet) error {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			if soleField(s, "totalCount") == nil {
				if err := c.names.add(c.schema, s); err != nil {
					return at(s.Position, "%v", err)
				}
			}
			if err := c.noteNames(s.SelectionSet); err != nil {
				return err
			}
		case *ast.FragmentSpread:
			if err := c.noteNames(s.Definition.SelectionSet); err != nil {
				return err
			}
		}
	}
	return nil
}

// used returns the fragments that a selection spreads, each once.
func used(set ast.SelectionSet, all, found ast.FragmentDefinitionList) ast.FragmentDefinitionList {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			found = used(s.SelectionSet, all, found)
		case *ast.InlineFragment:
			found = used(s.SelectionSet, all, found)
		case *ast.FragmentSpread:
			if fragment := all.ForName(s.Name); fragment != nil && found.ForName(s.Name) == nil {
				found = used(fragment.SelectionSet, all, append(found, fragment))
			}
		}
	}
	return found
}

// validate checks a document against the schema, and writes what the schema says
// of its fields into it.
func validate(schema *ast.Schema, doc *ast.QueryDocument) error {
	if errs := validator.ValidateWithRules(schema, doc, rules.NewDefaultRules()); len(errs) > 0 {
		return errs
	}
	return nil
}

// at is an error at a place in a document.
func at(place *ast.Position, format string, args ...any) error {
	return gqlerror.ErrorPosf(place, format, args...)
}
