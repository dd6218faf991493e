package limit

import (
	"math"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestSpendAndRefund(t *testing.T) {
	inMemory(t, func(t *testing.T, l *Limiter) {
		budget := Budget{Capacity: 1000, Restore: 50}
		for i, step := range []struct {
			sleep     time.Duration
			spend     int // or a refund if negative
			available int
			wait      time.Duration
			ok        bool
		}{
			{spend: 0, available: 1000, ok: true},
			{spend: 400, available: 600, ok: true},
			{spend: -100, available: 700, ok: true},
			{spend: 701, available: 700, wait: 20 * time.Millisecond},
			{sleep: 19 * time.Millisecond, spend: 701, available: 700, wait: time.Millisecond},
			{sleep: time.Millisecond, spend: 701, available: 0, ok: true},
			{sleep: 2 * time.Second, spend: 0, available: 100, ok: true},
			{spend: 1001, available: 100, wait: 18 * time.Second}, // never; until the budget is full
			{sleep: time.Hour, spend: 1001, available: 1000},
			{spend: 10, available: 990, ok: true},
			{spend: -5000, available: 1000, ok: true},
			{spend: 1000, available: 0, ok: true},
		} {
			time.Sleep(step.sleep)
			balance, wait, ok := Balance{}, time.Duration(0), true
			if step.spend < 0 {
				balance = l.Refund(t.Context(), "key:a", budget, -step.spend)
			} else {
				balance, wait, ok = l.Spend(t.Context(), "key:a", budget, step.spend)
			}
			if want := (Balance{1000, step.available, 50}); balance != want || wait != step.wait || ok != step.ok {
				t.Errorf("step %d: %+v, wait %v, %v; want %+v, %v, %v", i, balance, wait, ok, want, step.wait, step.ok)
			}
		}
	})
}

// A million small spends lose or gain nothing: what comes back is exactly what
// the time has restored.
func TestBudgetDoesNotDrift(t *testing.T) {
	inMemory(t, func(t *testing.T, l *Limiter) {
		budget := Budget{Capacity: 7, Restore: 3}
		start, spent := time.Now(), 0
		for range 1_000_000 {
			balance, wait, ok := l.Spend(t.Context(), "key:a", budget, 1)
			if ok {
				spent++
				continue
			}
			restored := time.Since(start).Microseconds() * 3
			if want := 7 + restored/micro; int64(spent) != want || balance.CurrentlyAvailable != 0 {
				t.Fatalf("after %v: %d spent of %d, %+v", time.Since(start), spent, want, balance)
			}
			time.Sleep(wait + 123*time.Microsecond)
		}
	})
}

func TestWaitIsHonest(t *testing.T) {
	inMemory(t, func(t *testing.T, l *Limiter) {
		random := rand.New(rand.NewPCG(5, 6))
		for range 3000 {
			budget := Budget{Capacity: 1 + random.IntN(5000), Restore: 1 + random.IntN(700)}
			cost := 1 + random.IntN(budget.Capacity)
			_, wait, ok := l.Spend(t.Context(), "key:a", budget, cost)
			if !ok {
				time.Sleep(wait - time.Microsecond)
				if _, _, ok := l.Spend(t.Context(), "key:a", budget, cost); ok {
					t.Fatalf("%d of %+v: available before %v", cost, budget, wait)
				}
				time.Sleep(time.Microsecond)
				if _, wait, ok = l.Spend(t.Context(), "key:a", budget, cost); !ok {
					t.Fatalf("%d of %+v: not available, wait another %v", cost, budget, wait)
				}
			}
			time.Sleep(time.Duration(random.Int64N(int64(time.Second))))
		}
	})
}

func TestBudgetChangesWhileSpending(t *testing.T) {
	inMemory(t, func(t *testing.T, l *Limiter) {
		l.Spend(t.Context(), "key:a", Budget{1000, 10}, 600)
		for _, step := range []struct{ capacity, available int }{{2000, 1400}, {500, 0}, {600, 0}, {700, 100}} {
			got, _, _ := l.Spend(t.Context(), "key:a", Budget{step.capacity, 10}, 0)
			if got.CurrentlyAvailable != step.available || got.MaximumAvailable != step.capacity {
				t.Errorf("capacity %d: %+v", step.capacity, got)
			}
		}
		if _, wait, ok := l.Spend(t.Context(), "key:a", Budget{500, 10}, 1); ok || wait != 10100*time.Millisecond {
			t.Errorf("600 owed of 500: %v, wait %v", ok, wait)
		}
	})
}

func TestOddBudgets(t *testing.T) {
	for _, budget := range []Budget{{}, {-1, -1}, {10, 0}, {math.MaxInt, math.MaxInt}, {math.MaxInt, 0}, {math.MinInt, math.MinInt}} {
		for _, points := range []int{0, 1, -1, math.MaxInt, math.MinInt} {
			inMemory(t, func(t *testing.T, l *Limiter) {
				got, wait, ok := l.Spend(t.Context(), "key:a", budget, points)
				if got.CurrentlyAvailable < 0 || got.RestoreRate < 1 || wait < 0 || ok && points == math.MaxInt {
					t.Errorf("%d of %+v: %+v, wait %v, %v", points, budget, got, wait, ok)
				}
				got = l.Refund(t.Context(), "key:a", budget, points)
				if got.CurrentlyAvailable < 0 || got.CurrentlyAvailable > got.MaximumAvailable {
					t.Errorf("%d given back of %+v: %+v", points, budget, got)
				}
			})
		}
	}
}

// No point is spent twice, and none is lost in between.
func TestConcurrentSpendsNeverOverdraw(t *testing.T) {
	inMemory(t, func(t *testing.T, l *Limiter) {
		budget := Budget{Capacity: 10_000, Restore: 100}
		for range 3 {
			var group sync.WaitGroup
			var spent atomic.Int64
			for i := range 200 {
				cost := 1 + i%3
				group.Go(func() {
					for range 100 {
						if _, _, ok := l.Spend(t.Context(), "key:a", budget, cost); ok {
							spent.Add(int64(cost))
						}
						if _, _, ok := l.Spend(t.Context(), "key:a", budget, cost); ok {
							l.Refund(t.Context(), "key:a", budget, cost)
						}
					}
				})
			}
			group.Wait()
			balance, _, _ := l.Spend(t.Context(), "key:a", budget, 0)
			if int64(balance.CurrentlyAvailable) != 10_000-spent.Load() || balance.CurrentlyAvailable > 2 {
				t.Fatalf("spent %d, %+v", spent.Load(), balance)
			}
			time.Sleep(100 * time.Second)
			synctest.Wait()
		}
	})
}
