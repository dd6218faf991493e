package odootest

// A wire value is what the protocols carry: nil, bool, int64, float64, string,
// []any or dict.

import "slices"

// A dict is a JSON object or XML-RPC struct. It keeps the order of its keys, as
// Python's does.
type dict []member

type member struct {
	key   string
	value any
}

// get returns the value of a key; of equal keys the last one counts.
func (d dict) get(key string) (any, bool) {
	for _, v := range slices.Backward(d) {
		if v.key == key {
			return v.value, true
		}
	}
	return nil, false
}

// set replaces the value of a key or appends it.
func (d *dict) set(key string, value any) {
	for i := range *d {
		if (*d)[i].key == key {
			(*d)[i].value = value
			return
		}
	}
	*d = append(*d, member{key, value})
}

// plain returns a wire value with maps in the place of dicts, for callers
// outside the package.
func plain(v any) any {
	switch v := v.(type) {
	case dict:
		out := make(map[string]any, len(v))
		for _, m := range v {
			out[m.key] = plain(m.value)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = plain(v[i])
		}
		return out
	}
	return v
}
