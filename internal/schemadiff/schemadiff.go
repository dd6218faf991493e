// Package schemadiff tells two GraphQL schemas apart, and what each difference
// means to clients of the old one. It imports no other package of this module.
package schemadiff

import (
	"cmp"
	"maps"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// Severity says what a change does to a client that does not know of it.
type Severity string

// A breaking change makes a document invalid or an answer unreadable that were fine
// before. After a dangerous one documents stay valid, but may do something else or be
// refused to some, or answers may hold what the client does not expect. A safe one is
// nothing to such clients.
const (
	Breaking  Severity = "breaking"
	Dangerous Severity = "dangerous"
	Safe      Severity = "safe"
)

// Change is one difference.
type Change struct {
	Severity Severity
	// Element is what changed: "Partner.name", "Query.partners(first:)".
	Element string
	// Text says how, and ends the sentence that the element begins: "was removed".
	Text string
}

// Compare returns the changes from one schema to another, the worst first.
func Compare(from, to *ast.Schema) []Change {
	c := comparison{from: from, to: to}
	c.types()
	c.directives()
	order := []Severity{Breaking, Dangerous, Safe}
	slices.SortStableFunc(c.changes, func(a, b Change) int {
		return cmp.Or(
			cmp.Compare(slices.Index(order, a.Severity), slices.Index(order, b.Severity)),
			cmp.Compare(a.Element, b.Element), cmp.Compare(a.Text, b.Text),
		)
	})
	return c.changes
}

type comparison struct {
	from, to *ast.Schema
	changes  []Change
}

func (c *comparison) add(severity Severity, element, text string) {
	c.changes = append(c.changes, Change{severity, element, text})
}

func (c *comparison) types() {
	each(c.from.Types, c.to.Types, func(name string, from, to *ast.Definition) {
		switch {
		case to == nil:
			c.add(Breaking, name, "was removed")
		case from == nil:
			c.add(Safe, name, "is a new "+kinds[to.Kind])
		case from.BuiltIn && to.BuiltIn:
		case from.Kind != to.Kind:
			c.add(Breaking, name, "changed from "+kinds[from.Kind]+" to "+kinds[to.Kind])
		default:
			c.definition(from, to)
		}
	})
}

var kinds = map[ast.DefinitionKind]string{
	ast.Scalar: "scalar", ast.Object: "type", ast.Interface: "interface", ast.Union: "union", ast.Enum: "enum", ast.InputObject: "input",
}

func (c *comparison) definition(from, to *ast.Definition) {
	c.demands(from.Name, from.Directives, to.Directives)
	added, removed := members(from.Interfaces, to.Interfaces)
	for _, name := range removed {
		c.add(Breaking, from.Name, "no longer implements `"+name+"`")
	}
	for _, name := range added {
		c.add(Dangerous, from.Name, "now implements `"+name+"`")
	}
	added, removed = members(from.Types, to.Types)
	for _, name := range removed {
		c.add(Breaking, from.Name, "is never a `"+name+"` any more")
	}
	for _, name := range added {
		c.add(Dangerous, from.Name, "may now be a `"+name+"`")
	}
	if (from.Directives.ForName("oneOf") == nil) != (to.Directives.ForName("oneOf") == nil) {
		c.oneOf(to)
	}
	c.enumValues(from, to)
	if from.Kind == ast.InputObject {
		c.inputFields(from, to)
		return
	}
	c.fields(from, to)
}

func (c *comparison) oneOf(to *ast.Definition) {
	if to.Directives.ForName("oneOf") != nil {
		c.add(Breaking, to.Name, "takes exactly one of its fields now")
		return
	}
	c.add(Safe, to.Name, "takes several of its fields at once now")
}

func (c *comparison) enumValues(from, to *ast.Definition) {
	each(valuesOf(from), valuesOf(to), func(name string, old, now *ast.EnumValueDefinition) {
		element := from.Name + "." + name
		switch {
		case now == nil:
			c.add(Breaking, element, "was removed")
		case old != nil:
			c.deprecation(element, old.Directives, now.Directives)
		case answered(c.to, from.Name):
			c.add(Dangerous, element, "is a new value that answers may hold")
		default:
			c.add(Safe, element, "is a new value")
		}
	})
}

func valuesOf(def *ast.Definition) map[string]*ast.EnumValueDefinition {
	return byName(def.EnumValues, func(v *ast.EnumValueDefinition) string { return v.Name })
}

// answered tells whether a field of the schema answers with values of an enum.
func answered(schema *ast.Schema, enum string) bool {
	for _, def := range schema.Types {
		if def.Kind != ast.Object && def.Kind != ast.Interface {
			continue
		}
		if slices.ContainsFunc(def.Fields, func(f *ast.FieldDefinition) bool { return f.Type.Name() == enum }) {
			return true
		}
	}
	return false
}

func byName[T any](items []T, name func(T) string) map[string]T {
	named := make(map[string]T, len(items))
	for _, item := range items {
		named[name(item)] = item
	}
	return named
}

// each calls a function for every name of two maps, in order, with what they have
// for it.
func each[T any](from, to map[string]T, compare func(name string, from, to T)) {
	names := slices.Collect(maps.Keys(from))
	names = slices.AppendSeq(names, maps.Keys(to))
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		compare(name, from[name], to[name])
	}
}

// members returns which names were added and which removed.
func members(from, to []string) (added, removed []string) {
	for _, name := range to {
		if !slices.Contains(from, name) {
			added = append(added, name)
		}
	}
	for _, name := range from {
		if !slices.Contains(to, name) {
			removed = append(removed, name)
		}
	}
	return added, removed
}
