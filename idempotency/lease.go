package idempotency

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// renewBatch bounds the attempts whose leases one statement renews.
const renewBatch = 100

// hold renews the lease of an attempt until it ends. It began to run when the
// holder asked for it, which is before the database gave it.
func (s *Store) hold(a *Attempt, since time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a.timer = time.AfterFunc(time.Until(since.Add(ownLease)), func() { s.lose(a, "it could not be renewed in time") })
	s.attempts[a] = struct{}{}
	s.quota.add(a)
}

// release renews the lease of an attempt no more, and tells whether the attempt
// was not ended before.
func (s *Store) release(a *Attempt) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	first := !a.ended
	a.ended = true
	a.timer.Stop()
	delete(s.attempts, a)
	return first
}

// released tells whether an attempt has ended.
func (s *Store) released(a *Attempt) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return a.ended
}

// lose tells the holder of an attempt that its lease may be over.
func (s *Store) lose(a *Attempt, why string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, held := s.attempts[a]; !held {
		return
	}
	delete(s.attempts, a)
	a.timer.Stop()
	close(a.lost)
	s.log.Warn("a request with an idempotency key goes on without its lease, so that its repetition may begin beside it",
		"owner", a.request.Owner, "reason", why)
}

// keepRenewing renews the leases until ctx ends.
func (s *Store) keepRenewing(ctx context.Context) {
	ticker := time.NewTicker(renewEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			s.renew(ctx)
		case <-ctx.Done():
			return
		}
	}
}

// renew renews the leases of all attempts. Those that it cannot renew are tried
// again the next time, until their timers say that it is too late.
func (s *Store) renew(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, renewEvery)
	defer cancel()
	s.mu.Lock()
	held := slices.Collect(maps.Keys(s.attempts))
	s.mu.Unlock()
	for batch := range slices.Chunk(held, renewBatch) {
		since := time.Now()
		renewed, err := s.renewBatch(ctx, batch)
		if err != nil {
			s.log.WarnContext(ctx, "leases of requests with idempotency keys cannot be renewed", "requests", len(batch), "error", err)
			continue
		}
		for _, a := range batch {
			if renewed[a.id] {
				s.prolong(a, since)
			} else {
				s.lose(a, "another attempt took its place")
			}
		}
	}
}

// renewBatch returns the ids of the attempts whose lease it could renew.
func (s *Store) renewBatch(ctx context.Context, batch []*Attempt) (map[string]bool, error) {
	var rows []string
	var args []any
	for i, a := range batch {
		rows = append(rows, fmt.Sprintf("($%d, $%d, $%d)", 3*i+1, 3*i+2, 3*i+3))
		args = append(args, a.request.Owner, a.request.Key, a.id)
	}
	found, err := s.db.QueryContext(ctx, s.sql(`
		UPDATE idempotency_keys SET lease_until = :now + :lease, expires_at = :now + :keep
		WHERE lease_until <> 0 AND (owner, client_key, attempt) IN (VALUES `+strings.Join(rows, ", ")+`)
		RETURNING attempt`), args...)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	renewed := map[string]bool{}
	for found.Next() {
		var id string
		if err := found.Scan(&id); err != nil {
			return nil, err
		}
		renewed[id] = true
	}
	return renewed, found.Err()
}

// prolong lets the lease of an attempt run anew from when it was asked for.
func (s *Store) prolong(a *Attempt, since time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, held := s.attempts[a]; held {
		a.timer.Reset(time.Until(since.Add(ownLease)))
	}
}
