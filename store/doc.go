// Package store holds the gateway's own database, in SQLite or PostgreSQL: how
// it is opened, its tables and their migrations. What the tables mean is known
// to the packages that keep something there. It imports no other package of the
// project.
package store
