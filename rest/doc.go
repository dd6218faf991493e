// Package rest serves the REST API: each route is a GraphQL document of a folder
// per version, which the same executable schema executes.
package rest
