package odoo

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"

	"odoograph/apierror"
)

// Config says which Odoo to talk to, and how.
type Config struct {
	URL      string // of the server: "https://erp.example.com"
	Database string
	// Transport is "web-session", "json-2", "json-rpc" or "xml-rpc"; "auto" or ""
	// chooses by the server's version and the credential.
	Transport string
	// Timeout bounds one call, not counting its wait in the queue; 0 means 20 s.
	Timeout time.Duration
	// MaxConns bounds the calls under way at once, and so the connections to
	// Odoo; 0 means 4. It should be about the number of Odoo's HTTP workers: Odoo
	// with two of them drops connections from about 20 on. Other calls wait in
	// the gateway, where tenants take turns.
	MaxConns int
	// QueueTimeout bounds that wait; 0 means 10 s. Calls that wait longer, or find
	// too many waiting, end in OVERLOADED.
	QueueTimeout time.Duration
	// MaxResponseBytes bounds one answer; 0 means 64 MiB.
	MaxResponseBytes int64
	// LevelByLevel reads nested records with one call for each level even where
	// Odoo could give them all in one.
	LevelByLevel bool
	// ReferenceTTL is how long answers about reference data are given again to the
	// same user, in the same language and with the same companies: answers in which,
	// and in whose condition, every model has Model.Reference. 0 means never.
	ReferenceTTL time.Duration
	Log          *slog.Logger
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// Client talks to one Odoo server, for any number of users. It is safe for
// concurrent use and does nothing until it is asked to.
type Client struct {
	cfg       Config
	wire      *wire
	guard     loginGuard
	reads     reads
	lists     lists
	reference *reference // nil: reference data is not kept
	signIns   atomic.Uint64
	group     singleflight.Group

	mu       sync.Mutex
	server   *discovered // nil: not discovered yet, or doubtful since a failure
	version  Version     // of the server when it was last seen
	sessions map[credentialKey]*Session
	failure  failure // of the last discovery
}

// failure is an error that is given again for a short while instead of asking
// a server that has just failed.
type failure struct {
	err   error
	until time.Time
}

// credentialKey stands for a credential in memory without holding its secrets.
type credentialKey [sha256.Size]byte

func (c Credential) key() credentialKey {
	return sha256.Sum256(fmt.Appendf(nil, "%q %q %q", c.Login, c.Password, c.APIKey))
}

// New returns a client. It makes no call; an error means that cfg is unusable.
func New(cfg Config) (*Client, error) {
	base, err := parseBase(cfg.URL)
	if err != nil {
		return nil, err
	}
	if cfg.Database == "" {
		return nil, errors.New("the name of Odoo's database is missing")
	}
	switch cfg.Transport {
	case "", "auto", webSessionName, json2Name, jsonRPCName, xmlRPCName:
	default:
		return nil, fmt.Errorf("the transport must be auto, %s, %s, %s or %s, not %q",
			webSessionName, json2Name, jsonRPCName, xmlRPCName, cfg.Transport)
	}
	if cfg.ReferenceTTL < 0 {
		return nil, fmt.Errorf("the time to keep reference data must be 0 (not at all) or more, not %v", cfg.ReferenceTTL)
	}
	if cfg.MaxConns < 0 {
		return nil, fmt.Errorf("the number of calls to Odoo at once must be 1 or more, or 0 for the default, not %d", cfg.MaxConns)
	}
	if cfg.QueueTimeout < 0 {
		return nil, fmt.Errorf("the time that a call may wait must be positive, or 0 for the default, not %v", cfg.QueueTimeout)
	}
	cfg = cfg.withDefaults()
	return &Client{
		cfg: cfg, wire: newWire(base, cfg),
		guard: loginGuard{now: cfg.Now}, sessions: map[credentialKey]*Session{},
		reads: reads{run: readTogether, weight: func(r reading) int { return len(r.ids) }},
		lists: lists{run: listTogether, weight: func(listing) int { return 0 }},

		reference: newReference(cfg),
	}, nil
}

// withDefaults fills in what was left to the package.
func (cfg Config) withDefaults() Config {
	cfg.Timeout = cmp.Or(cfg.Timeout, 20*time.Second)
	cfg.MaxConns = cmp.Or(cfg.MaxConns, 4)
	cfg.QueueTimeout = cmp.Or(cfg.QueueTimeout, 10*time.Second)
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return cfg
}

// Close closes the idle connections.
func (c *Client) Close() { c.wire.http.CloseIdleConnections() }

// Session returns the signed-in session of a credential. The first one signs
// in; later ones are cached. Its error is UPSTREAM_UNAVAILABLE, _TIMEOUT or
// _UNAUTHENTICATED, OVERLOADED, or UNSUPPORTED for a server or transport that
// cannot serve.
func (c *Client) Session(ctx context.Context, cred Credential) (*Session, error) {
	key := cred.key()
	c.mu.Lock()
	session, certain := c.sessions[key], c.server != nil
	c.mu.Unlock()
	if session != nil && certain {
		return session, nil
	}
	result := c.group.DoChan(string(key[:]), func() (any, error) {
		ctx, cancel := c.forAll(ctx)
		defer cancel()
		return c.open(ctx, key, cred)
	})
	select {
	case <-ctx.Done():
		return nil, ContextError(ctx)
	case r := <-result:
		if r.Err != nil {
			return nil, r.Err
		}
		return r.Val.(*Session), nil //nolint:forcetypeassert // set above
	}
}

// forAll returns the context of work that one request starts and others wait
// for too: it goes on without that request, and in nobody's line. Its calls
// together get the time of one, besides that in the queue.
func (c *Client) forAll(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(WithTenant(context.WithoutCancel(ctx), ""), c.cfg.QueueTimeout+c.cfg.Timeout)
}

// open makes sure that the server is the one we know, and that the credential is signed in.
func (c *Client) open(ctx context.Context, key credentialKey, cred Credential) (*Session, error) {
	server, err := c.discover(ctx)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	session := c.sessions[key]
	c.mu.Unlock()
	if session != nil {
		return session, nil
	}
	session, err = c.signIn(ctx, server, key, cred)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	c.sessions[key] = session
	c.mu.Unlock()
	return session, nil
}

// discover returns what is known of the server, and asks it if need be. A
// server that has just failed is not asked again for a moment.
func (c *Client) discover(ctx context.Context) (*discovered, error) {
	c.mu.Lock()
	server, failure := c.server, c.failure
	c.mu.Unlock()
	if server != nil {
		return server, nil
	}
	if c.cfg.Now().Before(failure.until) {
		return nil, failure.err
	}
	found, err := c.wire.discover(ctx)
	if apierror.CodeOf(err) == apierror.Overloaded {
		return nil, err // no failure of the server
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		c.failure.err, c.failure.until = err, c.cfg.Now().Add(failurePause)
		return nil, err
	}
	if found.version != c.version {
		clear(c.sessions) // upgraded meanwhile: nothing learnt earlier holds
		c.version = found.version
	}
	found.at = c.cfg.Now()
	c.server = &found
	return c.server, nil
}

// failurePause is how long a failure is given again without asking the server.
const failurePause = 500 * time.Millisecond

// Ping asks the server for its version, at most once in two seconds.
func (c *Client) Ping(ctx context.Context) error {
	c.mu.Lock()
	fresh := c.server != nil && c.cfg.Now().Sub(c.server.at) < 2*time.Second
	c.mu.Unlock()
	if fresh {
		return nil
	}
	_, err, _ := c.group.Do("ping", func() (any, error) {
		ctx, cancel := c.forAll(ctx)
		defer cancel()
		found, err := c.wire.discover(ctx)
		if apierror.CodeOf(err) == apierror.Overloaded {
			return nil, err // the server was not asked
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		if err != nil || found.version != c.version {
			c.server = nil // as doubt does: requests look for themselves
			return nil, err
		}
		found.at = c.cfg.Now()
		c.server = &found
		return nil, nil //nolint:nilnil // only the error counts
	})
	return err
}

// doubt makes the next session look at the server's version again: it failed,
// and may come back as another one.
func (c *Client) doubt() {
	c.mu.Lock()
	c.server = nil
	c.mu.Unlock()
}

// SignOut drops the session of a credential that is no longer in use. Odoo is
// not told: what a sign-in leaves there ends by itself.
func (c *Client) SignOut(cred Credential) {
	c.mu.Lock()
	delete(c.sessions, cred.key())
	c.mu.Unlock()
}

// forget drops a session whose credential Odoo no longer takes.
func (c *Client) forget(s *Session) {
	c.mu.Lock()
	delete(c.sessions, s.key)
	c.mu.Unlock()
	c.guard.failed(s.key, s.counted())
}

// isOutage tells a failure after which the server may come back as another one.
func isOutage(err error) bool {
	switch apierror.CodeOf(err) {
	case apierror.UpstreamUnavailable, apierror.UpstreamTimeout:
		return true
	}
	return false
}
