package resolvers

import (
	"context"

	"odoograph/graph/model"
	"odoograph/graph/relay"
	"odoograph/loaders"
)

func (r *queryResolver) SaleOrder(ctx context.Context, id *string, databaseID *int32, name *string) (*model.SaleOrder, error) {
	return loaders.Find[model.SaleOrder](ctx, "SaleOrder")
}

func (r *queryResolver) SaleOrders(ctx context.Context, first *int32, after *string, last *int32, before *string, filter map[string]any, orderBy []map[string]any, search *string) (*relay.Connection[model.SaleOrder], error) {
	return loaders.List[model.SaleOrder](ctx, "SaleOrder")
}

func (r *queryResolver) SaleOrderLine(ctx context.Context, id *string, databaseID *int32) (*model.SaleOrderLine, error) {
	return loaders.Find[model.SaleOrderLine](ctx, "SaleOrderLine")
}

func (r *queryResolver) SaleOrderLines(ctx context.Context, first *int32, after *string, last *int32, before *string, filter map[string]any, orderBy []map[string]any, search *string) (*relay.Connection[model.SaleOrderLine], error) {
	return loaders.List[model.SaleOrderLine](ctx, "SaleOrderLine")
}

func (r *queryResolver) SaleOrderTag(ctx context.Context, id *string, databaseID *int32) (*model.SaleOrderTag, error) {
	return loaders.Find[model.SaleOrderTag](ctx, "SaleOrderTag")
}

func (r *queryResolver) SaleOrderTags(ctx context.Context, first *int32, after *string, last *int32, before *string, filter map[string]any, orderBy []map[string]any, search *string) (*relay.Connection[model.SaleOrderTag], error) {
	return loaders.List[model.SaleOrderTag](ctx, "SaleOrderTag")
}

func (r *queryResolver) SalesTeam(ctx context.Context, id *string, databaseID *int32, name *string) (*model.SalesTeam, error) {
	return loaders.Find[model.SalesTeam](ctx, "SalesTeam")
}

func (r *queryResolver) SalesTeams(ctx context.Context, first *int32, after *string, last *int32, before *string, filter map[string]any, orderBy []map[string]any, search *string) (*relay.Connection[model.SalesTeam], error) {
	return loaders.List[model.SalesTeam](ctx, "SalesTeam")
}
