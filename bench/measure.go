package main

import (
	"context"
	"slices"
	"sync"
	"time"

	"odoograph/odoo"
)

// way is one way to get the data.
type way struct {
	name string
	ask  func(context.Context) error
	// calls is how many calls to Odoo it has made, where the contexts do not count them.
	calls func() int64
	// slow is measured once only.
	slow bool
}

type measurement struct {
	median, p99 time.Duration
	rate        float64 // requests a second that succeeded
	calls       float64 // to Odoo, for each request
	failed      int     // requests: Odoo drops connections that it cannot queue
}

// measure lets clients ask one way for a time, each at least once.
func measure(ctx context.Context, w way, clients int, duration time.Duration) (measurement, error) {
	if err := w.ask(ctx); err != nil { // warm
		return measurement{}, err
	}
	counted, stats := odoo.WithStats(ctx)
	var before int64
	if w.calls != nil {
		before = w.calls()
	}
	var mu sync.Mutex
	var times []time.Duration
	failed := 0
	start := time.Now()
	var all sync.WaitGroup
	for range clients {
		all.Go(func() {
			for i := 0; i < 1 || time.Since(start) < duration; i++ {
				begin := time.Now()
				err := w.ask(counted)
				took := time.Since(begin)
				mu.Lock()
				if times = append(times, took); err != nil {
					failed++
				}
				mu.Unlock()
			}
		})
	}
	all.Wait()
	elapsed := time.Since(start)
	calls := int64(stats.Calls())
	if w.calls != nil {
		calls = w.calls() - before
	}
	slices.Sort(times)
	n := len(times)
	return measurement{
		median: times[n/2], p99: times[min(n-1, n*99/100)], failed: failed,
		rate: float64(n-failed) / elapsed.Seconds(), calls: float64(calls) / float64(n),
	}, nil
}
