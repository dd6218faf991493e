package endpoint

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/go-chi/cors"

	"odoograph/apierror"
	"odoograph/auth"
	"odoograph/document"
	"odoograph/graph"
	"odoograph/idempotency"
	"odoograph/internal/message"
	"odoograph/limit"
	"odoograph/loaders"
	"odoograph/mutation"
	"odoograph/odoo"
	"odoograph/pages"
	"odoograph/playground"
	"odoograph/policy"
	"odoograph/rest"
	"odoograph/telemetry"
)

// Options are what an endpoint is made of.
type Options struct {
	Backends *loaders.Backends
	Keys     *auth.Keyring
	// Answers remembers what requests with an idempotency key did.
	Answers *idempotency.Store
	Limits  *limit.Limiter
	// Defaults are the limits of keys that have none of their own.
	Defaults auth.Limits
	// Anonymous is who requests without a key are sent by; nil refuses them.
	Anonymous *auth.Key
	// PassThrough is what those who present an Odoo API key in place of one of the
	// gateway's may do; nil refuses them. It needs Odoo 19 or later.
	PassThrough *auth.Key
	// TrustedProxies are the networks of the proxies whose X-Forwarded-For is believed.
	TrustedProxies []netip.Prefix
	// Origins are the web pages of other hosts that browsers let use the gateway:
	// "https://shop.example.com", or "*" for any.
	Origins []string
	// PageKey is the API key that the page has filled in: one that everybody may know.
	PageKey string
	// LocalOnly refuses requests for any host name but this machine's.
	LocalOnly bool
	Log       *slog.Logger
	// Timeout bounds one request.
	Timeout time.Duration
	// Documents gives the documents of requests; if nil, those without a manifest.
	Documents *document.Store
	// Introspection lets keys with the scope "introspection" ask for the schema.
	Introspection bool
	// Playground serves the page to try queries on.
	Playground bool

	mutations *mutation.Service
}

// New returns the handler of all routes. An error means that the schema makes no sense.
func New(o Options) (http.Handler, error) {
	rules, err := policy.New(Schema().Schema())
	if err != nil {
		return nil, err
	}
	if o.Documents == nil {
		if o.Documents, err = document.Open(document.Options{Schema: Schema().Schema(), Log: o.Log}); err != nil {
			return nil, err
		}
	}
	o.mutations = mutation.New(o.Answers, o.Timeout)
	g := &gate{keys: o.Keys, limits: o.Limits, backends: o.Backends, defaults: o.Defaults, passThrough: o.PassThrough}
	if o.Anonymous != nil {
		g.anonymous = &auth.Identity{Key: *o.Anonymous}
		g.anonymous.Key.ID = anonymousID
	}
	r := chi.NewRouter()
	r.Use(addresses(o.TrustedProxies), telemetry.RequestLog(o.Log), recoverer(o.Log), secureHeaders)
	if o.LocalOnly {
		r.Use(localOnly)
	}
	r.Use(crossOrigin(o.Origins), limitBody)
	r.NotFound(func(w http.ResponseWriter, r *http.Request) {
		writeError(w, r, apierror.New(apierror.NotFound, "There is nothing here: the GraphQL endpoint is /graphql."))
	})
	r.MethodNotAllowed(func(w http.ResponseWriter, r *http.Request) { // for methods that HTTP does not know
		allow := "GET"
		if r.URL.Path == "/graphql" {
			allow = allowed
		} else if strings.HasPrefix(r.URL.Path, rest.Prefix) {
			allow = "GET, HEAD, OPTIONS, PATCH, POST"
		}
		w.Header().Set("Allow", allow)
		writeError(w, r, apierror.New(apierror.MethodNotAllowed, "There is no such method here."))
	})
	r.Get(telemetry.LivePath, telemetry.Live)
	r.Get(telemetry.ReadyPath, telemetry.Ready(o.Backends.Service().Ready, o.Log))
	graphql := newGraphQL(o, &enforcement{rules, g})
	r.With(bound(o.Timeout), g.guard).Handle("/graphql", graphql)
	api, err := rest.New(rest.Options{
		Schema: Schema().Schema(), Execute: graphql.Execute, Guard: g.guard, Caller: odoo.Tenant, Log: o.Log, Timeout: o.Timeout,
		Open: o.Introspection, PageKey: o.PageKey,
	})
	if err != nil {
		return nil, err
	}
	r.Handle(rest.Prefix+"*", api)
	r.With(bound(o.Timeout), g.guard).Get("/about", g.about(o.Introspection))
	for path, page := range pages.New(pages.Options{
		Schema: Schema().Schema(), Changes: graph.Changelog(), PageKey: o.PageKey, Playground: o.Playground, Reference: o.Introspection,
	}) {
		r.Handle(path, page)
	}
	if o.Playground {
		page := playground.Handler(playgroundPath, o.PageKey)
		r.Handle(playgroundPath, page)
		r.Handle(playgroundPath+"/*", page)
	}
	return r, nil
}

