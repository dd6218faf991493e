package limit

import (
	"time"

	"github.com/go-chi/httprate"
)

// window counts the requests of a shard's buckets in windows of one length, with
// httprate's counter: it keeps the window and the one before, and drops what is
// older. It is used under the shard's lock.
type window struct {
	length  time.Duration
	counter httprate.LimitCounter
	index   int64 // of the current window
	buckets int   // that were counted in it
}

func newWindow(length time.Duration) *window {
	return &window{length: length, counter: httprate.NewLocalLimitCounter(length)}
}

// advance makes the window of that time the current one.
func (w *window) advance(now time.Duration) {
	index := int64(now / w.length)
	if index == w.index {
		return
	}
	if w.over(now) { // let the memory go that a crowd has needed
		w.counter = httprate.NewLocalLimitCounter(w.length)
	}
	w.index, w.buckets = index, 0
}

// over tells that nothing of what was counted matters any more.
func (w *window) over(now time.Duration) bool {
	return int64(now/w.length) > w.index+1
}

// began is the name of the current window, as httprate's counters want it.
func (w *window) began() time.Time {
	return time.Unix(0, w.index*int64(w.length)).UTC()
}

func (w *window) tally(bucket string, now time.Duration) tally {
	began := w.began()
	current, previous, _ := w.counter.Get(bucket, began, began.Add(-w.length)) // in memory there are no errors
	return tally{
		current: int64(current), previous: int64(previous),
		elapsed: (now % w.length).Milliseconds(), window: w.length.Milliseconds(),
	}
}

// add counts n requests of a bucket, unless it is new and there is no room.
func (w *window) add(bucket string, n int, isNew bool) {
	if isNew {
		if w.buckets >= maxOfShard {
			return
		}
		w.buckets++
	}
	_ = w.counter.IncrementBy(bucket, w.began(), n) // in memory there are no errors
}
