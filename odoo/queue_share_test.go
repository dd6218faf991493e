package odoo

import (
	"math/rand/v2"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// calls lets a tenant's callers call one after the other, each call taking that
// time, until the queue is closed; it returns how many calls they have made.
func (c *shareTest) calls(tenant string, callers int, took time.Duration) *atomic.Int64 {
	made := new(atomic.Int64)
	for range callers {
		c.callers.Go(func() {
			for c.t.Context().Err() == nil && !c.over.Load() {
				leave, err := c.queue.enter(WithTenant(c.t.Context(), tenant), "")
				if err != nil {
					c.t.Error(err)
					return
				}
				time.Sleep(took)
				made.Add(1)
				leave()
			}
		})
	}
	return made
}

type shareTest struct {
	t       *testing.T
	queue   *queue
	callers sync.WaitGroup
	over    atomic.Bool
}

func (c *shareTest) run(d time.Duration) {
	time.Sleep(d + time.Microsecond)
	c.over.Store(true)
	c.callers.Wait()
	if c.queue.inside != 0 || c.queue.waiting != 0 || len(c.queue.lines) != 0 || len(c.queue.turns) != 0 {
		c.t.Errorf("left behind: %+v", c.queue)
	}
}

// Tenants share Odoo's time, not its calls: whoever asks for what takes long gets
// fewer turns, however many of its callers wait.
func TestTenantsShareTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &shareTest{t: t, queue: newQueue(1, time.Hour)}
		quick, slow := c.calls("quick", 4, 10*time.Millisecond), c.calls("slow", 30, 100*time.Millisecond)
		c.run(60 * time.Second)
		// Half of the time each: 30 s of 10 ms, 30 s of 100 ms.
		if q, s := quick.Load(), slow.Load(); q < 2900 || q > 3100 || s < 290 || s > 330 {
			t.Errorf("the quick one made %d calls of 10 ms, the slow one %d of 100 ms", q, s)
		}
	})
}

// Whoever comes after a pause has saved up nothing, and owes nothing for what it
// had while nobody else was there.
func TestPausesAreNotSavedUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &shareTest{t: t, queue: newQueue(1, time.Hour)}
		first := c.calls("first", 2, 10*time.Millisecond)
		time.Sleep(30 * time.Second)
		alone := first.Load()
		second := c.calls("second", 2, 10*time.Millisecond)
		c.run(10 * time.Second)
		if shared := first.Load() - alone; alone < 2990 || shared < 490 || second.Load() < 490 {
			t.Errorf("alone %d calls; then %d beside %d of the other", alone, shared, second.Load())
		}
	})
}

// What is remembered of tenants that have gone is bounded.
func TestSharesAreForgotten(t *testing.T) {
	q := newQueue(2, time.Minute)
	for i := range 20 * maxShares {
		leave, err := q.enter(WithTenant(t.Context(), strconv.Itoa(rand.Int()+i)), "")
		if err != nil {
			t.Fatal(err)
		}
		leave()
	}
	if len(q.shares) > maxShares {
		t.Errorf("%d shares are kept", len(q.shares))
	}
}
