package contract

import (
	"time"

	"github.com/vektah/gqlparser/v2/ast"
)

// Version is a version of the API: the routes of one folder.
type Version struct {
	// Name is that of the folder: "v1".
	Name   string
	Routes []*Route
}

// Kind is what a route does.
type Kind int

// The kinds of routes.
const (
	// List answers with a page of records.
	List Kind = iota
	// One answers with a record.
	One
	// Change changes a record and answers with it.
	Change
)

// Route is a method on a path and the GraphQL operation behind it.
type Route struct {
	// Name is that of the operation: "listPartners".
	Name         string
	Method, Path string
	Kind         Kind
	// Status is that of success: 200 or 201.
	Status int
	// Summary is one line, Description the rest of what the document says.
	Summary, Description string
	// Deprecated and Sunset are when the route was deprecated and when it ends; zero
	// for never. Successor is the path that takes its place.
	Deprecated, Sunset time.Time
	Successor          string
	// Parameters are those in the path.
	Parameters []*Parameter
	// Filters and Sorts are what a list can be filtered and sorted by.
	Filters []*Filter
	Sorts   []*Sort
	// Body is what a change takes; nil for none.
	Body *Input
	// Conditional tells whether a change can depend on the version of its record.
	Conditional bool
	// Record is what is answered: of a list, each item.
	Record *Value
	// Noun is what the record is called that the path names: "sale order". A list
	// without one has that of its items.
	Noun string

	document *document
}

// Parameter is a part of a path.
type Parameter struct {
	Name, Description string
	// Type is the GraphQL type of its variable.
	Type *ast.Type
}

// Filter is a condition that a client can put on a list.
type Filter struct {
	// Name is that of the query parameter: "country__code", "name__contains".
	Name, Description string
	// Type is what it is compared with: a scalar or an enum.
	Type *ast.Definition
	// Many tells that it takes several values, parted by commas.
	Many bool

	path []string // in the GraphQL filter, the operator last
}

// Sort is a field that a client can sort a list by.
type Sort struct {
	// Name is that of the field in the answer.
	Name string

	value string // of the GraphQL enum
}

// Order is one key of the order of a list.
type Order struct {
	Sort *Sort
	Desc bool
}
