package auth

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"time"

	"odoograph/apierror"
	"odoograph/odoo"
	"odoograph/store"
)

// maxImportErrors is how many lines an import complains of at once.
const maxImportErrors = 10

// Import adds keys that clients have already: all of them or, with errors that
// name the lines, none. The file is JSON Lines, or CSV with a header; see
// importLine for the names. A key that has not the gateway's form gets an id
// made of its hash, and is as hard to guess as whoever made it chose: rotate it
// when its client can take a new one.
func (k *Keyring) Import(ctx context.Context, file io.Reader) ([]*Key, error) {
	lines, err := readLines(file)
	if err != nil {
		return nil, err
	}
	var imported []*record
	var failures []error
	seen := map[string]int{}
	for _, line := range lines {
		r, err := k.importRecord(line)
		if err == nil && seen[r.ID] != 0 {
			err = fmt.Errorf("this is the key of line %d", seen[r.ID])
		}
		if err != nil {
			failures = append(failures, inLine(line.number, err))
			continue
		}
		seen[r.ID] = line.number
		imported = append(imported, r)
	}
	if len(failures) > maxImportErrors {
		failures = append(failures[:maxImportErrors], fmt.Errorf("and %d lines more", len(failures)-maxImportErrors))
	}
	if len(failures) > 0 {
		return nil, errors.Join(failures...)
	}
	err = k.db.Transact(ctx, func(tx *sql.Tx) error {
		for _, r := range imported {
			if err := k.add(ctx, tx, r, "imported"); err != nil {
				return inLine(seen[r.ID], err)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return k.imported(imported), nil
}

// imported forgets that the keys were unknown, and returns what may be shown of them.
func (k *Keyring) imported(added []*record) []*Key {
	keys := make([]*Key, len(added))
	for i, r := range added {
		k.forget(r.ID)
		keys[i] = k.public(r)
	}
	k.legacy.reset()
	return keys
}

// importRecord makes a key of a line.
func (k *Keyring) importRecord(line importLine) (*record, error) {
	proof, err := parseToken(line.Key)
	if err != nil {
		return nil, fmt.Errorf("this cannot be a key: %w; a key of another form has %d to %d characters without blanks and does not begin with %s",
			err, minLegacyToken, maxLegacyToken, Prefix)
	}
	r := &record{version: 1, legacy: proof.legacy, hash: proof.hash[:]}
	r.Key = Key{
		ID: proof.id, Name: line.Name, Scopes: line.Scopes, Origins: line.Origins, Documents: line.Documents,
		Limits: Limits{Requests: int(line.Rate), CostCapacity: int(line.CostCapacity), CostRestore: int(line.CostRestore)},
	}
	if line.ExpiresAt != "" {
		if r.ExpiresAt, err = ParseExpiry(line.ExpiresAt, k.now()); err != nil {
			return nil, err
		}
	}
	for _, text := range line.Networks {
		network, err := ParseNetwork(text)
		if err != nil {
			return nil, err
		}
		r.Networks = append(r.Networks, network)
	}
	err = k.prepare(r, odoo.Credential{Login: line.OdooLogin, Password: line.OdooPassword, APIKey: line.OdooAPIKey})
	return r, err
}

func inLine(number int, err error) error {
	if e, ok := errors.AsType[*apierror.Error](err); ok {
		err = errors.New(e.Message)
	}
	return fmt.Errorf("line %d: %w", number, err)
}

// ImportFrom copies all keys and their history from another database, in one
// transaction. If it holds a key that is here already, none is copied. Odoo
// credentials stay sealed as they are.
func (k *Keyring) ImportFrom(ctx context.Context, database string) ([]*Key, error) {
	source, err := store.Open(ctx, store.Config{Database: database, MustExist: true, Log: k.log})
	if err != nil {
		return nil, err
	}
	copied, history, err := snapshot(ctx, source)
	if err := errors.Join(err, source.Close()); err != nil {
		return nil, err
	}
	err = k.db.Transact(ctx, func(tx *sql.Tx) error {
		for _, r := range copied {
			r.version++
			if err := r.insert(ctx, tx); err != nil {
				return err
			}
		}
		for _, e := range history {
			if err := e.insert(ctx, tx); err != nil {
				return err
			}
		}
		for _, r := range copied {
			if err := k.event(ctx, tx, r.ID, r.version, "imported", "with its history, from another database: "+source.Dialect()); err != nil {
				return err
			}
		}
		return nil
	})
	if errors.Is(err, errTaken) {
		return nil, fmt.Errorf("%w; no key was copied", err)
	}
	if err != nil {
		return nil, err
	}
	return k.imported(copied), nil
}

// ParseExpiry reads when a key ends: after some time (90d, 12h), with a day of
// UTC (2027-01-31) or at an instant (2027-01-31T12:00:00Z).
func ParseExpiry(text string, now time.Time) (time.Time, error) {
	if lifetime, err := ParseDuration(text); err == nil {
		return now.Add(lifetime), nil
	}
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return day.AddDate(0, 0, 1), nil
	}
	instant, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, apierror.BadInput("expires", fmt.Sprintf("A key ends after 90d or 12h, with a day such as 2027-01-31, or at 2027-01-31T12:00:00Z, not at %q.", text))
	}
	return instant, nil
}

// ParseDuration reads 90d, besides what time.ParseDuration reads.
func ParseDuration(text string) (time.Duration, error) {
	var days int
	if _, err := fmt.Sscanf(text, "%dd", &days); err == nil && text == fmt.Sprintf("%dd", days) && days <= 36500 {
		return time.Duration(days) * 24 * time.Hour, nil
	}
	return time.ParseDuration(text)
}
