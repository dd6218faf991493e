package endpoint

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/go-chi/chi/v5/middleware"

	"odoograph/apierror"
	"odoograph/auth"
	"odoograph/limit"
	"odoograph/loaders"
	"odoograph/odoo"
	"odoograph/telemetry"
)

// failedRate is how many requests from one address may fail to authenticate
// before they are told 429 rather than why.
var failedRate = limit.Rate{Requests: 20, Window: time.Minute}

// gate lets requests in that say who sends them, at the rate that they may have.
type gate struct {
	keys     *auth.Keyring
	limits   *limit.Limiter
	backends *loaders.Backends
	defaults auth.Limits
	// anonymous is who requests without a key are sent by; nil refuses them.
	anonymous *auth.Identity
	// passThrough is what those who present an Odoo API key may do; nil refuses them.
	passThrough *auth.Key
}

// guard answers what it does not let in, and tells everybody else's handler who asks.
func (g *gate) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodOptions { // which carries no key and asks for no data
			next.ServeHTTP(w, r)
			return
		}
		identity, err := g.identify(r)
		if err != nil {
			g.refuse(w, r, err)
			return
		}
		ctx := r.Context()
		telemetry.Note(ctx, "key", identity.Key.ID)
		telemetry.Note(ctx, "odoo_login", identity.Key.OdooLogin)
		bucket := bucketOf(identity, r)
		decision := g.limits.Count(ctx, bucket, limit.Rate{Requests: g.limitsOf(identity).Requests, Window: time.Minute}, 1)
		decision.WriteHeaders(w.Header())
		if !decision.Allowed {
			g.backends.Yield(bucket, decision.RetryAfter)
			refused := apierror.New(apierror.RateLimited, fmt.Sprintf("Too many requests: %d a minute are allowed.", decision.Limit))
			refused.RetryAfter = decision.RetryAfter
			writeError(w, r, refused)
			return
		}
		ctx, end := g.watch(auth.NewContext(odoo.WithTenant(ctx, bucket), identity), r)
		defer end()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// stillGood is how often a request that takes long has its key looked at again. With
// what the keyring remembers, that is within a second of any change.
const stillGood = 400 * time.Millisecond

// watch ends a request when its key stops being good: an export, or one that waits
// for Odoo, may outlive by far the moment in which it was let in. The error of the
// context's end says so to the client. Keys of Odoo are looked at by Odoo, in each call.
func (g *gate) watch(ctx context.Context, r *http.Request) (context.Context, context.CancelFunc) {
	key, err := token(r.Header)
	if err != nil || key == "" || g.passThrough != nil && !strings.HasPrefix(key, auth.Prefix) {
		return ctx, func() {}
	}
	ctx, end := context.WithCancelCause(ctx)
	begin := time.AfterFunc(stillGood, func() { // most requests are over by then
		ticker := time.NewTicker(stillGood)
		defer ticker.Stop()
		for ctx.Err() == nil {
			if _, err := g.identify(r.WithContext(ctx)); err != nil {
				end(err)
			}
			select {
			case <-ctx.Done():
			case <-ticker.C:
			}
		}
	})
	return ctx, func() { begin.Stop(); end(nil) }
}

// identify returns who sends a request.
func (g *gate) identify(r *http.Request) (*auth.Identity, error) {
	key, err := token(r.Header)
	switch {
	case err != nil:
		return nil, err
	case key == "" && g.anonymous != nil:
		return g.anonymous, nil
	case key == "":
		return nil, apierror.New(apierror.Unauthenticated, "There is no API key in the request. "+howToAuthenticate)
	case g.passThrough != nil && !strings.HasPrefix(key, auth.Prefix):
		return g.odooUser(r, key)
	}
	return g.keys.Authenticate(r.Context(), key, clientAddress(r), r.Header.Get("Origin"))
}

// odooUser returns the Odoo user whose API key this is.
func (g *gate) odooUser(r *http.Request, key string) (*auth.Identity, error) {
	credential := odoo.Credential{APIKey: key}
	// Unlike a key of ours, it takes a call to Odoo to find out.
	if decision := g.limits.Peek(r.Context(), failedBucket(r), failedRate); !decision.Allowed && !g.backends.Knows(credential) {
		refused := apierror.New(apierror.RateLimited, "Too many requests from this address failed to authenticate.")
		refused.RetryAfter = decision.RetryAfter
		return nil, refused
	}
	session, _, err := g.backends.For(credential).Bind(r.Context())
	if err != nil {
		g.backends.Drop(credential)
		if apierror.CodeOf(err) == apierror.UpstreamUnauthenticated {
			return nil, apierror.Wrap(apierror.Unauthenticated, "Odoo does not accept this API key.", err)
		}
		return nil, err
	}
	telemetry.Note(r.Context(), "odoo_uid", session.User().ID)
	sum := sha256.Sum256([]byte(key))
	identity := &auth.Identity{Key: *g.passThrough, Credential: credential}
	identity.Key.ID = "odoo-" + hex.EncodeToString(sum[:6])
	return identity, nil
}

// refuse answers a request that was not let in. Addresses that many such come
// from are told nothing but to wait; a good key is let in from there all the
// same, so that one client with a wrong key does not lock out its neighbours.
func (g *gate) refuse(w http.ResponseWriter, r *http.Request, err error) {
	public := apierror.Public(err)
	if public.Code == apierror.Unauthenticated {
		if decision := g.limits.Count(r.Context(), failedBucket(r), failedRate, 1); !decision.Allowed {
			public = apierror.Wrap(apierror.RateLimited, "Too many requests from this address failed to authenticate.", err)
			public.RetryAfter = decision.RetryAfter
		} else {
			w.Header().Set("WWW-Authenticate", `Bearer realm="odoograph"`)
		}
	}
	writeError(w, r, public)
}

// limitsOf returns the limits of who asks, the gateway's where the key has none of its own.
func (g *gate) limitsOf(identity *auth.Identity) auth.Limits {
	own, limits := identity.Key.Limits, g.defaults
	if own.Requests > 0 {
		limits.Requests = own.Requests
	}
	if own.CostCapacity > 0 {
		limits.CostCapacity = own.CostCapacity
	}
	if own.CostRestore > 0 {
		limits.CostRestore = own.CostRestore
	}
	return limits
}

// anonymousID is the id of the key that nobody has.
const anonymousID = "anonymous"

// bucketOf names whose requests are counted together: those of a key, and of an
// address without one.
func bucketOf(identity *auth.Identity, r *http.Request) string {
	if identity.Key.ID == anonymousID {
		return limit.Address(clientAddress(r))
	}
	return "key:" + identity.Key.ID
}

func failedBucket(r *http.Request) string { return "failed " + limit.Address(clientAddress(r)) }

// clientAddress returns the address of the client, the invalid one if a proxy
// that should have said it did not.
func clientAddress(r *http.Request) netip.Addr { return middleware.GetClientIPAddr(r.Context()) }
