// Package limit holds the rate limits and cost budgets of the gateway: how many
// requests a key or an address may send, and how many points its operations may
// cost. They are counted in memory, or in Redis when several replicas are to
// enforce one limit between them; while Redis is away each replica counts for
// itself. It imports no other package of the project.
package limit
