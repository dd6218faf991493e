package rest

import (
	"compress/gzip"
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/go-chi/chi/v5"
	"github.com/klauspost/compress/gzhttp"
	"github.com/vektah/gqlparser/v2/ast"

	"odoograph/apierror"
	"odoograph/rest/contract"
	"odoograph/telemetry"
)

// Prefix is where the API begins.
const Prefix = "/api/"

// Options are what an API is made of.
type Options struct {
	Schema *ast.Schema
	// Execute executes operations in the name of whoever the context holds.
	Execute func(context.Context, Execution) *Result
	// Guard lets requests in that say who sends them.
	Guard func(http.Handler) http.Handler
	// Caller names whose request it is: exports are counted by it.
	Caller func(context.Context) string
	Log    *slog.Logger
	// Timeout bounds one request, and one page of an export.
	Timeout time.Duration
	// Open serves the descriptions of the API to everybody; without it nobody has them.
	Open bool
	// PageKey is the API key that the reference page has filled in: one that everybody
	// may know.
	PageKey string
}

// Execution is an operation to execute.
type Execution struct {
	Call    *contract.Call
	Headers http.Header
	// PageSize is how many records a page may have, where that is more than clients
	// may ask for themselves.
	PageSize int
	// Paid tells that the cost of the operation was paid by the one before it.
	Paid bool
}

// Result is what an operation answered.
type Result struct {
	*graphql.Response
	// Language is that of the texts, as BCP 47 writes it; "" if Odoo was not asked.
	Language string
	// Replayed tells that the change was made by an earlier request with the same key.
	Replayed bool
}

// API serves the versions of the API.
type API struct {
	Options
	exports exports
}

// New returns the handler of everything below Prefix. An error names the document
// that does not fit the schema.
func New(o Options) (http.Handler, error) {
	versions, err := Versions(o.Schema)
	if err != nil {
		return nil, err
	}
	api := &API{Options: o}
	compress, err := gzhttp.NewWrapper(
		// The fastest level, and no Zstandard: others take more memory than an export.
		gzhttp.CompressionLevel(gzip.BestSpeed), gzhttp.EnableZstd(false), gzhttp.SuffixETag(gzipSuffix),
		gzhttp.ContentTypes([]string{mediaJSON, mediaProblem, mediaCSV, mediaNDJSON, mediaYAML}),
	)
	if err != nil {
		return nil, err
	}
	router := chi.NewRouter()
	router.Use(func(next http.Handler) http.Handler { return compress(next) })
	for _, version := range versions {
		if err := api.mount(router, version); err != nil {
			return nil, err
		}
	}
	nothing := o.Guard(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		WriteError(w, r, apierror.New(apierror.NotFound, "There is no such route: /api/v1/docs names those there are."))
	}))
	router.NotFound(nothing.ServeHTTP)
	return router, nil
}

// mount adds the routes of a version.
func (api *API) mount(router chi.Router, version *contract.Version) error {
	prefix := Prefix + version.Name
	paths := map[string]endpoint{}
	for _, route := range version.Routes {
		if paths[route.Path] == nil {
			paths[route.Path] = endpoint{}
		}
		paths[route.Path][route.Method] = &handler{API: api, route: route, prefix: prefix, parameters: parametersOf(route)}
	}
	for path, methods := range paths {
		router.Handle(prefix+path, methods.options(api.Guard(methods)))
	}
	if !api.Open {
		return nil
	}
	return describe(router, prefix, version.Name, api.PageKey)
}

// endpoint serves the methods of a path.
type endpoint map[string]*handler

// ServeHTTP implements http.Handler.
func (e endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet // whose body net/http leaves out
	}
	h, ok := e[method]
	if !ok {
		w.Header().Set("Allow", e.allow())
		WriteError(w, r, apierror.New(apierror.MethodNotAllowed, "Here the methods are "+e.allow()+"."))
		return
	}
	telemetry.Note(r.Context(), "operation", h.route.Name)
	h.serve(w, r)
}

// options answers OPTIONS, which needs no key.
func (e endpoint) options(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodOptions {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Allow", e.allow())
		if e[http.MethodPatch] != nil {
			w.Header().Set("Accept-Patch", acceptPatch) // RFC 5789, section 3.1
		}
		w.WriteHeader(http.StatusNoContent)
	})
}

// allow lists the methods of a path.
func (e endpoint) allow() string {
	methods := []string{http.MethodOptions}
	for method := range e {
		methods = append(methods, method)
		if method == http.MethodGet {
			methods = append(methods, http.MethodHead)
		}
	}
	slices.Sort(methods)
	return strings.Join(methods, ", ")
}
