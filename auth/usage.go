package auth

import (
	"context"
	"database/sql"
	"net/netip"
	"sync"
	"time"
)

const (
	// usesEvery is how often the use of one key is noted.
	usesEvery = time.Minute
	// flushEvery is how often what was noted is written.
	flushEvery   = 10 * time.Second
	flushTimeout = 5 * time.Second
)

// uses are those that are not written yet.
type uses struct {
	mu      sync.Mutex
	pending map[string]use // by id
	failing bool           // for flush alone: the last attempt failed
}

type use struct {
	at   time.Time
	from netip.Addr
}

// note remembers that a key is used, at most once in a while. Each key of the
// cache has at most one use pending.
func (u *uses) note(e *entry, now time.Time, from netip.Addr) {
	last, at := e.used.Load(), millis(now)
	if last != 0 && at >= last && at-last < usesEvery.Milliseconds() || !e.used.CompareAndSwap(last, at) {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.pending == nil {
		u.pending = map[string]use{}
	}
	u.pending[e.record.ID] = use{now, from}
}

// writeUses writes the uses now and then, and when ctx ends.
func (k *Keyring) writeUses(ctx context.Context) {
	ticker := time.NewTicker(flushEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			k.flush(ctx)
		case <-ctx.Done():
			k.flush(context.WithoutCancel(ctx))
			return
		}
	}
}

// flush writes the pending uses in one transaction. Those that cannot be
// written wait for the next time.
func (k *Keyring) flush(ctx context.Context) {
	k.uses.mu.Lock()
	pending := k.uses.pending
	k.uses.pending = nil
	k.uses.mu.Unlock()
	if len(pending) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, flushTimeout)
	defer cancel()
	err := k.db.Transact(ctx, func(tx *sql.Tx) error {
		for _, id := range sortedKeys(pending) { // in one order everywhere, as in replaceBoxes
			use := pending[id]
			if _, err := tx.ExecContext(ctx, "UPDATE api_keys SET last_used_at = $2, last_used_from = $3 WHERE id = $1", id, millis(use.at), use.from.String()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		k.uses.restore(pending)
		if !k.uses.failing { // once, not each time
			k.log.WarnContext(ctx, "the last use of keys cannot be written", "keys", len(pending), "error", err)
		}
	}
	k.uses.failing = err != nil
}

// restore takes back uses that were not written, where none came after them.
func (u *uses) restore(pending map[string]use) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for id, later := range u.pending {
		pending[id] = later
	}
	u.pending = pending
}
