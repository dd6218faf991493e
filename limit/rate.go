package limit

import "time"

// Rate is a limit on requests: so many in each window of time.
type Rate struct {
	Requests int
	Window   time.Duration
}

// The arithmetic of tally stays within 64 bits with these bounds.
const (
	maxRequests = 1_000_000_000
	maxWindow   = 31 * 24 * time.Hour
)

// bounded returns a rate that can be computed with: no fewer than 0 requests, in
// a window of whole milliseconds and at least one.
func (r Rate) bounded() Rate {
	return Rate{
		Requests: min(max(r.Requests, 0), maxRequests),
		Window:   min(max(r.Window, time.Millisecond), maxWindow).Truncate(time.Millisecond),
	}
}

// Decision is the answer to a request, and what its client may know of the limit.
type Decision struct {
	Allowed   bool
	Limit     int // requests in a Window
	Window    time.Duration
	Remaining int // requests that would be allowed now
	// Reset is the time until the whole limit is available again, if no request
	// comes before. As the window slides that may be later than one window.
	Reset time.Duration
	// RetryAfter is the time until what was refused will be allowed, if no other
	// request comes before; 0 if it was allowed. What is larger than the whole
	// limit will never be, and is sent away for a window.
	RetryAfter time.Duration
}

func decide(rate Rate, n int, t tally, allowed bool) Decision {
	d := Decision{
		Allowed:   allowed,
		Limit:     rate.Requests,
		Window:    rate.Window,
		Remaining: int(max(int64(rate.Requests)-t.estimate(), 0)),
		Reset:     t.until(0),
	}
	switch {
	case allowed:
	case n > rate.Requests:
		d.RetryAfter = rate.Window
	default:
		d.RetryAfter = t.until(int64(rate.Requests - n))
	}
	return d
}

// tally is what was counted of a bucket. Windows follow each other without a gap;
// times are whole milliseconds, so that the script in Redis, whose numbers are
// floating-point, computes just what is computed here.
type tally struct {
	current, previous int64 // requests of this window and of the one before
	elapsed, window   int64 // ms since this window began; its length in ms
}

// estimate is httprate's estimate of the requests in the last window's length of
// time, which assumes that those of the previous window came evenly: the share
// of them that is not yet over, and all of this window. It is rounded to the
// nearest number as httprate does: with a limit of one a client that polls gets
// one in each window; rounded up, it would get one in every second.
func (t tally) estimate() int64 {
	return t.current + (2*t.previous*(t.window-t.elapsed)+t.window)/(2*t.window)
}

// allows tells whether n more requests stay within the limit.
func (t tally) allows(n, limit int) bool {
	return t.estimate()+int64(n) <= int64(limit)
}

// until is the time until the estimate is no more than most, if nothing else is
// counted: the inverse of estimate.
func (t tally) until(most int64) time.Duration {
	left := t.window - t.elapsed
	if t.current > most { // not in this window
		next := tally{previous: t.current, window: t.window}
		return milliseconds(left) + next.until(most)
	}
	if t.previous == 0 {
		return 0
	}
	// The estimate is at most `most` when 2*previous*left < window*(2*room+1).
	room := most - t.current
	enough := (t.window*(2*room+1) - 1) / (2 * t.previous)
	return milliseconds(max(left-enough, 0))
}

func milliseconds(n int64) time.Duration {
	return time.Duration(n) * time.Millisecond
}
