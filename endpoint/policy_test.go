package endpoint

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"odoograph/auth"
	"odoograph/document"
	"odoograph/limit"
	"odoograph/loaders"
	"odoograph/odoo"
	"odoograph/policy"
)

// guarded serves a schema whose policy is enforced, to one key.
func guarded(t *testing.T, schema string, identity *auth.Identity) http.Handler {
	t.Helper()
	loaded := gqlparser.MustLoadSchema(&ast.Source{Input: `
		directive @auth(scope: String) on FIELD_DEFINITION
		directive @rateLimit(limit: Int!, window: String! = "60s") on FIELD_DEFINITION ` + schema})
	rules, err := policy.New(loaded)
	if err != nil {
		t.Fatal(err)
	}
	limits, err := limit.New(limit.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = limits.Close() })
	documents, err := document.Open(document.Options{Schema: loaded})
	if err != nil {
		t.Fatal(err)
	}
	client, err := odoo.New(odoo.Config{URL: "http://127.0.0.1:1", Database: "none"})
	if err != nil {
		t.Fatal(err)
	}
	backends := loaders.NewBackends(client, odoo.Credential{}, nil, slog.New(slog.DiscardHandler))
	inner := newTransport(service{
		schema: &graphql.ExecutableSchemaMock{
			SchemaFunc: func() *ast.Schema { return loaded },
			ExecFunc: func(context.Context) graphql.ResponseHandler {
				return graphql.OneShot(&graphql.Response{Data: json.RawMessage(`{}`)})
			},
		},
		documents: documents, caller: func(context.Context) caller { return caller{documents: document.Any} }, log: slog.New(slog.DiscardHandler),
		extensions: []graphql.HandlerExtension{&enforcement{rules, &gate{limits: limits, backends: backends, defaults: auth.Limits{CostCapacity: 10, CostRestore: 1}}}},
		around:     func(ctx context.Context, next graphql.ResponseHandler) *graphql.Response { return next(ctx) },
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := odoo.WithTenant(r.Context(), "key:one")
		if identity != nil {
			ctx = auth.NewContext(ctx, identity)
		}
		inner.ServeHTTP(w, r.WithContext(ctx))
	})
}

// A field with a rate of its own may be asked for that often, however the query
// asks; the others go on.
func TestFieldsHaveRatesOfTheirOwn(t *testing.T) {
	h := guarded(t, `type Query { dear: Int @auth @rateLimit(limit: 3, window: "1h") cheap: Int @auth }`, &auth.Identity{Key: auth.Key{Scopes: []string{"*"}}})
	for i, test := range []struct {
		query  string
		status int
	}{
		{"{ dear }", 200},
		{"{ dear cheap }", 200},
		{"{ a: dear b: dear }", 429}, // which takes nothing from the one that is left
		{"{ dear }", 200},
		{"{ dear }", 429},
		{"{ cheap }", 200},
	} {
		got := ask(h, http.MethodPost, "/graphql", `{"query":"`+test.query+`"}`, nil)
		if got.Code != test.status || test.status == 429 && (!strings.Contains(got.Body.String(), "Query.dear may be asked for 3 times in 1h0m0s") || got.Header().Get("Retry-After") == "") {
			t.Errorf("%d: %s: %d %v %s", i, test.query, got.Code, got.Header(), got.Body)
		}
	}
}

// Should a route ever lead here around the gate, nothing is served.
func TestNobodyIsNobody(t *testing.T) {
	h := guarded(t, `type Query { open: Int @auth }`, nil)
	if got := ask(h, http.MethodPost, "/graphql", `{"query":"{ open }"}`, nil); got.Code != http.StatusUnauthorized {
		t.Errorf("%d %s", got.Code, got.Body)
	}
}
