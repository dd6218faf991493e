package mutation

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"odoograph/apierror"
)

// names are those of the locks of records.
func names(model string, ids ...int64) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = fmt.Sprint(model, " ", id)
	}
	return out
}

const model = "res.partner"

// mustLock takes the locks of records and returns how to give them back.
func mustLock(t *testing.T, l *locks, ids ...int64) func() {
	t.Helper()
	unlock, err := l.lock(t.Context(), names(model, ids...))
	if err != nil {
		t.Fatal(err)
	}
	return unlock
}

func wantEmpty(t *testing.T, l *locks) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.held) != 0 {
		t.Errorf("%d locks are left over", len(l.held))
	}
}

func TestOneAtATimeInTheOrderOfTheirComing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l locks
		var order []int
		unlock := mustLock(t, &l, 7)
		var all sync.WaitGroup
		for i := range 5 {
			all.Go(func() {
				defer mustLock(t, &l, 7)()
				order = append(order, i) // the race detector watches
				time.Sleep(time.Second)
			})
			synctest.Wait()
		}
		if len(order) > 0 {
			t.Errorf("%v went in while another had the lock", order)
		}
		start := time.Now()
		unlock()
		all.Wait()
		for i, n := range order {
			if i != n {
				t.Fatalf("order %v", order)
			}
		}
		if took := time.Since(start); took != 5*time.Second {
			t.Errorf("5 changes of a second each took %v", took)
		}
		wantEmpty(t, &l)
	})
}

func TestLocksOfOthersDoNotWait(t *testing.T) {
	var l locks
	defer mustLock(t, &l, 7)()
	mustLock(t, &l, 8)()
	unlock, err := l.lock(t.Context(), names("sale.order", 7))
	if err != nil {
		t.Fatal(err)
	}
	unlock()
	mustLock(t, &l)() // of no record
	mustLock(t, &l, 9, 9)()
}

// Sets that overlap, named in any order, are taken in one order. A deadlock would
// end the test: synctest sees that nobody can go on.
func TestOverlappingSetsDoNotWaitForEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l locks
		var inside [4]atomic.Bool
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() {
				ids := []int64{0, 1, 2, 3}
				rand.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
				ids = ids[:1+rand.IntN(4)]
				unlock := mustLock(t, &l, ids...)
				for _, id := range ids {
					if inside[id].Swap(true) {
						t.Errorf("two have record %d", id)
					}
				}
				time.Sleep(time.Millisecond)
				for _, id := range ids {
					inside[id].Store(false)
				}
				unlock()
			})
		}
		all.Wait()
		wantEmpty(t, &l)
	})
}

func TestAWaiterThatGivesUpLeavesNoTrace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l locks
		unlock := mustLock(t, &l, 2)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		_, err := l.lock(ctx, names(model, 3, 2, 1)) // it has 1 when it waits for 2
		if apierror.CodeOf(err) != apierror.UpstreamTimeout || time.Since(start) != time.Second {
			t.Errorf("%v after %v", err, time.Since(start))
		}
		if len(l.held) != 1 {
			t.Errorf("%d locks are held, want that of record 2 alone", len(l.held))
		}
		mustLock(t, &l, 1, 3)()
		unlock()
		wantEmpty(t, &l)

		left, leave := context.WithCancel(t.Context())
		unlock = mustLock(t, &l, 2)
		failed := make(chan error)
		go func() {
			_, err := l.lock(left, names(model, 2))
			failed <- err
		}()
		synctest.Wait()
		leave()
		if err := <-failed; apierror.CodeOf(err) != apierror.ClientClosed {
			t.Error(err)
		}
		unlock()
		mustLock(t, &l, 2)()
		wantEmpty(t, &l)
	})
}
