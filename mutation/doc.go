// Package mutation changes records in Odoo: it reads the inputs of mutations,
// finds the records that they refer to, makes each change in one call and says in
// the payload what came of it. What a mutation may set is said by the schema; what
// has a rule of its own stands in the files partner.go and order.go. It imports
// packages loaders, idempotency, odoo, relay, telemetry and apierror.
//
// What it promises of each mutation:
//
//   - It is done wholly or not at all, in one transaction of Odoo.
//   - Input that Odoo would take for something else, or change without a word,
//     never gets there: the error names its place in the request. Fractions of a
//     second alone are dropped, as Odoo does.
//   - It is never sent to Odoo twice unless Odoo said that the first time left
//     nothing behind, or the same key and input can do no more than the same again.
//   - Once begun it goes on to its end when the client leaves.
//   - Changes of one record through one gateway are made one after the other.
package mutation
