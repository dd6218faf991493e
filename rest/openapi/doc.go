// Package openapi describes a version of the REST API as an OpenAPI 3.1 document:
// all of it follows from the routes of package rest/contract, the schema's scopes
// in package policy and the error codes of package apierror. It imports these.
package openapi
