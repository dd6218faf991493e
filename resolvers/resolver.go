// Package resolvers holds the resolvers of root fields, one file for each schema
// file. All other fields answer from package model. It imports packages graph,
// model, relay and loaders.
package resolvers

// Resolver is the root of all resolvers.
type Resolver struct{}
