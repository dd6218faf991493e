package odoo

import (
	"strconv"
	"testing"
	"testing/synctest"
	"time"
)

// Who gives way has a call in a second while others are at work, however many of its
// own wait and though there are slots; and has all there is when the others are gone.
func TestWhoGivesWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &shareTest{t: t, queue: newQueue(2, time.Hour)}
		good := c.calls("good", 1, 10*time.Millisecond)
		time.Sleep(time.Second)
		c.queue.yield("bad")
		bad := c.calls("bad", 20, 20*time.Millisecond)
		time.Sleep(5 * time.Second)
		if n := bad.Load(); n < 4 || n > 6 {
			t.Errorf("%d calls in 5 s beside another", n)
		}
		if n := good.Load(); n < 599 {
			t.Errorf("the other made %d calls of 10 ms in 6 s", n)
		}
		c.run(time.Second)
		good.Store(0)

		alone := &shareTest{t: t, queue: c.queue}
		time.Sleep(atWork)
		n := alone.calls("bad", 20, 20*time.Millisecond)
		alone.run(time.Second)
		if n := n.Load(); n < 98 { // two slots
			t.Errorf("%d calls of 20 ms in a second, alone", n)
		}
	})
}

// It lasts ten seconds after the last time.
func TestGivingWayEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &shareTest{t: t, queue: newQueue(2, time.Hour)}
		c.calls("good", 1, 10*time.Millisecond)
		c.queue.yield("bad")
		time.Sleep(yieldFor / 2)
		c.queue.yield("bad")
		bad := c.calls("bad", 1, 10*time.Millisecond)
		time.Sleep(yieldFor - time.Millisecond)
		if n := bad.Load(); n > 11 {
			t.Errorf("%d calls in 10 s while it gives way", n)
		}
		bad.Store(0)
		c.run(2 * time.Second)
		if n := bad.Load(); n < 90 {
			t.Errorf("%d calls of 10 ms in 2 s afterwards", n)
		}
	})
}

// Where all give way, none waits for the others.
func TestAllGiveWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &shareTest{t: t, queue: newQueue(1, time.Hour)}
		c.queue.yield("a")
		c.queue.yield("b")
		a, b := c.calls("a", 3, 10*time.Millisecond), c.calls("b", 3, 10*time.Millisecond)
		c.run(2 * time.Second)
		if a.Load() < 95 || b.Load() < 95 {
			t.Errorf("%d and %d calls of 10 ms in 2 s", a.Load(), b.Load())
		}
	})
}

// What is remembered of who gives way is bounded, too.
func TestManyGiveWay(t *testing.T) {
	q := newQueue(2, time.Minute)
	for i := range 3 * maxShares {
		q.yield(strconv.Itoa(i))
		leave, err := q.enter(WithTenant(t.Context(), "one of "+strconv.Itoa(i)), "")
		if err != nil {
			t.Fatal(err)
		}
		leave()
	}
	if len(q.shares) > maxShares+1 {
		t.Errorf("%d shares are kept", len(q.shares))
	}
}
