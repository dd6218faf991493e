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
	// Nodes are the items without their cursors.
	Nodes  []*T
	cursor func(i int) string
	info   PageInfo
	count  func(context.Context) (int, error)
}

// NewConnection returns the page with these items. cursor gives the cursor of an
// item by its place on the page, count the number of items of all pages; they are
// called when, and only when, the client asks for what they give.
func NewConnection[T any](nodes []*T, cursor func(i int) string, info PageInfo, count func(context.Context) (int, error)) *Connection[T] {
	return &Connection[T]{Nodes: nodes, cursor: cursor, info: info, count: count}
}

// Edges returns the items with their cursors.
func (c *Connection[T]) Edges() []*Edge[T] {
	edges := make([]*Edge[T], len(c.Nodes))
	for i, node := range c.Nodes {
		edges[i] = &Edge[T]{Cursor: c.cursor(i), Node: node}
	}
	return edges
}

// PageInfo says where the page lies.
func (c *Connection[T]) PageInfo() *PageInfo {
	info := c.info
	if len(c.Nodes) > 0 {
		start, end := c.cursor(0), c.cursor(len(c.Nodes)-1)
		info.StartCursor, info.EndCursor = &start, &end
	}
	return &info
}

// TotalCount returns how many items all pages have together.
func (c *Connection[T]) TotalCount(ctx context.Context) (int32, error) {
	n, err := c.count(ctx)
	return int32(n), err //nolint:gosec // Odoo's ids, hence its counts, are 32-bit
}
