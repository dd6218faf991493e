package loaders

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
	"golang.org/x/sync/singleflight"

	"odoograph/odoo"
)

// refresh is how long the gateway believes what fields_get said.
const refresh = 5 * time.Minute

// Backend is one Odoo as one of its users sees it. It signs in and binds the
// schema when first asked, again when Odoo was upgraded meanwhile, and notices
// modules installed later. It is safe for concurrent use.
type Backend struct {
	client     *odoo.Client
	credential odoo.Credential
	schema     *Schema
	log        *slog.Logger
	group      singleflight.Group
	revisions  *revisions

	mu       sync.Mutex
	state    state
	keyAsked time.Time // when Odoo was last asked how long the API key lasts
}

// state is a binding and what it was made from.
type state struct {
	session *odoo.Session
	binding *Binding
	at      time.Time
}

// NewBackend returns the backend. It makes no call.
func NewBackend(client *odoo.Client, credential odoo.Credential, schema *Schema, log *slog.Logger) *Backend {
	return newBackend(client, credential, schema, log, newRevisions())
}

func newBackend(client *odoo.Client, credential odoo.Credential, schema *Schema, log *slog.Logger, revisions *revisions) *Backend {
	return &Backend{client: client, credential: credential, schema: schema, log: log, revisions: revisions}
}

// Request returns the reader of the response to an operation, in the language that fits best.
func (b *Backend) Request(ctx context.Context, operation *ast.OperationDefinition, acceptLanguage string) (*Request, error) {
	session, binding, err := b.Bind(ctx)
	if err != nil {
		return nil, err
	}
	return newRequest(session.WithLanguage(acceptLanguage), binding, operation, b.revisions), nil
}

// Ready tells why the backend cannot serve, nil if it can: Odoo answers, takes
// the credential and has what the schema needs.
func (b *Backend) Ready(ctx context.Context) error {
	if err := b.client.Ping(ctx); err != nil {
		return err
	}
	_, _, err := b.Bind(ctx)
	return err
}

// Bind returns the session and the schema fitted to it.
func (b *Backend) Bind(ctx context.Context) (*odoo.Session, *Binding, error) {
	session, err := b.client.Session(ctx, b.credential)
	if err != nil {
		return nil, nil, err
	}
	b.mu.Lock()
	known := b.state
	b.mu.Unlock()
	if known.session != session {
		result := b.group.DoChan("bind", func() (any, error) { return b.rebind(context.WithoutCancel(ctx), session) })
		select {
		case <-ctx.Done():
			return nil, nil, odoo.ContextError(ctx)
		case r := <-result:
			if r.Err != nil {
				return nil, nil, r.Err
			}
			return session, r.Val.(*Binding), nil //nolint:forcetypeassert // set by rebind
		}
	}
	if time.Since(known.at) > refresh {
		go func() {
			_, _, _ = b.group.Do("bind", func() (any, error) { return b.rebind(context.WithoutCancel(ctx), session) })
		}()
	}
	return session, known.binding, nil
}

func (b *Backend) rebind(ctx context.Context, session *odoo.Session) (*Binding, error) {
	ctx = odoo.WithTenant(ctx, "") // for all clients, so in the line of none of them
	b.mu.Lock()
	known := b.state
	b.mu.Unlock()
	if known.session == session && time.Since(known.at) <= refresh {
		return known.binding, nil
	}
	binding, err := b.schema.Bind(ctx, session)
	if err != nil {
		return nil, err
	}
	if known.binding == nil || len(known.binding.Gaps) != len(binding.Gaps) {
		b.report(ctx, session, binding)
	}
	b.mu.Lock()
	b.state = state{session, binding, time.Now()}
	b.mu.Unlock()
	b.watchKey(ctx, session)
	return binding, nil
}

const (
	// keyWarning is how long before its end the operator is told of an API key's.
	keyWarning = 14 * 24 * time.Hour
	// keyInterval is how often Odoo is asked for it.
	keyInterval = 24 * time.Hour
)

// watchKey tells the operator in time that the Odoo API key in use ends.
func (b *Backend) watchKey(ctx context.Context, session *odoo.Session) {
	b.mu.Lock()
	due := time.Since(b.keyAsked) > keyInterval
	if due {
		b.keyAsked = time.Now()
	}
	b.mu.Unlock()
	if !due {
		return
	}
	expiry, err := session.KeyExpiry(ctx)
	switch {
	case err != nil:
		b.log.DebugContext(ctx, "Odoo does not tell when its API key ends", "error", err)
	case !expiry.At.IsZero() && time.Until(expiry.At) < keyWarning:
		b.log.WarnContext(ctx, "an Odoo API key ends soon: make another one in Odoo and give it to the gateway",
			"odoo_user", session.User().ID, "ends", expiry.At, "surely_the_one_in_use", expiry.Certain)
	}
}

// report tells the operator what this Odoo lacks.
func (b *Backend) report(ctx context.Context, session *odoo.Session, binding *Binding) {
	for _, gap := range binding.Gaps {
		level := slog.LevelInfo
		if gap.Severe {
			level = slog.LevelError
		}
		b.log.Log(ctx, level, "not in this Odoo: "+gap.String(), "odoo", session.Version().Text, "severe", gap.Severe)
	}
}
