// Package odoo is the client of Odoo's external API, versions 14 to 19 and
// later. It holds the transports, sign-in, discovery of what a server can do,
// values, domains and errors. It knows nothing of GraphQL or of who asks; of
// this module it imports package apierror alone.
package odoo
