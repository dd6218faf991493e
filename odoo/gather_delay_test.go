package odoo

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// callTime is how long every call takes in these tests.
const callTime = 8 * time.Millisecond

// callSizes is a gatherer that notes how many askers each of its calls served.
func callSizes() (*gatherer[int, int], func() []int) {
	var mu sync.Mutex
	var sizes []int
	g := &gatherer[int, int]{
		weight: func(int) int { return 1 },
		run: func(_ context.Context, questions []int) ([]int, error) {
			mu.Lock()
			sizes = append(sizes, len(questions))
			mu.Unlock()
			time.Sleep(callTime)
			return questions, nil
		},
	}
	return g, func() []int {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(sizes)
	}
}

func TestALoneClientIsNeverDelayed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, _ := callSizes()
		start := time.Now()
		for range 5 {
			if _, err := g.ask(t.Context(), "", 1); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(start); took != 5*callTime {
			t.Errorf("5 calls took %v", took)
		}
	})
}

// Clients that ask again as soon as they are answered soon share every call.
func TestClientsThatComeBackShareTheNextCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, sizes := callSizes()
		var all sync.WaitGroup
		for range 12 {
			all.Go(func() {
				for range 6 {
					_, _ = g.ask(t.Context(), "", 1)
					time.Sleep(2 * time.Millisecond) // to send the answer
				}
			})
		}
		all.Wait()
		time.Sleep(callTime) // the lane closes
		// Without the delay it would be 1, 11, 1, 11 and so on.
		if got, want := sizes(), []int{1, 11, 12, 12, 12, 12, 12}; !slices.Equal(got, want) {
			t.Errorf("calls for %v, want %v", got, want)
		}
	})
}

// Who waits is not kept waiting for others who do not come back.
func TestADelayIsAShareOfTheCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, sizes := callSizes()
		var all sync.WaitGroup
		ask := func() {
			all.Go(func() { _, _ = g.ask(t.Context(), "", 1) })
			synctest.Wait()
		}
		start := time.Now()
		for range 1 + siblings {
			ask() // the first one's call begins, the others gather
		}
		time.Sleep(callTime + callTime/2) // the call of the others is under way
		ask()
		all.Wait()
		if got := sizes(); !slices.Equal(got, []int{1, siblings, 1}) {
			t.Errorf("calls for %v", got)
		}
		if took := time.Since(start); took != 3*callTime+callTime/delayShare {
			t.Errorf("took %v", took)
		}
		time.Sleep(callTime) // the lane closes
	})
}

// Where more wait than one call can serve, there is nobody to wait for.
func TestAFullCallIsNotDelayed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, sizes := callSizes()
		g.weight = func(int) int { return maxWeight / siblings }
		var all sync.WaitGroup
		start := time.Now()
		for range 1 + 3*siblings + 1 {
			all.Go(func() { _, _ = g.ask(t.Context(), "", 1) })
			synctest.Wait()
		}
		all.Wait()
		if got := sizes(); !slices.Equal(got, []int{1, siblings, siblings, siblings, 1}) {
			t.Errorf("calls for %v", got)
		}
		// Only the last one, which has room, is.
		if took := time.Since(start); took != 5*callTime+callTime/delayShare {
			t.Errorf("took %v", took)
		}
	})
}
