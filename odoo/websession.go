package odoo

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"odoograph/apierror"
)

// webSession speaks POST /web/dataset/call_kw, as Odoo's own web client does. It
// is the cheapest way to say a call: the cookie names the database and the user,
// so that Odoo neither lists its databases nor checks a password, and from 17 on
// it knows which methods only read. Odoo signs in with a password only; API keys
// open no web session.
//
// A session ends when it is not used for a week, when the password changes, and
// when Odoo loses its files: it is then opened again. Where sessions do not hold
// at all, as behind a balancer of servers that share no files, calls are said in
// JSON-RPC with the same password.
type webSession struct {
	wire     *wire
	fallback jsonRPC

	mu      sync.Mutex // held while signing in: others wait for the new cookie
	cookie  string     // value of session_id
	refused error      // of signing in again: Odoo locks out who tries on
	lost    bool       // sessions do not hold here
}

func newWebSession(w *wire) transport { return &webSession{wire: w, fallback: jsonRPC{w}} }

func (t *webSession) name() string {
	if _, lost := t.current(); lost {
		return jsonRPCName
	}
	return webSessionName
}

func (t *webSession) current() (cookie string, lost bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.cookie, t.lost
}

func (t *webSession) login(ctx context.Context, cred Credential) (int64, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.open(ctx, cred)
}

// open signs in. It is called under the lock.
func (t *webSession) open(ctx context.Context, cred Credential) (int64, error) {
	if cred.Login == "" || cred.Password == "" {
		return 0, nil
	}
	a, err := t.post(ctx, "/web/session/authenticate", "", identity{cred: cred}, map[string]any{
		"db": t.wire.database, "login": cred.Login, "password": cred.Password,
	})
	if err != nil {
		return 0, err
	}
	result, err := a.jsonRPCResult()
	switch {
	case apierror.CodeOf(err) == apierror.Forbidden: // "Database not found."
		return 0, apierror.Wrap(apierror.UpstreamUnavailable, msgDatabase, err)
	case err != nil:
		return loginResult(nil, err)
	}
	about, _ := result.(*Object)
	if secondFactorWanted(about) {
		return 0, apierror.Wrap(apierror.UpstreamUnauthenticated, msgUnauthenticated, ErrSecondFactor)
	}
	uid, err := loginResult(about.Get("uid"), nil)
	if err == nil && uid != 0 && a.cookie == "" {
		return 0, apierror.Wrap(apierror.UpstreamError, msgMisfit, errors.New("a sign-in without a session cookie"))
	}
	t.cookie = a.cookie
	return uid, err
}

func (t *webSession) call(ctx context.Context, as identity, c Call) (any, error) {
	args, byName, err := c.positional()
	if err != nil {
		return nil, err
	}
	for range 2 {
		cookie, lost := t.current()
		if lost {
			return t.fallback.call(ctx, as, c)
		}
		a, err := t.post(ctx, "/web/dataset/call_kw/"+c.Model+"/"+c.Method, cookie, as, map[string]any{
			"model": c.Model, "method": c.Method, "args": args, "kwargs": byName,
		})
		if err != nil {
			return nil, err
		}
		result, err := a.jsonRPCResult()
		if !isExpired(err) {
			t.rotate(cookie, a.cookie)
			return result, err
		}
		// Odoo has not begun the call, so that it can be made again.
		err = t.renew(ctx, as, cookie)
		notBegun(ctx)
		if err != nil {
			return nil, err
		}
	}
	t.mu.Lock()
	t.lost = true
	t.mu.Unlock()
	return t.fallback.call(ctx, as, c)
}

// renew signs in again unless somebody else has done so.
func (t *webSession) renew(ctx context.Context, as identity, expired string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.cookie != expired || t.refused != nil {
		return t.refused
	}
	uid, err := t.open(ctx, as.cred)
	if err == nil && uid != as.uid {
		err = fmt.Errorf("the session ended, and signing in gave user %d instead of %d", uid, as.uid)
	} else if apierror.CodeOf(err) != apierror.RateLimited {
		return err
	}
	t.refused = apierror.Wrap(apierror.UpstreamUnauthenticated, msgUnauthenticated, err)
	return t.refused
}

// rotate takes over the new name that Odoo gives a session every few hours.
func (t *webSession) rotate(from, to string) {
	if to == "" || to == from {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.cookie == from {
		t.cookie = to
	}
}

func (t *webSession) post(ctx context.Context, path, cookie string, as identity, params map[string]any) (answer, error) {
	body, err := jsonRPCBody(params)
	if err != nil {
		return answer{}, err
	}
	return t.wire.exchange(ctx, request{
		path: path, contentType: "application/json", body: body, web: true, cookie: cookie,
		secret: as.cred.Password, uid: as.uid,
	})
}

// isExpired tells whether Odoo did not know the session.
func isExpired(err error) bool {
	c, ok := errors.AsType[cause](err)
	return ok && c.name == sessionExpiredName
}
