package odoo_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"odoograph/apierror"
	"odoograph/odoo"
	"odoograph/odoo/odootest"
)

// wantUnknown checks that a change whose answer was lost was sent once, and that
// the error says that nobody knows.
func (w *writer) wantUnknown(t *testing.T, what string, saved *odoo.Saved, err error, code apierror.Code) {
	t.Helper()
	if saved != nil || apierror.CodeOf(err) != code || !errors.Is(err, odoo.ErrOutcomeUnknown) {
		t.Errorf("%s: %+v, %v, want %s and that nobody knows", what, saved, err, code)
	}
	if w.sent() != 1 {
		t.Errorf("%s: the change was sent %d times", what, w.sent())
	}
}

func TestAnAnswerThatIsLost(t *testing.T) {
	onEveryProtocol(t, nil, func(t *testing.T, w *writer) {
		for name, test := range map[string]struct {
			fault odootest.Fault
			code  apierror.Code
		}{
			"the connection is cut":            {odootest.Fault{Reset: true}, apierror.UpstreamUnavailable},
			"the answer is cut":                {odootest.Fault{Truncate: true}, apierror.UpstreamUnavailable},
			"Odoo died":                        {odootest.Fault{Status: http.StatusInternalServerError, Body: "<html>"}, apierror.UpstreamError},
			"bad gateway":                      {odootest.Fault{Status: http.StatusBadGateway, Body: "<html>"}, apierror.UpstreamUnavailable},
			"unavailable":                      {odootest.Fault{Status: http.StatusServiceUnavailable, Body: "<html>"}, apierror.UpstreamUnavailable},
			"gateway timeout":                  {odootest.Fault{Status: http.StatusGatewayTimeout, Body: "<html>"}, apierror.UpstreamTimeout},
			"a page":                           {odootest.Fault{Body: "<html>sign in</html>"}, apierror.UpstreamError},
			"no JSON":                          {odootest.Fault{Body: "{", ContentType: "application/json"}, apierror.UpstreamError},
			"no XML":                           {odootest.Fault{Body: "<", ContentType: "text/xml"}, apierror.UpstreamError},
			"an exception that is not Odoo's":  {odootest.Fault{Body: `{"jsonrpc": "2.0", "error": {"code": 200}}`, ContentType: "application/json"}, apierror.UpstreamError},
			"a result that no change can have": {odootest.Fault{Body: w.result("7"), ContentType: w.contentType()}, apierror.UpstreamError},
			"fewer records than were created":  {odootest.Fault{Body: w.result("[]"), ContentType: w.contentType()}, apierror.UpstreamError},
		} {
			w.server.Reset()
			w.fault(test.fault, 1)
			saved, err := w.create(t.Context(), "Lost")
			w.wantUnknown(t, name, saved, err, test.code)
		}
		// It was made in one of these cases, and not again.
		if n := w.named(t, "Lost"); n != 1 {
			t.Errorf("%d records", n)
		}
	})
}

// result is an answer with a result of JSON, a number or an empty list.
func (w *writer) result(json string) string {
	switch transportOf(w.Session) {
	case "json-2":
		return json
	case "xml-rpc":
		value := "<int>" + json + "</int>"
		if json == "[]" {
			value = "<array><data></data></array>"
		}
		return "<?xml version='1.0'?><methodResponse><params><param><value>" + value + "</value></param></params></methodResponse>"
	}
	return `{"jsonrpc": "2.0", "id": 1, "result": ` + json + `}`
}

func (w *writer) contentType() string {
	if transportOf(w.Session) == "xml-rpc" {
		return "text/xml"
	}
	return "application/json"
}

func TestAClientThatLeavesWhileOdooWorks(t *testing.T) {
	onEveryProtocol(t, nil, func(t *testing.T, w *writer) {
		hold := w.server.Hold(odootest.Match{Method: w.method()})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			saved, err := w.create(ctx, "Left")
			w.wantUnknown(t, "left", saved, err, apierror.ClientClosed)
		}()
		if err := hold.Wait(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		cancel()
		<-done
		hold.Release()
	})
}

func TestAChangeThatTakesTooLong(t *testing.T) {
	onEveryProtocol(t, func(c *odoo.Config) { c.Timeout = 2 * time.Second }, func(t *testing.T, w *writer) {
		hold := w.server.Hold(odootest.Match{Method: w.method()})
		defer hold.Release()
		saved, err := w.create(t.Context(), "Slow")
		w.wantUnknown(t, "slow", saved, err, apierror.UpstreamTimeout)
	})
}

