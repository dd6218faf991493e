// Package graph is the GraphQL contract: schema holds its hand-written map,
// contract what clients see of it, both the source of the executable schema
// here; released.graphql is what they saw in the last release, and CHANGELOG.md what
// has changed. Everything else in this package is generated.
package graph

//go:generate go run -C .. ./internal/gen
//go:generate go run -C .. ./internal/changelog
