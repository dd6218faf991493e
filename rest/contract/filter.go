package contract

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
