package odootest

import (
	"slices"
	"strings"
	"sync"
)

// A Call is one call that reached the server, also when it was refused.
type Call struct {
	Protocol string // "xml-rpc", "json-rpc", "json-2" or "web-session"
	Service  string // "common", "object" or "db"; "object" for JSON-2
	Model    string // "" for calls of "common"
	Method   string // "authenticate", "search_read"
	UID      int64  // who called; 0 when not known
	// Args and Kwargs are as sent: bool, int64, float64, string, []any,
	// map[string]any or nil. Kwargs hold the context too.
	Args   []any
	Kwargs map[string]any
	// IDs are the records that a read or a change was asked for, Fields what a
	// read or search_read asked for.
	IDs    []int64
	Fields []string
	// Named tells that the request named the database before its body did, by a
	// web session's cookie or, since 19, a header: Odoo then need not look which
	// databases there are.
	Named bool
	// Cancelled tells that the client went away before it was answered.
	Cancelled bool
	// Error is the class of the exception that the call raised, if any.
	Error string
}

// A Recorder remembers calls.
type Recorder struct {
	mu        sync.Mutex
	calls     []*Call
	cancelled int
	total     int
	off       bool
}

func newRecorder() *Recorder { return &Recorder{} }

// Calls returns the calls since the start or the last Reset, in the order of
// their arrival.
func (r *Recorder) Calls() []Call {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := make([]Call, len(r.calls))
	for i, c := range r.calls {
		out[i] = *c
	}
	return out
}

// Count returns how many calls of the method of the model there were since the
// last Reset; an empty model or method stands for any.
func (r *Recorder) Count(model, method string) int {
	n := 0
	for _, c := range r.Calls() {
		if (model == "" || c.Model == model) && (method == "" || c.Method == method) {
			n++
		}
	}
	return n
}

// Total returns how many calls there ever were, recorded or not.
func (r *Recorder) Total() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.total
}

// Cancelled returns how many calls lost their client before they were answered,
// since the last Reset.
func (r *Recorder) Cancelled() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.cancelled
}

// Reset forgets all calls.
func (r *Recorder) Reset() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls, r.cancelled = nil, 0
}

// SetRecording turns the recording of calls on or off. It is on at first; a
// server under load turns it off to save time.
func (r *Recorder) SetRecording(on bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.off = !on
}

func (r *Recorder) begin(c *Call) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.total++
	if r.off {
		return
	}
	if len(r.calls) == maxCalls {
		r.calls = append([]*Call{}, r.calls[maxCalls/2:]...)
	}
	r.calls = append(r.calls, c)
}

// maxCalls bounds the memory of a server that runs for long: the older half of
// so many calls is forgotten.
const maxCalls = 100_000

func (r *Recorder) recording() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return !r.off
}

// note changes a recorded call.
func (r *Recorder) note(change func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change()
}

func (r *Recorder) cancel(c *Call) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c.Cancelled = true
	r.cancelled++
}

// describe fills in what an object call is about.
func (c *Call) describe(args []any, kwargs dict) {
	c.Args, _ = plain(args).([]any)
	c.Kwargs, _ = plain(kwargs).(map[string]any)
	fieldsAt := slices.Index([]string{"", "read", "search_read", "web_search_read"}, c.Method)
	if onRecords(c.Method) {
		ids, ok := kwargs.get("ids")
		if !ok && len(args) > 0 {
			ids = args[0]
		}
		c.IDs = int64s(ids)
	}
	fields, ok := kwargs.get("fields")
	if !ok && fieldsAt > 0 && len(args) > 1 {
		fields = args[1]
	}
	list, _ := fields.([]any)
	for _, item := range list {
		if name, ok := item.(string); ok {
			c.Fields = append(c.Fields, name)
		}
	}
}

// onRecords tells whether a method is called on ids.
func onRecords(method string) bool {
	return slices.Contains([]string{"read", "web_read", "write", "unlink", "web_save", "toggle_active"}, method) ||
		strings.HasPrefix(method, "action_")
}

func int64s(v any) []int64 {
	if id, ok := v.(int64); ok {
		return []int64{id}
	}
	var out []int64
	list, _ := v.([]any)
	for _, item := range list {
		if id, ok := item.(int64); ok {
			out = append(out, id)
		}
	}
	return out
}
