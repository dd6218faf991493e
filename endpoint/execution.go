package endpoint

import (
	"context"
	"errors"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"odoograph/apierror"
	"odoograph/graph/relay"
	"odoograph/rest"
)

// Execute runs an operation of the gateway's own, as one that a client sent: with
// the same scopes, limits and errors.
func (t *transport) Execute(ctx context.Context, e rest.Execution) *rest.Result {
	language := ""
	ctx = context.WithValue(withErrorCount(graphql.StartOperationTrace(ctx)), languageKey{}, &language)
	if e.PageSize > 0 {
		ctx = relay.WithMaxPageSize(ctx, e.PageSize)
	}
	if e.Paid {
		ctx = context.WithValue(ctx, paidKey{}, true)
	}
	response := t.dispatch(context.WithValue(ctx, documentKey{}, e.Call.Document), t.caller(ctx), &graphql.RawParams{
		Query: e.Call.Name, OperationName: e.Call.Name, Variables: e.Call.Variables, Headers: e.Headers,
	})
	_, replayed := response.Extensions[replayedExtension]
	return &rest.Result{Response: response, Language: strings.ReplaceAll(language, "_", "-"), Replayed: replayed}
}

type paidKey struct{}

// isPaid tells whether the cost of an operation was paid by another one.
func isPaid(ctx context.Context) bool { return ctx.Value(paidKey{}) != nil }

type languageKey struct{}

// noteLanguage tells whoever executes an operation in which language it is answered.
func noteLanguage(ctx context.Context, language string) {
	if out, ok := ctx.Value(languageKey{}).(*string); ok {
		*out = language
	}
}

// dispatch runs an operation, whatever comes of it. The executor's extensions may
// refuse it first.
func (t *transport) dispatch(ctx context.Context, caller caller, params *graphql.RawParams) (response *graphql.Response) {
	defer func() {
		if panicked := recover(); panicked != nil {
			response = t.failed(ctx, recovered(ctx, panicked))
		}
	}()
	operation, errs := t.executor.CreateOperationContext(ctx, params)
	if errs != nil {
		return t.executor.DispatchError(graphql.WithOperationContext(ctx, operation), errs)
	}
	operation.DisableIntrospection = !caller.introspect
	next, ctx := t.executor.DispatchOperation(ctx, operation)
	response = next(ctx)
	if why, told := errors.AsType[*apierror.Error](context.Cause(ctx)); told && operation.Operation.Operation == ast.Query {
		return t.failed(ctx, why) // the gate ended it: of what was read nothing leaves
	}
	if response != nil {
		return response
	}
	// The executor has no answer to give once the request is over.
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return t.failed(ctx, apierror.Wrap(apierror.UpstreamTimeout, "The request took longer than the gateway allows.", ctx.Err()))
	}
	return t.failed(ctx, apierror.Wrap(apierror.ClientClosed, "The client left before the answer was ready.", ctx.Err()))
}

// failed is the response to an operation that was not executed.
func (t *transport) failed(ctx context.Context, errs ...error) *graphql.Response {
	response := &graphql.Response{}
	for _, err := range errs {
		if presented := t.present(ctx, err); presented != nil {
			response.Errors = append(response.Errors, presented)
		}
	}
	response.Extensions = omitted(ctx, nil)
	return response
}
