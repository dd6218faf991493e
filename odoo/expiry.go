package odoo

import (
	"context"
	"time"
)

// KeyExpiry is when an API key that a session signed in with ends.
type KeyExpiry struct {
	// At is that time; the zero time if Odoo does not tell or the key has no end.
	At time.Time
	// Certain is false where the user has several keys: Odoo does not tell which of
	// them is in use, and At is when the first of them ends.
	Certain bool
}

// KeyExpiry asks Odoo when the API key of the session ends. Odoo tells from
// version 17 on, and of the user's own keys only.
func (s *Session) KeyExpiry(ctx context.Context) (KeyExpiry, error) {
	if s.as.cred.APIKey == "" {
		return KeyExpiry{}, nil
	}
	model, err := s.Model(ctx, "res.users.apikeys", []string{"user_id", "expiration_date"})
	if err != nil || model == nil || model.Fields["expiration_date"] == nil || model.Fields["user_id"] == nil {
		return KeyExpiry{}, err
	}
	rows, err := s.SearchRead(ctx, Query{
		Model: model, Domain: Where([]Step{{model, "user_id"}}, In, []any{s.user.ID}),
		Order: []Order{{Field: "expiration_date"}, {Field: "id"}}, Limit: maxKeys,
	}, []string{"expiration_date"})
	if err != nil {
		return KeyExpiry{}, err
	}
	expiry := KeyExpiry{Certain: len(rows) == 1}
	for _, row := range rows {
		// A key that has ended is not the one in use.
		if at, ok := row.Values[0].(time.Time); ok && at.After(s.client.cfg.Now()) && (expiry.At.IsZero() || at.Before(expiry.At)) {
			expiry.At = at
		}
	}
	return expiry, nil
}

// maxKeys bounds the keys of one user that are looked at; Odoo allows ten by default.
const maxKeys = 100
