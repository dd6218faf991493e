package idempotency

import (
	"context"
	"math/rand/v2"
	"time"

	"odoograph/store"
)

const (
	// sweepEvery is about how often expired keys are deleted; not to the second,
	// so that replicas take turns by chance.
	sweepEvery = time.Minute
	// sweepBatch and sweepPause let others write in between.
	sweepBatch   = 200
	sweepPause   = 50 * time.Millisecond
	sweepTimeout = 5 * time.Second
)

// keepSweeping deletes expired keys now and then until ctx ends. Nothing depends
// on when: a key that has expired counts as none.
func (s *Store) keepSweeping(ctx context.Context) {
	failing := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(sweepEvery/2 + rand.N(sweepEvery)): //nolint:gosec // no secret
		}
		s.quota.forget(time.Now())
		err := s.sweep(ctx)
		if err != nil && !failing && ctx.Err() == nil { // once, not each time
			s.log.WarnContext(ctx, "expired idempotency keys cannot be deleted", "error", err)
		}
		failing = err != nil
	}
}

// sweep deletes all expired keys, in batches.
func (s *Store) sweep(ctx context.Context) error {
	for {
		n, err := s.sweepBatch(ctx)
		if err != nil || n < sweepBatch {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(sweepPause):
		}
	}
}

// sweepBatch deletes some expired keys. A key that somebody takes again while it
// looks is not deleted: hence the condition outside.
func (s *Store) sweepBatch(ctx context.Context) (int64, error) {
	ctx, cancel := context.WithTimeout(ctx, sweepTimeout)
	defer cancel()
	result, err := s.db.ExecContext(ctx, s.sql(`
		DELETE FROM idempotency_keys WHERE expires_at <= :now AND (owner, client_key) IN (
			SELECT owner, client_key FROM idempotency_keys WHERE expires_at <= :now ORDER BY expires_at LIMIT $1)`), sweepBatch)
	if err != nil {
		return 0, store.Explain(err)
	}
	return result.RowsAffected()
}
