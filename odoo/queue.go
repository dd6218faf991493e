package odoo

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"odoograph/apierror"
)

type tenantKey struct{}

// WithTenant returns a context whose calls to Odoo stand in the line of the
// named tenant: of one client, say. Tenants take turns, so that none of them
// waits for all that another has asked for. With the name "" the calls are
// nobody's in particular and stand in the line of their Odoo user.
func WithTenant(ctx context.Context, name string) context.Context {
	return context.WithValue(ctx, tenantKey{}, name)
}

// Tenant returns the name of the context's tenant, "" if it has none.
func Tenant(ctx context.Context) string {
	name, _ := ctx.Value(tenantKey{}).(string)
	return name
}

const (
	// maxWaiting bounds the calls that wait: memory, and the time until whoever
	// comes last would get an answer.
	maxWaiting = 1000
	// maxWaitingOfOne leaves half of the places to the other tenants.
	maxWaitingOfOne = maxWaiting / 2
	// overloadPause is when clients that were turned away should try again.
	overloadPause = 2 * time.Second

	msgOverloaded = "Too many calls wait for Odoo; send fewer requests at once, and try this one again later."
)

// queue bounds the calls that are under way to Odoo and lets the others wait in
// a line for each tenant. Odoo itself keeps a short backlog without any order
// and drops the connections that do not fit.
//
// A slot that becomes free goes to the tenant whose turn it is and there to the
// caller who has waited longest. It is handed over, never free while somebody
// waits, so that nobody can slip in between. It is the turn of whoever has had
// least of Odoo's time: a tenant whose calls take ten times as long as another's
// gets a tenth as many (start-time fair queueing; Goyal, Vin and Cheng, 1996).
// A tenant that gives way has no turn while others are at work, but for one in a second.
type queue struct {
	slots   int
	timeout time.Duration // of one wait

	mu      sync.Mutex
	inside  int                 // slots in use
	waiting int                 // callers in all lines
	lines   map[string][]ticket // by tenant; none of them is empty
	turns   []string            // the tenants that have a line, the next one first of those that are equal
	shares  map[string]*share
	now     time.Duration // the share of the tenant that had the last turn
	waking  bool          // a look at those that give way is due
}

// share is what a tenant has had of Odoo's time. One that comes anew, or after a
// pause, starts from what the others have had, so that pauses save up nothing.
type share struct {
	had    time.Duration
	inside int           // its calls under way
	usual  time.Duration // that a call of it takes: what one under way counts as

	yields time.Time // until when it gives way to the others
	began  time.Time // its last call
	ended  time.Time // the last call of it that is over
}

// maxShares bounds the tenants without calls whose share is remembered. What they
// have had more than others is the time of a few calls, and may be forgotten.
const maxShares = 1000

// ticket is a place in the line; it is closed when its holder is given a slot.
type ticket chan struct{}

func newQueue(slots int, timeout time.Duration) *queue {
	return &queue{slots: slots, timeout: timeout, lines: map[string][]ticket{}, shares: map[string]*share{}}
}

// enter waits for a slot. Its caller must call leave once when done. The
// tenant is that of the context, or else the fallback. An error is OVERLOADED
// when there are too many before, or that of a context that ends.
func (q *queue) enter(ctx context.Context, fallback string) (leave func(), err error) {
	if err := ContextError(ctx); err != nil {
		return nil, err
	}
	tenant := Tenant(ctx)
	if tenant == "" {
		tenant = fallback
	}
	mine, err := q.join(tenant)
	if err != nil {
		return nil, err
	}
	timer := time.NewTimer(q.timeout)
	defer timer.Stop()
	select {
	case <-mine:
		start := time.Now()
		return func() { q.leave(tenant, time.Since(start)) }, nil
	case <-ctx.Done():
		err = ContextError(ctx)
	case <-timer.C:
		err = overloaded(fmt.Errorf("no slot became free in %v; %d calls may be under way", q.timeout, q.slots))
	}
	if !q.quit(tenant, mine) {
		q.leave(tenant, 0) // the slot came at this very moment: it is the next one's
	}
	return nil, err
}

