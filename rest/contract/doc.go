// Package contract reads the routes of a version of the REST API from its folder
// of GraphQL documents: what each route takes, what it answers, and the operation
// behind it. It knows nothing of HTTP but methods, paths and names. It imports
// packages apierror, relay, scalar and gqlparser.
//
// # Documents
//
// A route is an operation with the directive @rest:
//
//	"The partners in use."
//	query listPartners @rest(method: GET, path: "/partners", filters: ["country.code"]) {
//	  data: partners(orderBy: [{field: NAME}]) { nodes { ...PartnerSummary } }
//	}
//
// The first line of the description is the summary. The alias `data` marks what is
// answered; on the way to it each selection has a single field. Names of fields are
// written in snake_case, `databaseId` as `id`; an alias is taken as it stands, and
// then is the name of that field in the whole version: in answers, bodies, filters
// and sort orders. A named fragment is a component of the OpenAPI document.
//
//   - A connection marked `data`, of which `nodes` alone is selected, is a list: it is
//     paged, filtered, sorted and searched. `orderBy` is its default order, `filter`
//     holds in addition to the client's.
//   - A connection within, of which `nodes` alone is selected, is an array; one of
//     which `totalCount` alone is selected is a number.
//   - What the document leaves open of a mutation's argument `input`, or gives as a
//     variable that is not in the path, is the body, apart from `ifUnmodifiedSince`,
//     which is the header If-Match.
package contract
