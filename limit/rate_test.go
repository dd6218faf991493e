package limit

import (
	"math"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-chi/httprate"
)

// inMemory runs a test in a bubble, whose time passes only while it sleeps.
func inMemory(t *testing.T, f func(t *testing.T, l *Limiter)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		l, err := New(Config{})
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		f(t, l)
	})
}

// allowed counts one request n times and returns how many were allowed.
func allowed(t *testing.T, l *Limiter, bucket string, rate Rate, n int) int {
	t.Helper()
	count := 0
	for range n {
		if l.Count(t.Context(), bucket, rate, 1).Allowed {
			count++
		}
	}
	return count
}

func TestEachBucketHasTheLimitAndNoMore(t *testing.T) {
	for _, rate := range []Rate{{1, time.Minute}, {50, time.Minute}, {10, time.Second}, {5000, time.Hour}, {1, time.Millisecond}} {
		inMemory(t, func(t *testing.T, l *Limiter) {
			for _, bucket := range []string{"key:a", "key:b", "key:a field:partners"} {
				if got := allowed(t, l, bucket, rate, 2*rate.Requests); got != rate.Requests {
					t.Errorf("%s of %v: allowed %d", bucket, rate, got)
				}
			}
		})
	}
}

func TestDecisionTellsWhatIsLeft(t *testing.T) {
	inMemory(t, func(t *testing.T, l *Limiter) {
		rate := Rate{3, time.Minute}
		for i, want := range []Decision{
			{Allowed: true, Remaining: 2, Reset: 90*time.Second + time.Millisecond},
			{Allowed: true, Remaining: 1, Reset: 105*time.Second + time.Millisecond},
			{Allowed: true, Remaining: 0, Reset: 110*time.Second + time.Millisecond},
			{Allowed: false, Remaining: 0, Reset: 110*time.Second + time.Millisecond, RetryAfter: 70*time.Second + time.Millisecond},
		} {
			want.Limit, want.Window = rate.Requests, rate.Window
			if got := l.Count(t.Context(), "key:a", rate, 1); got != want {
				t.Errorf("request %d: %+v, want %+v", i+1, got, want)
			}
		}
	})
}

func TestPeekCountsNothing(t *testing.T) {
	inMemory(t, func(t *testing.T, l *Limiter) {
		rate := Rate{2, time.Minute}
		for range 10 {
			if d := l.Peek(t.Context(), "key:a", rate); !d.Allowed || d.Remaining != 2 {
				t.Fatalf("before: %+v", d)
			}
		}
		allowed(t, l, "key:a", rate, 2)
		if d := l.Peek(t.Context(), "key:a", rate); d.Allowed || d.RetryAfter <= 0 {
			t.Errorf("after: %+v", d)
		}
	})
}

func TestAllOrNothingOfSeveralIsCounted(t *testing.T) {
	inMemory(t, func(t *testing.T, l *Limiter) {
		rate := Rate{10, time.Minute}
		for _, step := range []struct {
			n         int
			allowed   bool
			remaining int
		}{
			{8, true, 2}, {3, false, 2}, {0, true, 2}, {-5, true, 2}, {2, true, 0}, {1, false, 0},
			{11, false, 0}, {math.MaxInt, false, 0},
		} {
			if d := l.Count(t.Context(), "key:a", rate, step.n); d.Allowed != step.allowed || d.Remaining != step.remaining {
				t.Errorf("%d at once: %+v", step.n, d)
			}
		}
	})
}

// A client that does not heed the limit is not locked out for it.
func TestClientAtTenTimesItsLimitGetsItsLimit(t *testing.T) {
	inMemory(t, func(t *testing.T, l *Limiter) {
		rate := Rate{50, time.Minute}
		const minutes = 20
		got := 0
		for range minutes * 10 * rate.Requests {
			got += allowed(t, l, "key:a", rate, 1)
			time.Sleep(rate.Window / time.Duration(10*rate.Requests))
		}
		if got < minutes*rate.Requests*95/100 || got > (minutes+1)*rate.Requests {
			t.Errorf("allowed %d in %d minutes", got, minutes)
		}
	})
}

// With the lowest of limits a client that polls gets one request in each window.
func TestOnePerMinute(t *testing.T) {
	inMemory(t, func(t *testing.T, l *Limiter) {
		got := 0
		for range 60 * 60 {
			got += allowed(t, l, "key:a", Rate{1, time.Minute}, 1)
			time.Sleep(time.Second)
		}
		if got < 58 || got > 61 {
			t.Errorf("allowed %d in an hour", got)
		}
	})
}

