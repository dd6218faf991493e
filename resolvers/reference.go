package resolvers

import (
	"context"

	"odoograph/graph/model"
	"odoograph/graph/relay"
	"odoograph/loaders"
)

func (r *queryResolver) Country(ctx context.Context, id *string, databaseID *int32, code *string) (*model.Country, error) {
	return loaders.Find[model.Country](ctx, "Country")
}

func (r *queryResolver) Countries(ctx context.Context, first *int32, after *string, last *int32, before *string, filter map[string]any, orderBy []map[string]any, search *string) (*relay.Connection[model.Country], error) {
	return loaders.List[model.Country](ctx, "Country")
}

func (r *queryResolver) CountryState(ctx context.Context, id *string, databaseID *int32) (*model.CountryState, error) {
	return loaders.Find[model.CountryState](ctx, "CountryState")
}

func (r *queryResolver) CountryStates(ctx context.Context, first *int32, after *string, last *int32, before *string, filter map[string]any, orderBy []map[string]any, search *string) (*relay.Connection[model.CountryState], error) {
	return loaders.List[model.CountryState](ctx, "CountryState")
}

func (r *queryResolver) Currency(ctx context.Context, id *string, databaseID *int32, code *string) (*model.Currency, error) {
	return loaders.Find[model.Currency](ctx, "Currency")
}

func (r *queryResolver) Currencies(ctx context.Context, first *int32, after *string, last *int32, before *string, filter map[string]any, orderBy []map[string]any, search *string) (*relay.Connection[model.Currency], error) {
	return loaders.List[model.Currency](ctx, "Currency")
}

func (r *queryResolver) Company(ctx context.Context, id *string, databaseID *int32) (*model.Company, error) {
	return loaders.Find[model.Company](ctx, "Company")
}

func (r *queryResolver) Companies(ctx context.Context, first *int32, after *string, last *int32, before *string, filter map[string]any, orderBy []map[string]any, search *string) (*relay.Connection[model.Company], error) {
	return loaders.List[model.Company](ctx, "Company")
}

func (r *queryResolver) User(ctx context.Context, id *string, databaseID *int32, login *string) (*model.User, error) {
	return loaders.Find[model.User](ctx, "User")
}

func (r *queryResolver) Users(ctx context.Context, first *int32, after *string, last *int32, before *string, filter map[string]any, orderBy []map[string]any, search *string) (*relay.Connection[model.User], error) {
	return loaders.List[model.User](ctx, "User")
}
