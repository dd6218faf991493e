// Package endpoint serves the schema over HTTP: the GraphQL handler with its
// limits and errors, and the routes around it. It imports packages graph,
// resolvers, loaders, odoo, telemetry and playground.
package endpoint

import (
	"context"
	"net/http"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/vektah/gqlparser/v2/ast"

	"odoograph/auth"
	"odoograph/graph"
	"odoograph/loaders"
	"odoograph/resolvers"
	"odoograph/telemetry"
)

const (
	// maxTokens bounds a document. gqlparser recurses without limit, and its
	// validation takes time that grows with the square of a document's size.
	maxTokens = 2000
	// cachedDocuments bounds the parsed documents that are kept.
	cachedDocuments = 500
)

// introspectionScope lets a key ask for the schema.
const introspectionScope = "introspection"

// Schema returns the executable schema.
func Schema() graphql.ExecutableSchema {
	return graph.NewExecutableSchema(graph.Config{Resolvers: &resolvers.Resolver{}})
}

// newGraphQL returns the handler of GraphQL requests.
func newGraphQL(o Options, rules *enforcement) http.Handler {
	server := handler.New(Schema())
	server.AddTransport(transport.Options{})
	server.AddTransport(transport.GET{})
	server.AddTransport(transport.POST{})
	server.SetParserTokenLimit(maxTokens)
	server.SetQueryCache(lru.New[*ast.QueryDocument](cachedDocuments))
	server.SetErrorPresenter(presenter(o.Log))
	server.SetRecoverFunc(recovered)
	if o.Introspection {
		server.Use(extension.Introspection{})
	}
	server.Use(rules)
	server.AroundResponses(func(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
		if !graphql.HasOperationContext(ctx) {
			return next(ctx) // the request could not even be read
		}
		operation := graphql.GetOperationContext(ctx)
		if operation.Operation != nil {
			telemetry.Note(ctx, "operation", operation.Operation.Name)
		}
		// One response, one identity map: nothing read for one is ever served to another.
		request := sync.OnceValues(func() (*loaders.Request, error) {
			backend := o.Backends.For(auth.FromContext(ctx).Credential)
			return backend.Request(ctx, operation.Operation, operation.Headers.Get("Accept-Language"))
		})
		return next(loaders.NewContext(ctx, func(context.Context) (*loaders.Request, error) { return request() }))
	})
	return server
}
