package contract

import (
	"slices"
	"strings"
)

// Set adds the condition that the filter makes of a value, or a list of values, to
// a filter of GraphQL.
func (f *Filter) Set(filter map[string]any, value any) {
	at := filter
	for _, step := range f.path[:len(f.path)-1] {
		next, ok := at[step].(map[string]any)
		if !ok {
			next = map[string]any{}
			at[step] = next
		}
		at = next
	}
	at[f.path[len(f.path)-1]] = value
}

// FilterAt returns the name of the filter at a place in the filter of GraphQL.
func (r *Route) FilterAt(steps []string) string {
	for _, f := range r.Filters {
		if len(steps) >= len(f.path) && slices.Equal(f.path, steps[:len(f.path)]) {
			return f.Name
		}
	}
	return strings.Join(steps, ".")
}
