// Package scenario holds the product's one list of scenarios: what clients may
// rely on, said as GraphQL requests with expectations. Its tests run every
// scenario against the stand-in posing as several versions of Odoo and, where
// ODOO_URL is set, against a genuine one; what the gateway answers is compared
// with what Odoo itself says over plain JSON-RPC. It imports every package.
package scenario
