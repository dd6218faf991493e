package resolvers

import (
	"context"
	"fmt"

	"odoograph/apierror"
	"odoograph/graph"
	"odoograph/graph/model"
	"odoograph/graph/relay"
	"odoograph/loaders"
)

func (r *queryResolver) Node(ctx context.Context, id string) (model.Node, error) {
	nodes, err := loaders.Nodes(ctx, []string{id})
	if err != nil {
		return nil, err
	}
	return model.NewNode(nodes[0]), nil
}

func (r *queryResolver) Nodes(ctx context.Context, ids []string) ([]model.Node, error) {
	if len(ids) > relay.MaxPageSize {
		return nil, apierror.BadInput("ids", fmt.Sprintf("Give at most %d ids, not %d.", relay.MaxPageSize, len(ids)))
	}
	found, err := loaders.Nodes(ctx, ids)
	nodes := make([]model.Node, len(found))
	for i, object := range found {
		nodes[i] = model.NewNode(object)
	}
	return nodes, err
}

func (r *queryResolver) Viewer(ctx context.Context) (*model.User, error) {
	return loaders.Viewer[model.User](ctx, "User")
}

func (r *Resolver) Query() graph.QueryResolver { return &queryResolver{r} }

type queryResolver struct{ *Resolver }
