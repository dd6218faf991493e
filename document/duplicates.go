package document

import (
	"github.com/vektah/gqlparser/v2/ast"

	"odoograph/apierror"
)

// countDuplicates bounds how many fields of a document answer in one place, and
// the places of each root. Validation compares all fields of a place with each
// other, so its time grows with the square of their number.
func (c *checker) countDuplicates(doc *ast.QueryDocument) {
	for _, operation := range doc.Operations {
		places := c.merge([]ast.SelectionSet{operation.SelectionSet})
		if len(places) > c.RootFields {
			c.fail(apierror.QueryTooComplex, operation.Position,
				"The operation has %d fields at its root; at most %d are allowed.", len(places), c.RootFields)
			return
		}
		c.countIn(places)
	}
}

// countIn looks at the places of an object, and at those below them. That visits
// each field of the expanded document once.
func (c *checker) countIn(places map[string][]*ast.Field) {
	for key, fields := range places {
		if len(fields) > c.Duplicates {
			c.fail(apierror.QueryTooComplex, fields[c.Duplicates].Position,
				"The document asks for %q %d times in the same place, its fragments expanded; at most %d are allowed.", key, len(fields), c.Duplicates)
		}
		if c.err != nil {
			return
		}
		var below []ast.SelectionSet
		for _, field := range fields {
			if len(field.SelectionSet) > 0 {
				below = append(below, field.SelectionSet)
			}
		}
		if below != nil {
			c.countIn(c.merge(below))
		}
	}
}

// merge returns the fields of selection sets of one object by their place in it.
func (c *checker) merge(sets []ast.SelectionSet) map[string][]*ast.Field {
	places := map[string][]*ast.Field{}
	var add func(ast.SelectionSet)
	add = func(set ast.SelectionSet) {
		for _, selection := range set {
			switch s := selection.(type) {
			case *ast.Field:
				places[s.Alias] = append(places[s.Alias], s)
			case *ast.InlineFragment:
				add(s.SelectionSet)
			case *ast.FragmentSpread:
				if fragment := c.fragments[s.Name]; fragment != nil {
					add(fragment.SelectionSet)
				}
			}
		}
	}
	for _, set := range sets {
		add(set)
	}
	return places
}
