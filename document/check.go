package document

import (
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"odoograph/apierror"
)

// checker looks at a parsed document before its validation.
type checker struct {
	Limits
	fragments map[string]*ast.FragmentDefinition
	extents   map[string]extent // of fragments; depth -1 while it is being measured

	aliases, directives, nodes int
	introspects                bool
	err                        *gqlerror.Error // the first one
}

// extent is the size of a selection set with its fragments expanded.
type extent struct{ fields, depth int }

// check returns what is known of a document, or why its form is refused.
func (l Limits) check(doc *ast.QueryDocument) (*checker, *gqlerror.Error) {
	c := &checker{Limits: l, fragments: map[string]*ast.FragmentDefinition{}, extents: map[string]extent{}}
	for _, fragment := range doc.Fragments {
		if _, ok := c.fragments[fragment.Name]; !ok { // validation reports the second one
			c.fragments[fragment.Name] = fragment
		}
	}
	if len(doc.Fragments) > l.Fragments {
		c.tooMany(doc.Fragments[l.Fragments].Position, "fragments", len(doc.Fragments), l.Fragments)
	}
	c.scanAll(doc)
	if c.err == nil {
		c.measureAll(doc)
	}
	if c.err == nil {
		c.countDuplicates(doc)
	}
	return c, c.err
}

// fail notes an error unless there is one.
func (c *checker) fail(code apierror.Code, at *ast.Position, format string, args ...any) {
	if c.err == nil {
		c.err = refusal(code, at, format, args...)
	}
}

func (c *checker) tooMany(at *ast.Position, what string, found, allowed int) {
	c.fail(apierror.QueryTooComplex, at, "The document has %d %s; at most %d are allowed.", found, what, allowed)
}

// measureAll finds the depth and the number of fields of each operation.
func (c *checker) measureAll(doc *ast.QueryDocument) {
	fields := 0
	for _, operation := range doc.Operations {
		size := c.measure(operation.SelectionSet)
		fields += size.fields
		if size.depth > c.Depth {
			c.fail(apierror.QueryTooComplex, operation.Position, "The document is %d levels deep; at most %d are allowed.", size.depth, c.Depth)
		}
		if fields > c.Fields {
			c.fail(apierror.QueryTooComplex, operation.Position,
				"The document asks for %d fields, its fragments expanded; at most %d are allowed.", fields, c.Fields)
		}
	}
	for _, fragment := range doc.Fragments {
		if _, reached := c.extents[fragment.Name]; !reached {
			// Validation would say so too, after it has spent its time on it.
			c.fail(apierror.ValidationFailed, fragment.Position, "Fragment %q is never used.", fragment.Name)
		}
	}
}

// enough keeps the number of fields from overflowing: fragments double it.
const enough = 1 << 40

// measure returns the extent of a selection set. Each fragment is measured once,
// however often it is spread.
func (c *checker) measure(set ast.SelectionSet) extent {
	var total extent
	for _, selection := range set {
		var size extent
		switch s := selection.(type) {
		case *ast.Field:
			size = c.measure(s.SelectionSet)
			size.fields, size.depth = size.fields+1, size.depth+1
		case *ast.InlineFragment:
			size = c.measure(s.SelectionSet)
		case *ast.FragmentSpread:
			size = c.measureSpread(s)
		}
		total.fields = min(total.fields+size.fields, enough)
		total.depth = max(total.depth, size.depth)
	}
	return total
}

func (c *checker) measureSpread(spread *ast.FragmentSpread) extent {
	fragment := c.fragments[spread.Name]
	if fragment == nil {
		return extent{fields: 1} // validation reports it
	}
	size, known := c.extents[spread.Name]
	switch {
	case known && size.depth < 0:
		c.fail(apierror.ValidationFailed, spread.Position, "Fragment %q spreads itself.", spread.Name)
		return extent{}
	case !known:
		c.extents[spread.Name] = extent{depth: -1}
		size = c.measure(fragment.SelectionSet)
		c.extents[spread.Name] = size
	}
	return size
}
