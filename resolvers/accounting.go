package resolvers

import (
	"context"

	"odoograph/graph/model"
	"odoograph/graph/relay"
	"odoograph/loaders"
)

func (r *queryResolver) Invoice(ctx context.Context, id *string, databaseID *int32, number *string) (*model.Invoice, error) {
	return loaders.Find[model.Invoice](ctx, "Invoice")
}

func (r *queryResolver) Invoices(ctx context.Context, first *int32, after *string, last *int32, before *string, filter map[string]any, orderBy []map[string]any, search *string) (*relay.Connection[model.Invoice], error) {
	return loaders.List[model.Invoice](ctx, "Invoice")
}

func (r *queryResolver) Tax(ctx context.Context, id *string, databaseID *int32, name *string) (*model.Tax, error) {
	return loaders.Find[model.Tax](ctx, "Tax")
}

func (r *queryResolver) Taxes(ctx context.Context, first *int32, after *string, last *int32, before *string, filter map[string]any, orderBy []map[string]any, search *string) (*relay.Connection[model.Tax], error) {
	return loaders.List[model.Tax](ctx, "Tax")
}

func (r *queryResolver) PaymentTerm(ctx context.Context, id *string, databaseID *int32, name *string) (*model.PaymentTerm, error) {
	return loaders.Find[model.PaymentTerm](ctx, "PaymentTerm")
}

func (r *queryResolver) PaymentTerms(ctx context.Context, first *int32, after *string, last *int32, before *string, filter map[string]any, orderBy []map[string]any, search *string) (*relay.Connection[model.PaymentTerm], error) {
	return loaders.List[model.PaymentTerm](ctx, "PaymentTerm")
}
