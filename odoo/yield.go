package odoo

import "time"

const (
	// maxYield bounds how long a tenant gives way after it was last refused.
	maxYield = 10 * time.Second
	// yieldEvery is how often a tenant that gives way has a call all the same.
	yieldEvery = time.Second
	// atWork is how long after a call its tenant is taken to be at work still: between
	// two calls of one request, or two requests of one client.
	atWork = 100 * time.Millisecond
)

// Yield makes a tenant give way that was just refused for its limits and told to wait
// for so long: as long as others are at work, it has one call in a second. What it may
// have all the same would be dear to the others: who asks for too much of one thing
// mostly asks for too much at a time. The waits of several refusals add up: one that
// does as it is told is done giving way when it comes again, one that goes on asking
// is not.
func (c *Client) Yield(tenant string, wait time.Duration) { c.wire.queue.yield(tenant, wait) }

func (q *queue) yield(tenant string, wait time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.shares[tenant] == nil && len(q.shares) >= maxShares {
		return // there are so many that none of them has much
	}
	s, now := q.shareOf(tenant), time.Now()
	s.yields = now.Add(min(max(s.yields.Sub(now), 0)+wait, maxYield))
}

func (s *share) isYielding() bool { return time.Now().Before(s.yields) }

// waits tells whether a tenant's next call is to wait while others are at work.
func (q *queue) waits(tenant string) bool {
	s := q.shares[tenant]
	return s != nil && s.isYielding() && time.Since(s.began) < yieldEvery
}

// isBusy tells whether somebody is at work who does not give way.
func (q *queue) isBusy() bool {
	for tenant, s := range q.shares {
		if working := s.inside > 0 || len(q.lines[tenant]) > 0 || time.Since(s.ended) < atWork; working && !s.isYielding() {
			return true
		}
	}
	return false
}

// wake looks again at those that give way, when the others may have gone.
func (q *queue) wake() {
	if q.waking {
		return
	}
	q.waking = true
	time.AfterFunc(atWork, func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		q.waking = false
		q.hand()
	})
}
