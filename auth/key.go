package auth

import (
	"net/netip"
	"slices"
	"strings"
	"time"
)

// Key is an API key, without its secret.
type Key struct {
	// ID is what a key is known by; two keys may have the same name.
	ID     string   `json:"id"`
	Name   string   `json:"name"`
	Scopes []string `json:"scopes"`
	// ExpiresAt is when the key ends, zero for never.
	ExpiresAt time.Time `json:"expiresAt,omitzero"`
	Limits    Limits    `json:"limits"`
	// Origins are the web pages that may use the key, none for any:
	// "https://shop.example.com".
	Origins []string `json:"origins,omitempty"`
	// Networks are where the key may be used from, none for anywhere.
	Networks  []netip.Prefix `json:"networks,omitempty"`
	Documents Documents      `json:"documents"`
	// OdooLogin is the Odoo user that the key acts as, "" for the gateway's own.
	OdooLogin string `json:"odooLogin,omitempty"`
	// Credential tells whether the sealed credential of that user can be opened.
	Credential CredentialState `json:"credential,omitempty"`

	CreatedAt    time.Time `json:"createdAt"`
	LastUsedAt   time.Time `json:"lastUsedAt,omitzero"`
	LastUsedFrom string    `json:"lastUsedFrom,omitempty"` // an address
	RotatedAt    time.Time `json:"rotatedAt,omitzero"`
	// PreviousUntil is when the secret before the last rotation ends.
	PreviousUntil time.Time `json:"previousUntil,omitzero"`
	RevokedAt     time.Time `json:"revokedAt,omitzero"`
}

// Limits are those of one key; 0 stands for the gateway's default.
type Limits struct {
	Requests     int `json:"requests"`     // per minute
	CostCapacity int `json:"costCapacity"` // points
	CostRestore  int `json:"costRestore"`  // points per second
}

// Documents says which GraphQL documents a key may send.
type Documents string

// What may be sent: anything, anything with a line in the log about what the
// gateway's manifest does not list, or what it lists alone.
const (
	DocumentsAny  Documents = "any"
	DocumentsLog  Documents = "log"
	DocumentsOnly Documents = "only"
)

// CredentialState tells of the Odoo credential of a key.
type CredentialState string

// The states of a credential; a key without one has "".
const (
	CredentialSealed     CredentialState = "sealed"
	CredentialUnreadable CredentialState = "unreadable" // none of the configured secrets opens it
)

// Has tells whether the key holds the scope "partners:read": by its name, by
// "partners:*" or by "*".
func (k *Key) Has(scope string) bool {
	return slices.ContainsFunc(k.Scopes, func(held string) bool { return scopeCovers(held, scope) })
}

func scopeCovers(held, scope string) bool {
	if stem, ok := strings.CutSuffix(held, "*"); ok && (stem == "" || strings.HasSuffix(stem, ":")) {
		return strings.HasPrefix(scope, stem)
	}
	return held == scope
}

// soon is how long before its end a key is said to expire soon.
const soon = 14 * 24 * time.Hour

// Status says in a word or two whether the key is good: "active", "expires
// soon", "expired" or "revoked".
func (k *Key) Status(now time.Time) string {
	switch {
	case !k.RevokedAt.IsZero():
		return "revoked"
	case k.expired(now):
		return "expired"
	case !k.ExpiresAt.IsZero() && k.ExpiresAt.Sub(now) < soon:
		return "expires soon"
	default:
		return "active"
	}
}

func (k *Key) expired(now time.Time) bool { return !k.ExpiresAt.IsZero() && !now.Before(k.ExpiresAt) }