// Odoo undoes what a call did that raised an exception, whichever it is.
func TestAnExceptionLeavesNothingBehind(t *testing.T) {
	onEveryProtocol(t, nil, func(t *testing.T, w *writer) {
		for _, exception := range []*odootest.Exception{
			odootest.UserError("No."), odootest.ValidationError("No."), odootest.AccessError("No."), odootest.MissingError("No."),
			{Class: "odoo.exceptions.RedirectWarning", Message: "No."},
			{Class: "odoo.exceptions.LockError", Message: "No."},
			{Class: "builtins.ValueError", Message: "Invalid field 'x' on model 'res.partner'"},
			{Class: "builtins.KeyError", Message: "'x'"},
			{Class: "builtins.TypeError", Message: "unsupported operand type(s)"},
			{Class: "psycopg2.errors.NumericValueOutOfRange", Message: "integer out of range"},
			{Class: "psycopg2.errors.QueryCanceled", Message: "canceling statement due to statement timeout"},
			{Class: "psycopg2.errors.DeadlockDetected", Message: "deadlock detected"},
			{Class: "werkzeug.exceptions.ServiceUnavailable", Message: "No."},
		} {
			w.fault(odootest.Fault{Exception: exception}, -1)
			saved, err := w.create(t.Context(), "Undone")
			if saved != nil || err == nil || errors.Is(err, odoo.ErrOutcomeUnknown) {
				t.Errorf("%s: %+v, %v", exception.Class, saved, err)
			}
			w.server.ClearFaults()
		}
	})
}

// There are exceptions that come after the change is made: of a result that the
// protocol has no words for, and of a database that is lost as it commits.
func TestAnExceptionThatMayComeTooLate(t *testing.T) {
	onEveryProtocol(t, nil, func(t *testing.T, w *writer) {
		for _, exception := range []*odootest.Exception{
			{Class: "builtins.TypeError", Message: "cannot marshal <class 'odoo.api.Environment'> objects"},
			{Class: "builtins.TypeError", Message: "Object of type set is not JSON serializable"},
			{Class: "builtins.OverflowError", Message: "int exceeds XML-RPC limits"},
			{Class: "psycopg2.OperationalError", Message: "server closed the connection unexpectedly"},
			{Class: "psycopg2.InterfaceError", Message: "connection already closed"},
			{Class: "psycopg2.errors.AdminShutdown", Message: "terminating connection due to administrator command"},
			{Class: "psycopg2.pool.PoolError", Message: "The Connection Pool Is Full"},
		} {
			w.server.Reset()
			w.fault(odootest.Fault{Exception: exception}, 1)
			saved, err := w.create(t.Context(), "Perhaps")
			if saved != nil || !errors.Is(err, odoo.ErrOutcomeUnknown) || w.sent() != 1 {
				t.Errorf("%s: %+v, %v, sent %d times", exception.Error(), saved, err, w.sent())
			}
		}
	})
}

// XML-RPC has no word for None, and says so when all is done.
func TestAMethodThatReturnsNone(t *testing.T) {
	for _, version := range []int{14, 17, 19} {
		w := newWriter(t, version, "xml-rpc", nil)
		w.server.Inject(odootest.Fault{Match: odootest.Match{Method: "action_archive"}, Exception: &odootest.Exception{
			Class: "builtins.TypeError", Message: "cannot marshal None unless allow_none is enabled",
		}})
		result, err := w.Change(t.Context(), odoo.Call{Model: "res.partner", Method: "action_archive", IDs: []int64{1}})
		if result != nil || err != nil || w.server.Count("res.partner", "action_archive") != 1 {
			t.Errorf("%d: %v, %v", version, result, err)
		}
	}
}

// A web session that ended is opened again, and the change sent once more: Odoo
// had not begun it. Where that fails, nothing was changed.
func TestAChangeInASessionThatEnded(t *testing.T) {
	for _, version := range []int{14, 17, 19} {
		w := newWriter(t, version, "web-session", nil)
		w.server.EndWebSessions()
		if _, err := w.create(t.Context(), "Again"); err != nil || w.named(t, "Again") != 1 {
			t.Errorf("%d: %v", version, err)
		}
		for name, fault := range map[string]odootest.Fault{
			"the password has changed":  {Exception: odootest.AccessDenied()},
			"Odoo dies at the sign-in":  {Reset: true},
			"the sign-in is no sign-in": {Body: "<html>", ContentType: "text/html"},
		} {
			w := newWriter(t, version, "web-session", nil)
			w.server.EndWebSessions()
			fault.Match = odootest.Match{Method: "authenticate"}
			w.server.Inject(fault)
			saved, err := w.create(t.Context(), "Locked out")
			if saved != nil || err == nil || errors.Is(err, odoo.ErrOutcomeUnknown) {
				t.Errorf("%d, %s: %+v, %v", version, name, saved, err)
			}
		}
	}
}
