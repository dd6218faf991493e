package contract

import "github.com/vektah/gqlparser/v2/ast"

// Operation is the operation that asks for all that the route can answer. It is
// valid, and not to be changed.
func (r *Route) Operation() *ast.OperationDefinition { return r.document.operation }

// Searchable tells whether a list can be searched for a text.
func (r *Route) Searchable() bool {
	return r.document.operation.VariableDefinitions.ForName("search") != nil
}

// Shown returns the members of an Object that clients see.
func (v *Value) Shown() []*Member {
	var shown []*Member
	for _, m := range v.Members {
		if !m.hidden {
			shown = append(shown, m)
		}
	}
	return shown
}
