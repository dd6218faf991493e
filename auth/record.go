package auth

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"odoograph/store"
)

// record is a key as the store has it.
type record struct {
	Key
	legacy   bool
	hash     []byte
	previous []byte
	sealed   []byte
	version  int64
}

// proves tells whether the hash is that of the key's secret, or of the one
// before while that lives.
func (r *record) proves(hash [sha256.Size]byte, now time.Time) bool {
	current := subtle.ConstantTimeCompare(r.hash, hash[:])
	previous := subtle.ConstantTimeCompare(r.previous, hash[:])
	return current == 1 || previous == 1 && now.Before(r.PreviousUntil)
}

// querier is a database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

const recordColumns = `id, name, legacy, secret_hash, previous_hash, previous_until, scopes, expires_at,
	requests, cost_capacity, cost_restore, origins, networks, documents, odoo_login, odoo_sealed,
	created_at, last_used_at, last_used_from, rotated_at, revoked_at, version`

// fields are where the columns go to.
func (r *record) fields() []any {
	return []any{
		&r.ID, &r.Name, &r.legacy, &r.hash, &r.previous, moment{&r.PreviousUntil}, list[string]{&r.Scopes}, moment{&r.ExpiresAt},
		&r.Limits.Requests, &r.Limits.CostCapacity, &r.Limits.CostRestore, list[string]{&r.Origins}, list[netip.Prefix]{&r.Networks},
		&r.Documents, &r.OdooLogin, &r.sealed, moment{&r.CreatedAt}, moment{&r.LastUsedAt}, &r.LastUsedFrom,
		moment{&r.RotatedAt}, moment{&r.RevokedAt}, &r.version,
	}
}

// values are what the columns hold.
func (r *record) values() []any {
	return []any{
		r.ID, r.Name, r.legacy, r.hash, r.previous, millis(r.PreviousUntil), list[string]{&r.Scopes}, millis(r.ExpiresAt),
		r.Limits.Requests, r.Limits.CostCapacity, r.Limits.CostRestore, list[string]{&r.Origins}, list[netip.Prefix]{&r.Networks},
		string(r.Documents), r.OdooLogin, r.sealed, millis(r.CreatedAt), millis(r.LastUsedAt), r.LastUsedFrom,
		millis(r.RotatedAt), millis(r.RevokedAt), r.version,
	}
}

// records reads the keys that the condition is true of, the oldest first.
func records(ctx context.Context, q querier, condition string, args ...any) ([]*record, error) {
	rows, err := q.QueryContext(ctx, "SELECT "+recordColumns+" FROM api_keys WHERE "+condition+" ORDER BY created_at, id", args...)
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	var all []*record
	for rows.Next() {
		r := &record{}
		if err := rows.Scan(r.fields()...); err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, store.Explain(rows.Err())
}

// errTaken says that the id of a new key is that of another one.
var errTaken = errors.New("there is a key with this id already")

// insert adds a key, or fails with errTaken.
func (r *record) insert(ctx context.Context, q querier) error {
	result, err := q.ExecContext(ctx, "INSERT INTO api_keys ("+recordColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
		ON CONFLICT (id) DO NOTHING`, r.values()...)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(fmt.Errorf("%w: %s", errTaken, r.ID), err)
	}
	return nil
}

// change updates one key where the condition holds, counts the change, and tells
// whether there was such a key. The first argument is the id.
func change(ctx context.Context, q querier, set, condition string, args ...any) (version int64, found bool, err error) {
	rows, err := q.QueryContext(ctx, "UPDATE api_keys SET "+set+", version = version + 1 WHERE id = $1 AND "+condition+" RETURNING version", args...)
	if err != nil {
		return 0, false, err
	}
	defer rows.Close()
	if rows.Next() {
		found = true
		if err := rows.Scan(&version); err != nil {
			return 0, false, err
		}
	}
	return version, found, rows.Err()
}

// snapshot reads all keys and all events as they are at one instant.
func snapshot(ctx context.Context, db *store.DB) (all []*record, history []Event, err error) {
	err = db.Snapshot(ctx, func(tx *sql.Tx) error {
		if all, err = records(ctx, tx, "1 = 1"); err != nil {
			return err
		}
		history, err = events(ctx, tx, "1 = 1")
		return err
	})
	return all, history, err
}
