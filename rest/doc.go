// Package rest serves the REST API over HTTP. Each route is a GraphQL document of
// the folder of its version, which package contract compiles and the executor of
// GraphQL requests executes: keys, scopes, limits, errors and batching are those of
// GraphQL. It imports packages contract, openapi, reference, relay, apierror and
// telemetry.
package rest
