package endpoint

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"odoograph/apierror"
	"odoograph/telemetry"
)

// presenter turns every error into one that a client may see, with a code.
func presenter(log *slog.Logger) graphql.ErrorPresenterFunc {
	return func(ctx context.Context, err error) *gqlerror.Error {
		public := publicError(ctx, err)
		meaning := public.Code.Meaning()
		path := graphql.GetPath(ctx)
		telemetry.AddError(ctx, public.Code)
		log.Log(ctx, meaning.Level, "error", "request_id", telemetry.RequestID(ctx), "code", public.Code, "path", path.String(), "error", err)

		out := &gqlerror.Error{Message: public.Message, Path: path, Extensions: map[string]any{
			"code": public.Code, "retryable": meaning.Retryable,
		}}
		if id := telemetry.RequestID(ctx); id != "" {
			out.Extensions["requestId"] = id
		}
		if public.Field != "" {
			out.Extensions["field"] = public.Field
		}
		if public.RetryAfter > 0 {
			out.Extensions["retryAfterMs"] = public.RetryAfter.Milliseconds()
		}
		if foreign, ok := errors.AsType[*gqlerror.Error](err); ok {
			out.Locations = foreign.Locations
		}
		return out
	}
}

// publicError returns err as the one error type. gqlgen's own errors about a
// document are for the client too; any other text stays inside.
func publicError(ctx context.Context, err error) *apierror.Error {
	if public, ok := errors.AsType[*apierror.Error](err); ok {
		return public
	}
	foreign, ok := errors.AsType[*gqlerror.Error](err)
	if !ok {
		return apierror.Public(err)
	}
	switch foreign.Extensions["code"] {
	case errcode.ParseFailed:
		return apierror.Wrap(apierror.ParseFailed, foreign.Message, err)
	case errcode.ValidationFailed:
		if variable, ok := strings.CutPrefix(foreign.Path.String(), "variable."); ok {
			return &apierror.Error{Code: apierror.BadUserInput, Message: "$" + variable + ": " + foreign.Message, Field: "$" + variable, Cause: err}
		}
		return apierror.Wrap(apierror.ValidationFailed, foreign.Message, err)
	}
	switch {
	case !graphql.HasOperationContext(ctx) || graphql.GetOperationContext(ctx).Doc == nil:
		// gqlgen repeats the body here, secrets and all.
		return apierror.Wrap(apierror.BadUserInput, "The request cannot be read: send a JSON object with a query, of at most 1 MiB.", err)
	case graphql.GetOperationContext(ctx).Operation == nil,
		len(foreign.Path) > len(graphql.GetPath(ctx)): // gqlgen names the argument that it could not read
		return apierror.Wrap(apierror.BadUserInput, foreign.Message, err)
	}
	return apierror.Public(err)
}

// recovered keeps a panic from the client.
func recovered(_ context.Context, panicked any) error {
	return fmt.Errorf("panic: %v\n%s", panicked, debug.Stack())
}
