package auth

import (
	"context"
	"log/slog"
	"net/netip"
	"sync"
	"time"
)

// maxRefusalLines bounds what an attacker can make the gateway log in a second.
const maxRefusalLines = 10

// refusals logs the requests that were not let in.
type refusals struct {
	mu      sync.Mutex
	since   time.Time // the second that is counted
	lines   int
	leftOut int
}

// refused writes a line about one request, unless there were too many of late.
func (k *Keyring) refused(ctx context.Context, reason, id string, from netip.Addr) {
	write, leftOut := k.refusals.count(k.now())
	if !write {
		return
	}
	attributes := []slog.Attr{slog.String("reason", reason), slog.String("address", from.String())}
	if id != "" {
		attributes = append(attributes, slog.String("key", id))
	}
	if leftOut > 0 {
		attributes = append(attributes, slog.Int("left_out", leftOut))
	}
	k.log.LogAttrs(ctx, slog.LevelWarn, "authentication refused", attributes...)
}

// count tells whether there is a line for one more refusal, and how many had
// none since the last line.
func (r *refusals) count(now time.Time) (write bool, leftOut int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !isRecent(r.since, now, time.Second) {
		r.since, r.lines = now, 0
	}
	if r.lines == maxRefusalLines {
		r.leftOut++
		return false, 0
	}
	r.lines++
	leftOut, r.leftOut = r.leftOut, 0
	return true, leftOut
}

// close tells of the refusals that no line has told of.
func (r *refusals) close(log *slog.Logger) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.leftOut > 0 {
		log.Warn("authentication refused", "left_out", r.leftOut)
	}
}
