package graph

import (
	"context"
	"fmt"
	"io"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// What stands here takes the place of parts of gqlgen's runtime below the root of
// a query, where all records are in memory: internal/gen makes the generated code
// call it. It answers as gqlgen does, errors, paths and nulls alike, without its
// goroutines and, for fields without selections, without a context of their own
// unless there is an error to report. Field interceptors (AroundFields) do not see
// these fields.

// fieldSet is an object of an answer.
type fieldSet struct {
	fields []graphql.CollectedField
	Values []graphql.Marshaler
	// Invalids counts the fields that are null and must not be, which makes the
	// object null.
	Invalids uint32
}

func newFieldSet(fields []graphql.CollectedField) *fieldSet {
	return &fieldSet{fields: fields, Values: make([]graphql.Marshaler, len(fields))}
}

// MarshalGQL implements graphql.Marshaler.
func (s *fieldSet) MarshalGQL(w io.Writer) {
	if m, ok := w.(*metered); ok {
		m.meter.count(s.fields)
	}
	separator := `{"`
	for i := range s.fields {
		// A name in GraphQL has no character that JSON escapes.
		_, _ = io.WriteString(w, separator)
		_, _ = io.WriteString(w, s.fields[i].Alias)
		_, _ = io.WriteString(w, `":`)
		s.Values[i].MarshalGQL(w)
		separator = `,"`
	}
	if len(s.fields) == 0 {
		_, _ = io.WriteString(w, "{")
	}
	_, _ = io.WriteString(w, "}")
}

// marshalSlice is a list of an answer.
func marshalSlice(ctx context.Context, length int, marshal func(ctx context.Context, i int) graphql.Marshaler) graphql.Array {
	out := make(graphql.Array, length)
	indices := make([]int, length)
	for i := range out {
		indices[i] = i
		item := graphql.WithFieldContext(ctx, &graphql.FieldContext{Index: &indices[i]})
		if !marshalItem(item, out, i, marshal) {
			return nil
		}
	}
	return out
}

func marshalItem(ctx context.Context, out graphql.Array, i int, marshal func(ctx context.Context, i int) graphql.Marshaler) (ok bool) {
	defer func() {
		if panicked := recover(); panicked != nil {
			graphql.AddError(ctx, graphql.Recover(ctx, panicked))
		}
	}()
	out[i] = marshal(ctx, i)
	return true
}

// resolveField is a field of an answer without arguments that no directive guards.
func resolveField[T any](
	ctx context.Context, oc *graphql.OperationContext, field graphql.CollectedField,
	describe func(context.Context, graphql.CollectedField) (*graphql.FieldContext, error),
	resolve func(context.Context) (any, error),
	marshal func(context.Context, ast.SelectionSet, T) graphql.Marshaler,
	nonNull bool,
) (out graphql.Marshaler) {
	described := false
	defer func() {
		if panicked := recover(); panicked != nil {
			if !described {
				ctx = fieldOf(ctx, field, describe)
			}
			oc.Error(ctx, oc.Recover(ctx, panicked))
			out = graphql.Null
		}
	}()
	var fc *graphql.FieldContext
	if len(field.Selections) > 0 {
		var err error
		if fc, err = describe(ctx, field); err != nil {
			return graphql.Null
		}
		ctx, described = graphql.WithFieldContext(ctx, fc), true
	}
	value, err := resolve(ctx)
	typed, fits := value.(T)
	if err == nil && fits {
		if described {
			fc.Result = typed
		}
		return marshal(ctx, field.Selections, typed)
	}
	if !described {
		ctx = fieldOf(ctx, field, describe)
	}
	switch {
	case err != nil:
		oc.Error(ctx, graphql.AddFieldLocationToError(ctx, err))
	case value != nil:
		oc.Error(ctx, fmt.Errorf("unexpected type %T, should be %T", value, typed))
	case nonNull && !graphql.HasFieldError(ctx, graphql.GetFieldContext(ctx)):
		graphql.AddErrorf(ctx, "must not be null")
	}
	return graphql.Null
}

// fieldOf returns the context of a field, for the path of its error.
func fieldOf(ctx context.Context, field graphql.CollectedField, describe func(context.Context, graphql.CollectedField) (*graphql.FieldContext, error)) context.Context {
	fc, err := describe(ctx, field)
	if err != nil {
		return ctx
	}
	return graphql.WithFieldContext(ctx, fc)
}
