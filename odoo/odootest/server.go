package odootest

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Options say what a stand-in is like. The zero value is an Odoo 19 with demo
// data.
type Options struct {
	// Version is the series to pose as: 14, 17 or 19; 0 is 19.
	Version int
	// DB is the name of the database; "" is "demo".
	DB string
	// Partners and Orders are how many partners and sale orders (of three lines)
	// to make up in addition to the demo data.
	Partners, Orders int
	// Progress is told from time to time how many of those are made; nil tells nobody.
	Progress func(made int)
	// Clock is the time of the server; nil is time.Now. The demo data is placed
	// around it.
	Clock func() time.Time
}

// Users of every stand-in. The password is the login.
const (
	// AdminLogin sees everything of both companies.
	AdminLogin = "admin"
	// DemoLogin is a salesperson: own sale orders, no invoices, no confidential
	// contacts, only the first company.
	DemoLogin = "demo"
	// PortalLogin is a customer: the orders, invoices and addresses of the own
	// company.
	PortalLogin = "portal"

	// AdminKey, DemoKey and PortalKey are API keys.
	AdminKey  = "odootest-admin-key-000000000000000000000"
	DemoKey   = "odootest-demo-key-0000000000000000000000"
	PortalKey = "odootest-portal-key-00000000000000000000"
)

// A Server is a stand-in for an Odoo server. It is an http.Handler; Start and
// Run make it listen. It is safe for concurrent use.
type Server struct {
	*Recorder
	*Faults
	options  Options
	series   series
	state    *state
	guard    *guard // under state.mu
	sessions webSessions
	now      func() time.Time
	listener listener
}

// New returns a stand-in that does not listen yet. It panics on a version that
// it cannot pose as.
func New(o Options) *Server {
	s, err := newServer(o)
	if err != nil {
		panic(err)
	}
	return s
}

func newServer(o Options) (*Server, error) {
	if o.Version == 0 {
		o.Version = int(v19)
	}
	if o.DB == "" {
		o.DB = "demo"
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	s := &Server{
		Recorder: newRecorder(), Faults: newFaults(), options: o, series: series(o.Version), guard: newGuard(), now: o.Clock,
	}
	if s.series != v14 && s.series != v17 && s.series != v19 {
		return nil, fmt.Errorf("odootest: no stand-in for Odoo %d", o.Version)
	}
	st, err := newState(s.series, o.Clock)
	if err != nil {
		return nil, err
	}
	s.state = st
	return s, st.seed(o)
}

// DB is the name of the database.
func (s *Server) DB() string { return s.options.DB }

// Version is the series that the stand-in poses as.
func (s *Server) Version() int { return int(s.series) }

// ServeHTTP answers Odoo's external protocols.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := r.URL.Path
	switch {
	case path == "/xmlrpc/2/common", path == "/xmlrpc/2/object", path == "/xmlrpc/2/db":
		s.serveXMLRPC(w, r, strings.TrimPrefix(path, "/xmlrpc/2/"))
	case path == "/web/database/list", path == "/web/session/authenticate", path == "/web/dataset/call_kw", strings.HasPrefix(path, "/web/dataset/call_kw/"):
		s.serveWeb(w, r)
	case path == "/web/login":
		s.serveLogin(w, r)
	case path == "/jsonrpc":
		s.serveJSONRPC(w, r)
	case s.series >= v19 && (path == "/json/2" || strings.HasPrefix(path, "/json/2/")):
		s.serveJSON2(w, r)
	case s.series >= v19 && (path == "/web/version" || path == "/json/version"):
		var body jsonWriter
		body.write(dict{{"version_info", s.series.info()}, {"version", s.series.name()}})
		answer{status: http.StatusOK, contentType: "application/json; charset=utf-8", body: body.Bytes()}.write(w)
	default:
		s.page(http.StatusNotFound, "Not Found", "The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.").write(w)
	}
}

// An answer is what goes back to the client.
type answer struct {
	status      int
	contentType string
	header      map[string]string
	body        []byte
}

func (a answer) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", a.contentType)
	for name, value := range a.header {
		w.Header().Set(name, value)
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // a client that went away is no failure of ours
}

// page is an HTML page such as Odoo's web framework makes for HTTP errors.
func (s *Server) page(status int, title, text string) answer {
	top := "<!doctype html>\n<html lang=en>\n"
	if s.series < v17 {
		top = "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 3.2 Final//EN\">\n"
	}
	body := fmt.Sprintf("%s<title>%d %s</title>\n<h1>%s</h1>\n<p>%s</p>\n", top, status, title, title, text)
	return answer{status: status, contentType: "text/html; charset=utf-8", body: []byte(body)}
}
