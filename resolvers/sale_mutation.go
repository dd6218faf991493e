package resolvers

import (
	"context"

	"odoograph/graph/model"
	"odoograph/mutation"
)

func (r *mutationResolver) CreateSaleOrder(ctx context.Context, input map[string]any) (*mutation.Payload[model.SaleOrder], error) {
	return mutation.CreateSaleOrder[model.SaleOrder](ctx)
}

func (r *mutationResolver) CreateSaleOrders(ctx context.Context, input map[string]any) (*mutation.Payload[model.SaleOrder], error) {
	return mutation.CreateSaleOrders[model.SaleOrder](ctx)
}

func (r *mutationResolver) UpdateSaleOrder(ctx context.Context, input map[string]any) (*mutation.Payload[model.SaleOrder], error) {
	return mutation.UpdateSaleOrder[model.SaleOrder](ctx)
}

func (r *mutationResolver) AddSaleOrderLines(ctx context.Context, input map[string]any) (*mutation.Payload[model.SaleOrder], error) {
	return mutation.AddSaleOrderLines[model.SaleOrder](ctx)
}

func (r *mutationResolver) UpdateSaleOrderLines(ctx context.Context, input map[string]any) (*mutation.Payload[model.SaleOrder], error) {
	return mutation.UpdateSaleOrderLines[model.SaleOrder](ctx)
}

func (r *mutationResolver) RemoveSaleOrderLines(ctx context.Context, input map[string]any) (*mutation.Payload[model.SaleOrder], error) {
	return mutation.RemoveSaleOrderLines[model.SaleOrder](ctx)
}

func (r *mutationResolver) ConfirmSaleOrder(ctx context.Context, input map[string]any) (*mutation.Payload[model.SaleOrder], error) {
	return mutation.Act[model.SaleOrder](ctx, mutation.Confirm)
}

func (r *mutationResolver) CancelSaleOrder(ctx context.Context, input map[string]any) (*mutation.Payload[model.SaleOrder], error) {
	return mutation.Act[model.SaleOrder](ctx, mutation.Cancel)
}

func (r *mutationResolver) ResetSaleOrderToDraft(ctx context.Context, input map[string]any) (*mutation.Payload[model.SaleOrder], error) {
	return mutation.Act[model.SaleOrder](ctx, mutation.ResetToDraft)
}

func (r *mutationResolver) SendSaleOrderQuotation(ctx context.Context, input map[string]any) (*mutation.Payload[model.SaleOrder], error) {
	return mutation.Act[model.SaleOrder](ctx, mutation.Send)
}

func (r *mutationResolver) LockSaleOrder(ctx context.Context, input map[string]any) (*mutation.Payload[model.SaleOrder], error) {
	return mutation.Act[model.SaleOrder](ctx, mutation.Lock)
}

func (r *mutationResolver) UnlockSaleOrder(ctx context.Context, input map[string]any) (*mutation.Payload[model.SaleOrder], error) {
	return mutation.Act[model.SaleOrder](ctx, mutation.Unlock)
}
