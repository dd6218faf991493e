package loaders

import (
	"sync"
	"testing"
	"time"

	"odoograph/odoo"
)

// Odoo dates changes in whole seconds: these two.
var (
	second = time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC)
	later  = second.Add(time.Second)
)

func TestRevisionsTellChangesOfOneSecondApart(t *testing.T) {
	soon := time.Now().Add(time.Hour) // a reading that begins after all of this
	key, other := revisionKey{"res.partner", 7}, revisionKey{"sale.order", 7}
	r := newRevisions()
	check := func(what string, key revisionKey, written, want time.Time) {
		t.Helper()
		if got := r.date(key, written, soon); !got.Equal(want) {
			t.Errorf("%s is dated %v, want %v", what, got, want)
		}
	}
	check("what the gateway never changed", key, second, second)
	r.add(key, second)
	check("the first change", key, second, second)
	r.add(key, second)
	check("the second change", key, second, second.Add(time.Microsecond))
	r.add(key, second)
	check("the third change", key, second, second.Add(2*time.Microsecond))
	check("another record", other, second, second)
	check("a later change that is not the gateway's", key, later, later)
	r.add(key, later)
	check("the first change of the next second", key, later, later)
	check("an older copy", key, second, second)
}

// Who began to read before the last change was over may have read what was there
// before it.
func TestRevisionsOfAnOlderReading(t *testing.T) {
	key := revisionKey{"res.partner", 7}
	r := newRevisions()
	r.add(key, second)
	r.add(key, second)
	if got := r.date(key, second, time.Now().Add(-time.Hour)); !got.Equal(second) {
		t.Errorf("dated %v, want %v: it may be the first change", got, second)
	}
}

func TestRevisionsOfChangesAtOnce(t *testing.T) {
	const changes = 100
	key := revisionKey{"res.partner", 7}
	r := newRevisions()
	var all sync.WaitGroup
	for range changes {
		all.Go(func() { r.add(key, second) })
	}
	all.Wait()
	if got, want := r.date(key, second, time.Now().Add(time.Hour)), second.Add((changes-1)*time.Microsecond); !got.Equal(want) {
		t.Errorf("dated %v, want %v", got, want)
	}
}

func TestUnchanged(t *testing.T) {
	model := &odoo.Model{Name: "res.partner"}
	r := &Request{revisions: newRevisions()}
	for range 2 {
		r.revisions.add(revisionKey{model.Name, 7}, second)
	}
	current := second.Add(time.Microsecond)
	for name, test := range map[string]struct {
		id            int64
		written, seen time.Time
		current       time.Time
		same          bool
	}{
		"the last change was seen":            {7, second, current, current, true},
		"in another zone":                     {7, second, current.In(time.FixedZone("", 3600)), current, true},
		"the change before it was seen":       {7, second, second, current, false},
		"somebody else changed it since":      {7, later, current, later, false},
		"only others ever changed it":         {8, second, second, second, true},
		"only others, and it was seen before": {8, later, second, later, false},
	} {
		now, same := r.Unchanged(model, test.id, test.written, test.seen)
		if same != test.same || !now.Equal(test.current) {
			t.Errorf("%s: %v, %v, want %v, %v", name, now, same, test.current, test.same)
		}
	}
}
