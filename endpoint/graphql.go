// Package endpoint serves the schema over HTTP: the gate that lets requests in,
// the GraphQL handler with its policy and errors, and the routes around them. It
// imports packages auth, limit, policy, document, graph, resolvers, loaders, mutation,
// idempotency, odoo, telemetry, pages and playground.
package endpoint

import (
	"cmp"
	"context"
	"log/slog"
	"maps"
	"net/http"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/ast"

	"odoograph/auth"
	"odoograph/document"
	"odoograph/graph"
	"odoograph/loaders"
	"odoograph/mutation"
	"odoograph/odoo"
	"odoograph/resolvers"
	"odoograph/telemetry"
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

// introspectionScope lets a key ask for the schema.
const introspectionScope = "introspection"

// caller is what a request's sender may do with documents.
type caller struct {
	// introspect lets it ask for the schema, and lets errors suggest names of it.
	introspect bool
	documents  document.Policy
}

// service is what a transport executes operations with.
type service struct {
	schema    graphql.ExecutableSchema
	documents *document.Store
	caller    func(context.Context) caller
	log       *slog.Logger
	// extensions take part in the execution of operations. One that is a
	// graphql.OperationContextMutator may refuse a validated operation with a
	// gqlerror.Error that wraps an *apierror.Error: its code decides the status.
	extensions []graphql.HandlerExtension
	// around is what happens around each response.
	around graphql.ResponseMiddleware
}

// newGraphQL returns the handler of GraphQL requests.
func newGraphQL(o Options, rules *enforcement) *transport {
	return newTransport(service{
		schema: Schema(), documents: o.Documents, caller: o.caller, log: o.Log,
		extensions: []graphql.HandlerExtension{rules}, around: o.reading,
	})
}

// newTransport returns the handler of requests for a service.
func newTransport(s service) *transport {
	t := &transport{executor: executor.New(s.schema), documents: s.documents, caller: s.caller, present: presenter(s.log)}
	t.executor.SetErrorPresenter(t.present)
	t.executor.SetRecoverFunc(recovered)
	t.executor.SetQueryCache(fromContext{})
	t.executor.AroundResponses(countOmitted)
	t.executor.AroundResponses(s.around)
	for _, extension := range s.extensions {
		t.executor.Use(extension)
	}
	return t
}

// caller returns what the sender of a request may do with documents.
func (o Options) caller(ctx context.Context) caller {
	key := &auth.FromContext(ctx).Key
	return caller{introspect: o.Introspection && key.Has(introspectionScope), documents: document.Policy(cmp.Or(key.Documents, auth.DocumentsAny))}
}

// reading lets the resolvers of a response read from Odoo as the user behind the
// key. One response, one identity map: nothing read for one is ever served to another.
func (o Options) reading(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	operation := graphql.GetOperationContext(ctx)
	request := sync.OnceValues(func() (*loaders.Request, error) {
		backend := o.Backends.For(auth.FromContext(ctx).Credential)
		request, err := backend.Request(ctx, operation.Operation, operation.Headers.Get("Accept-Language"))
		if err == nil {
			telemetry.Note(ctx, "odoo_uid", request.User())
			noteLanguage(ctx, request.Language())
		}
		return request, err
	})
	ctx = loaders.NewContext(ctx, func(context.Context) (*loaders.Request, error) { return request() })
	if operation.Operation.Operation != ast.Mutation {
		return next(ctx)
	}
	mutations := o.mutations.Operation(odoo.Tenant(ctx), idempotencyKey(operation.Headers))
	response := next(mutation.NewContext(ctx, mutations))
	report := mutations.Report()
	for name, mutations := range map[string][]string{"changed": report.Changed, "refused": report.Refused, "replayed": report.Replayed} {
		if len(mutations) > 0 {
			telemetry.Note(ctx, name, mutations)
		}
	}
	if len(report.Replayed) > 0 && response != nil {
		if response.Extensions == nil {
			response.Extensions = map[string]any{}
		}
		response.Extensions[replayedExtension] = map[string][]string{"replayed": report.Replayed}
	}
	return response
}

// replayedExtension tells which mutations of a response were done by an earlier
// request with the same idempotency key.
const replayedExtension = "idempotency"

// idempotencyKey returns the key in the header of that name, which its draft
// specification puts in quotes and most clients do not.
func idempotencyKey(headers http.Header) string {
	key := headers.Get(idempotencyHeader)
	if len(key) > 1 && key[0] == '"' && key[len(key)-1] == '"' {
		return key[1 : len(key)-1]
	}
	return key
}

const (
	idempotencyHeader = "Idempotency-Key"
	replayedHeader    = "Idempotency-Replayed"
)

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
