package policy_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"odoograph/endpoint"
	"odoograph/graph/relay"
	"odoograph/policy"
)

func ours(t *testing.T) (*policy.Policy, *ast.Schema) {
	t.Helper()
	schema := endpoint.Schema().Schema()
	p, err := policy.New(schema)
	if err != nil {
		t.Fatal(err)
	}
	return p, schema
}

func demand(t *testing.T, p *policy.Policy, schema *ast.Schema, query string, variables map[string]any) policy.Demand {
	t.Helper()
	document, errs := gqlparser.LoadQueryWithRules(schema, query, rules.NewDefaultRules())
	if errs != nil {
		t.Fatal(errs)
	}
	return p.Demand(document.Operations[0], variables)
}

// Nobody may add a field to a root without saying who may ask for it.
func TestEveryRootFieldIsGuarded(t *testing.T) {
	p, _ := ours(t)
	if open := p.Unguarded(); len(open) > 0 {
		t.Errorf("without @auth: %v", open)
	}
}

func TestUnguardedFieldsAreFound(t *testing.T) {
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: directives + `
		type Query { a: Int @auth(scope: "a:read") b: Int @auth }
		type Mutation { c: Int }`})
	p, err := policy.New(schema)
	if err != nil {
		t.Fatal(err)
	}
	if open := p.Unguarded(); !slices.Equal(open, []string{"Mutation.c"}) {
		t.Errorf("unguarded: %v", open)
	}
}

// Every type that stands for data of the company is behind a scope, so that no
// relation leads to it around the roots.
func TestEveryRecordTypeHasAScope(t *testing.T) {
	p, schema := ours(t)
	for _, def := range schema.Types {
		if def.Directives.ForName("odoo") != nil && def.Kind == ast.Object && def.Directives.ForName("auth") == nil {
			t.Errorf("%s has no @auth", def.Name)
		}
	}
	want := []string{"invoices:read", "orders:read", "orders:write", "partners:read", "partners:write", "products:read", "reference:read", "users:read"}
	if diff := cmp.Diff(want, p.Scopes()); diff != "" {
		t.Error(diff)
	}
}

