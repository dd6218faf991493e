package odootest

import (
	"crypto/rand"
	"maps"
	"net/http"
	"strings"
	"sync"
)

// webSessions are the sessions of web clients: whoever signs in with a password
// gets a cookie that stands for user and password from then on.
type webSessions struct {
	mu    sync.Mutex
	users map[string]webUser // by the session's name, the cookie
	due   map[string]webUser // those that get a new name
	never bool               // sessions are forgotten at once
}

type webUser struct {
	id       int64
	password string
}

func (w *webSessions) open(u webUser) (name string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.users == nil {
		w.users = map[string]webUser{}
	}
	name = rand.Text()
	if !w.never {
		w.users[name] = u
	}
	return name
}

// find returns the user of a request, and the name of its session if that is new.
func (w *webSessions) find(r *http.Request) (u webUser, renamed string, ok bool) {
	cookie, err := r.Cookie("session_id")
	if err != nil {
		return webUser{}, "", false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	u, ok = w.users[cookie.Value]
	if _, due := w.due[cookie.Value]; ok && due {
		renamed = rand.Text()
		w.users[renamed] = u
		delete(w.users, cookie.Value)
	}
	return u, renamed, ok
}

// EndWebSessions forgets all web sessions, as a server does that loses its files.
func (s *Server) EndWebSessions() {
	s.sessions.mu.Lock()
	defer s.sessions.mu.Unlock()
	clear(s.sessions.users)
}

// KeepWebSessions tells whether web sessions outlive the request that opens them,
// which they do at first. They do not where servers share no files.
func (s *Server) KeepWebSessions(keep bool) {
	s.sessions.mu.Lock()
	defer s.sessions.mu.Unlock()
	s.sessions.never = !keep
	clear(s.sessions.users)
}

// RenameWebSessions gives sessions a new name with their next answer, as Odoo does
// every few hours: they are not known by the old one from then on.
func (s *Server) RenameWebSessions() {
	s.sessions.mu.Lock()
	defer s.sessions.mu.Unlock()
	s.sessions.due = maps.Clone(s.sessions.users)
}

// serveWeb answers /web/database/list, /web/session/authenticate and /web/dataset/call_kw.
func (s *Server) serveWeb(w http.ResponseWriter, r *http.Request) {
	if name := r.Header.Get("X-Odoo-Database"); s.series >= v19 && name != "" {
		s.noDatabase().write(w) // Odoo would go on, but open no session
		return
	}
	request, ok := s.readJSONRPC(w, r)
	if !ok {
		return
	}
	id, _ := request.get("id")
	v, _ := request.get("params")
	params, _ := v.(dict)
	var cookie string
	var q inquiry
	switch {
	case r.URL.Path == "/web/database/list":
		q = s.inquire("web-session", remote(r), "db", "list", nil)
	case strings.HasPrefix(r.URL.Path, "/web/session/"):
		q = s.inquireSignIn(r, params, &cookie)
	default:
		q = s.inquireCall(r, params, &cookie)
	}
	s.answerTo(w, r, q, func(result any, err error) answer {
		a := s.jsonAnswer(id, result, err)
		if cookie != "" {
			a.header = map[string]string{"Set-Cookie": setCookie(cookie)}
		}
		return a
	})
}

func (s *Server) inquireSignIn(r *http.Request, params dict, cookie *string) inquiry {
	db, _ := params.get("db")
	login, _ := params.get("login")
	password, _ := params.get("password")
	q := inquiry{call: Call{Protocol: "web-session", Service: "common", Method: "authenticate", Args: []any{db, login, "***"}}}
	q.run = func() (any, error) {
		if err := s.checkDB(db); err != nil {
			if s.series >= v19 {
				err = AccessError("Database not found.")
			}
			return nil, err
		}
		name, _ := login.(string)
		secret, _ := password.(string)
		user, err := s.login(remote(r), name, secret)
		if err == nil && secret != user.password {
			err = AccessDenied() // an API key opens no session
		}
		if err != nil {
			return nil, err
		}
		*cookie = s.sessions.open(webUser{user.id, secret})
		return dict{{"uid", user.id}, {"db", db}, {"server_version", s.series.name()}}, nil
	}
	return q
}

func (s *Server) inquireCall(r *http.Request, params dict, cookie *string) inquiry {
	u, renamed, ok := s.sessions.find(r)
	*cookie, ok = renamed, ok && s.isPassword(u)
	get := func(name string) any { v, _ := params.get(name); return v }
	q := s.inquire("web-session", remote(r), "object", "execute_kw", []any{
		s.DB(), u.id, u.password, get("model"), get("method"), get("args"), get("kwargs"),
	})
	if !ok {
		q.run = func() (any, error) { return nil, &Exception{classSessionExpired, "Session expired"} }
		return q
	}
	run := q.run
	q.run = func() (any, error) {
		result, err := run()
		exception, _ := err.(*Exception)
		switch {
		case exception == nil:
		case s.state.tables[q.call.Model] == nil && s.series >= v19:
			return nil, &Exception{classNotFound, "404 Not Found: The requested URL was not found on the server."}
		case s.state.tables[q.call.Model] == nil:
			return nil, raise("KeyError", "%s", pythonQuote(q.call.Model))
		}
		return result, err
	}
	return q
}

// isPassword tells whether a session's password is still its user's: the session
// ends when it is not.
func (s *Server) isPassword(u webUser) bool {
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	for _, a := range s.state.accounts {
		if a.id == u.id {
			return a.password == u.password && s.state.userActive(a.id)
		}
	}
	return false
}

// serveLogin shows the page to sign in. Its session names the database but nobody.
func (s *Server) serveLogin(w http.ResponseWriter, r *http.Request) {
	a := s.page(http.StatusOK, "Log in", "Odoo")
	if r.URL.Query().Get("db") == s.DB() {
		a.header = map[string]string{"Set-Cookie": setCookie(s.sessions.open(webUser{}))}
	}
	a.write(w)
}

// named tells whether a request names the database. Up to 16 a session that Odoo
// does not know is answered with a new one.
func (s *Server) named(r *http.Request) (named bool, cookie string) {
	if s.series >= v19 && r.Header.Get("X-Odoo-Database") != "" {
		return true, ""
	}
	sent, err := r.Cookie("session_id")
	s.sessions.mu.Lock()
	defer s.sessions.mu.Unlock()
	if err == nil {
		_, named = s.sessions.users[sent.Value]
	}
	if !named && s.series < v17 {
		cookie = setCookie(rand.Text())
	}
	return named, cookie
}

func setCookie(session string) string { return "session_id=" + session + "; HttpOnly; Path=/" }
