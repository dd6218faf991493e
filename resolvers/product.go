package resolvers

import (
	"context"

	"odoograph/graph/model"
	"odoograph/graph/relay"
	"odoograph/loaders"
)

func (r *queryResolver) Product(ctx context.Context, id *string, databaseID *int32, reference *string, barcode *string) (*model.Product, error) {
	return loaders.Find[model.Product](ctx, "Product")
}

func (r *queryResolver) Products(ctx context.Context, first *int32, after *string, last *int32, before *string, filter map[string]any, orderBy []map[string]any, search *string) (*relay.Connection[model.Product], error) {
	return loaders.List[model.Product](ctx, "Product")
}

func (r *queryResolver) ProductCategory(ctx context.Context, id *string, databaseID *int32) (*model.ProductCategory, error) {
	return loaders.Find[model.ProductCategory](ctx, "ProductCategory")
}

func (r *queryResolver) ProductCategories(ctx context.Context, first *int32, after *string, last *int32, before *string, filter map[string]any, orderBy []map[string]any, search *string) (*relay.Connection[model.ProductCategory], error) {
	return loaders.List[model.ProductCategory](ctx, "ProductCategory")
}

func (r *queryResolver) UnitOfMeasure(ctx context.Context, id *string, databaseID *int32, name *string) (*model.UnitOfMeasure, error) {
	return loaders.Find[model.UnitOfMeasure](ctx, "UnitOfMeasure")
}

func (r *queryResolver) UnitsOfMeasure(ctx context.Context, first *int32, after *string, last *int32, before *string, filter map[string]any, orderBy []map[string]any, search *string) (*relay.Connection[model.UnitOfMeasure], error) {
	return loaders.List[model.UnitOfMeasure](ctx, "UnitOfMeasure")
}

func (r *queryResolver) Pricelist(ctx context.Context, id *string, databaseID *int32, name *string) (*model.Pricelist, error) {
	return loaders.Find[model.Pricelist](ctx, "Pricelist")
}

func (r *queryResolver) Pricelists(ctx context.Context, first *int32, after *string, last *int32, before *string, filter map[string]any, orderBy []map[string]any, search *string) (*relay.Connection[model.Pricelist], error) {
	return loaders.List[model.Pricelist](ctx, "Pricelist")
}
