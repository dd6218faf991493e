package auth

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"odoograph/apierror"
	"odoograph/odoo"
	"odoograph/store"
)

// Config says what the keys may be and who changes them.
type Config struct {
	// Secret seals the Odoo credentials of keys, and PreviousSecrets still open
	// what was sealed before Secret was changed. Keys without a credential need none.
	Secret          string
	PreviousSecrets []string
	// Scopes are those that a key may be given, nil for any.
	Scopes []string
	// Actor is who the audit events name.
	Actor string
	// Log hears of refused requests and of a store that is away; nil for nobody.
	Log *slog.Logger
	// Now is the clock, nil for time.Now.
	Now func() time.Time
}

// Keyring holds the API keys. It is safe for concurrent use, and several of
// them, in this process or others, may share one database.
type Keyring struct {
	config Config
	db     *store.DB
	sealer *sealer
	now    func() time.Time
	log    *slog.Logger

	cache    cache
	loads    singleflight.Group // by id
	legacy   legacyCheck
	accepted []accepted
	refusals refusals
	uses     uses
	outage   outage

	stop    context.CancelFunc
	stopped sync.WaitGroup
}

// Open returns the keys of a database, which stays the caller's. The caller must
// close the Keyring before it. An Odoo credential that no secret opens is an
// error in the log only: the other keys work.
func Open(ctx context.Context, db *store.DB, config Config) (*Keyring, error) {
	if config.Now == nil {
		config.Now = time.Now
	}
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	sealer, err := newSealer(config.Secret, config.PreviousSecrets)
	if err != nil {
		return nil, err
	}
	k := &Keyring{config: config, db: db, sealer: sealer, now: config.Now, log: config.Log}
	k.cache.init()
	if err := k.reportUnreadable(ctx); err != nil {
		return nil, err
	}
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	k.stop = stop
	k.stopped.Go(func() { k.writeUses(background) })
	return k, nil
}

// Close writes what is known of the use of keys. It never fails: a use that
// cannot be written is lost. The database stays open.
func (k *Keyring) Close() error {
	k.stop()
	k.stopped.Wait()
	k.refusals.close(k.log)
	return nil
}

// reportUnreadable logs which Odoo credentials cannot be opened.
func (k *Keyring) reportUnreadable(ctx context.Context) error {
	sealed, err := records(ctx, k.db, "odoo_sealed IS NOT NULL")
	for _, r := range sealed {
		if _, err := k.sealer.open(r.ID, r.sealed); err != nil {
			k.log.ErrorContext(ctx, "requests with this key will fail", "key", r.ID, "name", r.Name, "error", err)
		}
	}
	return err
}

// Create makes a key of what the caller decides: name, scopes, end, limits,
// origins, networks and documents. With a credential that is not zero it acts
// as that Odoo user. The token is the key itself, which nobody can show again.
func (k *Keyring) Create(ctx context.Context, key Key, credential odoo.Credential) (token string, created *Key, err error) {
	r := &record{Key: key, version: 1}
	r.ID = newID()
	token, proof := newToken(r.ID)
	r.hash = proof.hash[:]
	if err := k.prepare(r, credential); err != nil {
		return "", nil, err
	}
	if err := k.db.Transact(ctx, func(tx *sql.Tx) error { return k.add(ctx, tx, r, "created") }); err != nil {
		return "", nil, err
	}
	return token, k.public(r), nil
}

// prepare checks a new key and fills in what the caller does not decide.
func (k *Keyring) prepare(r *record, credential odoo.Credential) error {
	now := k.now().UTC().Truncate(time.Millisecond)
	if err := k.normalise(&r.Key, now); err != nil {
		return err
	}
	r.CreatedAt, r.LastUsedAt, r.LastUsedFrom, r.RotatedAt = now, time.Time{}, "", time.Time{}
	r.PreviousUntil, r.RevokedAt, r.OdooLogin = time.Time{}, time.Time{}, credential.Login
	if credential == (odoo.Credential{}) {
		return nil
	}
	if credential.Login == "" || (credential.Password == "") == (credential.APIKey == "") {
		return apierror.BadInput("odooLogin", "An Odoo user is given as a login and either a password or an API key.")
	}
	var err error
	r.sealed, err = k.sealer.seal(r.ID, credential)
	return err
}

// add writes a key and the event that tells of it.
func (k *Keyring) add(ctx context.Context, q querier, r *record, event string) error {
	if err := r.insert(ctx, q); err != nil {
		return err
	}
	return k.event(ctx, q, r.ID, r.version, event, describe(&r.Key))
}

func (k *Keyring) event(ctx context.Context, q querier, id string, version int64, event, details string) error {
	e := Event{KeyID: id, Version: version, Event: event, At: k.now(), Who: k.config.Actor, Details: details}
	return e.insert(ctx, q)
}

// List returns all keys, the oldest first.
func (k *Keyring) List(ctx context.Context) ([]*Key, error) {
	all, err := records(ctx, k.db, "1 = 1")
	keys := make([]*Key, len(all))
	for i, r := range all {
		keys[i] = k.public(r)
	}
	return keys, err
}

// Get returns the key of an id, or of a name that one key alone has; a revoked
// key gives way to another of its name.
func (k *Keyring) Get(ctx context.Context, idOrName string) (*Key, error) {
	found, err := records(ctx, k.db, "id = $1 OR name = $1", idOrName)
	if err != nil {
		return nil, err
	}
	var usable []*record
	for _, r := range found {
		if r.ID == idOrName {
			return k.public(r), nil
		}
		if r.RevokedAt.IsZero() {
			usable = append(usable, r)
		}
	}
	if len(usable) > 0 {
		found = usable
	}
	switch len(found) {
	case 0:
		return nil, notFound(idOrName)
	case 1:
		return k.public(found[0]), nil
	default:
		ids := ""
		for _, r := range found {
			ids += " " + r.ID
		}
		return nil, apierror.BadInput("id", fmt.Sprintf("%d keys have the name %q: give one of their ids,%s.", len(found), idOrName, ids))
	}
}

// History returns the changes of a key, the first one first.
func (k *Keyring) History(ctx context.Context, id string) ([]Event, error) {
	return events(ctx, k.db, "key_id = $1", id)
}

// public returns the part of a record that may be shown.
func (k *Keyring) public(r *record) *Key {
	key := r.Key
	if r.sealed != nil {
		key.Credential = CredentialSealed
		if _, err := k.sealer.open(r.ID, r.sealed); err != nil {
			key.Credential = CredentialUnreadable
		}
	}
	return &key
}

func notFound(id string) error {
	return apierror.New(apierror.NotFound, fmt.Sprintf("There is no key %q.", id))
}
