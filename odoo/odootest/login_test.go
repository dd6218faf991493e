package odootest_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"odoograph/odoo/odootest"
)

// A wrong password is false, not an exception; with a call it is one.
func TestLogin(t *testing.T) {
	everyVersion(t, func(t *testing.T, _ int, s *odootest.Server, e *endpoint) {
		for secret, want := range map[string]any{"admin": float64(s.UID("admin")), odootest.AdminKey: float64(s.UID("admin")), "wrong": false} {
			if got := e.jsonRPC(t, "common", "authenticate", e.db, "admin", secret, keys{}).body["result"]; got != want {
				t.Errorf("%s: want %v, got %v", secret, want, got)
			}
		}
		answer := e.jsonRPC(t, "object", "execute_kw", e.db, s.UID("admin"), "wrong", "res.partner", "search", list{list{}})
		if !strings.Contains(faultOf(answer.body), "AccessDenied") {
			t.Errorf("wrong password: %s", answer.raw)
		}
		answer = e.jsonRPC(t, "object", "execute_kw", "nodb", s.UID("admin"), "admin", "res.partner", "search", list{list{}})
		if !strings.Contains(faultOf(answer.body), "psycopg2.OperationalError") {
			t.Errorf("wrong database: %s", answer.raw)
		}
		answer = e.jsonRPC(t, "object", "execute_kw", e.db, 99999, "admin", "res.partner", "search", list{list{}})
		if !strings.Contains(faultOf(answer.body), "MissingError") {
			t.Errorf("no such user: %s", answer.raw)
		}
	})
}

// Five failures from an address lock out everybody who comes from it with a
// secret that Odoo does not remember, for a minute.
func TestCoolDown(t *testing.T) {
	var mu sync.Mutex
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	clock := func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	_, e := standIn(t, odootest.Options{Clock: clock})
	e.call(t, "demo", "res.partner", "search_count", list{list{}}, nil) // remembered from now on
	login := func(secret string) any {
		return e.jsonRPC(t, "common", "authenticate", e.db, "admin", secret, keys{}).body["result"]
	}
	for range 5 {
		login("wrong")
	}
	if got := login("admin"); got != false {
		t.Errorf("the right password while cooling down: %v", got)
	}
	answer := e.jsonRPC(t, "object", "execute_kw", e.db, 2, "admin", "res.partner", "search", list{list{}})
	if !strings.Contains(faultOf(answer.body), "Too many login failures") {
		t.Errorf("a call while cooling down: %s", answer.raw)
	}
	e.result(t, "demo", "res.partner", "search_count", list{list{}}, nil)
	mu.Lock()
	now = now.Add(61 * time.Second)
	mu.Unlock()
	if got := login("admin"); got != 2.0 {
		t.Errorf("after a minute: %v", got)
	}
}

// A changed password and revoked keys are refused at once.
func TestChangedCredentials(t *testing.T) {
	s, e := standIn(t, odootest.Options{})
	e.result(t, "demo", "res.partner", "search_count", list{list{}}, nil)
	s.SetPassword("demo", "other")
	if class, _ := e.refusal(t, "demo", "res.partner", "search_count", list{list{}}, nil); class != "odoo.exceptions.AccessDenied" {
		t.Errorf("old password: %s", class)
	}
	s.RevokeKeys("admin")
	answer := e.post(t, "POST", "/json/2/res.lang/get_installed", "{}", "Content-Type", "application/json", "Authorization", "bearer $key")
	if answer.status != 401 {
		t.Errorf("revoked key: %d", answer.status)
	}
}
