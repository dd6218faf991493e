package odootest

import (
	"slices"
	"time"
)

// An account is what a user signs in with and may do.
type account struct {
	id        int64
	login     string
	password  string
	keys      []string
	role      role
	customer  int64 // the company whose papers a portal user sees
	companies []int64
	checked   map[string]bool // secrets that were right; Odoo remembers them
}

// Odoo's brake on guessing: after this many failures from one address, nobody
// from there gets in with a secret that Odoo does not remember.
const (
	cooldownAfter = 5
	cooldownFor   = time.Minute
)

// A guard counts failed logins by remote address.
type guard struct {
	failures map[string]int
	last     map[string]time.Time
}

func newGuard() *guard {
	return &guard{failures: map[string]int{}, last: map[string]time.Time{}}
}

// attempt runs a check of a secret under the brake.
func (g *guard) attempt(now time.Time, address string, check func() bool) error {
	if g.failures[address] >= cooldownAfter && now.Sub(g.last[address]) < cooldownFor {
		return &Exception{classAccessDenied, "Too many login failures, please wait a bit before trying again."}
	}
	if !check() {
		g.failures[address]++
		g.last[address] = now
		return AccessDenied()
	}
	delete(g.failures, address)
	return nil
}

// opens tells whether a secret is the account's password or one of its keys.
func (a *account) opens(secret string) bool {
	return secret != "" && (secret == a.password || slices.Contains(a.keys, secret))
}

// login returns the user of a login and secret.
func (s *Server) login(address, login, secret string) (*account, error) {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	var found *account
	err := s.guard.attempt(s.now(), address, func() bool {
		for _, a := range s.state.accounts {
			if a.login == login && a.opens(secret) && s.state.userActive(a.id) {
				found = a
			}
		}
		return found != nil
	})
	return found, err
}

// authorize checks the uid and secret that come with each call.
func (s *Server) authorize(address string, uid int64, secret string) (*account, error) {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	if secret == "" {
		return nil, AccessDenied()
	}
	if s.state.tables["res.users"].rows[uid] == nil {
		return nil, missingRecord("res.users", uid, uid)
	}
	a := s.state.accounts[uid]
	if a != nil && a.checked[secret] && s.state.userActive(uid) {
		return a, nil
	}
	err := s.guard.attempt(s.now(), address, func() bool {
		return a != nil && a.opens(secret) && s.state.userActive(uid)
	})
	if err != nil {
		return nil, err
	}
	if a.checked == nil {
		a.checked = map[string]bool{}
	}
	a.checked[secret] = true
	return a, nil
}

// byKey returns the user of an API key. No brake protects keys.
func (s *Server) byKey(key string) *account {
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	for _, a := range s.state.accounts {
		if key != "" && slices.Contains(a.keys, key) && s.state.userActive(a.id) {
			return a
		}
	}
	return nil
}

func (st *state) userActive(id int64) bool {
	t := st.tables["res.users"]
	r := t.rows[id]
	return r != nil && r.raw(t.fields["active"]) == true
}

// SetPassword changes a user's password: calls with the old one are refused
// from now on. API keys stay. It returns false when nobody has the login.
func (s *Server) SetPassword(login, password string) bool {
	return s.changeAccount(login, func(a *account) { a.password = password })
}

// RevokeKeys withdraws all API keys of a user. It returns false when nobody has
// the login.
func (s *Server) RevokeKeys(login string) bool {
	return s.changeAccount(login, func(a *account) { a.keys = nil })
}

// AddKey gives a user another API key. It returns false when nobody has the
// login.
func (s *Server) AddKey(login, key string) bool {
	return s.changeAccount(login, func(a *account) { a.keys = append(a.keys, key) })
}

func (s *Server) changeAccount(login string, change func(*account)) bool {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	for _, a := range s.state.accounts {
		if a.login == login {
			change(a)
			a.checked = nil
			return true
		}
	}
	return false
}

// UID returns the id of the user with this login, or 0.
func (s *Server) UID(login string) int64 {
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	for _, a := range s.state.accounts {
		if a.login == login {
			return a.id
		}
	}
	return 0
}
