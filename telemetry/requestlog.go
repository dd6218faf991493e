package telemetry

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-chi/chi/v5/middleware"

	"odoograph/apierror"
	"odoograph/odoo"
)

// RequestIDHeader carries the id of a request, in and out.
const RequestIDHeader = "X-Request-Id"

// entry is what becomes known of a request while it is served.
type entry struct {
	id string

	mu    sync.Mutex
	notes []slog.Attr // each name once
	codes []string
}

type entryKey struct{}

// RequestID returns the id of the request, "" outside of one.
func RequestID(ctx context.Context) string {
	if e, ok := ctx.Value(entryKey{}).(*entry); ok {
		return e.id
	}
	return ""
}

// Note adds to the request's line in the log, in place of what it said under
// that name before.
func Note(ctx context.Context, name string, value any) {
	e, ok := ctx.Value(entryKey{}).(*entry)
	if !ok {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for i := range e.notes {
		if e.notes[i].Key == name {
			e.notes[i].Value = slog.AnyValue(value)
			return
		}
	}
	e.notes = append(e.notes, slog.Any(name, value))
}

// AddError notes the code of an error that the client gets.
func AddError(ctx context.Context, code apierror.Code) {
	if e, ok := ctx.Value(entryKey{}).(*entry); ok {
		e.mu.Lock()
		if !slices.Contains(e.codes, string(code)) {
			e.codes = append(e.codes, string(code))
		}
		e.mu.Unlock()
	}
}

// RequestLog gives each request an id and writes one line about it when it ends.
func RequestLog(log *slog.Logger) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			e := &entry{id: requestID(r.Header.Get(RequestIDHeader))}
			w.Header().Set(RequestIDHeader, e.id)
			ctx, stats := odoo.WithStats(context.WithValue(r.Context(), entryKey{}, e))
			if parent := r.Header.Get("Traceparent"); traceparent.MatchString(parent) {
				ctx = odoo.WithTrace(ctx, parent)
				Note(ctx, "trace_id", parent[3:35])
			}
			wrapped := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
			start := time.Now()
			defer func() {
				log.LogAttrs(ctx, level(r, wrapped.Status()), "request", e.attributes(r, wrapped, start, stats)...)
			}()
			next.ServeHTTP(wrapped, r.WithContext(ctx))
		})
	}
}

func (e *entry) attributes(r *http.Request, w middleware.WrapResponseWriter, start time.Time, stats *odoo.Stats) []slog.Attr {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]slog.Attr{
		slog.String("request_id", e.id), slog.String("method", r.Method), slog.String("path", path(r)),
		slog.String("address", address(r)), slog.Int("status", w.Status()), slog.Int("bytes", w.BytesWritten()),
		milliseconds("duration_ms", time.Since(start)), slog.Int("odoo_calls", stats.Calls()),
		milliseconds("odoo_ms", stats.Time()), milliseconds("queue_ms", stats.Waited()), slog.Any("errors", e.codes),
	}, e.notes...)
}

// traceparent is the form of the header (W3C Trace Context, version 00 and later).
var traceparent = regexp.MustCompile(`^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$`)

// maxPath is longer than any path that means something here.
const maxPath = 200

// path returns the path of a request, and the beginning of one that is as long as a
// client can make it.
func path(r *http.Request) string {
	if len(r.URL.Path) <= maxPath {
		return r.URL.Path
	}
	return strings.ToValidUTF8(r.URL.Path[:maxPath], "") + "…"
}

// address returns the client's address, the peer's where a proxy did not say.
func address(r *http.Request) string {
	if client := middleware.GetClientIP(r.Context()); client != "" {
		return client
	}
	return r.RemoteAddr
}

// milliseconds are what people and machines read alike.
func milliseconds(name string, d time.Duration) slog.Attr {
	return slog.Float64(name, float64(d.Microseconds())/1000)
}

// level is how loud a request is. Probes that find all well come every few seconds.
func level(r *http.Request, status int) slog.Level {
	switch {
	case status >= http.StatusInternalServerError:
		return slog.LevelError
	case status < http.StatusMultipleChoices && (r.URL.Path == LivePath || r.URL.Path == ReadyPath):
		return slog.LevelDebug
	default:
		return slog.LevelInfo
	}
}

const maxRequestID = 64

// requestID takes over an id that is safe to log, or makes one.
func requestID(given string) string {
	if given == "" || len(given) > maxRequestID || strings.Trim(given, safeInID) != "" {
		return rand.Text()
	}
	return given
}

const safeInID = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_.:"
