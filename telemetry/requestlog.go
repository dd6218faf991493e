package telemetry

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
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

	mu        sync.Mutex
	operation string
	document  string
	codes     []string
}

type entryKey struct{}

// RequestID returns the id of the request, "" outside of one.
func RequestID(ctx context.Context) string {
	if e, ok := ctx.Value(entryKey{}).(*entry); ok {
		return e.id
	}
	return ""
}

// SetOperation notes the name of the GraphQL operation for the request log.
func SetOperation(ctx context.Context, name string) {
	if e, ok := ctx.Value(entryKey{}).(*entry); ok {
		e.mu.Lock()
		e.operation = name
		e.mu.Unlock()
	}
}

// SetDocument notes the hash of the GraphQL document for the request log.
func SetDocument(ctx context.Context, hash string) {
	if e, ok := ctx.Value(entryKey{}).(*entry); ok {
		e.mu.Lock()
		e.document = hash
		e.mu.Unlock()
	}
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
			wrapped := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
			start := time.Now()
			defer func() {
				log.LogAttrs(ctx, level(wrapped.Status()), "request", e.attributes(r, wrapped, start, stats)...)
			}()
			next.ServeHTTP(wrapped, r.WithContext(ctx))
		})
	}
}

func (e *entry) attributes(r *http.Request, w middleware.WrapResponseWriter, start time.Time, stats *odoo.Stats) []slog.Attr {
	e.mu.Lock()
	defer e.mu.Unlock()
	return []slog.Attr{
		slog.String("request_id", e.id), slog.String("method", r.Method), slog.String("path", r.URL.Path),
		slog.String("remote", r.RemoteAddr), slog.Int("status", w.Status()), slog.Int("bytes", w.BytesWritten()),
		milliseconds("duration_ms", time.Since(start)), slog.String("operation", e.operation), slog.String("document", e.document),
		slog.Int("odoo_calls", stats.Calls()), milliseconds("odoo_ms", stats.Time()),
		milliseconds("queue_ms", stats.Waited()), slog.Any("errors", e.codes),
	}
}

// milliseconds are what people and machines read alike.
func milliseconds(name string, d time.Duration) slog.Attr {
	return slog.Float64(name, float64(d.Microseconds())/1000)
}

func level(status int) slog.Level {
	if status >= http.StatusInternalServerError {
		return slog.LevelError
	}
	return slog.LevelInfo
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
