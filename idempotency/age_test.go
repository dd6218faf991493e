package idempotency

import (
	"errors"
	"testing"
	"time"

	"odoograph/store/storetest"
)

// aged begins and complains of an attempt that is not interrupted or of another age.
func aged(t *testing.T, s *Store, r Request, want time.Duration) *Attempt {
	t.Helper()
	attempt := expect(t, s, r, "interrupted")
	if attempt.Age != want {
		t.Errorf("the work may have been begun %v ago, want %v", attempt.Age, want)
	}
	return attempt
}

// fresh begins and complains of an attempt that is interrupted or has an age.
func fresh(t *testing.T, s *Store, r Request) *Attempt {
	t.Helper()
	attempt := expect(t, s, r, "new")
	if attempt.Age != 0 {
		t.Errorf("a new attempt has the age %v", attempt.Age)
	}
	return attempt
}

// However many attempts look and give up, however their leases were renewed, the
// age is that of the work: until one of them does it, or a new one begins.
func TestTheAgeOfTheWork(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, database string) {
		c := newClock()
		s := open(t, database, c)
		r := request("k1", "anything")
		fresh(t, s, r)
		c.advance(lease) // it has crashed
		second := aged(t, s, r, lease)
		c.advance(10 * time.Second)
		s.renew(t.Context())
		must(t, second.Interrupt(t.Context()))
		third := aged(t, s, r, lease+10*time.Second)
		c.advance(time.Second)
		must(t, third.Restart(t.Context()))
		if third.Age != lease+10*time.Second {
			t.Error("Restart changed what is said of the attempts before it")
		}
		c.advance(time.Hour) // so has the third
		aged(t, s, r, time.Hour)
		c.advance(lease)
		must(t, aged(t, s, r, time.Hour+lease).Abandon(t.Context()))
		fresh(t, s, r)
		c.advance(keepFor - time.Millisecond)
		aged(t, s, r, keepFor-time.Millisecond)
		c.advance(keepFor)
		must(t, fresh(t, s, r).Interrupt(t.Context()))
		aged(t, s, r, 0)
	})
}

// A new attempt that was kept waiting says so before its work.
func TestANewAttemptMayRestart(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, database string) {
		c := newClock()
		s := open(t, database, c)
		r := request("k1", "anything")
		attempt := fresh(t, s, r)
		c.advance(time.Minute) // nobody was there before the late renewal
		s.renew(t.Context())
		must(t, attempt.Restart(t.Context()))
		expect(t, s, r, underWay)
		c.advance(lease)
		aged(t, s, r, lease)
	})
}

// Restart fails without the key, and leaves to the attempts after it what they
// would have been told otherwise.
func TestOnlyTheHolderRestarts(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, database string) {
		for _, test := range []struct {
			name string
			lose func(*testing.T, *Store, *clock, *Attempt)
			want error
			then string
		}{
			{"superseded", func(t *testing.T, s *Store, c *clock, a *Attempt) {
				c.advance(lease)
				must(t, aged(t, s, a.request, 2*lease).Interrupt(t.Context()))
			}, ErrSuperseded, "interrupted"},
			{"superseded by one at work", func(t *testing.T, s *Store, c *clock, a *Attempt) {
				c.advance(lease)
				aged(t, s, a.request, 2*lease)
			}, ErrSuperseded, underWay},
			{"expired", func(_ *testing.T, _ *Store, c *clock, _ *Attempt) { c.advance(keepFor) }, ErrSuperseded, "new"},
			{"swept", func(t *testing.T, s *Store, c *clock, _ *Attempt) {
				c.advance(keepFor)
				must(t, s.sweep(t.Context()))
			}, ErrSuperseded, "new"},
			{"interrupted", func(t *testing.T, _ *Store, c *clock, a *Attempt) {
				c.advance(lease)
				must(t, a.Interrupt(t.Context()))
			}, errEnded, "interrupted"},
			{"abandoned", func(t *testing.T, _ *Store, _ *clock, a *Attempt) { must(t, a.Abandon(t.Context())) }, errEnded, "new"},
			{"finished", func(t *testing.T, _ *Store, _ *clock, a *Attempt) { must(t, a.Finish(t.Context(), []byte("done"))) }, errEnded, "done"},
		} {
			t.Run(test.name, func(t *testing.T) {
				c := newClock()
				s := open(t, database, c)
				r := request(t.Name(), "anything")
				fresh(t, s, r)
				c.advance(lease)
				attempt := aged(t, s, r, lease)
				test.lose(t, s, c, attempt)
				if err := attempt.Restart(t.Context()); !errors.Is(err, test.want) {
					t.Errorf("Restart: %v, want %v", err, test.want)
				}
				if next := expect(t, s, r, test.then); test.then == "interrupted" && next.Age != 2*lease {
					t.Errorf("the work may have been begun %v ago, want %v", next.Age, 2*lease)
				}
			})
		}
	})
}

// A connection that breaks does not tell whether the key was taken. The work
// begins after the last time that it was.
func TestAnAttemptThatTakesItsKeyAgainKeepsTheAge(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, database string) {
		c := newClock()
		s := open(t, database, c)
		r := request("k1", "anything")
		again := func(a *Attempt, want time.Duration) {
			t.Helper()
			c.advance(time.Second)
			if taken, err := a.take(t.Context()); !taken || a.Age != want || err != nil {
				t.Errorf("taken %v, age %v, want %v, %v", taken, a.Age, want, err)
			}
			c.advance(lease)
		}
		again(fresh(t, s, r), 0)
		again(aged(t, s, r, lease), lease+time.Second)
		aged(t, s, r, 2*lease+time.Second)
	})
}

// When nobody can tell how long ago, it may have been just now.
func TestAnAgeThatIsNotKnown(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, database string) {
		c := newClock()
		s := open(t, database, c)
		r := request("k1", "anything")
		fresh(t, s, r)
		_, err := s.db.Exec("UPDATE idempotency_keys SET begun_at = 0") // as of a gateway from before there were ages
		must(t, err)
		c.advance(time.Hour)
		must(t, aged(t, s, r, 0).Interrupt(t.Context()))
		c.advance(time.Minute)
		must(t, aged(t, s, r, time.Minute).Interrupt(t.Context()))
		c.advance(-time.Hour) // the clock of the database is set back
		aged(t, s, r, 0)
	})
}

func TestTheAgeByTheClockOfTheDatabase(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, database string) {
		s := open(t, database, nil)
		r := request("k1", "anything")
		for _, restart := range []bool{false, true} {
			attempt, _ := begin(t, s, r)
			if restart {
				must(t, attempt.Restart(t.Context()))
			}
			must(t, attempt.Interrupt(t.Context()))
			_, err := s.db.Exec("UPDATE idempotency_keys SET begun_at = begun_at - $1", time.Hour.Milliseconds())
			must(t, err)
			next := expect(t, s, r, "interrupted")
			if next.Age < time.Hour || next.Age > time.Hour+time.Minute {
				t.Errorf("an hour and a moment are %v", next.Age)
			}
			must(t, next.Interrupt(t.Context()))
		}
	})
}
