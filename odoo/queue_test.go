package odoo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"odoograph/apierror"
)

// counter is a queue of one slot that is taken, until free is called, and the
// callers in its line. It is for use under synctest.
type counter struct {
	t     *testing.T
	queue *queue
	free  func()

	mu     sync.Mutex
	served []string // in the order in which they were given the slot
	errors map[string]error
}

func newCounter(t *testing.T, timeout time.Duration) *counter {
	t.Helper()
	c := &counter{t: t, queue: newQueue(1, timeout), errors: map[string]error{}}
	leave, err := c.queue.enter(t.Context(), "the one before")
	if err != nil {
		t.Fatal(err)
	}
	c.free = func() {
		leave()
		synctest.Wait()
	}
	return c
}

// arrive lets a caller join the line; the first letter of its name is its tenant.
func (c *counter) arrive(ctx context.Context, name string) {
	go func() {
		leave, err := c.queue.enter(WithTenant(ctx, name[:1]), "")
		if err != nil {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.errors[name] = err
			return
		}
		c.mu.Lock()
		c.served = append(c.served, name)
		c.mu.Unlock()
		leave()
	}()
	synctest.Wait()
}

// refused returns why a caller was turned away, nil if it was not.
func (c *counter) refused(name string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.errors[name]
}

// closed checks that nothing is left behind.
func (c *counter) closed() {
	c.t.Helper()
	q := c.queue
	if q.inside != 0 || q.waiting != 0 || len(q.lines) != 0 || len(q.turns) != 0 {
		c.t.Errorf("left behind: %d inside, %d waiting, lines %v, turns %v", q.inside, q.waiting, q.lines, q.turns)
	}
}

func TestTenantsTakeTurns(t *testing.T) {
	for _, test := range []struct{ name, arrive, served string }{
		{"one tenant is served in order", "a1 a2 a3 a4", "a1 a2 a3 a4"},
		{"the second tenant is next but one", "a1 a2 a3 a4 b1", "a1 b1 a2 a3 a4"},
		{"and its calls alternate with the first one's", "a1 a2 a3 b1 b2 b3", "a1 b1 a2 b2 a3 b3"},
		{"three tenants", "a1 a2 a3 b1 b2 c1", "a1 b1 c1 a2 b2 a3"},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newCounter(t, time.Minute)
				for name := range strings.FieldsSeq(test.arrive) {
					c.arrive(t.Context(), name)
				}
				c.free()
				if served := strings.Join(c.served, " "); served != test.served {
					t.Errorf("served %s, want %s", served, test.served)
				}
				c.closed()
			})
		})
	}
}

func TestAGreedyTenantDelaysOthersByOneCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCounter(t, time.Minute)
		for i := range 100 {
			c.arrive(t.Context(), fmt.Sprint("greedy ", i))
		}
		c.arrive(t.Context(), "modest")
		c.free()
		if len(c.served) != 101 || c.served[1] != "modest" {
			t.Errorf("served %v", c.served)
		}
	})
}

func TestCallsWithoutATenantAreThoseOfTheirUser(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newCounter(t, time.Second).queue // so that they give up in the end
		for _, ctx := range []context.Context{t.Context(), WithTenant(t.Context(), ""), WithTenant(WithTenant(t.Context(), "shop"), "")} {
			go func() { _, _ = q.enter(ctx, "user 7") }()
		}
		go func() { _, _ = q.enter(WithTenant(t.Context(), "shop"), "user 7") }()
		synctest.Wait()
		q.mu.Lock()
		defer q.mu.Unlock()
		if len(q.lines["user 7"]) != 3 || len(q.lines["shop"]) != 1 {
			t.Errorf("lines %v", q.lines)
		}
	})
}

func TestWhoLeavesTheLineFreesItsPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCounter(t, time.Minute)
		leaving, leave := context.WithCancel(t.Context())
		c.arrive(t.Context(), "a1")
		c.arrive(leaving, "a2")
		c.arrive(t.Context(), "a3")
		c.arrive(leaving, "b1")
		leave()
		synctest.Wait()
		c.arrive(leaving, "b2") // has left before it arrives
		if c.queue.waiting != 2 || len(c.queue.turns) != 1 {
			t.Errorf("%d wait, turns %v", c.queue.waiting, c.queue.turns)
		}
		c.free()
		if served := strings.Join(c.served, " "); served != "a1 a3" {
			t.Errorf("served %s", served)
		}
		for _, name := range []string{"a2", "b1", "b2"} {
			wantError(t, c.refused(name), apierror.ClientClosed)
		}
		c.closed()
	})
}

