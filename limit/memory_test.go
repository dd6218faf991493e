package limit

import (
	"encoding/binary"
	"net/netip"
	"runtime"
	"testing"
	"time"
)

// held counts what the limiter remembers: buckets of requests that are counted in
// the current windows, and debts.
func held(l *Limiter) (windows, buckets, debts int) {
	for i := range l.memory.shards {
		s := &l.memory.shards[i]
		s.mu.Lock()
		for _, w := range s.windows {
			windows++
			buckets += w.buckets
		}
		debts += len(s.debts)
		s.mu.Unlock()
	}
	return windows, buckets, debts
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// A million addresses in a minute, and more in the next, are remembered only as
// far as there is room; whoever was counted before them is limited all the same;
// and when they are gone, so is what was remembered of them.
func TestMemoryIsBounded(t *testing.T) {
	inMemory(t, func(t *testing.T, l *Limiter) {
		rate, budget := Rate{10, time.Minute}, Budget{Capacity: 100, Restore: 1}
		before := heap()
		for minute, addresses := range []int{1_000_000, 300_000} {
			allowed(t, l, "key:a", rate, 10)
			var a [16]byte
			a[0] = 0x20
			for i := range addresses {
				binary.BigEndian.PutUint64(a[:], 0x2001<<48|uint64(minute)<<32|uint64(i))
				bucket := Address(netip.AddrFrom16(a))
				if d := l.Count(t.Context(), bucket, rate, 1); !d.Allowed || d.Remaining != 9 {
					t.Fatalf("address %d: %+v", i, d)
				}
				if got, _, ok := l.Spend(t.Context(), bucket, budget, 5); !ok || got.CurrentlyAvailable != 95 {
					t.Fatalf("address %d: %+v", i, got)
				}
			}
			if _, buckets, debts := held(l); buckets > maxBuckets || debts > maxBuckets {
				t.Errorf("minute %d: %d buckets and %d debts are held", minute, buckets, debts)
			}
			if l.Count(t.Context(), "key:a", rate, 1).Allowed {
				t.Errorf("minute %d: the limit of a key was forgotten", minute)
			}
			time.Sleep(time.Minute)
		}
		if grown := heap() - before; grown > 100<<20 {
			t.Errorf("the heap grew by %d MB", grown>>20)
		} else {
			t.Logf("the heap grew by %d MB", grown>>20)
		}
		time.Sleep(2*rate.Window + 2*sweepEvery)
		if windows, buckets, debts := held(l); windows+buckets+debts > 0 {
			t.Errorf("at the end %d windows, %d buckets and %d debts are held", windows, buckets, debts)
		}
		if grown := heap() - before; grown > 4<<20 {
			t.Errorf("at the end the heap is larger by %d MB", grown>>20)
		}
	})
}

// The sweep drops what is over and nothing else.
func TestSweepKeepsWhatIsOwed(t *testing.T) {
	inMemory(t, func(t *testing.T, l *Limiter) {
		budget := Budget{Capacity: 1000, Restore: 1}
		l.Spend(t.Context(), "key:short", budget, 15)
		l.Spend(t.Context(), "key:long", budget, 900)
		l.Count(t.Context(), "key:a", Rate{1, time.Second}, 1)
		l.Count(t.Context(), "key:a", Rate{1, time.Hour}, 1)
		time.Sleep(3 * sweepEvery)
		if windows, _, debts := held(l); windows != 1 || debts != 1 {
			t.Errorf("%d windows and %d debts are held", windows, debts)
		}
		if got, _, _ := l.Spend(t.Context(), "key:long", budget, 0); got.CurrentlyAvailable != 130 {
			t.Errorf("30 s after a spend of 900: %+v", got)
		}
		if l.Peek(t.Context(), "key:a", Rate{1, time.Hour}).Allowed {
			t.Error("the hour's request was forgotten")
		}
	})
}

func TestClosedLimiterGoesOnDeciding(t *testing.T) {
	l, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}
	if got := allowed(t, l, "key:a", Rate{2, time.Hour}, 5); got != 2 {
		t.Errorf("allowed %d", got)
	}
}
