// Package relay holds what the Relay specifications ask of a server: global
// ids, cursors and connections. It knows neither Odoo nor any type of the
// schema and imports package apierror alone.
package relay

import "context"

// PageInfo says where a page of a connection lies.
type PageInfo struct {
	HasNextPage     bool
	HasPreviousPage bool
	StartCursor     *string
	EndCursor       *string
}

// Edge is one item of a connection with its cursor.
type Edge[T any] struct {
	Cursor string
	Node   *T
}

// Connection is one page of a list. T is an object type of the schema.
type Connection[T any] struct {
	Edges    []*Edge[T]
	PageInfo *PageInfo
	count    func(context.Context) (int, error)
}

// NewConnection returns the page with these edges. count is called when, and
// only when, the client asks for totalCount.
func NewConnection[T any](edges []*Edge[T], info PageInfo, count func(context.Context) (int, error)) *Connection[T] {
	if len(edges) > 0 {
		info.StartCursor, info.EndCursor = &edges[0].Cursor, &edges[len(edges)-1].Cursor
	}
	return &Connection[T]{Edges: edges, PageInfo: &info, count: count}
}

// Nodes returns the items without their cursors.
func (c *Connection[T]) Nodes() []*T {
	nodes := make([]*T, len(c.Edges))
	for i, edge := range c.Edges {
		nodes[i] = edge.Node
	}
	return nodes
}

// TotalCount returns how many items all pages have together.
func (c *Connection[T]) TotalCount(ctx context.Context) (int32, error) {
	n, err := c.count(ctx)
	return int32(n), err //nolint:gosec // Odoo's ids, hence its counts, are 32-bit
}