// playgroundPath is where the page to try queries on is.
const playgroundPath = "/playground"

// Scopes returns the scopes that a key may be given.
func Scopes() ([]string, error) {
	rules, err := policy.New(Schema().Schema())
	if err != nil {
		return nil, err
	}
	return append(rules.Scopes(), introspectionScope), nil
}

// addresses finds out the address of the client, behind proxies or not.
func addresses(proxies []netip.Prefix) func(http.Handler) http.Handler {
	if len(proxies) == 0 {
		return middleware.ClientIPFromRemoteAddr
	}
	texts := make([]string, len(proxies))
	for i, proxy := range proxies {
		texts[i] = proxy.String()
	}
	return middleware.ClientIPFromXFF(texts...)
}

// crossOrigin tells browsers which web pages may use the gateway (CORS).
func crossOrigin(origins []string) func(http.Handler) http.Handler {
	if len(origins) == 0 {
		return func(next http.Handler) http.Handler { return next }
	}
	return cors.Handler(cors.Options{
		AllowedOrigins: origins, AllowedMethods: []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPatch},
		AllowedHeaders: []string{
			"Accept", "Accept-Language", "Authorization", "Content-Type", idempotencyHeader, "If-Match", "If-None-Match", "If-Unmodified-Since",
			"Prefer", "Traceparent", "X-Api-Key", telemetry.RequestIDHeader, traceHeader,
		},
		ExposedHeaders: []string{
			telemetry.RequestIDHeader, replayedHeader, "Content-Language", "Deprecation", "ETag", "Link", "Location", "Preference-Applied",
			"RateLimit", "RateLimit-Policy", "Retry-After", "Sunset",
			"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset",
		},
		MaxAge: int((2 * time.Hour).Seconds()),
	})
}

// recoverer keeps a panic from the client, and the process alive.
func recoverer(log *slog.Logger) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			defer func() {
				panicked := recover()
				if panicked == nil {
					return
				}
				if panicked == http.ErrAbortHandler { //nolint:errorlint // by its documentation
					panic(panicked)
				}
				log.ErrorContext(r.Context(), "panic", "request_id", telemetry.RequestID(r.Context()), "panic", panicked, "stack", string(debug.Stack()))
				writeError(w, r, apierror.Public(fmt.Errorf("panic: %v", panicked)))
			}()
			next.ServeHTTP(w, r)
		})
	}
}

// limitBody bounds the size of a body.
func limitBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, message.MaxBody)
		next.ServeHTTP(w, r)
	})
}

// bound sets the deadline of a request. The REST API sets its own.
func bound(timeout time.Duration) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ctx, cancel := context.WithTimeout(r.Context(), timeout)
			defer cancel()
			next.ServeHTTP(w, r.WithContext(ctx))
		})
	}
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

// localOnly refuses requests for any name but that of this machine: with a key
// that everybody knows, a web page could reach the gateway through a name of its
// own that it lets point here (DNS rebinding).
func localOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		if !IsLoopback(host) {
			writeError(w, r, apierror.New(apierror.Forbidden, "The gateway serves local clients only: use http://127.0.0.1 or http://localhost."))
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
