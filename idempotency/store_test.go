package idempotency

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"odoograph/apierror"
	"odoograph/store"
	"odoograph/store/storetest"
)

func TestWhatIsDoneIsAnsweredAgainForADay(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, database string) {
		c := newClock()
		s := open(t, database, c)
		order := request("k1", "create an order")
		attempt := expect(t, s, order, "new")
		expect(t, s, order, underWay)
		expect(t, s, request("k1", "create another order"), reused)
		must(t, attempt.Finish(t.Context(), []byte("S00042")))
		expect(t, s, request("k1", "create another order"), reused)
		c.advance(24*time.Hour - time.Millisecond)
		_, answer, err := open(t, database, c).Begin(t.Context(), order) // after a restart
		if err != nil || string(answer.Body) != "S00042" || answer.Omitted || !answer.At.Equal(newClock().at) {
			t.Fatalf("the answer is %+v, %v", answer, err)
		}
		c.advance(time.Millisecond)
		attempt = expect(t, s, request("k1", "create another order"), "new")
		var kept int
		must(t, s.db.QueryRow("SELECT COUNT(*) FROM idempotency_keys WHERE answer IS NOT NULL").Scan(&kept))
		if kept != 0 {
			t.Error("the answer that has expired is there still")
		}
		must(t, attempt.Finish(t.Context(), nil))
		if _, answer, err := s.Begin(t.Context(), request("k1", "create another order")); err != nil || len(answer.Body) != 0 || answer.Omitted {
			t.Errorf("an empty answer is %+v, %v", answer, err)
		}
	})
}

func TestKeysOfDifferentOwnersAreApart(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, database string) {
		s := open(t, database, newClock())
		mine, theirs := request("k1", "mine"), request("k1", "theirs")
		theirs.Owner = "somebody else"
		must(t, expect(t, s, mine, "new").Finish(t.Context(), []byte("my answer")))
		must(t, expect(t, s, theirs, "new").Finish(t.Context(), []byte("their answer")))
		expect(t, s, mine, "my answer")
		expect(t, s, theirs, "their answer")
	})
}

// How an attempt ends decides what the next one is.
func TestTheEndsOfAnAttempt(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, database string) {
		for _, test := range []struct {
			end  string
			do   func(*Attempt, context.Context) error
			want string
		}{
			{"finish", func(a *Attempt, ctx context.Context) error { return a.Finish(ctx, []byte("done")) }, "done"},
			{"abandon", (*Attempt).Abandon, "new"},
			{"interrupt", (*Attempt).Interrupt, "interrupted"},
		} {
			for _, ctx := range []string{"a good context", "a cancelled one"} {
				t.Run(test.end+" in "+ctx, func(t *testing.T) {
					s := open(t, database, newClock())
					r := request(t.Name(), "anything")
					attempt := expect(t, s, r, "new")
					ending, cancel := context.WithCancel(t.Context())
					defer cancel()
					if ctx == "a cancelled one" { // the client has left
						cancel()
					}
					must(t, test.do(attempt, ending))
					must(t, attempt.Interrupt(t.Context())) // which come too late
					must(t, attempt.Abandon(t.Context()))
					if err := attempt.Finish(t.Context(), []byte("late")); err == nil {
						t.Error("an attempt that had ended was finished")
					}
					expect(t, s, r, test.want)
				})
			}
		}
	})
}

func TestKeysAreBounded(t *testing.T) {
	s := open(t, store.Memory, nil)
	for _, test := range []struct {
		key  string
		want string
	}{
		{"", "BAD_USER_INPUT"},
		{"k", "new"},
		{" two words ~", "new"},
		{strings.Repeat("x", 255), "new"},
		{strings.Repeat("x", 256), "BAD_USER_INPUT"},
		{"line\n", "BAD_USER_INPUT"},
		{"caf\u00e9", "BAD_USER_INPUT"},
		{"\x7f", "BAD_USER_INPUT"},
		{"a\x00b", "BAD_USER_INPUT"},
	} {
		if _, got := begin(t, s, request(test.key, "anything")); got != test.want {
			t.Errorf("key %q: %s, want %s", test.key, got, test.want)
		}
	}
}