// Whatever came before: who sleeps for RetryAfter is served, and has not slept a
// millisecond too long; who sleeps for Reset has the whole limit.
func TestRetryAfterAndResetAreHonest(t *testing.T) {
	inMemory(t, func(t *testing.T, l *Limiter) {
		random := rand.New(rand.NewPCG(1, 2))
		refused := 0
		for range 3000 {
			rate := Rate{[]int{1, 2, 3, 50, 1000}[random.IntN(5)], []time.Duration{time.Second, 7 * time.Second, time.Minute}[random.IntN(3)]}
			for range random.IntN(6) {
				l.Count(t.Context(), "key:a", rate, 1+random.IntN(rate.Requests))
				time.Sleep(time.Duration(random.Int64N(int64(rate.Window))))
			}
			n := 1 + random.IntN(rate.Requests)
			d := l.Count(t.Context(), "key:a", rate, n)
			if !d.Allowed {
				refused++
				time.Sleep(d.RetryAfter - time.Millisecond)
				if early := l.Count(t.Context(), "key:a", rate, n); early.Allowed {
					t.Fatalf("%d of %v: allowed before RetryAfter %v", n, rate, d.RetryAfter)
				}
				time.Sleep(time.Millisecond)
				if d = l.Count(t.Context(), "key:a", rate, n); !d.Allowed {
					t.Fatalf("%d of %v: refused after RetryAfter: %+v", n, rate, d)
				}
			}
			time.Sleep(d.Reset - time.Millisecond)
			if d.Reset > 0 && l.Peek(t.Context(), "key:a", rate).Remaining == rate.Requests {
				t.Fatalf("%v: all is available before Reset %v", rate, d.Reset)
			}
			time.Sleep(time.Millisecond)
			if after := l.Peek(t.Context(), "key:a", rate); after.Remaining != rate.Requests || after.Reset != 0 {
				t.Fatalf("%v: after Reset: %+v", rate, after)
			}
		}
		if refused < 300 {
			t.Errorf("only %d were refused", refused)
		}
	})
}

func TestLimitChangesWhileCounting(t *testing.T) {
	inMemory(t, func(t *testing.T, l *Limiter) {
		allowed(t, l, "key:a", Rate{10, time.Minute}, 10)
		lower := l.Count(t.Context(), "key:a", Rate{4, time.Minute}, 1)
		if lower.Allowed || lower.Remaining != 0 {
			t.Errorf("lowered: %+v", lower)
		}
		if got := allowed(t, l, "key:a", Rate{15, time.Minute}, 10); got != 5 {
			t.Errorf("raised by five: %d more allowed", got)
		}
		time.Sleep(time.Minute + lower.Window/2)
		if d := l.Count(t.Context(), "key:a", Rate{4, time.Minute}, 1); d.Allowed {
			t.Errorf("15 half a minute ago, of 4 allowed: %+v", d)
		}
	})
}

// No limit, however odd, divides by zero or overflows; none of them lets all pass.
func TestOddRates(t *testing.T) {
	for _, rate := range []Rate{
		{}, {0, time.Minute}, {-1, time.Minute}, {1, 0}, {1, -time.Hour}, {1, 1}, {1, 1500 * time.Microsecond},
		{math.MaxInt, math.MaxInt64}, {math.MinInt, math.MinInt64},
	} {
		inMemory(t, func(t *testing.T, l *Limiter) {
			for _, n := range []int{1, rate.Requests, math.MaxInt} {
				d := l.Count(t.Context(), "key:a", rate, n)
				if d.Remaining < 0 || d.Reset < 0 || d.RetryAfter < 0 || !d.Allowed && d.RetryAfter == 0 {
					t.Errorf("%d of %v: %+v", n, rate, d)
				}
			}
			if d := l.Count(t.Context(), "key:a", rate, math.MaxInt); d.Allowed {
				t.Errorf("%v: all at once are allowed", rate)
			}
		})
	}
}

func TestConcurrentRequestsDoNotPassTheLimit(t *testing.T) {
	inMemory(t, func(t *testing.T, l *Limiter) {
		var group sync.WaitGroup
		var got atomic.Int64
		for range 100 {
			group.Go(func() { got.Add(int64(allowed(t, l, "key:a", Rate{1000, time.Minute}, 100))) })
		}
		group.Wait()
		if got.Load() != 1000 {
			t.Errorf("allowed %d", got.Load())
		}
	})
}

// The estimate is that of httprate's own limiter.
func TestEstimateIsHttprates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		random := rand.New(rand.NewPCG(3, 4))
		for range 2000 {
			window := []time.Duration{time.Second, time.Minute, time.Hour}[random.IntN(3)]
			fixed := fixedCounter{random.IntN(200), random.IntN(200)}
			time.Sleep(time.Duration(random.Int64N(window.Milliseconds())) * time.Millisecond)
			_, rate, _ := httprate.NewRateLimiter(100, window, httprate.WithLimitCounter(fixed)).Status("")

			elapsed := time.Since(time.Now().UTC().Truncate(window))
			ours := tally{int64(fixed.current), int64(fixed.previous), elapsed.Milliseconds(), window.Milliseconds()}
			if got := ours.estimate(); got != int64(math.Round(rate)) {
				t.Fatalf("%+v: %d, httprate says %v", ours, got, rate)
			}
		}
	})
}

// fixedCounter is an httprate.LimitCounter that has counted.
type fixedCounter struct{ current, previous int }

func (fixedCounter) Config(int, time.Duration)                {}
func (fixedCounter) Increment(string, time.Time) error        { return nil }
func (fixedCounter) IncrementBy(string, time.Time, int) error { return nil }
func (f fixedCounter) Get(string, time.Time, time.Time) (int, int, error) {
	return f.current, f.previous, nil
}
