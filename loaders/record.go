package loaders

import (
	"fmt"
	"slices"
	"sync/atomic"

	"odoograph/apierror"
)

// record is what a request knows of one Odoo record. Its values only grow, so
// that reading needs no lock.
type record struct {
	id       int64
	segments atomic.Pointer[segment] // the newest one
	// unreadable is set, once, when Odoo does not give the record to the user.
	unreadable atomic.Bool
}

// segment is the part of a record that came with one answer.
type segment struct {
	layout *layout // shared by all records of the answer
	values []any   // typed values, or errors
	older  *segment
}

// layout says at which place in the values each Odoo field stands.
type layout struct{ fields []string }

// value returns a field's value and whether it is known.
func (r *record) value(field string) (any, bool) {
	for s := r.segments.Load(); s != nil; s = s.older {
		if i := slices.Index(s.layout.fields, field); i >= 0 {
			return s.values[i], true
		}
	}
	return nil, false
}

// add is called under the lock of the request. A record that many others refer to
// comes many times in one answer, each time the same.
func (r *record) add(s *segment) {
	s.older = r.segments.Load()
	if s.older == nil || s.older.layout != s.layout {
		r.segments.Store(s)
	}
}

// forbidden is the error of a record that Odoo refers to but does not show.
func forbidden(t *boundType) error {
	return apierror.New(apierror.Forbidden, fmt.Sprintf("You may not read this %s.", t.name))
}
