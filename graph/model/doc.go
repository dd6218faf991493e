// Package model holds the Go types of the schema: objects whose methods are the
// field resolvers, and enums. The files *.gen.go are made by internal/gen. It
// imports packages relay, loaders and odoo.
package model

import "odoograph/graph/relay"

// PageInfo is PageInfo in the schema.
type PageInfo = relay.PageInfo
