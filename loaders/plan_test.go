package loaders_test

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"odoograph/endpoint"
	"odoograph/loaders"
	"odoograph/odoo"
	"odoograph/odoo/odootest"
)

const ordersQuery = `{ saleOrders(first: 50) { totalCount nodes { name state amountTotal partner { name email country { code name } } lines { nodes { name quantity priceUnit product { name } } } } } }`

// planned returns what plans the only field of a query, over and over.
func planned(t testing.TB, version int, query string) (*loaders.Request, context.Context) {
	t.Helper()
	server := odootest.Start(t, odootest.Options{Version: version})
	client, err := odoo.New(odoo.Config{URL: server.URL(), Database: server.DB()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	contract := endpoint.Schema().Schema()
	schema, err := loaders.NewSchema(contract)
	if err != nil {
		t.Fatal(err)
	}
	doc, errs := gqlparser.LoadQueryWithRules(contract, query, rules.NewDefaultRules())
	if errs != nil {
		t.Fatal(errs)
	}
	backend := loaders.NewBackend(client, odoo.Credential{Login: odootest.AdminLogin, Password: odootest.AdminLogin}, schema, slog.New(slog.DiscardHandler))
	request, err := backend.Request(t.Context(), doc.Operations[0], "")
	if err != nil {
		t.Fatal(err)
	}
	op := &graphql.OperationContext{Doc: doc, Operation: doc.Operations[0]}
	ctx := graphql.WithOperationContext(t.Context(), op)
	field := graphql.CollectFields(op, doc.Operations[0].SelectionSet, []string{"Query"})[0]
	return request, graphql.WithFieldContext(ctx, &graphql.FieldContext{Object: "Query", Field: field})
}

// One tree holds all that a query selects, each field once and by Odoo's name.
func TestAPlanIsOneTree(t *testing.T) {
	request, ctx := planned(t, 19, ordersQuery)
	tree, err := request.PlanList(ctx, "SaleOrder")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := describe(tree), "sale.order[amount_total name order_line partner_id state]"+
		"(order_line:sale.order.line[name price_unit product_id product_uom_qty](product_id:product.product[name]) "+
		"partner_id:res.partner[country_id email name](country_id:res.country[code name]))"; got != want {
		t.Errorf("planned %s, want %s", got, want)
	}
}

func describe(tree *odoo.Tree) string {
	text := tree.Model.Name + "[" + strings.Join(slices.Sorted(slices.Values(tree.Fields)), " ") + "]"
	var branches []string
	for _, branch := range tree.Branches {
		branches = append(branches, branch.Field+":"+describe(branch.Tree))
	}
	if slices.Sort(branches); branches != nil {
		text += "(" + strings.Join(branches, " ") + ")"
	}
	return text
}

func BenchmarkPlan(b *testing.B) {
	request, ctx := planned(b, 19, ordersQuery)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := request.PlanList(ctx, "SaleOrder"); err != nil {
			b.Fatal(err)
		}
	}
}
