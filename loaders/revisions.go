package loaders

import (
	"time"

	"github.com/maypok86/otter/v2"

	"odoograph/odoo"
)

// writeDate is Odoo's field of when a record was last changed. Odoo tells it in
// whole seconds.
const writeDate = "write_date"

// revisions tell apart what the gateway changed of a record within one second, so
// that whoever read it in between is not taken for one who has seen it all: what
// the n-th change of a second left behind is dated n-1 microseconds into it. It
// knows nothing of changes that others make.
type revisions struct {
	cache *otter.Cache[revisionKey, revision]
}

type revisionKey struct {
	model string
	id    int64
}

type revision struct {
	second int64     // of Odoo's date of the last change
	number int       // of the changes in that second
	at     time.Time // when the last one was over
}

const (
	// maxRevisions bounds the records whose last change is remembered.
	maxRevisions = 100_000
	// revisionAge is how long it is.
	revisionAge = 24 * time.Hour
)

func newRevisions() *revisions {
	return &revisions{otter.Must(&otter.Options[revisionKey, revision]{
		MaximumSize: maxRevisions, ExpiryCalculator: otter.ExpiryWriting[revisionKey, revision](revisionAge),
	})}
}

// add notes a change that is just over.
func (r *revisions) add(key revisionKey, written time.Time) {
	r.cache.Compute(key, func(old revision, found bool) (revision, otter.ComputeOp) {
		next := revision{second: written.Unix(), number: 1, at: time.Now()}
		if found && old.second == next.second {
			next.number = old.number + 1
		}
		return next, otter.WriteOp
	})
}

// date returns Odoo's date of a change with the number of it within its second;
// without, if the reading may have begun before the change was over.
func (r *revisions) date(key revisionKey, written, reading time.Time) time.Time {
	known, ok := r.cache.GetIfPresent(key)
	if !ok || known.second != written.Unix() || known.at.After(reading) {
		return written
	}
	return written.Add(time.Duration(known.number-1) * time.Microsecond)
}

// writtenAt returns Odoo's date of the last change of a record.
func (o Object) writtenAt() (time.Time, bool) {
	raw, _ := o.record.value(writeDate)
	at, ok := raw.(time.Time)
	return at, ok
}

// Unchanged tells whether the last change of a record, which Odoo dates so, is the
// one that a client has seen; and the date by which clients know it. The caller
// has the record's lock.
func (r *Request) Unchanged(model *odoo.Model, id int64, written, seen time.Time) (current time.Time, same bool) {
	current = r.revisions.date(revisionKey{model.Name, id}, written, time.Now())
	return current, seen.Equal(current)
}
