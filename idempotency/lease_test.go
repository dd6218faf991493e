package idempotency

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"odoograph/store"
	"odoograph/store/storetest"
)

func TestALeaseThatIsRenewedDoesNotEnd(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, database string) {
		c := newClock()
		s, other := open(t, database, c), open(t, database, c)
		const many = renewBatch + 1
		for i := range many {
			expect(t, s, request(fmt.Sprint(i), "anything"), "new")
		}
		for range 5 {
			c.advance(lease - time.Millisecond)
			s.renew(t.Context())
			expect(t, other, request("0", "anything"), underWay)
		}
		for range 3 { // a late renewal is one when nobody was there before it
			c.advance(23 * time.Hour)
			s.renew(t.Context())
		}
		must(t, other.sweep(t.Context()))
		for i := range many {
			expect(t, other, request(fmt.Sprint(i), "anything"), underWay)
		}
	})
}

// The lease is over, and another attempt takes its place: the first one learns of
// it, and its answer does not count.
func TestAnAttemptThatLostItsLease(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, database string) {
		c := newClock()
		s, other := open(t, database, c), open(t, database, c)
		r := request("k1", "anything")
		first := expect(t, s, r, "new")
		work, cancel := first.WithLease(t.Context())
		defer cancel()
		c.advance(lease - time.Millisecond)
		expect(t, other, r, underWay)
		expect(t, other, request("k1", "something else"), reused)
		c.advance(time.Millisecond)
		expect(t, other, request("k1", "something else"), reused)
		second := expect(t, other, r, "interrupted")
		if work.Err() != nil {
			t.Error("the first attempt could not know yet")
		}
		s.renew(t.Context())
		<-work.Done()
		if !errors.Is(context.Cause(work), ErrLeaseLost) {
			t.Errorf("the work ended with %v", context.Cause(work))
		}
		must(t, first.Interrupt(t.Context()))
		expect(t, s, r, underWay)
		must(t, second.Finish(t.Context(), []byte("of the second")))
		expect(t, s, r, "of the second")
	})
}

func TestOnlyTheHolderSaysHowItEnded(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, database string) {
		c := newClock()
		s := open(t, database, c)
		for name, end := range map[string]func(*Attempt) error{
			"finish":    func(a *Attempt) error { return a.Finish(t.Context(), []byte("of the first")) },
			"abandon":   func(a *Attempt) error { return a.Abandon(t.Context()) },
			"interrupt": func(a *Attempt) error { return a.Interrupt(t.Context()) },
		} {
			r := request(name, "anything")
			late := expect(t, s, r, "new")
			c.advance(lease)
			second := expect(t, s, r, "interrupted")
			if err := end(late); (name == "finish") != errors.Is(err, ErrSuperseded) {
				t.Errorf("%s of an attempt that lost its key: %v", name, err)
			}
			expect(t, s, r, underWay)
			must(t, second.Finish(t.Context(), []byte("of the second")))
			expect(t, s, r, "of the second")
		}
	})
}

// Nobody took its place, so what it did counts.
func TestAnAnswerAfterTheLease(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, database string) {
		c := newClock()
		s := open(t, database, c)
		attempt := expect(t, s, request("k1", "anything"), "new")
		c.advance(time.Hour)
		must(t, attempt.Finish(t.Context(), []byte("late")))
		expect(t, s, request("k1", "anything"), "late")
	})
}

// An interrupted attempt that ends without a word leaves an interrupted one,
// until somebody knows or a day has passed.
func TestInterruptedAttempts(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, database string) {
		c := newClock()
		s := open(t, database, c)
		r := request("k1", "anything")
		expect(t, s, r, "new")
		for range 3 {
			c.advance(lease)
			must(t, expect(t, s, r, "interrupted").Interrupt(t.Context()))
			expect(t, s, r, "interrupted")
		}
		c.advance(lease)
		must(t, expect(t, s, r, "interrupted").Abandon(t.Context())) // it was not done
		expect(t, s, r, "new")
		c.advance(24*time.Hour - time.Millisecond)
		expect(t, s, r, "interrupted")
		c.advance(24 * time.Hour)
		expect(t, s, r, "new")
	})
}

// A renewal that was on its way when the attempt ended changes nothing.
func TestARenewalThatComesTooLate(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, database string) {
		s := open(t, database, newClock())
		for want, end := range map[string]func(*Attempt) error{
			"done":        func(a *Attempt) error { return a.Finish(t.Context(), []byte("done")) },
			"interrupted": func(a *Attempt) error { return a.Interrupt(t.Context()) },
			"new":         func(a *Attempt) error { return a.Abandon(t.Context()) },
		} {
			attempt := expect(t, s, request(want, "anything"), "new")
			must(t, end(attempt))
			if renewed, err := s.renewBatch(t.Context(), []*Attempt{attempt}); len(renewed) != 0 || err != nil {
				t.Errorf("%s: renewed %v, %v", want, renewed, err)
			}
			expect(t, s, request(want, "anything"), want)
		}
	})
}

// A connection that breaks does not tell whether the key was taken, so the same
// attempt may take it again, and nobody else.
func TestAnAttemptMayTakeItsKeyAgain(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, database string) {
		c := newClock()
		s := open(t, database, c)
		r := request("k1", "anything")
		for _, interrupted := range []bool{false, true} {
			attempt := expect(t, s, r, map[bool]string{false: "new", true: "interrupted"}[interrupted])
			if taken, err := attempt.take(t.Context()); !taken || attempt.Interrupted != interrupted || err != nil {
				t.Errorf("taken %v, interrupted %v, %v", taken, attempt.Interrupted, err)
			}
			expect(t, s, r, underWay)
			c.advance(lease)
		}
		finished := expect(t, s, r, "interrupted")
		must(t, finished.Finish(t.Context(), []byte("done")))
		if taken, err := finished.take(t.Context()); taken || err != nil {
			t.Errorf("a finished key was taken: %v", err)
		}
	})
}

// In the background: leases are renewed until Close, and a holder that cannot
// renew its lease knows before anybody else may take its place.
func TestRenewalInTheBackground(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := storetest.Open(t, store.Memory)
		s, other := New(db, Config{Now: time.Now}), newIdle(db, Config{Now: time.Now})
		r := request("k1", "anything")
		attempt := expect(t, s, r, "new")
		work, cancel := attempt.WithLease(t.Context())
		defer cancel()
		time.Sleep(time.Hour)
		synctest.Wait()
		if work.Err() != nil {
			t.Error("the lease is lost")
		}
		expect(t, other, r, underWay)
		s.Close()
		closed := time.Now()
		<-work.Done()
		if after := time.Since(closed); after > ownLease {
			t.Errorf("the holder knows after %v", after)
		}
		expect(t, other, r, underWay)
		time.Sleep(lease)
		expect(t, other, r, "interrupted")
	})
}

func TestADatabaseThatStaysAwayEndsTheLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := storetest.Open(t, store.Memory)
		s := New(db, Config{Now: time.Now})
		defer s.Close()
		work, cancel := expect(t, s, request("k1", "anything"), "new").WithLease(t.Context())
		defer cancel()
		db.Close()
		begun := time.Now()
		<-work.Done()
		if after := time.Since(begun); after != ownLease {
			t.Errorf("the work ended after %v", after)
		}
	})
}
