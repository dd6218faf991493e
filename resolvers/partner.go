package resolvers

import (
	"context"

	"odoograph/graph/model"
	"odoograph/graph/relay"
	"odoograph/loaders"
)

func (r *queryResolver) Partner(ctx context.Context, id *string, databaseID *int32, reference *string) (*model.Partner, error) {
	return loaders.Find[model.Partner](ctx, "Partner")
}

func (r *queryResolver) Partners(ctx context.Context, first *int32, after *string, last *int32, before *string, filter map[string]any, orderBy []map[string]any, search *string) (*relay.Connection[model.Partner], error) {
	return loaders.List[model.Partner](ctx, "Partner")
}

func (r *queryResolver) PartnerTag(ctx context.Context, id *string, databaseID *int32, name *string) (*model.PartnerTag, error) {
	return loaders.Find[model.PartnerTag](ctx, "PartnerTag")
}

func (r *queryResolver) PartnerTags(ctx context.Context, first *int32, after *string, last *int32, before *string, filter map[string]any, orderBy []map[string]any, search *string) (*relay.Connection[model.PartnerTag], error) {
	return loaders.List[model.PartnerTag](ctx, "PartnerTag")
}
