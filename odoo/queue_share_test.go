package odoo

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// tally counts by tenant.
type tally struct {
	mu sync.Mutex
	n  map[string]int
}

func (c *tally) add(tenant string, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n[tenant] += n
}

func (c *tally) of(tenant string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n[tenant]
}

// occupy lets a tenant's caller in who stays until the returned function is called.
func occupy(t *testing.T, q *queue, tenant string, inside *tally) (leave func()) {
	t.Helper()
	done := make(chan bool)
	go func() {
		leave, err := q.enter(WithTenant(t.Context(), tenant), "")
		if err != nil {
			t.Error(err)
			return
		}
		inside.add(tenant, 1)
		<-done
		leave()
		inside.add(tenant, -1)
	}()
	synctest.Wait()
	return func() { close(done); synctest.Wait() }
}

// While others are at work a tenant holds half of the slots at most: whoever comes
// finds one free. On its own it may have all of them.
func TestNoTenantHoldsMoreThanHalfWhileOthersWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, inside := newQueue(4, time.Minute), &tally{n: map[string]int{}}
		var greedy []func()
		for range 4 {
			greedy = append(greedy, occupy(t, q, "greedy", inside))
		}
		if inside.of("greedy") != 4 {
			t.Fatalf("alone it holds %d of 4", inside.of("greedy"))
		}
		modest := occupy(t, q, "modest", inside) // has to wait this once
		for range 4 {
			greedy = append(greedy, occupy(t, q, "greedy", inside))
		}
		for i := range 3 {
			greedy[i]()
		}
		if inside.of("greedy") != 2 || inside.of("modest") != 1 {
			t.Errorf("of 4 slots the greedy one holds %d, the modest one %d", inside.of("greedy"), inside.of("modest"))
		}
		second := occupy(t, q, "modest", inside)
		if inside.of("modest") != 2 {
			t.Error("the modest one has to wait although the greedy one has its half")
		}
		modest()
		second()
		if inside.of("greedy") != 2 {
			t.Errorf("the greedy one holds %d while the other was there just now", inside.of("greedy"))
		}
		time.Sleep(2 * atWork)
		greedy[3]() // whatever ends next shows that it is alone again
		if inside.of("greedy") != 4 {
			t.Errorf("alone again it holds %d of 4", inside.of("greedy"))
		}
		for _, leave := range greedy[4:] {
			leave()
		}
		if q.inside != 0 || q.waiting != 0 || len(q.held) != 0 || len(q.lines) != 0 || len(q.turns) != 0 {
			t.Errorf("left behind: %+v", q)
		}
	})
}
