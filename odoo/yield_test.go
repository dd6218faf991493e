package odoo

import (
	"slices"
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
		c.queue.yield("bad", time.Minute)
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

// It lasts for as long as was told to wait, several times added up, and ten seconds at
// most.
func TestGivingWayEnds(t *testing.T) {
	for name, test := range map[string]struct {
		waits []time.Duration
		lasts time.Duration
	}{
		"one":     {[]time.Duration{3 * time.Second}, 3 * time.Second},
		"several": {[]time.Duration{time.Second, 2 * time.Second, 2 * time.Second}, 5 * time.Second},
		"many":    {slices.Repeat([]time.Duration{time.Second}, 1000), maxYield},
		"long":    {[]time.Duration{time.Hour, time.Hour}, maxYield},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := &shareTest{t: t, queue: newQueue(2, time.Hour)}
				c.calls("good", 1, 10*time.Millisecond)
				for _, wait := range test.waits {
					c.queue.yield("bad", wait)
				}
				bad := c.calls("bad", 1, 10*time.Millisecond)
				time.Sleep(test.lasts - time.Millisecond)
				if n, most := bad.Load(), int64(test.lasts/time.Second)+1; n > most {
					t.Errorf("%d calls in %v while it gives way", n, test.lasts)
				}
				bad.Store(0)
				c.run(2 * time.Second)
				if n := bad.Load(); n < 90 {
					t.Errorf("%d calls of 10 ms in 2 s afterwards", n)
				}
			})
		})
	}
}

// Where all give way, none waits for the others.
func TestAllGiveWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &shareTest{t: t, queue: newQueue(1, time.Hour)}
		c.queue.yield("a", time.Minute)
		c.queue.yield("b", time.Minute)
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
		q.yield(strconv.Itoa(i), time.Minute)
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