// A slot that is handed to somebody who leaves at the same moment is not lost.
func TestASlotThatFindsNobodyGoesOn(t *testing.T) {
	for range 50 { // it is up to the scheduler who comes first
		synctest.Test(t, func(t *testing.T) {
			c := newCounter(t, time.Minute)
			leaving, leave := context.WithCancel(t.Context())
			c.arrive(leaving, "a1")
			c.arrive(t.Context(), "b1")
			leave()
			c.free()
			if c.refused("b1") != nil || len(c.served) == 0 {
				t.Errorf("served %v", c.served)
			}
			c.closed()
		})
	}
}

func TestAWaitHasADeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCounter(t, 10*time.Second)
		c.arrive(t.Context(), "patient")
		short, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		c.arrive(short, "hurried")
		time.Sleep(9 * time.Second)
		synctest.Wait()
		wantError(t, c.refused("hurried"), apierror.UpstreamTimeout) // the request's own time
		if c.refused("patient") != nil {
			t.Error("turned away before its time")
		}
		time.Sleep(time.Second)
		synctest.Wait()
		e := wantError(t, c.refused("patient"), apierror.Overloaded)
		if e.RetryAfter < time.Second || e.RetryAfter > 5*time.Second || !e.Code.Meaning().Retryable || isOutage(e) {
			t.Errorf("%+v", e)
		}
		c.free()
		c.closed()
	})
}

func TestAFullLineTurnsAwayAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCounter(t, time.Minute)
		refused := func(name string) {
			t.Helper()
			start := time.Now()
			c.arrive(t.Context(), name)
			e := wantError(t, c.refused(name), apierror.Overloaded)
			if e.RetryAfter == 0 || time.Since(start) != 0 {
				t.Errorf("%+v after %v", e, time.Since(start))
			}
		}
		for i := range maxWaitingOfOne {
			c.arrive(t.Context(), fmt.Sprint("a", i))
		}
		refused("a more")
		c.arrive(t.Context(), "b") // others have their places
		for i := range maxWaitingOfOne - 1 {
			c.arrive(t.Context(), fmt.Sprint("c", i))
		}
		refused("d")
		c.free()
		if len(c.served) != maxWaiting {
			t.Errorf("%d served", len(c.served))
		}
		c.closed()
	})
}

// Many callers of some tenants come and go at random; in the time of synctest
// their coming and going coincides often, which is where a slot could be lost.
func TestSlotsAreNeverExceededNorLost(t *testing.T) {
	const slots = 3
	for range 20 {
		synctest.Test(t, func(t *testing.T) {
			q := newQueue(slots, 40*time.Millisecond)
			var inside, most, served, gone atomic.Int64
			var all sync.WaitGroup
			for i := range 300 {
				all.Go(func() {
					ms := func(n int) time.Duration { return time.Duration(rand.IntN(n)) * time.Millisecond }
					ctx, cancel := context.WithTimeout(WithTenant(t.Context(), string(rune('a'+i%7))), time.Millisecond+ms(60))
					defer cancel()
					time.Sleep(ms(100))
					leave, err := q.enter(ctx, "")
					if err != nil {
						gone.Add(1)
						return
					}
					for n := inside.Add(1); ; {
						if m := most.Load(); n <= m || most.CompareAndSwap(m, n) {
							break
						}
					}
					time.Sleep(ms(4))
					inside.Add(-1)
					served.Add(1)
					leave()
				})
			}
			all.Wait()
			if most.Load() != slots || served.Load() == 0 || gone.Load() == 0 {
				t.Errorf("at most %d of %d inside; %d served, %d gone", most.Load(), slots, served.Load(), gone.Load())
			}
			(&counter{t: t, queue: q}).closed()
		})
	}
}
