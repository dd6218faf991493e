package schemadiff

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// demands compares what the gateway asks of those who ask for an element: a scope, a
// price, a rate. Documents stay valid, but some keys may be refused.
func (c *comparison) demands(element string, old, now ast.DirectiveList) {
	if before, after := argument(old, "auth", "scope"), argument(now, "auth", "scope"); before != after {
		switch {
		case after == "":
			c.add(Safe, element, "needs no scope any more; it needed `"+before+"`")
		case before == "":
			c.add(Breaking, element, "needs the scope `"+after+"` now")
		default:
			c.add(Breaking, element, "needs the scope `"+after+"`; it needed `"+before+"`")
		}
	}
	for _, name := range []string{"cost", "rateLimit"} {
		before, after := applied(old, name), applied(now, name)
		if before == after {
			continue
		}
		c.add(Dangerous, element, "has "+after+"; it had "+before)
	}
}

// argument returns the value of an argument of a directive that is applied, "" if
// there is none.
func argument(directives ast.DirectiveList, name, argument string) string {
	directive := directives.ForName(name)
	if directive == nil || directive.Arguments.ForName(argument) == nil {
		return ""
	}
	return directive.Arguments.ForName(argument).Value.Raw
}

// applied returns a directive with its arguments as it is written.
func applied(directives ast.DirectiveList, name string) string {
	directive := directives.ForName(name)
	if directive == nil {
		return "no `@" + name + "`"
	}
	text := ""
	for _, a := range directive.Arguments {
		if text != "" {
			text += ", "
		}
		text += a.Name + ": " + a.Value.String()
	}
	return "`@" + name + "(" + text + ")`"
}

func (c *comparison) deprecation(element string, old, now ast.DirectiveList) {
	before, after := old.ForName("deprecated") != nil, now.ForName("deprecated") != nil
	switch {
	case after && !before:
		text := "is deprecated"
		if reason := argument(now, "deprecated", "reason"); reason != "" {
			text += ": " + reason
		}
		c.add(Safe, element, text)
	case before && !after:
		c.add(Safe, element, "is not deprecated any more")
	}
}

// directives compares those that documents may use; the others are notes on the
// schema itself.
func (c *comparison) directives() {
	each(usable(c.from), usable(c.to), func(name string, old, now *ast.DirectiveDefinition) {
		element := "@" + name
		switch {
		case now == nil:
			c.add(Breaking, element, "was removed")
			return
		case old == nil:
			c.add(Safe, element, "is a new directive")
			return
		}
		added, removed := members(locations(old), locations(now))
		for _, location := range removed {
			c.add(Breaking, element, "cannot stand on "+location+" any more")
		}
		for _, location := range added {
			c.add(Safe, element, "can stand on "+location)
		}
		if old.IsRepeatable && !now.IsRepeatable {
			c.add(Breaking, element, "cannot be repeated any more")
		}
		c.arguments(element, old.Arguments, now.Arguments)
	})
}

var executable = []ast.DirectiveLocation{
	ast.LocationQuery, ast.LocationMutation, ast.LocationSubscription, ast.LocationField, ast.LocationFragmentDefinition,
	ast.LocationFragmentSpread, ast.LocationInlineFragment, ast.LocationVariableDefinition,
}

func usable(schema *ast.Schema) map[string]*ast.DirectiveDefinition {
	found := map[string]*ast.DirectiveDefinition{}
	for name, def := range schema.Directives {
		builtIn := def.Position != nil && def.Position.Src != nil && def.Position.Src.BuiltIn
		if !builtIn && len(locations(def)) > 0 {
			found[name] = def
		}
	}
	return found
}

func locations(def *ast.DirectiveDefinition) []string {
	var names []string
	for _, location := range def.Locations {
		if slices.Contains(executable, location) {
			names = append(names, string(location))
		}
	}
	return names
}
