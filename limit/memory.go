package limit

import (
	"hash/maphash"
	"sync"
	"time"
)

const (
	shards = 64
	// maxBuckets bounds what a flood of addresses can make the gateway remember:
	// so many requests' buckets for each length of window, twice that while two
	// windows overlap, and so many budgets. Past it new buckets are let through
	// uncounted: who has that many addresses is not held back by limits of each,
	// and the clients that are counted already go on being limited.
	maxBuckets = 1 << 18
	maxOfShard = maxBuckets / shards
	sweepEvery = 10 * time.Second
)

// memory counts in this process. Buckets are spread over shards, each with its
// own lock. Time is the process's own, which no change of the clock disturbs.
type memory struct {
	start  time.Time
	seed   maphash.Seed
	shards [shards]shard
	stop   chan struct{}
	swept  sync.WaitGroup
	once   sync.Once
}

// shard is locked while its buckets are read and changed, so that no more is
// counted than is allowed. The time is read under the lock: a window never comes
// after a later one, to which httprate's counter would answer by forgetting both.
type shard struct {
	mu      sync.Mutex
	windows map[time.Duration]*window
	debts   map[string]debt
}

func newMemory() *memory {
	m := &memory{start: time.Now(), seed: maphash.MakeSeed(), stop: make(chan struct{})}
	for i := range m.shards {
		m.shards[i] = shard{windows: map[time.Duration]*window{}, debts: map[string]debt{}}
	}
	m.swept.Go(m.sweep)
	return m
}

func (m *memory) close() {
	m.once.Do(func() { close(m.stop) })
	m.swept.Wait()
}

func (m *memory) shard(bucket string) *shard {
	return &m.shards[maphash.String(m.seed, bucket)%shards]
}

// count counts n requests if the rate allows and commit says so.
func (m *memory) count(bucket string, rate Rate, n int, commit bool) (tally, bool) {
	s := m.shard(bucket)
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Since(m.start)
	w := s.windows[rate.Window]
	if w == nil {
		w = newWindow(rate.Window)
		s.windows[rate.Window] = w
	}
	w.advance(now)
	t := w.tally(bucket, now)
	if !t.allows(n, rate.Requests) {
		return t, false
	}
	if commit && n > 0 {
		w.add(bucket, n, t.current == 0)
		t.current += int64(n)
	}
	return t, true
}

// charge adds micropoints to what a bucket owes, if its budget allows.
func (m *memory) charge(bucket string, b Budget, points int64) (owed int64, ok bool) {
	s := m.shard(bucket)
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Since(m.start).Microseconds()
	old, known := s.debts[bucket]
	owed = old.left(now)
	if ok = b.allows(owed, points); ok {
		owed = max(owed+points, 0)
	}
	switch {
	case owed == 0:
		delete(s.debts, bucket)
	case known || len(s.debts) < maxOfShard:
		s.debts[bucket] = debt{owed: owed, at: now, restore: int64(b.Restore)}
	}
	return owed, ok
}

// sweep drops the windows that are over and the debts that are paid, until close.
func (m *memory) sweep() {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-m.stop:
			return
		case <-tick.C:
			for i := range m.shards {
				m.shards[i].sweep(time.Since(m.start))
			}
		}
	}
}

func (s *shard) sweep(now time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for length, w := range s.windows {
		if w.over(now) {
			delete(s.windows, length)
		}
	}
	before := len(s.debts)
	for bucket, d := range s.debts {
		if d.paid(now.Microseconds()) {
			delete(s.debts, bucket)
		}
	}
	if len(s.debts) < before/2 { // a map keeps the memory of what it once held
		kept := make(map[string]debt, len(s.debts))
		for bucket, d := range s.debts {
			kept[bucket] = d
		}
		s.debts = kept
	}
}
