package rest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"odoograph/apierror"
	"odoograph/rest/contract"
	"odoograph/telemetry"
)

const (
	// exportPage is how many records an export reads at once, fewer where each has
	// lists of its own: exportRecords bounds all of them together.
	exportPage    = 500
	exportRecords = 50_000
	// exportsEach is how many exports one key may run at the same time.
	exportsEach = 2
	// exportTries is how often a page is asked for that failed for a while.
	exportTries = 4
)

// exports counts those that are under way, by who runs them.
type exports struct {
	mu    sync.Mutex
	count map[string]int
}

// begin counts an export, and returns what ends it; nil if there are too many.
func (e *exports) begin(who string) func() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.count == nil {
		e.count = map[string]int{}
	}
	if e.count[who] >= exportsEach {
		return nil
	}
	e.count[who]++
	return func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		if e.count[who]--; e.count[who] == 0 {
			delete(e.count, who)
		}
	}
}

// export streams a list: all of it, from a cursor on or so many records of it. While
// a page is written the next one is read, so memory holds a few pages at most. Its
// cost is that of the first page: an export reads one page after the other, which
// keeps it from taking more than a share of Odoo.
func (h *handler) export(w http.ResponseWriter, r *http.Request, path map[string]any, q *query, media string) error {
	if q.number > 0 {
		return badParameter("page", "An export has no pages: give a limit, or a cursor to go on from.")
	}
	if err := q.resume(); err != nil {
		return err
	}
	if q.list.Before != "" {
		return badParameter("cursor", "An export goes forward: give a cursor of an export, or `next` of a list.")
	}
	end := h.exports.begin(h.Caller(r.Context()))
	if end == nil {
		busy := apierror.New(apierror.RateLimited, "Two exports of this key are under way: wait for one of them.")
		busy.RetryAfter = 10 * time.Second
		return busy
	}
	defer end()
	if len(q.list.Order) == 0 && !h.route.Within() {
		q.list.Order = nil
	}
	x := &export{handler: h, request: r, path: path, query: q, control: http.NewResponseController(w)}
	x.left = -1
	if q.limited {
		x.left = q.list.Size
	}
	q.list.Size = exportPage
	if h.route.Within() { // a record, of whose lists no page is larger than a client's
		q.list.Size = contract.MaxLimit
	}
	if n := exportRecords / (1 + listed(q.record)); n < q.list.Size {
		q.list.Size = max(1, n)
	}
	return x.run(w, media)
}

// listed counts the records that the lists within one may have.
func listed(v *contract.Value) int {
	n := 0
	for _, m := range v.Members {
		if m.Value.Form == contract.Array {
			n += m.Value.MaxItems
		}
	}
	return n
}

// export is one that is under way.
type export struct {
	*handler
	request *http.Request
	path    map[string]any
	query   *query
	control *http.ResponseController
	left    int // records, -1 for all
	written int
}

// run reads and writes pages until there are no more. Once the first one is
// written, an error can only cut the answer off, so that no client takes it for whole.
func (x *export) run(w http.ResponseWriter, media string) error {
	ctx, cancel := context.WithCancel(x.request.Context())
	defer cancel()
	// A client that does not read must not keep alive what is over.
	defer context.AfterFunc(ctx, func() { _ = x.control.SetWriteDeadline(time.Now()) })()
	// The server's time limits are for requests as a whole; here they are for pages.
	_ = x.control.SetReadDeadline(time.Time{})
	records, err := x.page(ctx, w, false)
	if err != nil {
		return err
	}
	if records.Missing {
		return x.nothing(nil)
	}
	w.Header().Set("Content-Type", media)
	w.Header().Set("Cache-Control", "private, no-store")
	w.WriteHeader(http.StatusOK)
	if x.request.Method == http.MethodHead {
		return nil
	}
	out := newRows(w, media, x.query)
	for {
		next := x.ahead(ctx, w, records)
		_ = x.control.SetWriteDeadline(time.Now().Add(x.Timeout))
		if ctx.Err() != nil { // and its write deadline may have been put off just now
			return x.abort(nil)
		}
		if err := out.write(records); err != nil || x.control.Flush() != nil {
			return x.abort(err)
		}
		if x.written += records.Count; next == nil {
			telemetry.Note(ctx, "records", x.written)
			return nil
		}
		answer := <-next
		if answer.err != nil {
			return x.abort(answer.err)
		}
		records = answer.records
	}
}

// abort ends the connection in the middle of the answer, and tells the log why,
// unless the client left.
func (x *export) abort(err error) error {
	ctx := x.request.Context()
	telemetry.Note(ctx, "records", x.written)
	if ctx.Err() != nil {
		err = nil
		if why, told := errors.AsType[*apierror.Error](context.Cause(ctx)); told {
			err = why
		}
	}
	if err != nil {
		code := apierror.CodeOf(err)
		telemetry.AddError(ctx, code)
		x.Log.Log(ctx, code.Meaning().Level, "export cut off", "request_id", telemetry.RequestID(ctx), "records", x.written, "error", err)
	}
	panic(http.ErrAbortHandler)
}

// answer is a page, or why there is none.
type answer struct {
	records *contract.Records
	err     error
}

// ahead begins to read the page that follows; nil if there is none.
func (x *export) ahead(ctx context.Context, w http.ResponseWriter, records *contract.Records) <-chan answer {
	if x.left > 0 {
		x.left -= records.Count
	}
	if !records.Info.HasNextPage || x.left == 0 {
		return nil
	}
	x.query.list.After = records.Info.EndCursor
	next := make(chan answer, 1)
	go func() {
		defer func() {
			if panicked := recover(); panicked != nil { // which would end the process
				next <- answer{err: fmt.Errorf("panic: %v\n%s", panicked, debug.Stack())}
			}
		}()
		records, err := x.page(ctx, w, true)
		next <- answer{records, err}
	}()
	return next
}

// page reads a page, again if it fails for a while.
func (x *export) page(ctx context.Context, w http.ResponseWriter, further bool) (*contract.Records, error) {
	list := x.query.list
	if x.left >= 0 {
		list.Size = min(list.Size, x.left)
	}
	call := x.route.List(x.query.record, x.path, list)
	for try := 1; ; try++ {
		records, err := x.once(ctx, w, Execution{Call: call, Headers: x.request.Header, PageSize: exportPage, Paid: further})
		public := apierror.Public(err)
		if err == nil || !further || try == exportTries || !public.Code.Meaning().Retryable {
			return records, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(max(public.RetryAfter, time.Duration(try*try)*time.Second)):
		}
	}
}

// once reads a page. What the Odoo user may not see is null, as in lists.
func (x *export) once(ctx context.Context, w http.ResponseWriter, e Execution) (*contract.Records, error) {
	ctx, cancel := context.WithTimeout(ctx, x.Timeout)
	defer cancel()
	header := w
	if e.Paid { // the header is sent
		header = discard{}
	}
	result, warnings, err := x.ask(ctx, header, e)
	if err != nil {
		return nil, err
	}
	records, err := x.route.ReadRecords(result.Data, x.query.record, "\n")
	if err == nil && records.Missing && len(warnings) > 0 {
		return nil, x.nothing(warnings)
	}
	return records, err
}

// discard takes headers that come too late.
type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) Write(p []byte) (int, error) { return len(p), nil }
func (discard) WriteHeader(int)             {}