func TestErrorsSayWhenToTryAgain(t *testing.T) {
	s := open(t, store.Memory, nil)
	expect(t, s, request("k1", "anything"), "new")
	_, _, err := s.Begin(t.Context(), request("k1", "anything"))
	if e := apierror.Public(err); !e.Code.Meaning().Retryable || e.RetryAfter != time.Second {
		t.Errorf("under way: %+v", e)
	}
	_, _, err = s.Begin(t.Context(), request("k1", "something else"))
	if e := apierror.Public(err); e.Code.Meaning().Retryable || e.Field != "idempotencyKey" {
		t.Errorf("reused: %+v", e)
	}
}

func TestWithoutTheDatabaseNothingIsBegun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, store.Memory, nil)
		attempt := expect(t, s, request("k1", "anything"), "new")
		s.db.Close()
		begun := time.Now()
		expect(t, s, request("k2", "anything"), "UPSTREAM_UNAVAILABLE")
		if after := time.Since(begun); after != beginPatience {
			t.Errorf("Begin gave up after %v", after)
		}
		if err := attempt.Restart(t.Context()); err == nil {
			t.Error("the work was begun without a database")
		}
		if after := time.Since(begun); after != 2*beginPatience {
			t.Errorf("Restart gave up %v after Begin began", after)
		}
		if err := attempt.Finish(t.Context(), []byte("done")); err == nil {
			t.Error("an answer was remembered without a database")
		}
		if after := time.Since(begun); after != 2*beginPatience+endPatience {
			t.Errorf("Finish gave up %v after Begin began", after)
		}
	})
}

// Fifty clients that send one request at once through two gateways.
func TestOfManyBeginsAtOnceOneIsAnAttempt(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, database string) {
		c := newClock()
		stores := []*Store{open(t, database, c), open(t, database, c)}
		for _, want := range []string{"new", "interrupted", "interrupted"} {
			got := beginAtOnce(t, stores, 50, request("k1", "anything"))
			if got[want] != 1 || got[underWay] != 49 {
				t.Errorf("want one that is %s, got %v", want, got)
			}
			c.advance(lease) // as if that one had crashed
		}
	})
}

// beginAtOnce counts what comes of n Begins of one request.
func beginAtOnce(t *testing.T, stores []*Store, n int, r Request) map[string]int {
	t.Helper()
	var mu sync.Mutex
	outcomes := map[string]int{}
	start := make(chan struct{})
	var wait sync.WaitGroup
	for i := range n {
		wait.Go(func() {
			<-start
			_, outcome := begin(t, stores[i%len(stores)], r)
			mu.Lock()
			defer mu.Unlock()
			outcomes[outcome]++
		})
	}
	close(start)
	wait.Wait()
	return outcomes
}

// Clients that repeat their request until it is answered get one answer, and the
// work is done once, though every other attempt finds that it cannot do it.
func TestWorkIsDoneOnce(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, database string) {
		const keys, clients = 10, 5
		stores := []*Store{open(t, database, nil), open(t, database, nil)}
		var mu sync.Mutex
		tries, done := map[string]int{}, map[string]int{}
		work := func(key string) bool {
			mu.Lock()
			defer mu.Unlock()
			tries[key]++
			if tries[key]%2 == 1 {
				return false
			}
			done[key]++
			return true
		}
		var wait sync.WaitGroup
		for i := range keys * clients {
			wait.Go(func() {
				r := request(fmt.Sprint("key ", i%keys), "anything")
				for {
					attempt, outcome := begin(t, stores[i%2], r)
					switch {
					case outcome == "new" && work(r.Key):
						must(t, attempt.Finish(t.Context(), []byte("done "+r.Key)))
					case outcome == "new":
						must(t, attempt.Abandon(t.Context()))
					case outcome == "done "+r.Key:
						return
					case outcome != underWay:
						t.Errorf("%s: %s", r.Key, outcome)
						return
					}
				}
			})
		}
		wait.Wait()
		for key, n := range done {
			if n != 1 {
				t.Errorf("%s was done %d times", key, n)
			}
		}
		if len(done) != keys {
			t.Errorf("%d keys were done", len(done))
		}
	})
}
