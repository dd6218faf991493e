// Package idempotency remembers the answers to requests that must not be done
// twice, by the key that the client gave each of them, in the gateway's
// database. It imports packages apierror and store.
//
// Its one deep type is Store. What it promises, to any number of Stores on one
// database, in one process or many:
//
//   - Of all Begins of a key, at most one at a time holds the key: it has an
//     Attempt, and the others are told that it is under way.
//   - Once Finish has returned without an error, every Begin of the request
//     returns that answer for 24 hours, whatever is restarted meanwhile.
//   - A key stands for one request until it is abandoned or 24 hours have passed:
//     with the fingerprint of another one it is refused.
//   - After an Abandon of the Attempt that holds it the key is as if it had never
//     been used.
//   - An Attempt that ended in no other way, be it that its process was killed,
//     that the database stayed away or that its holder knows no more, makes the
//     next Begin an Attempt that is Interrupted, and of several Begins at once
//     exactly one. An Interrupted Attempt that ends in this way is followed by
//     an Interrupted one. So may a Begin be that failed for want of the database,
//     though nothing was done: it errs on the side of asking.
//   - An Interrupted Attempt tells how long ago the work may have been begun last
//     by an Attempt before it. That is the first one, or a later one that called
//     Restart: an Attempt that only looks in Odoo makes nobody wait longer.
//
// What it cannot promise is that the work is done once. Odoo and this database
// do not commit together, so whoever gets an Interrupted Attempt has to find out
// in Odoo what happened, or tell the client that nobody knows. Nor is it more
// durable than its database: a fail-over of PostgreSQL that loses transactions
// loses these, too.
//
// An Attempt holds its key by a lease of 15 seconds, which its Store renews
// every 5 until the Attempt ends. The lease is measured on the database's clock
// and on no other, so the clocks of the machines may differ. The holder counts
// the same time from before it asked, on a clock that never jumps, and takes the
// lease for over earlier than anybody else may: see Attempt.WithLease. Two
// things can make a holder go on after its lease without knowing: the database's
// clock jumps forward by more than a lease, or its machine stops for so long.
// Its Odoo calls then run beside those of the Attempt that follows, which may
// take them for older than they are, but its Finish fails with ErrSuperseded.
package idempotency
