package odoo

import (
	"context"
	"sync/atomic"
	"time"
)

// Stats counts the calls to Odoo made under a context.
type Stats struct {
	calls  atomic.Int64
	nanos  atomic.Int64
	waited atomic.Int64 // nanoseconds
}

// Calls returns how many calls were made.
func (s *Stats) Calls() int { return int(s.calls.Load()) }

// Time returns how long all calls took together, which is more than the time
// passed where they ran at once. Their waits in the queue are not in it.
func (s *Stats) Time() time.Duration { return time.Duration(s.nanos.Load()) }

// Waited returns how long all calls together waited in the queue before they
// were made or turned away.
func (s *Stats) Waited() time.Duration { return time.Duration(s.waited.Load()) }

type statsKey struct{}

// WithStats returns a context whose calls to Odoo are counted, by none but the
// Stats that it returns.
func WithStats(ctx context.Context) (context.Context, *Stats) {
	stats := new(Stats)
	return context.WithValue(ctx, statsKey{}, stats), stats
}

// StatsOf returns the Stats of a context; those of one whose calls are not counted
// stay empty.
func StatsOf(ctx context.Context) *Stats {
	if stats, ok := ctx.Value(statsKey{}).(*Stats); ok {
		return stats
	}
	return new(Stats)
}

// count notes a call that was made under a context.
func count(ctx context.Context, took time.Duration) {
	if stats, ok := ctx.Value(statsKey{}).(*Stats); ok {
		stats.calls.Add(1)
		stats.nanos.Add(int64(took))
	}
}

// countWait notes a wait in the queue, whether or not a call came of it.
func countWait(ctx context.Context, waited time.Duration) {
	if stats, ok := ctx.Value(statsKey{}).(*Stats); ok {
		stats.waited.Add(int64(waited))
	}
}

// addTo counts for a context what was counted apart from it.
func (s *Stats) addTo(ctx context.Context) {
	if stats, ok := ctx.Value(statsKey{}).(*Stats); ok {
		stats.calls.Add(s.calls.Load())
		stats.nanos.Add(s.nanos.Load())
		stats.waited.Add(s.waited.Load())
	}
}
