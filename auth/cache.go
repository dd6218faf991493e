package auth

import (
	"sync"
	"sync/atomic"
	"time"
)

const (
	// freshFor is how long the store is not asked again about a key; a change
	// anywhere is in force everywhere within a second.
	freshFor = 500 * time.Millisecond
	// honouredFor is how long a key is good while the store is away.
	honouredFor = time.Minute
	// maxCached bounds the keys, and the ids of none, that are remembered.
	maxCached = 10_000
)

// cache remembers what the store said of ids. Those that it does not know have
// a place of their own, so that whoever makes up ids displaces no key.
type cache struct {
	mu      sync.RWMutex
	known   map[string]*entry
	unknown map[string]time.Time // when the store did not know the id
}

// entry is a key as the store had it. It does not change, but for its use.
type entry struct {
	record     *record
	identity   *Identity
	unreadable error     // why its Odoo credential cannot be opened
	asOf       time.Time // the store was asked
	asked      time.Time // the store was asked, whether it answered or not
	used       *atomic.Int64
}

func (c *cache) init() {
	c.known, c.unknown = map[string]*entry{}, map[string]time.Time{}
}

// get returns the entry of an id, nil if there is none, and whether that needs
// no question to the store.
func (c *cache) get(id string, now time.Time) (e *entry, fresh bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if e = c.known[id]; e != nil {
		return e, isRecent(e.asked, now, freshFor) && e.honoured(now)
	}
	absent, ok := c.unknown[id]
	return nil, ok && isRecent(absent, now, freshFor)
}

// honoured tells whether the entry is good enough while the store is away.
func (e *entry) honoured(now time.Time) bool { return isRecent(e.asOf, now, honouredFor) }

// isRecent tells whether an instant is less than d ago. One that is yet to come
// is not: the clock was set back, and what it was noted by is not known.
func isRecent(then, now time.Time, d time.Duration) bool {
	age := now.Sub(then)
	return age >= 0 && age < d
}

func (c *cache) put(e *entry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	id := e.record.ID
	delete(c.unknown, id)
	if old := c.known[id]; old != nil {
		e.used = old.used
	}
	makeRoom(c.known, id)
	c.known[id] = e
}

func (c *cache) putUnknown(id string, asked time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.known, id)
	makeRoom(c.unknown, id)
	c.unknown[id] = asked
}

// postpone notes that the store did not answer, so that it is not asked again at once.
func (c *cache) postpone(e *entry, asked time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known[e.record.ID] == e {
		later := *e
		later.asked = asked
		c.known[e.record.ID] = &later
	}
}

func (c *cache) remove(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.known, id)
	delete(c.unknown, id)
}

// makeRoom drops any entry of a map that is full; it is only asked for again.
func makeRoom[T any](m map[string]T, id string) {
	if _, ok := m[id]; ok || len(m) < maxCached {
		return
	}
	for other := range m {
		delete(m, other)
		return
	}
}
