package document

import (
	"github.com/vektah/gqlparser/v2/ast"

	"odoograph/apierror"
)

// scanAll visits every part of a document once, as it is written.
func (c *checker) scanAll(doc *ast.QueryDocument) {
	for _, operation := range doc.Operations {
		c.name(operation.Name, operation.Position)
		for _, variable := range operation.VariableDefinitions {
			c.nodes += 2
			c.name(variable.Variable, variable.Position)
			c.name(variable.Type.Name(), variable.Position)
			c.scanValue(variable.DefaultValue, 0)
			c.scanDirectives(variable.Directives)
		}
		c.scanDirectives(operation.Directives)
		c.scanSelections(operation.SelectionSet, 0)
	}
	for _, fragment := range doc.Fragments {
		c.name(fragment.Name, fragment.Position)
		c.name(fragment.TypeCondition, fragment.Position)
		c.scanDirectives(fragment.Directives)
		c.scanSelections(fragment.SelectionSet, 0)
	}
}

// scanSelections visits a selection set, which so many inline fragments enclose.
func (c *checker) scanSelections(set ast.SelectionSet, inline int) {
	for _, selection := range set {
		c.nodes++
		switch s := selection.(type) {
		case *ast.Field:
			c.scanField(s)
		case *ast.InlineFragment:
			if inline >= c.Inline {
				c.fail(apierror.QueryTooComplex, s.Position, "Inline fragments nest more than %d levels deep.", c.Inline)
				return
			}
			c.name(s.TypeCondition, s.Position)
			c.scanDirectives(s.Directives)
			c.scanSelections(s.SelectionSet, inline+1)
		case *ast.FragmentSpread:
			c.name(s.Name, s.Position)
			c.scanDirectives(s.Directives)
		}
	}
}

func (c *checker) scanField(f *ast.Field) {
	c.name(f.Name, f.Position)
	if f.Name == "__schema" || f.Name == "__type" {
		c.introspects = true
	}
	if f.Alias != f.Name {
		c.name(f.Alias, f.Position)
		if c.aliases++; c.aliases > c.Aliases {
			c.fail(apierror.QueryTooComplex, f.Position, "The document has more than %d aliases: %q is one too many.", c.Aliases, f.Alias)
		}
	}
	if len(f.Directives) > c.FieldDirectives {
		c.fail(apierror.QueryTooComplex, f.Position, "The field %q has %d directives; at most %d are allowed.", f.Alias, len(f.Directives), c.FieldDirectives)
	}
	c.scanArguments(f.Arguments)
	c.scanDirectives(f.Directives)
	c.scanSelections(f.SelectionSet, 0)
}

func (c *checker) scanDirectives(directives ast.DirectiveList) {
	for _, d := range directives {
		c.nodes++
		c.name(d.Name, d.Position)
		if c.directives++; c.directives > c.Directives {
			c.fail(apierror.QueryTooComplex, d.Position, "The document has more than %d directives.", c.Directives)
		}
		c.scanArguments(d.Arguments)
	}
}

func (c *checker) scanArguments(arguments ast.ArgumentList) {
	for _, a := range arguments {
		c.nodes++
		c.name(a.Name, a.Position)
		c.scanValue(a.Value, 0)
	}
}

// scanValue visits a value, which so many lists and objects enclose.
func (c *checker) scanValue(v *ast.Value, depth int) {
	if v == nil {
		return
	}
	c.nodes++
	if v.Kind == ast.EnumValue || v.Kind == ast.Variable {
		c.name(v.Raw, v.Position)
	}
	if depth >= c.Values && len(v.Children) > 0 {
		c.fail(apierror.QueryTooComplex, v.Position, "Lists and objects nest more than %d levels deep.", c.Values)
		return
	}
	for _, child := range v.Children {
		c.name(child.Name, child.Position)
		c.scanValue(child.Value, depth+1)
	}
}

func (c *checker) name(name string, at *ast.Position) {
	if len(name) > c.Name {
		c.fail(apierror.QueryTooComplex, at, "A name has %d characters; at most %d are allowed.", len(name), c.Name)
	}
}
