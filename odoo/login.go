package odoo

import (
	"sync"
	"time"

	"odoograph/apierror"
)

// loginGuard keeps the gateway from triggering Odoo's login cool-down: five
// refusals from one address, and Odoo refuses everybody from there for 60 s
// after the last one. To Odoo all users of the gateway come from one address. API
// keys over JSON-2 are outside that count (Odoo 19), so that nobody who presents
// wrong ones keeps others from signing in.
type loginGuard struct {
	now func() time.Time

	mu       sync.Mutex
	refusals int       // in a row, of any credential
	last     time.Time // the last refusal
	refused  map[credentialKey]refusal
}

type refusal struct {
	times int
	until time.Time
}

const (
	// quiet is a little more than Odoo's base.login_cool_down_duration.
	quiet = 61 * time.Second
	// toleratedRefusals is one less than Odoo's base.login_cool_down_after, for
	// one refusal that we may not know of.
	toleratedRefusals = 4
	maxQuiet          = time.Hour
)

// allow tells whether a sign-in may be tried now; counted, whether Odoo counts it.
func (g *loginGuard) allow(key credentialKey, counted bool) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	until := g.refused[key].until
	if counted && g.refusals >= toleratedRefusals {
		if calm := g.last.Add(quiet); calm.After(until) {
			until = calm
		}
	}
	if !now.Before(until) {
		return nil
	}
	err := refusedError()
	err.RetryAfter = until.Sub(now)
	return err
}

// failed notes a refusal. Each one of the same credential doubles its wait.
func (g *loginGuard) failed(key credentialKey, counted bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.refused == nil {
		g.refused = map[credentialKey]refusal{}
	}
	now := g.now()
	for k, r := range g.refused {
		if now.Sub(r.until) > maxQuiet {
			delete(g.refused, k)
		}
	}
	r := g.refused[key]
	wait := min(quiet<<min(r.times, 8), maxQuiet)
	g.refused[key] = refusal{times: r.times + 1, until: now.Add(wait)}
	if counted {
		g.refusals++
		g.last = now
	}
}

// succeeded notes that Odoo took the credential, which ends its count of refusals.
func (g *loginGuard) succeeded(key credentialKey, counted bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.refused, key)
	if counted {
		g.refusals = 0
	}
}

func refusedError() *apierror.Error {
	return apierror.New(apierror.UpstreamUnauthenticated, "Odoo does not accept the user that the gateway signs in as.")
}
