package odootest

import (
	"context"
	"net"
	"net/http"
	"sync"
	"time"
)

// A Match chooses calls; an empty field chooses all.
type Match struct {
	Protocol string
	Model    string
	Method   string
	// UID is who calls, where the protocol tells before signing in: not JSON-2.
	UID int64
}

func (m Match) has(c *Call) bool {
	return (m.Protocol == "" || m.Protocol == c.Protocol) && (m.Model == "" || m.Model == c.Model) &&
		(m.Method == "" || m.Method == c.Method) && (m.UID == 0 || m.UID == c.UID)
}

// A Fault makes calls fail. Of what happens, the first field that is set counts.
type Fault struct {
	Match
	// Times is how many calls fail; 0 is one, negative all until ClearFaults.
	Times int

	// Exception is what Odoo raises instead of running the call.
	Exception *Exception
	// Status answers with an HTTP status and Body, as a proxy or a dying worker
	// does.
	Status int
	// Reset closes the connection without an answer.
	Reset bool
	// Truncate runs the call and closes the connection in the middle of the
	// answer.
	Truncate bool

	// Body is the text that comes with Status; alone, it comes with status 200.
	Body string
	// ContentType is that of Body; "" is text/html.
	ContentType string
}

// Faults holds what goes wrong on purpose.
type Faults struct {
	mu      sync.Mutex
	faults  []*Fault
	latency time.Duration
	holds   []*Hold
	waiting chan struct{} // closed and replaced whenever a call is held
}

func newFaults() *Faults { return &Faults{waiting: make(chan struct{})} }

// Inject adds a fault. Faults are tried in the order they were added.
func (f *Faults) Inject(fault Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if fault.Times == 0 {
		fault.Times = 1
	}
	f.faults = append(f.faults, &fault)
}

// ClearFaults removes all faults.
func (f *Faults) ClearFaults() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults = nil
}

// SetLatency delays every call.
func (f *Faults) SetLatency(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.latency = d
}

func (f *Faults) take(c *Call) *Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, fault := range f.faults {
		if !fault.has(c) {
			continue
		}
		if fault.Times > 0 {
			if fault.Times--; fault.Times == 0 {
				f.faults = append(f.faults[:i:i], f.faults[i+1:]...)
			}
		}
		taken := *fault
		return &taken
	}
	return nil
}

// A Hold keeps calls waiting until it is released.
type Hold struct {
	match    Match
	faults   *Faults
	released chan struct{}
	once     sync.Once
	count    int // calls that wait, under faults.mu
}

// Hold keeps all calls that match from being run until Release.
func (f *Faults) Hold(m Match) *Hold {
	f.mu.Lock()
	defer f.mu.Unlock()
	h := &Hold{match: m, faults: f, released: make(chan struct{})}
	f.holds = append(f.holds, h)
	return h
}

// Release lets the held calls go on and holds no others.
func (h *Hold) Release() {
	h.once.Do(func() { close(h.released) })
}

// Wait returns when at least n calls are waiting, or with the context's error.
func (h *Hold) Wait(ctx context.Context, n int) error {
	for {
		h.faults.mu.Lock()
		count, changed := h.count, h.faults.waiting
		h.faults.mu.Unlock()
		if count >= n {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (h *Hold) add(n int) {
	h.faults.mu.Lock()
	defer h.faults.mu.Unlock()
	h.count += n
	close(h.faults.waiting)
	h.faults.waiting = make(chan struct{})
}

func (f *Faults) releaseAll() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, h := range f.holds {
		h.Release()
	}
}

// pause waits for the latency and for holds. It returns false when the client
// went away meanwhile.
func (f *Faults) pause(ctx context.Context, c *Call) bool {
	f.mu.Lock()
	latency := f.latency
	var holds []*Hold
	for _, h := range f.holds {
		if h.match.has(c) {
			holds = append(holds, h)
		}
	}
	f.mu.Unlock()
	if latency > 0 {
		timer := time.NewTimer(latency)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
			return false
		}
	}
	for _, h := range holds {
		if !h.keep(ctx) {
			return false
		}
	}
	return true
}

func (h *Hold) keep(ctx context.Context) bool {
	select {
	case <-h.released:
		return true
	default:
	}
	h.add(1)
	defer h.add(-1)
	select {
	case <-h.released:
		return true
	case <-ctx.Done():
		return false
	}
}

// cutOff closes a client's connection, after some bytes of an answer if given.
func cutOff(w http.ResponseWriter, a *answer) {
	hijacker, ok := w.(http.Hijacker)
	if !ok {
		panic(http.ErrAbortHandler)
	}
	if a != nil {
		w.Header().Set("Content-Type", a.contentType)
		w.Header().Set("Content-Length", itoa(len(a.body)))
		w.WriteHeader(a.status)
		_, _ = w.Write(a.body[:len(a.body)/2])
		panic(http.ErrAbortHandler) // net/http flushes nothing more and closes
	}
	conn, _, err := hijacker.Hijack()
	if err != nil {
		return
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // a reset rather than a proper end
	}
	_ = conn.Close()
}