func TestScopes(t *testing.T) {
	p, schema := ours(t)
	partner := relay.ID("Partner", 7)
	for _, test := range []struct {
		name, query string
		variables   map[string]any
		want        string
	}{
		{"a root field", `{ partners { nodes { name } } }`, nil, "partners:read at partners"},
		{"each scope once", `{ partners { nodes { name } } partner(databaseId: 1) { name } }`, nil, "partners:read at partners"},
		{"a relation", `{ saleOrders { nodes { partner { email } } } }`, nil, "orders:read at saleOrders, partners:read at saleOrders.nodes.partner"},
		{"a list in a record", `{ saleOrders { edges { node { invoices { totalCount } } } } }`, nil, "orders:read at saleOrders, invoices:read at saleOrders.edges.node.invoices"},
		{"an alias", `{ mine: saleOrders { totalCount } }`, nil, "orders:read at mine"},
		{"a filter by a relation", `{ saleOrders(filter: {partner: {email: {contains: "@"}}}) { totalCount } }`, nil, "orders:read at saleOrders, partners:read at saleOrders"},
		{"a filter deep within", `{ saleOrders(filter: {or: [{not: {partner: {country: {code: {eq: "BE"}}}}}]}) { totalCount } }`, nil, "orders:read at saleOrders, partners:read at saleOrders, reference:read at saleOrders"},
		{
			"a filter in a variable", `query ($f: SaleOrderFilter) { saleOrders(filter: $f) { totalCount } }`,
			map[string]any{"f": map[string]any{"partner": map[string]any{"isNull": true}}}, "orders:read at saleOrders, partners:read at saleOrders",
		},
		{"a filter that is not given", `query ($f: SaleOrderFilter) { saleOrders(filter: $f) { totalCount } }`, nil, "orders:read at saleOrders"},
		{"a node by its id", `{ node(id: "` + partner + `") { id } }`, nil, "partners:read at node"},
		{"a node by a variable", `query ($id: ID!) { node(id: $id) { id } }`, map[string]any{"id": partner}, "partners:read at node"},
		{"nodes", `query ($ids: [ID!]!) { nodes(ids: $ids) { id } }`, map[string]any{"ids": []any{relay.ID("Invoice", 1), partner}}, "invoices:read at nodes, partners:read at nodes"},
		{"a fragment on a node", `{ node(id: "x") { ... on Invoice { number } } }`, nil, "invoices:read at node"},
		{"a named fragment", `{ node(id: "x") { ...f } } fragment f on Invoice { number }`, nil, "invoices:read at node"},
		{"what is skipped", `query ($no: Boolean!) { viewer { name } partners @skip(if: $no) { totalCount } }`, map[string]any{"no": true}, ""},
		{"what is not included", `{ viewer { name } partners @include(if: false) { totalCount } }`, nil, ""},
		{"the viewer", `{ viewer { name } }`, nil, ""},
		{"beyond the viewer", `{ viewer { name partner { email } } }`, nil, "partners:read at viewer.partner"},
		{"introspection", `{ __schema { types { name } } __typename }`, nil, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, need := range demand(t, p, schema, test.query, test.variables).Scopes {
				got = append(got, need.Scope+" at "+need.Path)
			}
			if diff := cmp.Diff(test.want, strings.Join(got, ", ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCost(t *testing.T) {
	p, schema := ours(t)
	for _, test := range []struct {
		name, query string
		variables   map[string]any
		want        int
	}{
		{"nothing", `{ __typename }`, nil, 0},
		{"a record", `{ partner(databaseId: 1) { name email } }`, nil, 1},
		{"a list of 20, as nobody said how many", `{ partners { nodes { name } } }`, nil, 1 + 20},
		{"first", `{ partners(first: 5) { nodes { name } } }`, nil, 1 + 5},
		{"last, in a variable", `query ($n: Int) { partners(last: $n) { nodes { name } } }`, map[string]any{"n": int64(7)}, 1 + 7},
		{"edges", `{ partners(first: 5) { edges { cursor node { name } } pageInfo { hasNextPage } } }`, nil, 1 + 5},
		{"a count", `{ partners { totalCount } }`, nil, 1 + 10},
		{"records in records", `{ saleOrders(first: 50) { nodes { partner { country { code } } } } }`, nil, 1 + 50*3},
		{"lists in lists", `{ saleOrders(first: 50) { nodes { lines(first: 10) { nodes { product { name } } } } } }`, nil, 1 + 50*(1+1+10*2)},
		{"aliases", `{ a: partners(first: 5) { nodes { name } } b: partners(first: 5) { nodes { name } } }`, nil, 12},
		{"fragments", `{ partners(first: 5) { ...f } } fragment f on PartnerConnection { nodes { country { code } } }`, nil, 1 + 10},
		{"nodes", `query ($ids: [ID!]!) { nodes(ids: $ids) { id } }`, map[string]any{"ids": []any{"a", "b", "c"}}, 3},
		{"a change", `mutation ($p: PartnerKey!) { updatePartner(input: {partner: $p}) { partner { name country { code } } userErrors { field } } }`, nil, 10 + 2},
		{"several changes", `mutation ($i: UpsertPartnersInput!) { upsertPartners(input: $i) { partners { name country { code } } userErrors { field } } }`,
			map[string]any{"i": map[string]any{"partners": []any{map[string]any{}, map[string]any{}, map[string]any{}}}}, 100 + 3*2},
		{"more than may be", `{ partners(first: 100000) { nodes { name } } }`, nil, 1 + 100},
		{"fewer than may be", `{ partners(first: -5) { nodes { name } } }`, nil, 1},
		{"introspection", `{ __schema { types { name fields { name } } } }`, nil, 0},
		{"the dearest", `{ partners(first: 100) { nodes { ` + strings.Repeat(`contacts(first: 100) { nodes { `, 8) + "name" + strings.Repeat(" } }", 8) + ` } } }`, nil, 1 << 30},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := demand(t, p, schema, test.query, test.variables).Cost; got != test.want {
				t.Errorf("costs %d, want %d", got, test.want)
			}
		})
	}
}

const directives = `
	directive @auth(scope: String) on OBJECT | FIELD_DEFINITION | INPUT_OBJECT
	directive @rateLimit(limit: Int!, window: String! = "60s") on FIELD_DEFINITION
	directive @cost(weight: Int!) on OBJECT | FIELD_DEFINITION
`

func TestRateLimits(t *testing.T) {
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: directives + `
		type Query {
			a: Int @auth @rateLimit(limit: 50)
			b: Thing @auth
		}
		type Thing { c: Int @rateLimit(limit: 3, window: "1h") @cost(weight: 5) }`})
	p, err := policy.New(schema)
	if err != nil {
		t.Fatal(err)
	}
	got := demand(t, p, schema, `{ a again: a b { c } }`, nil)
	minute := policy.Limited{Field: "Query.a", Rate: policy.Rate{Requests: 50, Window: time.Minute}, Times: 2}
	hour := policy.Limited{Field: "Thing.c", Rate: policy.Rate{Requests: 3, Window: time.Hour}, Times: 1}
	if diff := cmp.Diff(policy.Demand{Cost: 6, Limited: []policy.Limited{minute, hour}}, got); diff != "" {
		t.Error(diff)
	}
}

func TestDirectivesThatMakeNoSense(t *testing.T) {
	for name, field := range map[string]string{
		"no such window":    `a: Int @rateLimit(limit: 5, window: "an hour")`,
		"no window":         `a: Int @rateLimit(limit: 5, window: "0s")`,
		"never":             `a: Int @rateLimit(limit: 0)`,
		"a negative weight": `a: Int @cost(weight: -1)`,
	} {
		t.Run(name, func(t *testing.T) {
			schema := gqlparser.MustLoadSchema(&ast.Source{Input: directives + `type Query { ` + field + ` }`})
			if _, err := policy.New(schema); err == nil || !strings.Contains(err.Error(), "Query.a") {
				t.Errorf("error %v", err)
			}
		})
	}
}
