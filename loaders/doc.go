// Package loaders turns what a client selects into calls to Odoo. It holds the
// map between the GraphQL schema and Odoo's models, its fit to one Odoo, the
// plan of a query and the identity map that field resolvers answer from. It is
// generic: no type of the schema has code of its own here. It imports packages
// relay and odoo.
package loaders
