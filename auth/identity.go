package auth

import (
	"context"
	"log/slog"

	"odoograph/odoo"
)

// Identity is who sends a request. It is shared between requests: do not change it.
type Identity struct {
	Key Key
	// Credential is the Odoo user's that the key acts as, zero for the gateway's
	// own service account.
	Credential odoo.Credential
}

// LogValue keeps the credential out of logs.
func (i *Identity) LogValue() slog.Value {
	return slog.GroupValue(slog.String("key", i.Key.ID), slog.String("name", i.Key.Name))
}

// String keeps the credential out of texts.
func (i *Identity) String() string { return "key " + i.Key.ID }

// GoString keeps the credential out of texts.
func (i *Identity) GoString() string { return i.String() }

type contextKey struct{}

// NewContext returns a context of a request that the identity sends.
func NewContext(ctx context.Context, identity *Identity) context.Context {
	return context.WithValue(ctx, contextKey{}, identity)
}

// FromContext returns who sends the context's request, nil when nobody was authenticated.
func FromContext(ctx context.Context) *Identity {
	identity, _ := ctx.Value(contextKey{}).(*Identity)
	return identity
}
