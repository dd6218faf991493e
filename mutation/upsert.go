package mutation

import (
	"context"

	"odoograph/odoo"
)

// UpsertPartners creates or changes partners, told apart by their references.
func UpsertPartners[T any, P entity[T]](ctx context.Context) (*Payload[T], error) {
	return run[T, P](ctx, partner, maxBatch, func(ctx context.Context, c *change) (*odoo.Saved, error) {
		panic("not yet")
	})
}
