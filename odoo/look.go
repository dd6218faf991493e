package odoo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"odoograph/apierror"
)

// Facts are what an Odoo server tells those who have not signed in.
type Facts struct {
	Version Version
	// Ahead is how far the server's clock is ahead of this machine's, to about a
	// second; ClockKnown is false where the server does not tell the time.
	Ahead      time.Duration
	ClockKnown bool
	// Databases are the names of those that the server offers under its address.
	// Listed is false where it does not tell them.
	Databases []string
	Listed    bool
}

// Look asks a server what it tells everybody; of the configuration it needs no
// more than the URL. It signs in nowhere. Its errors are those of Client.Session;
// with UNSUPPORTED the version is known all the same.
func Look(ctx context.Context, cfg Config) (Facts, error) {
	base, err := parseBase(cfg.URL)
	if err != nil {
		return Facts{}, err
	}
	// A database that the server does not know would hide all else that it tells.
	cfg.Database, cfg.MaxConns, cfg.QueueTimeout = "", 0, 0
	cfg = cfg.withDefaults()
	w := newWire(base, cfg)
	defer w.http.CloseIdleConnections()
	found, err := w.discover(ctx)
	facts := Facts{Version: found.version}
	if err != nil {
		return facts, err
	}
	w.readClock(ctx, cfg.Now, &facts)
	if !facts.Listed { // Odoo behind a proxy that hides the web client
		if list, err := (jsonRPC{w}).ask(ctx, identity{}, "db", "list"); err == nil {
			facts.Databases, facts.Listed = texts(list)
		}
	}
	return facts, nil
}

// readClock asks for the databases that belong to this address, and reads the
// time of the answer. What it does not learn stays unknown.
func (w *wire) readClock(ctx context.Context, now func() time.Time, facts *Facts) {
	body, err := jsonRPCBody(map[string]any{})
	if err != nil {
		return
	}
	before := now()
	a, err := w.exchange(ctx, request{path: "/web/database/list", contentType: "application/json", body: body, web: true})
	if err != nil {
		return
	}
	took := now().Sub(before)
	if date, err := http.ParseTime(a.date); err == nil {
		// The header has no fractions of a second: on average it is half of one late.
		facts.Ahead, facts.ClockKnown = date.Add(500*time.Millisecond).Sub(before.Add(took/2)), true
	}
	if list, err := a.jsonRPCResult(); err == nil {
		facts.Databases, facts.Listed = texts(list)
	}
}

// texts returns a list of texts, and false for anything else.
func texts(value any) ([]string, bool) {
	list, ok := value.([]any)
	if !ok {
		return nil, false
	}
	out := make([]string, len(list))
	for i, item := range list {
		if out[i], ok = item.(string); !ok {
			return nil, false
		}
	}
	return out, true
}

// parseBase reads the address of a server.
func parseBase(text string) (*url.URL, error) {
	base, err := url.Parse(text)
	if err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" || base.User != nil {
		return nil, fmt.Errorf("the URL of Odoo must be like https://erp.example.com, without user or password, not %q", text)
	}
	return base, nil
}

// Reply is an HTTP answer that did not come from Odoo, or not from where it should.
type Reply struct {
	Status      int
	ContentType string
	Location    string // of a redirect
	Body        string // its beginning, without the credential
}

// ReplyOf returns the HTTP answer that an error is about, and false for errors
// that are about none.
func ReplyOf(err error) (Reply, bool) {
	c, ok := errors.AsType[cause](err)
	if !ok || c.reply == nil {
		return Reply{}, false
	}
	return *c.reply, true
}

// IsUnknownDatabase tells whether the server has no database of the configured
// name, or at least none that it serves under this address.
func IsUnknownDatabase(err error) bool {
	e, ok := errors.AsType[*apierror.Error](err)
	return ok && e.Code == apierror.UpstreamUnavailable && e.Message == msgDatabase
}

// Why Odoo refuses a credential, where it tells. They stand in the chain of an
// UPSTREAM_UNAUTHENTICATED error of Client.Session.
var (
	// ErrCoolDown is that too many sign-ins failed, and all are refused for a minute.
	ErrCoolDown = errors.New("every sign-in to Odoo is refused for a minute")
	// ErrSecondFactor is that the user signs in with a second factor, which is not
	// for machines.
	ErrSecondFactor = errors.New("the user has two-factor authentication")
	// ErrOtherUser is that the API key belongs to another user than the login.
	ErrOtherUser = errors.New("the API key is of another user")
)

// secondFactorWanted tells whether an answer to a sign-in says that the password
// is right and something is still missing: a user id that is null.
func secondFactorWanted(about *Object) bool {
	return about != nil && about.find("uid") >= 0 && about.Get("uid") == nil
}
