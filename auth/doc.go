// Package auth holds the API keys of the gateway: their form, how they
// are kept in the gateway's database, and the check of the key that a request
// brings. It imports packages apierror, odoo and store.
//
// Its one deep type is Keyring. A key is shown once, when it is made; the store
// holds a hash of its secret, and what Odoo wants to know of its user sealed
// with a secret of the operator.
package auth
