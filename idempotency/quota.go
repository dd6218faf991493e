package idempotency

import (
	"context"
	"sync"
	"time"

	"odoograph/apierror"
)

const (
	maxAnswer = 1 << 20
	// maxKeys and maxBytes bound what one owner makes the gateway remember. They
	// keep the disk from filling up, so that about is good enough.
	maxKeys  = 100_000
	maxBytes = 256 << 20
	// recountEvery is how long an estimate is believed, and recountFull how long
	// one that turns requests away is.
	recountEvery = time.Minute
	recountFull  = 5 * time.Second

	msgTooMany = "The API key has used as many idempotency keys in the last 24 hours as the gateway remembers; try again later."
)

// quota estimates what each owner has in the database: what was there when it
// was counted, and what this process added since. Counting for each request
// would cost more than the request.
type quota struct {
	mu     sync.Mutex
	owners map[string]*tally
}

type tally struct {
	keys    int64
	bytes   int64
	counted time.Time
}

// full tells whether the owner may have no new key.
func (s *Store) full(ctx context.Context, owner string) bool {
	if s.quota.due(owner, time.Now()) {
		var keys, bytes int64
		err := s.db.QueryRowContext(ctx, "SELECT COUNT(*), COALESCE(SUM(LENGTH(answer)), 0) FROM idempotency_keys WHERE owner = $1", owner).Scan(&keys, &bytes)
		if err == nil { // otherwise the estimate is all there is
			s.quota.set(owner, keys, bytes)
		}
	}
	s.quota.mu.Lock()
	defer s.quota.mu.Unlock()
	return s.quota.of(owner).keys >= maxKeys
}

// of returns the estimate of an owner. The caller holds the lock.
func (q *quota) of(owner string) *tally {
	if q.owners == nil {
		q.owners = map[string]*tally{}
	}
	t := q.owners[owner]
	if t == nil {
		t = &tally{}
		q.owners[owner] = t
	}
	return t
}

// due tells whether the caller is to count. The others make do with the
// estimate meanwhile.
func (q *quota) due(owner string, now time.Time) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	t := q.of(owner)
	age := now.Sub(t.counted)
	if age < recountFull || age < recountEvery && t.keys < maxKeys {
		return false
	}
	t.counted = now
	return true
}

func (q *quota) set(owner string, keys, bytes int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	t := q.of(owner)
	t.keys, t.bytes = keys, bytes
}

// add counts a new key.
func (q *quota) add(a *Attempt) {
	if a.Interrupted {
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.of(a.request.Owner).keys++
}

// mayKeep tells whether an answer of that size is kept, and counts it if so.
func (q *quota) mayKeep(owner string, size int) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	t := q.of(owner)
	if size > maxAnswer || t.bytes+int64(size) > maxBytes {
		return false
	}
	t.bytes += int64(size)
	return true
}

// forget drops the estimates of owners that were not heard of for a while.
func (q *quota) forget(now time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for owner, t := range q.owners {
		if now.Sub(t.counted) > 2*recountEvery {
			delete(q.owners, owner)
		}
	}
}

func tooMany() error {
	return &apierror.Error{Code: apierror.RateLimited, Message: msgTooMany, RetryAfter: recountEvery}
}
