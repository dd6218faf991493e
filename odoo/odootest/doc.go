// Package odootest is an in-process stand-in for an Odoo server, in the spirit
// of net/http/httptest: unit tests call it, and the demo runs on it. It listens
// on a real port and speaks Odoo's three external protocols as Odoo 14, 17 or
// 19: XML-RPC, JSON-RPC and, as 19, JSON-2.
//
// It holds three layers, each ignorant of the ones above it:
//
//   - the state: models (models/*.txt), records, demo data and a generator of
//     volume, domains, orders, access rights;
//   - the methods that can be called, with Odoo's signatures and exceptions;
//   - the protocols and, around them, what a test needs: a log of calls,
//     latency, held calls, injected faults, a clock, stopping and restarting.
//
// Whatever the stand-in does not know fails loudly, with the exception that a
// real Odoo has for an unknown method, model, field, operator or keyword. What
// it answers was compared with genuine servers: TestLive sends one table of
// requests to both (see live_test.go).
//
// Of this module it imports nothing.
package odootest
