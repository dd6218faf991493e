package endpoint

import (
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/go-chi/chi/v5"

	"odoograph/apierror"
	"odoograph/document"
	"odoograph/loaders"
	"odoograph/odoo"
	"odoograph/playground"
	"odoograph/telemetry"
)

// Options are what an endpoint is made of.
type Options struct {
	Backend *loaders.Backend
	Log     *slog.Logger
	// Timeout bounds one request.
	Timeout time.Duration
	// Introspection lets clients ask for the schema, unless Caller says who may.
	Introspection bool
	// Caller tells what the sender of a request may do with documents; if nil,
	// everybody may send any.
	Caller func(context.Context) Caller
	// Documents gives the documents of requests; if nil, one without a manifest.
	Documents *document.Store
	// Extensions take part in the execution of operations. One that is a
	// graphql.OperationContextMutator may refuse a validated operation with a
	// gqlerror.Error that wraps an *apierror.Error: its code decides the status.
	Extensions []graphql.HandlerExtension
}

// maxBody bounds the body of a request.
const maxBody = 1 << 20

// New returns the handler of all routes.
func New(o Options) http.Handler {
	r := chi.NewRouter()
	r.Use(telemetry.RequestLog(o.Log), secureHeaders, localOnly, byAddress, bound(o.Timeout))
	r.Get("/healthz", telemetry.Live)
	r.Get("/readyz", telemetry.Ready(o.Backend.Ready, o.Log))
	r.Handle("/graphql", newGraphQL(o))
	r.Handle("/*", playground.Handler())
	return r
}

// bound sets the deadline of a request and the size of its body.
func bound(timeout time.Duration) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ctx, cancel := context.WithTimeout(r.Context(), timeout)
			defer cancel()
			r.Body = http.MaxBytesReader(w, r.Body, maxBody)
			next.ServeHTTP(w, r.WithContext(ctx))
		})
	}
}

// byAddress makes each client's address a tenant of the queue to Odoo. There are
// no API keys yet, which would tell clients apart better.
func byAddress(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.RemoteAddr)
		if err != nil {
			host = r.RemoteAddr
		}
		next.ServeHTTP(w, r.WithContext(odoo.WithTenant(r.Context(), host)))
	})
}

func secureHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "private, no-store")
		next.ServeHTTP(w, r)
	})
}

// localOnly refuses requests for any name but that of this machine. There are
// no API keys yet; without this, a web page could reach the gateway through a
// name of its own that it lets point here (DNS rebinding).
func localOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		if !IsLoopback(host) {
			writeError(w, apierror.New(apierror.Forbidden, "The gateway serves local clients only: use http://127.0.0.1 or http://localhost."))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// IsLoopback tells whether a host name or address is that of this machine alone.
func IsLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback() || host == "[::1]"
}

// writeError answers outside GraphQL in the shape of a GraphQL error.
func writeError(w http.ResponseWriter, err *apierror.Error) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(err.Code.Meaning().Status)
	_ = json.NewEncoder(w).Encode(map[string]any{"errors": []any{map[string]any{
		"message": err.Message, "extensions": map[string]any{"code": err.Code, "requestId": w.Header().Get(telemetry.RequestIDHeader)},
	}}})
}
