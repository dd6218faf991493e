package store

import (
	"context"
	"database/sql"

	"github.com/pressly/goose/v3"
)

// Transact runs fn in a transaction: all that it writes is kept, or none of it.
func (db *DB) Transact(ctx context.Context, fn func(*sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return Explain(err)
	}
	if err := fn(tx); err != nil {
		_ = tx.Rollback() // the reason to roll back says more
		return Explain(err)
	}
	return Explain(tx.Commit())
}

// Snapshot runs fn in a transaction whose every statement sees the database as
// it is at one instant, and keeps nothing of what it writes.
func (db *DB) Snapshot(ctx context.Context, fn func(*sql.Tx) error) error {
	options := &sql.TxOptions{}
	if db.dialect == goose.DialectPostgres { // SQLite knows nothing less
		options.Isolation = sql.LevelRepeatableRead
	}
	tx, err := db.BeginTx(ctx, options)
	if err != nil {
		return Explain(err)
	}
	defer tx.Rollback() //nolint:errcheck // nothing is to be kept
	return Explain(fn(tx))
}
