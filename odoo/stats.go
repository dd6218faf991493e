package odoo

import (
	"context"
	"sync/atomic"
	"time"
)

// Stats counts the calls to Odoo made under a context.
type Stats struct {
	calls atomic.Int64
	nanos atomic.Int64
}

// Calls returns how many calls were made.
func (s *Stats) Calls() int { return int(s.calls.Load()) }

// Time returns how long all calls took together, which is more than the time
// passed where they ran at once.
func (s *Stats) Time() time.Duration { return time.Duration(s.nanos.Load()) }

type statsKey struct{}

// WithStats returns a context whose calls to Odoo are counted.
func WithStats(ctx context.Context) (context.Context, *Stats) {
	stats := new(Stats)
	return context.WithValue(ctx, statsKey{}, stats), stats
}

func count(ctx context.Context, took time.Duration) {
	if stats, ok := ctx.Value(statsKey{}).(*Stats); ok {
		stats.calls.Add(1)
		stats.nanos.Add(int64(took))
	}
}
