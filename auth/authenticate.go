package auth

import (
	"context"
	"crypto/subtle"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"odoograph/apierror"
)

const (
	msgNoKey     = "There is no API key in the request: send `Authorization: Bearer <key>`."
	msgMalformed = "The API key is malformed: it was cut short or mistyped, or is no key of this gateway."
	msgInvalid   = "The API key is not valid."
)

// accepted is a key that is not in the store.
type accepted struct {
	token    string
	identity *Identity
}

// Accept lets a token in that the store does not know, such as that of a demo.
// It is for the time before the first request.
func (k *Keyring) Accept(token string, key Key) {
	k.accepted = append(k.accepted, accepted{token, &Identity{Key: key}})
}

// Authenticate returns who sends a request with this token from this address
// and, if a browser sends it, from a page of this origin. An error is
// UNAUTHENTICATED; FORBIDDEN if the key is good but not for this network or
// origin; UPSTREAM_UNAUTHENTICATED if its Odoo credential cannot be opened; or
// UPSTREAM_UNAVAILABLE. What is wrong with a key is told to those alone who
// show its secret.
func (k *Keyring) Authenticate(ctx context.Context, token string, from netip.Addr, origin string) (*Identity, error) {
	from = from.Unmap().WithZone("")
	for _, a := range k.accepted {
		if subtle.ConstantTimeCompare([]byte(a.token), []byte(token)) == 1 {
			return k.admit(ctx, a.identity, from, origin)
		}
	}
	proof, err := k.parse(ctx, token)
	if err != nil {
		k.refused(ctx, err.Error(), "", from)
		return nil, malformed(token)
	}
	now := k.now()
	e, err := k.lookup(ctx, proof.id)
	if err == nil && e != nil && !e.record.proves(proof.hash, now) && e.asOf.Before(now) {
		e, err = k.ask(ctx, proof.id) // for a secret newer than what is remembered
	}
	switch {
	case err != nil:
		return nil, err
	case e == nil:
		k.refused(ctx, "unknown key", proof.id, from)
		return nil, apierror.New(apierror.Unauthenticated, msgInvalid)
	case !e.record.proves(proof.hash, now):
		k.refused(ctx, "wrong secret", proof.id, from)
		return nil, apierror.New(apierror.Unauthenticated, msgInvalid)
	}
	identity, err := k.admit(ctx, e.identity, from, origin)
	if err != nil {
		return nil, err
	}
	if e.unreadable != nil {
		return nil, apierror.Wrap(apierror.UpstreamUnauthenticated, "The gateway cannot read the Odoo credential of this API key; tell its operator.", e.unreadable)
	}
	k.uses.note(e, now, from)
	return identity, nil
}

// parse reads a token. One that has not our form is none if there is no legacy
// key at all, so that noise costs no question to the store each time.
func (k *Keyring) parse(ctx context.Context, token string) (proof, error) {
	p, err := parseToken(token)
	if err == nil && p.legacy && !k.hasLegacy(ctx) {
		return proof{}, errNotAKey
	}
	return p, err
}

func malformed(token string) error {
	if token == "" {
		return apierror.New(apierror.Unauthenticated, msgNoKey)
	}
	return apierror.New(apierror.Unauthenticated, msgMalformed)
}

// admit checks what the bearer of a key's secret may be told.
func (k *Keyring) admit(ctx context.Context, identity *Identity, from netip.Addr, origin string) (*Identity, error) {
	key := &identity.Key
	switch {
	case !key.RevokedAt.IsZero():
		k.refused(ctx, "revoked", key.ID, from)
		return nil, apierror.New(apierror.Unauthenticated, fmt.Sprintf("The API key was revoked on %s.", text(key.RevokedAt)))
	case key.expired(k.now()):
		k.refused(ctx, "expired", key.ID, from)
		return nil, apierror.New(apierror.Unauthenticated, fmt.Sprintf("The API key expired on %s; ask for a new one.", text(key.ExpiresAt)))
	case !key.allowsNetwork(from):
		k.refused(ctx, "network", key.ID, from)
		return nil, apierror.New(apierror.Forbidden, fmt.Sprintf("The API key may not be used from the address %s.", from))
	case !key.allowsOrigin(origin):
		k.refused(ctx, "origin", key.ID, from)
		return nil, apierror.New(apierror.Forbidden, "The API key may be used from the web pages of certain origins only, and this request comes from none of them.")
	}
	return identity, nil
}

func (k *Key) allowsNetwork(from netip.Addr) bool {
	return len(k.Networks) == 0 || slices.ContainsFunc(k.Networks, func(n netip.Prefix) bool { return n.Contains(from) })
}

func (k *Key) allowsOrigin(origin string) bool {
	return len(k.Origins) == 0 || slices.Contains(k.Origins, strings.ToLower(origin))
}

// legacyCheck remembers for a moment whether there are legacy keys.
type legacyCheck struct {
	mu    sync.Mutex
	asked time.Time
	any   bool
}

// hasLegacy tells whether the store holds a legacy key. When it cannot tell,
// the look-up of the key will find out.
func (k *Keyring) hasLegacy(ctx context.Context) bool {
	l := &k.legacy
	l.mu.Lock()
	defer l.mu.Unlock()
	now := k.now()
	if isRecent(l.asked, now, freshFor) {
		return l.any
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), loadTimeout)
	defer cancel()
	err := k.db.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM api_keys WHERE legacy)").Scan(&l.any)
	l.any = l.any || err != nil
	l.asked = now
	return l.any
}

// reset makes the next question go to the store.
func (l *legacyCheck) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked = time.Time{}
}
