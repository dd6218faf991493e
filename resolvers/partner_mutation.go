package resolvers

import (
	"context"

	"odoograph/graph/model"
	"odoograph/mutation"
)

func (r *mutationResolver) CreatePartner(ctx context.Context, input map[string]any) (*mutation.Payload[model.Partner], error) {
	return mutation.CreatePartner[model.Partner](ctx)
}

func (r *mutationResolver) UpdatePartner(ctx context.Context, input map[string]any) (*mutation.Payload[model.Partner], error) {
	return mutation.UpdatePartner[model.Partner](ctx)
}

func (r *mutationResolver) ArchivePartner(ctx context.Context, input map[string]any) (*mutation.Payload[model.Partner], error) {
	return mutation.ArchivePartner[model.Partner](ctx, false)
}

func (r *mutationResolver) UnarchivePartner(ctx context.Context, input map[string]any) (*mutation.Payload[model.Partner], error) {
	return mutation.ArchivePartner[model.Partner](ctx, true)
}

func (r *mutationResolver) AddPartnerContact(ctx context.Context, input map[string]any) (*mutation.Payload[model.Partner], error) {
	return mutation.AddPartnerContact[model.Partner](ctx)
}

func (r *mutationResolver) UpsertPartners(ctx context.Context, input map[string]any) (*mutation.Payload[model.Partner], error) {
	return mutation.UpsertPartners[model.Partner](ctx)
}
