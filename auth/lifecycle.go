package auth

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"odoograph/apierror"
)

// Rotate gives a key a new secret. The one it had lives on for the overlap, and
// the one before that ends now. A key that is revoked or has expired is not
// brought back.
func (k *Keyring) Rotate(ctx context.Context, id string, overlap time.Duration) (token string, err error) {
	if overlap < 0 {
		return "", apierror.BadInput("overlap", "The overlap may not be negative.")
	}
	token, proof := newToken(id)
	now := k.now()
	until := now.Add(overlap)
	err = k.db.Transact(ctx, func(tx *sql.Tx) error {
		version, found, err := change(ctx, tx,
			"previous_hash = secret_hash, previous_until = $2, secret_hash = $3, rotated_at = $4",
			"revoked_at = 0 AND (expires_at = 0 OR expires_at > $4)", id, millis(until), proof.hash[:], millis(now))
		if err != nil {
			return err
		}
		if !found {
			return unchangeable(ctx, tx, id)
		}
		return k.event(ctx, tx, id, version, "rotated", "the previous secret ends "+text(until))
	})
	if err != nil {
		return "", err
	}
	k.forget(id)
	return token, nil
}

// unchangeable says why a key cannot be rotated.
func unchangeable(ctx context.Context, q querier, id string) error {
	found, err := records(ctx, q, "id = $1", id)
	switch {
	case err != nil:
		return err
	case len(found) == 0:
		return notFound(id)
	case !found[0].RevokedAt.IsZero():
		return apierror.BadInput("id", fmt.Sprintf("Key %s was revoked on %s; create a new one.", id, text(found[0].RevokedAt)))
	default:
		return apierror.BadInput("id", fmt.Sprintf("Key %s expired on %s; create a new one.", id, text(found[0].ExpiresAt)))
	}
}

// Revoke ends a key for ever and forgets its Odoo credential. A key that is
// revoked already stays as it is.
func (k *Keyring) Revoke(ctx context.Context, id string) error {
	err := k.db.Transact(ctx, func(tx *sql.Tx) error {
		version, found, err := change(ctx, tx, "revoked_at = $2, odoo_sealed = NULL", "revoked_at = 0", id, millis(k.now()))
		if err != nil {
			return err
		}
		if found {
			return k.event(ctx, tx, id, version, "revoked", "")
		}
		known, err := records(ctx, tx, "id = $1", id)
		if err == nil && len(known) == 0 {
			err = notFound(id)
		}
		return err
	})
	k.forget(id)
	return err
}

// Reseal seals every Odoo credential with the current secret, so that the
// previous ones are needed no more, and returns how many there are. If one
// cannot be opened, none is changed.
func (k *Keyring) Reseal(ctx context.Context) (int, error) {
	if len(k.sealer.keys) == 0 {
		return 0, errNoSecret
	}
	var sealed []*record
	err := k.db.Transact(ctx, func(tx *sql.Tx) error {
		var err error
		if sealed, err = records(ctx, tx, "odoo_sealed IS NOT NULL"); err != nil {
			return err
		}
		boxes := make(map[string][]byte, len(sealed))
		var unreadable []error
		for _, r := range sealed {
			credential, err := k.sealer.open(r.ID, r.sealed)
			if err != nil {
				unreadable = append(unreadable, err)
				continue
			}
			if boxes[r.ID], err = k.sealer.seal(r.ID, credential); err != nil {
				return err
			}
		}
		if len(unreadable) > 0 {
			return errors.Join(append(unreadable, errors.New("no credential was resealed"))...)
		}
		return k.replaceBoxes(ctx, tx, boxes)
	})
	if err != nil {
		return 0, err
	}
	for _, r := range sealed {
		k.forget(r.ID)
	}
	return len(sealed), nil
}

// replaceBoxes writes sealed credentials, in the order of ids: two transactions
// that lock keys in different orders would wait for each other. A key that was
// revoked meanwhile has no box any more and gets none.
func (k *Keyring) replaceBoxes(ctx context.Context, q querier, boxes map[string][]byte) error {
	for _, id := range sortedKeys(boxes) {
		version, found, err := change(ctx, q, "odoo_sealed = $2", "odoo_sealed IS NOT NULL", id, boxes[id])
		if err != nil {
			return err
		}
		if !found {
			continue
		}
		if err := k.event(ctx, q, id, version, "resealed", ""); err != nil {
			return err
		}
	}
	return nil
}