// join takes a place in the tenant's line, which may be a slot at once.
func (q *queue) join(tenant string) (ticket, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	line := q.lines[tenant]
	if (q.inside == q.slots || len(line) > 0) && (q.waiting >= maxWaiting || len(line) >= maxWaitingOfOne) {
		return nil, overloaded(fmt.Errorf("%d calls wait, of at most %d; %d of them are of tenant %q, of at most %d",
			q.waiting, maxWaiting, len(line), tenant, maxWaitingOfOne))
	}
	if len(line) == 0 {
		q.turns = append(q.turns, tenant)
	}
	mine := make(ticket)
	q.lines[tenant] = append(line, mine)
	q.waiting++
	q.hand()
	return mine, nil
}

// leave ends a call of a tenant and hands its slot to the next one, or frees it.
func (q *queue) leave(tenant string, took time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.end(tenant, took)
	q.inside--
	q.hand()
}

// hand gives the free slots to those whose turn it is.
func (q *queue) hand() {
	for q.inside < q.slots && q.waiting > 0 {
		i := q.next()
		if i < 0 {
			q.wake()
			return
		}
		tenant := q.turns[i]
		first := q.lines[tenant][0]
		q.remove(tenant, 0)
		if len(q.lines[tenant]) > 0 { // among equals its turn comes again after that of the others
			q.turns = append(slices.Delete(q.turns, i, i+1), tenant)
		}
		q.inside++
		q.begin(tenant)
		close(first)
	}
}

// next returns whose turn it is, as a place in turns; -1 if all who wait give way.
func (q *queue) next() int {
	found, isBusy := -1, sync.OnceValue(q.isBusy)
	for i, tenant := range q.turns {
		if q.waits(tenant) && isBusy() {
			continue
		}
		if found < 0 || q.start(tenant) < q.start(q.turns[found]) {
			found = i
		}
	}
	return found
}

// start is what a tenant has had when its next call begins.
func (q *queue) start(tenant string) time.Duration {
	s := q.shares[tenant]
	if s == nil {
		return q.now
	}
	return max(q.now, s.had+s.underWay())
}

// underWay is what the tenant's calls that have not ended count as.
func (s *share) underWay() time.Duration { return time.Duration(s.inside) * s.usual }

// shareOf returns the share of a tenant, a new one for one that is not known.
func (q *queue) shareOf(tenant string) *share {
	s := q.shares[tenant]
	if s == nil {
		if len(q.shares) >= maxShares {
			maps.DeleteFunc(q.shares, func(_ string, s *share) bool { return s.inside == 0 && !s.isYielding() })
		}
		s = &share{}
		q.shares[tenant] = s
	}
	return s
}

// begin starts a call of a tenant.
func (q *queue) begin(tenant string) {
	s := q.shareOf(tenant)
	q.now = q.start(tenant)
	s.had = q.now - s.underWay()
	s.inside++
	s.began = time.Now()
}

// end charges a tenant what a call took.
func (q *queue) end(tenant string, took time.Duration) {
	s := q.shares[tenant]
	s.had += took
	s.usual += (took - s.usual) / 8
	s.inside--
	s.ended = time.Now()
}

// quit gives up a place in the line. It returns false when the place has become
// a slot meanwhile.
func (q *queue) quit(tenant string, mine ticket) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	i := slices.Index(q.lines[tenant], mine)
	if i < 0 {
		return false
	}
	q.remove(tenant, i)
	return true
}

// remove takes a place out of a line, and a line without places out of the turns.
func (q *queue) remove(tenant string, i int) {
	q.waiting--
	line := slices.Delete(q.lines[tenant], i, i+1)
	if len(line) > 0 {
		q.lines[tenant] = line
		return
	}
	delete(q.lines, tenant)
	i = slices.Index(q.turns, tenant)
	q.turns = slices.Delete(q.turns, i, i+1)
}

// overloaded is the error of a call that was never made. It is no outage: it
// says nothing of Odoo.
func overloaded(cause error) *apierror.Error {
	return &apierror.Error{Code: apierror.Overloaded, Message: msgOverloaded, RetryAfter: overloadPause, Cause: cause}
}
