package auth

import (
	"context"
	"time"

	"odoograph/store"
)

// Event is a change of a key.
type Event struct {
	KeyID   string    `json:"-"`
	Version int64     `json:"version"` // of the key, from 1
	Event   string    `json:"event"`   // created, rotated, revoked, imported or resealed
	At      time.Time `json:"at"`
	Who     string    `json:"who"`
	Details string    `json:"details,omitempty"` // without secrets
}

// insert writes the event in the transaction of the change that it tells of.
func (e *Event) insert(ctx context.Context, q querier) error {
	_, err := q.ExecContext(ctx, "INSERT INTO audit_events (key_id, version, event, at, who, details) VALUES ($1, $2, $3, $4, $5, $6)",
		e.KeyID, e.Version, e.Event, millis(e.At), e.Who, e.Details)
	return err
}

// events reads the events that the condition is true of, in their order.
func events(ctx context.Context, q querier, condition string, args ...any) ([]Event, error) {
	rows, err := q.QueryContext(ctx, "SELECT key_id, version, event, at, who, details FROM audit_events WHERE "+condition+" ORDER BY key_id, version", args...)
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	var all []Event
	for rows.Next() {
		var e Event
		if err := rows.Scan(&e.KeyID, &e.Version, &e.Event, moment{&e.At}, &e.Who, &e.Details); err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, store.Explain(rows.Err())
}
