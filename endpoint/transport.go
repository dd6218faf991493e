package endpoint

import (
	"context"
	"net/http"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"odoograph/apierror"
	"odoograph/document"
	"odoograph/telemetry"
)

// transport speaks GraphQL over HTTP, as the draft specification of that name has
// it. Requests are checked from the cheap to the dear: headers, body, document,
// operation.
type transport struct {
	executor  *executor.Executor
	documents *document.Store
	caller    func(context.Context) caller
	present   graphql.ErrorPresenterFunc
}

// allowed are the methods of the route.
const allowed = "GET, HEAD, POST, OPTIONS"

// ServeHTTP implements http.Handler.
func (t *transport) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodOptions { // but for CORS, which is answered before
		w.Header().Set("Allow", allowed)
		w.WriteHeader(http.StatusNoContent)
		return
	}
	t.reply(r).write(w)
}

// reply answers a request, come what may.
func (t *transport) reply(r *http.Request) (out reply) {
	ctx := withErrorCount(graphql.StartOperationTrace(r.Context()))
	media := negotiate(r.Header.Values("Accept"))
	defer func() {
		if panicked := recover(); panicked != nil {
			out = t.refuse(ctx, media, recovered(ctx, panicked))
		}
	}()
	if media == "" {
		return t.refuse(ctx, mediaJSON, apierror.New(apierror.NotAcceptable,
			"The gateway answers in application/graphql-response+json or application/json: accept one of them."))
	}
	var p *parameters
	var problem *apierror.Error
	switch {
	case strings.EqualFold(r.Header.Get("Upgrade"), "websocket"):
		problem = apierror.New(apierror.BadUserInput, "WebSockets are not served: the schema has no subscriptions. Send the operation with POST.")
	case r.Method == http.MethodPost:
		p, problem = readBody(r)
	case r.Method == http.MethodGet, r.Method == http.MethodHead:
		p, problem = readQuery(r)
	default:
		problem = apierror.New(apierror.MethodNotAllowed, "GraphQL is asked with POST, or with GET for queries.")
	}
	if problem != nil {
		return t.refuse(ctx, media, problem)
	}
	return t.serve(ctx, media, r, p)
}

// refuse answers a request that is not well-formed, or that the gateway failed:
// the status tells so in every media type.
func (t *transport) refuse(ctx context.Context, media string, err error) reply {
	presented := t.present(ctx, err)
	return reply{
		status: statusOf(codeOf(presented)), media: media, allow: allowed,
		response: &graphql.Response{Errors: gqlerror.List{presented}},
	}
}

// reject answers a well-formed request that is not executed.
func (t *transport) reject(ctx context.Context, media string, errs ...error) reply {
	return answered(media, t.failed(ctx, errs...))
}

// serve answers a well-formed request.
func (t *transport) serve(ctx context.Context, media string, r *http.Request, p *parameters) reply {
	caller := t.caller(ctx)
	known, errs := t.documents.Find(ctx, p.document, document.Access{Documents: caller.documents, Introspect: caller.introspect})
	if errs != nil {
		return t.reject(ctx, media, errs.Unwrap()...)
	}
	telemetry.Note(ctx, "document", known.Hash[:12]) // enough to find it by
	operation, problem := choose(known, p.operationName)
	if problem != nil {
		return t.reject(ctx, media, problem)
	}
	telemetry.Note(ctx, "operation", operation.Name)
	if r.Method != http.MethodPost && operation.Operation != ast.Query {
		out := t.refuse(ctx, media, apierror.New(apierror.MethodNotAllowed, "Mutations need POST."))
		out.allow = http.MethodPost
		return out
	}
	if known.Introspects && !caller.introspect {
		return t.reject(ctx, media, apierror.New(apierror.Forbidden, "Asking for the schema needs the scope `introspection`."))
	}
	response := t.dispatch(withDocument(ctx, known), caller, &graphql.RawParams{
		Query: known.Text, OperationName: p.operationName, Variables: p.variables, Extensions: p.extensions, Headers: r.Header,
	})
	if traced(r, caller) {
		addTrace(ctx, response)
	}
	return answered(media, response)
}

// choose returns the operation of a document that a request means.
func choose(known *document.Document, name string) (*ast.OperationDefinition, *apierror.Error) {
	operation := known.AST.Operations.ForName(name)
	switch {
	case operation != nil:
		return operation, nil
	case name == "":
		return nil, apierror.BadInput("operationName", "The document has several operations: say in `operationName` which one is meant.")
	}
	return nil, apierror.BadInput("operationName", "The document has no operation of the name that `operationName` gives.")
}
