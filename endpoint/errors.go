package endpoint

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"odoograph/apierror"
	"odoograph/telemetry"
)

const (
	// maxErrors bounds the errors of an answer, and so what is logged of it: a
	// field that fails does so for each record of a list.
	maxErrors = 10
	// maxMessage bounds a message, which may repeat names and values of a document.
	maxMessage = 500
	// maxLogged bounds the text of an error in the log.
	maxLogged = 16 << 10
)

// presenter turns every error into one that a client may see, with a code, and
// those beyond maxErrors into none.
func presenter(log *slog.Logger) graphql.ErrorPresenterFunc {
	return func(ctx context.Context, err error) *gqlerror.Error {
		public := publicError(ctx, err)
		meaning := public.Code.Meaning()
		path := graphql.GetPath(ctx)
		telemetry.AddError(ctx, public.Code)
		if count, ok := ctx.Value(errorCountKey{}).(*atomic.Int64); ok && count.Add(1) > maxErrors {
			return nil
		}
		log.Log(ctx, meaning.Level, "error", "request_id", telemetry.RequestID(ctx), "code", public.Code, "path", path.String(), "error", cut(err.Error(), maxLogged))

		out := &gqlerror.Error{Message: cut(public.Message, maxMessage), Path: path, Extensions: map[string]any{}}
		if foreign, ok := errors.AsType[*gqlerror.Error](err); ok {
			out.Locations = foreign.Locations
			if errors.Is(foreign, public) { // made here, with what else a client should know
				maps.Copy(out.Extensions, foreign.Extensions)
			}
		}
		out.Extensions["code"], out.Extensions["retryable"] = public.Code, meaning.Retryable
		if id := telemetry.RequestID(ctx); id != "" {
			out.Extensions["requestId"] = id
		}
		if public.Field != "" {
			out.Extensions["field"] = cut(public.Field, maxMessage)
		}
		if public.RetryAfter > 0 {
			out.Extensions["retryAfterMs"] = public.RetryAfter.Milliseconds()
		}
		return out
	}
}

// publicError returns err as the one error type. gqlgen's own errors about
// variables and arguments are for the client too; any other text stays inside.
func publicError(ctx context.Context, err error) *apierror.Error {
	if public, ok := errors.AsType[*apierror.Error](err); ok {
		return public
	}
	foreign, ok := errors.AsType[*gqlerror.Error](err)
	switch {
	case !ok:
	case foreign.Extensions["code"] == errcode.ValidationFailed: // of a variable: package document validates the rest
		field := "$" + strings.TrimPrefix(foreign.Path.String(), "variable.")
		return &apierror.Error{Code: apierror.BadUserInput, Message: field + ": " + foreign.Message, Field: field, Cause: err}
	case len(foreign.Path) > len(graphql.GetPath(ctx)): // gqlgen names the argument that it could not read
		return apierror.Wrap(apierror.BadUserInput, foreign.Message, err)
	}
	return apierror.Public(err)
}

// cut returns the beginning of a text, whole characters of it.
func cut(text string, length int) string {
	if len(text) <= length {
		return text
	}
	for length > 0 && !utf8.RuneStart(text[length]) {
		length--
	}
	return text[:length] + "…"
}

type errorCountKey struct{}

// withErrorCount returns a context that counts the errors of an answer.
func withErrorCount(ctx context.Context) context.Context {
	return context.WithValue(ctx, errorCountKey{}, new(atomic.Int64))
}

// countOmitted tells in the answer to an operation how many errors it leaves out.
func countOmitted(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	response := next(ctx)
	if response != nil {
		response.Extensions = omitted(ctx, response.Extensions)
	}
	return response
}

// omitted adds to extensions how many errors an answer leaves out, at least.
func omitted(ctx context.Context, extensions map[string]any) map[string]any {
	count, ok := ctx.Value(errorCountKey{}).(*atomic.Int64)
	if !ok || count.Load() <= maxErrors {
		return extensions
	}
	if extensions == nil {
		extensions = map[string]any{}
	}
	extensions["omittedErrors"] = count.Load() - maxErrors
	return extensions
}

// recovered keeps a panic from the client.
func recovered(_ context.Context, panicked any) error {
	return fmt.Errorf("panic: %v\n%s", panicked, debug.Stack())
}
