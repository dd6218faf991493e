package contract

import (
	"slices"
	"strings"

	"odoograph/apierror"
)

// Select returns the record with these members alone, in the order of the contract:
// "name" or, within an object, "country.name". The error is BAD_USER_INPUT and names
// the member that there is not.
func (r *Route) Select(names []string) (*Value, error) {
	if len(names) == 0 {
		return r.Record, nil
	}
	wanted := tree{}
	for _, name := range names {
		at, in := r.Record, wanted
		for step := range strings.SplitSeq(name, ".") {
			if at != nil && at.Form == Array {
				at = at.Items
			}
			var m *Member
			if at != nil && at.Form == Object {
				m = at.Member(step)
			}
			if m == nil {
				return nil, apierror.BadInput("fields", "There is no field `"+name+"`: "+allowedFields(r.Record))
			}
			if in[step] == nil {
				in[step] = tree{}
			}
			at, in = m.Value, in[step]
		}
		in[everything] = tree{}
	}
	return r.Record.pick(wanted), nil
}

// tree are names, and the names within them.
type tree map[string]tree

// everything stands in a tree for all there is.
const everything = ""

// pick returns the parts of a value that a tree names.
func (v *Value) pick(wanted tree) *Value {
	if wanted[everything] != nil {
		return v
	}
	out := *v
	switch v.Form {
	case Array:
		out.Items = v.Items.pick(wanted)
	case Object:
		out.Members = nil
		for _, m := range v.Members {
			within := wanted[m.Name]
			if m.hidden {
				out.Members = append(out.Members, m)
			} else if within != nil {
				part := *m
				part.Value = m.Value.pick(within)
				out.Members = append(out.Members, &part)
			}
		}
	}
	out.plain = out.isPlain()
	return &out
}

// allowedFields says which members a record has.
func allowedFields(v *Value) string {
	var names []string
	for _, m := range v.Members {
		if !m.hidden {
			names = append(names, m.Name)
		}
	}
	slices.Sort(names)
	return "give some of " + strings.Join(names, ", ") + "."
}
