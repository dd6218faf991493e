package loaders

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"odoograph/odoo"
)

// PlanList plans the current field as a list of the named type, and writes the
// tree that Odoo is asked for.
func (r *Request) PlanList(ctx context.Context, typeName string) (*odoo.Tree, error) {
	l, err := r.planner(ctx).list(ctx, graphql.GetFieldContext(ctx).Field, typeName, 1, true)
	if err != nil {
		return nil, err
	}
	return shapeOf(l.items.typ, l.items).tree(), nil
}
