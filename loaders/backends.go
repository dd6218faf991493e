package loaders

import (
	"log/slog"
	"time"

	"github.com/maypok86/otter/v2"

	"odoograph/odoo"
)

const (
	// mostUsers bounds the Odoo users whose view of Odoo is kept.
	mostUsers = 1000
	// userIdle is how long the view of a user who asks for nothing is kept.
	userIdle = time.Hour
)

// Backends are one Odoo as each of its users sees it. It is safe for concurrent use.
type Backends struct {
	client    *odoo.Client
	schema    *Schema
	log       *slog.Logger
	service   *Backend
	revisions *revisions
	users     *otter.Cache[odoo.Credential, *Backend]
}

// NewBackends returns the backends of an Odoo; service is the credential of
// those who have none of their own. It makes no call.
func NewBackends(client *odoo.Client, service odoo.Credential, schema *Schema, log *slog.Logger) *Backends {
	known := newRevisions()
	return &Backends{
		client: client, schema: schema, log: log, revisions: known, service: newBackend(client, service, schema, log, known),
		users: otter.Must(&otter.Options[odoo.Credential, *Backend]{
			MaximumSize: mostUsers, ExpiryCalculator: otter.ExpiryAccessing[odoo.Credential, *Backend](userIdle),
			OnDeletion: func(e otter.DeletionEvent[odoo.Credential, *Backend]) { client.SignOut(e.Key) },
		}),
	}
}

// Service returns the backend of the service account.
func (b *Backends) Service() *Backend { return b.service }

// For returns the backend of the user with this credential, that of the service
// account for the zero credential.
func (b *Backends) For(credential odoo.Credential) *Backend {
	if credential == (odoo.Credential{}) {
		return b.service
	}
	backend, _ := b.users.ComputeIfAbsent(credential, func() (*Backend, bool) {
		return newBackend(b.client, credential, b.schema, b.log, b.revisions), false
	})
	return backend
}

// Knows tells whether there is a backend of a credential already.
func (b *Backends) Knows(credential odoo.Credential) bool {
	_, ok := b.users.GetIfPresent(credential)
	return ok
}

// Drop forgets the backend of a credential that turned out to be no good.
func (b *Backends) Drop(credential odoo.Credential) { b.users.Invalidate(credential) }

// Yield makes the calls of a tenant (odoo.WithTenant) give way to those of others: it
// asked for more than it may, and was told to wait for so long.
func (b *Backends) Yield(tenant string, wait time.Duration) { b.client.Yield(tenant, wait) }
