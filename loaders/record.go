package loaders

import (
	"fmt"
	"sync/atomic"

	"odoograph/apierror"
)

// record is what a request knows of one Odoo record. Its values only grow, so
// that reading needs no lock.
type record struct {
	id       int64
	segments atomic.Pointer[[]segment]
	// unreadable is set, once, when Odoo does not give the record to the user.
	unreadable atomic.Bool
}

// segment is the part of a record that came with one answer.
type segment struct {
	index  map[string]int // Odoo field to place in values; shared by all records of the answer
	values []any          // typed values, or errors
}

// value returns a field's value and whether it is known.
func (r *record) value(field string) (any, bool) {
	segments := r.segments.Load()
	if segments == nil {
		return nil, false
	}
	for _, s := range *segments {
		if i, ok := s.index[field]; ok {
			return s.values[i], true
		}
	}
	return nil, false
}

// add is called under the lock of the request.
func (r *record) add(s segment) {
	var grown []segment
	if old := r.segments.Load(); old != nil {
		grown = append(grown, *old...)
	}
	grown = append(grown, s)
	r.segments.Store(&grown)
}

// forbidden is the error of a record that Odoo refers to but does not show.
func forbidden(t *boundType) error {
	return apierror.New(apierror.Forbidden, fmt.Sprintf("You may not read this %s.", t.name))
}
