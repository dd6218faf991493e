package graph

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// answering is the context of a response, and one of the field "order" in it.
func answering(t *testing.T) (context.Context, *graphql.OperationContext) {
	t.Helper()
	oc := &graphql.OperationContext{RecoverFunc: graphql.DefaultRecover}
	ctx := graphql.WithOperationContext(t.Context(), oc)
	ctx = graphql.WithResponseContext(ctx, graphql.DefaultErrorPresenter, func(_ context.Context, panicked any) error {
		return fmt.Errorf("panic: %v", panicked)
	})
	order := graphql.CollectedField{Field: &ast.Field{Alias: "order", Name: "order", Position: &ast.Position{}}}
	return graphql.WithFieldContext(ctx, &graphql.FieldContext{Object: "Query", Field: order}), oc
}

func describeField(_ context.Context, field graphql.CollectedField) (*graphql.FieldContext, error) {
	return &graphql.FieldContext{Object: "Order", Field: field}, nil
}

func written(m graphql.Marshaler) string {
	var out bytes.Buffer
	m.MarshalGQL(&out)
	return out.String()
}

func told(ctx context.Context) string {
	text := ""
	for _, e := range graphql.GetErrors(ctx) {
		text += e.Path.String() + ": " + e.Message + "\n"
	}
	return text
}

func marshalText(_ context.Context, _ ast.SelectionSet, v string) graphql.Marshaler {
	return graphql.MarshalString(v)
}

// A field without selections tells its errors on its own path, as gqlgen does.
func TestResolveField(t *testing.T) {
	for _, test := range []struct {
		name    string
		resolve func(context.Context) (any, error)
		nonNull bool
		want    string
		errors  string
	}{
		{"a value", func(context.Context) (any, error) { return "x", nil }, true, `"x"`, ""},
		{"no value", func(context.Context) (any, error) { return nil, nil }, false, "null", ""},
		{"no value where there must be one", func(context.Context) (any, error) { return nil, nil }, true, "null", "order.name: must not be null\n"},
		{"an error", func(context.Context) (any, error) { return "x", errors.New("no") }, true, "null", "order.name: no\n"},
		{"another type", func(context.Context) (any, error) { return 7, nil }, false, "null", "order.name: unexpected type int, should be string\n"},
		{"a panic", func(context.Context) (any, error) { panic("oh") }, false, "null", "order.name: panic: oh\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			ctx, oc := answering(t)
			oc.RecoverFunc = func(_ context.Context, panicked any) error { return fmt.Errorf("panic: %v", panicked) }
			field := graphql.CollectedField{Field: &ast.Field{Alias: "name", Name: "name", Position: &ast.Position{}}}
			out := resolveField(ctx, oc, field, describeField, test.resolve, marshalText, test.nonNull)
			if got := written(out); got != test.want || told(ctx) != test.errors {
				t.Errorf("%s, errors %q", got, told(ctx))
			}
		})
	}
}

// What a field with selections leads to stands on the path below it.
func TestResolveFieldWithSelections(t *testing.T) {
	ctx, oc := answering(t)
	inner := ast.SelectionSet{&ast.Field{Alias: "x"}}
	field := graphql.CollectedField{Field: &ast.Field{Alias: "partner", Name: "partner", Position: &ast.Position{}}, Selections: inner}
	resolveField(ctx, oc, field, describeField,
		func(context.Context) (any, error) { return "x", nil },
		func(ctx context.Context, selections ast.SelectionSet, v string) graphql.Marshaler {
			if len(selections) != 1 || v != "x" {
				t.Error(selections, v)
			}
			graphql.AddErrorf(ctx, "below")
			return graphql.Null
		}, false)
	if got := told(ctx); got != "order.partner: below\n" {
		t.Error(got)
	}
}

func TestMarshalSlice(t *testing.T) {
	ctx, _ := answering(t)
	out := marshalSlice(ctx, 3, func(ctx context.Context, i int) graphql.Marshaler {
		if i == 1 {
			graphql.AddErrorf(ctx, "odd")
		}
		return graphql.MarshalInt(i)
	})
	if got := written(out); got != "[0,1,2]" || told(ctx) != "order[1]: odd\n" {
		t.Error(got, told(ctx))
	}
}

// A panic in an item makes the list null, and nothing else.
func TestMarshalSliceWithAPanic(t *testing.T) {
	ctx, _ := answering(t)
	out := marshalSlice(ctx, 2, func(_ context.Context, i int) graphql.Marshaler {
		if i == 1 {
			panic("oh")
		}
		return graphql.MarshalInt(i)
	})
	if out != nil || told(ctx) != "order[1]: panic: oh\n" {
		t.Error(out, told(ctx))
	}
}

func TestFieldSet(t *testing.T) {
	names := []string{"a", "b"}
	for n, want := range []string{`{}`, `{"a":0}`, `{"a":0,"b":1}`} {
		var fields []graphql.CollectedField
		for _, name := range names[:n] {
			fields = append(fields, graphql.CollectedField{Field: &ast.Field{Alias: name}})
		}
		set := newFieldSet(fields)
		for i := range fields {
			set.Values[i] = graphql.MarshalInt(i)
		}
		if got := written(set); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
