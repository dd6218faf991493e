// Package endpoint serves the schema over HTTP: the GraphQL handler with its
// limits and errors, and the routes around it. It imports packages document,
// graph, resolvers, loaders, odoo, telemetry and playground.
package endpoint

import (
	"context"
	"maps"
	"net/http"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/ast"

	"odoograph/document"
	"odoograph/graph"
	"odoograph/loaders"
	"odoograph/resolvers"
)

// Schema returns the executable schema. It does not know @defer, which gqlgen
// declares for every schema: an answer has one part here.
func Schema() graphql.ExecutableSchema {
	config := graph.Config{Resolvers: &resolvers.Resolver{}}
	declared := *graph.NewExecutableSchema(config).Schema()
	declared.Directives = maps.Clone(declared.Directives)
	delete(declared.Directives, "defer")
	config.Schema = &declared
	return graph.NewExecutableSchema(config)
}

// Caller is what a request's sender may do with documents.
type Caller struct {
	// Introspect lets it ask for the schema, and lets errors suggest names of it.
	Introspect bool
	// Documents says which documents it may send.
	Documents document.Policy
}

// newGraphQL returns the handler of GraphQL requests.
func newGraphQL(o Options) http.Handler { return newTransport(Schema(), o) }

// newTransport returns the handler of requests for a schema.
func newTransport(schema graphql.ExecutableSchema, o Options) *transport {
	t := &transport{executor: executor.New(schema), documents: o.Documents, caller: o.Caller, present: presenter(o.Log)}
	if t.documents == nil {
		var err error
		if t.documents, err = document.Open(document.Options{Schema: schema.Schema(), Log: o.Log}); err != nil {
			panic(err) // only a manifest can fail, and there is none
		}
	}
	if t.caller == nil {
		t.caller = func(context.Context) Caller { return Caller{Introspect: o.Introspection, Documents: document.Any} }
	}
	t.executor.SetErrorPresenter(t.present)
	t.executor.SetRecoverFunc(recovered)
	t.executor.SetQueryCache(fromContext{})
	t.executor.AroundResponses(countOmitted)
	t.executor.AroundResponses(o.reading)
	for _, extension := range o.Extensions {
		t.executor.Use(extension)
	}
	return t
}

// reading lets the resolvers of a response read from Odoo. One response, one
// identity map: nothing read for one is ever served to another.
func (o Options) reading(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	operation := graphql.GetOperationContext(ctx)
	request := sync.OnceValues(func() (*loaders.Request, error) {
		return o.Backend.Request(ctx, operation.Operation, operation.Headers.Get("Accept-Language"))
	})
	return next(loaders.NewContext(ctx, func(context.Context) (*loaders.Request, error) { return request() }))
}

type documentKey struct{}

// withDocument hands a valid document to the executor, which would parse the text
// again otherwise.
func withDocument(ctx context.Context, known *document.Document) context.Context {
	return context.WithValue(ctx, documentKey{}, known.AST)
}

// fromContext is the executor's cache of documents: it holds the one of the request.
type fromContext struct{}

// Get implements graphql.Cache.
func (fromContext) Get(ctx context.Context, _ string) (*ast.QueryDocument, bool) {
	known, ok := ctx.Value(documentKey{}).(*ast.QueryDocument)
	return known, ok
}

// Add implements graphql.Cache.
func (fromContext) Add(context.Context, string, *ast.QueryDocument) {}
