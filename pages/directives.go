package pages

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// refer takes a type apart.
func refer(t *ast.Type) *typeRef {
	written, name := t.String(), t.Name()
	before, after, _ := strings.Cut(written, name)
	return &typeRef{before, name, after}
}

func text(value *ast.Value) string {
	if value == nil {
		return ""
	}
	return value.String()
}

// argument returns the value of an argument of a directive, "" if there is none.
func argument(directives ast.DirectiveList, name, argument string) string {
	directive := directives.ForName(name)
	if directive == nil || directive.Arguments.ForName(argument) == nil {
		return ""
	}
	return directive.Arguments.ForName(argument).Value.Raw
}

// cost returns what something costs, "" if it is what anything of its kind does.
func cost(directives ast.DirectiveList) string {
	if weight := argument(directives, "cost", "weight"); weight != "0" {
		return weight
	}
	return ""
}

func rate(directives ast.DirectiveList) string {
	limit := argument(directives, "rateLimit", "limit")
	if limit == "" {
		return ""
	}
	window := argument(directives, "rateLimit", "window")
	if window == "" {
		window = "60s"
	}
	return limit + " in " + window
}

// deprecated returns why something should not be used any more, "" if it may be.
func deprecated(directives ast.DirectiveList) string {
	if directives.ForName("deprecated") == nil {
		return ""
	}
	if reason := argument(directives, "deprecated", "reason"); reason != "" {
		return reason
	}
	return "No longer supported."
}
