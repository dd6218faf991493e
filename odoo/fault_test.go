package odoo

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"odoograph/apierror"
)

// answering returns a wire to a server that gives the same answer to every request.
func answering(t *testing.T, status int, contentType, body string) *wire {
	t.Helper()
	return serving(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	})
}

func serving(t *testing.T, handler http.HandlerFunc) *wire {
	t.Helper()
	server := httptest.NewServer(handler)
	client := newHTTPClient(4)
	t.Cleanup(server.Close)
	t.Cleanup(client.CloseIdleConnections)
	return wireTo(t, server.URL, client)
}

func wireTo(t *testing.T, address string, client *http.Client) *wire {
	t.Helper()
	base, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	w := newWire(base, Config{Database: "shop", Timeout: time.Minute, MaxConns: 100, QueueTimeout: time.Minute})
	w.http = client
	return w
}

const testSecret = "s3cr3t-k3y"

var testUser = identity{uid: 7, cred: Credential{Login: "joe", APIKey: testSecret}}

// wantError checks an error's code, and that nothing of it leaks.
func wantError(t *testing.T, err error, want apierror.Code) *apierror.Error {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want %s", want)
	}
	e, ok := err.(*apierror.Error)
	if !ok {
		t.Fatalf("error of type %T: %v", err, err)
	}
	if e.Code != want {
		t.Fatalf("got %v, want code %s", err, want)
	}
	if e.Message == "" {
		t.Error("no public message")
	}
	if strings.Contains(err.Error(), testSecret) {
		t.Errorf("the error tells the secret: %v", err)
	}
	if e.Cause != nil && len(e.Cause.Error()) > maxCause+300 {
		t.Errorf("the cause has %d bytes", len(e.Cause.Error()))
	}
	for _, leak := range []string{"Traceback", "psycopg2", "127.0.0.1", "ir.config_parameter", "<html", "Error:"} {
		if strings.Contains(e.Message, leak) {
			t.Errorf("the public message %q tells %q", e.Message, leak)
		}
	}
	return e
}

// TestRecordedAnswers reads what Odoo 14 and 19 answered to the calls of wireCases.
func TestRecordedAnswers(t *testing.T) {
	messages := map[string]string{} // of business rules, by version and case
	for _, r := range recorded {
		version, name := r[0], r[1]
		all := recordings(t, version, name)
		for _, c := range wireCases {
			if !c.runsOn(version, name) {
				continue
			}
			t.Run(version+"/"+name+"/"+c.name, func(t *testing.T) {
				answer, ok := all[c.name]
				if !ok {
					t.Fatal("not recorded")
				}
				w := answering(t, answer.Status, answer.ContentType, answer.Body)
				if c.database != "" {
					w.database = c.database
				}
				as := testUser
				if c.as == "nobody" {
					as.uid = 99999
				}
				result, err := transportOf(w, name).call(t.Context(), as, c.call)
				if c.want == "" {
					if err != nil || (c.name == "None") != (result == nil) {
						t.Errorf("got %v, %v", result, err)
					}
					return
				}
				e := wantError(t, err, c.code(name))
				if c.message != "" && e.Message != c.message {
					t.Errorf("message %q, want %q", e.Message, c.message)
				}
				if c.want == apierror.BusinessRule && e.Code == apierror.BusinessRule {
					key := version + c.name
					if other, ok := messages[key]; ok && other != e.Message {
						t.Errorf("message %q, on another transport %q", e.Message, other)
					}
					messages[key] = e.Message
				}
			})
		}
	}
}

// TestFault reads exceptions that could not be provoked, as Odoo's source has them.
func TestFault(t *testing.T) {
	tests := []struct {
		name   string
		status int
		text   string
		want   apierror.Code
		wait   time.Duration
	}{
		{name: "odoo.exceptions.AccessDenied", text: "Too many login failures, please wait a bit before trying again.", want: apierror.RateLimited, wait: time.Minute},
		{name: "odoo.http.SessionExpiredException", text: "Session expired", want: apierror.UpstreamUnauthenticated},
		{name: "odoo.exceptions.LockError", status: 409, text: "Cannot grab a lock", want: apierror.Conflict, wait: time.Second},
		{name: "odoo.exceptions.ConcurrencyError", want: apierror.Conflict, wait: time.Second},
		{name: "psycopg2.errors.SerializationFailure", text: "could not serialize access due to concurrent update\n", want: apierror.Conflict, wait: time.Second},
		{name: "psycopg2.errors.DeadlockDetected", want: apierror.Conflict, wait: time.Second},
		{name: "psycopg2.errors.LockNotAvailable", want: apierror.Conflict, wait: time.Second},
		{name: "psycopg2.OperationalError", text: "server closed the connection unexpectedly", want: apierror.UpstreamUnavailable},
		{name: "psycopg2.errors.NumericValueOutOfRange", status: 500, want: apierror.UpstreamError},
		{name: "KeyError", status: 500, want: apierror.UpstreamError},
		{name: "AssertionError", status: 500, want: apierror.UpstreamError},
		{name: "odoo.addons.sale.errors.OddError", status: 422, text: "No odd numbers.", want: apierror.BusinessRule},
		{name: "odoo.addons.sale.errors.OddError", text: "secret text", want: apierror.UpstreamError},
		{name: "odoo.addons.sale.errors.OddError", status: 500, text: "secret text", want: apierror.UpstreamError},
		{name: "werkzeug.exceptions.UnprocessableEntity", status: 422, text: "missing a required argument", want: apierror.UpstreamError},
		{name: "", status: 401, want: apierror.UpstreamUnauthenticated},
		{name: "", want: apierror.UpstreamError},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			e := wantError(t, answer{}.fault(fault{name: test.name, status: test.status, text: test.text}), test.want)
			if e.RetryAfter != test.wait {
				t.Errorf("RetryAfter is %v, want %v", e.RetryAfter, test.wait)
			}
			if test.want == apierror.BusinessRule != (e.Message == test.text) {
				t.Errorf("message %q", e.Message)
			}
		})
	}
}

// A deleted user is told apart from any other missing record.
func TestFaultDeletedUser(t *testing.T) {
	f := fault{name: "odoo.exceptions.MissingError", text: "…\n(Record: res.users(7,), User: 7)"}
	wantError(t, answer{request: request{uid: 7}}.fault(f), apierror.UpstreamUnauthenticated)
	wantError(t, answer{request: request{uid: 8}}.fault(f), apierror.NotFound)
	wantError(t, answer{}.fault(f), apierror.NotFound)
}

func TestFaultBounds(t *testing.T) {
	long := strings.Repeat("é", 5000)
	e := wantError(t, answer{}.fault(fault{name: "odoo.exceptions.UserError", text: long, debug: long}), apierror.BusinessRule)
	if len(e.Message) > maxRuleText+len("…") || !strings.HasPrefix(long, strings.TrimSuffix(e.Message, "…")) {
		t.Errorf("message of %d bytes", len(e.Message))
	}
	a := answer{request: request{secret: testSecret}}
	wantError(t, a.fault(fault{name: "ValueError", text: "at " + testSecret, debug: strings.Repeat("x", 3000) + testSecret}), apierror.UpstreamError)
}

func TestLastException(t *testing.T) {
	const head = "Traceback (most recent call last):\n  File \"/odoo/http.py\", line 1, in call\n    f()\n"
	tests := []struct{ traceback, class, message string }{
		{head + "ValueError: bad\n", "ValueError", "bad"},
		{head + "    ~^^\nKeyError: 'x'\n", "KeyError", "'x'"},
		{head + "AssertionError\n", "AssertionError", ""},
		{head + "psycopg2.OperationalError: one\n  two: 2\nthree: 3\n\n", "psycopg2.OperationalError", "one\n  two: 2\nthree: 3"},
		{head + "KeyError: 'x'\n\nDuring handling of the above exception, another exception occurred:\n\n" + head + "ValueError: bad", "ValueError", "bad"},
		{"ExpatError: not well-formed", "ExpatError", "not well-formed"},
		{"  indented only", "", "  indented only"},
		{"", "", ""},
	}
	for _, test := range tests {
		class, message := lastException(test.traceback)
		if class != test.class || message != test.message {
			t.Errorf("lastException(%q) = %q, %q", test.traceback, class, message)
		}
	}
}

func TestRedirectText(t *testing.T) {
	tests := []struct {
		repr, want string
		ok         bool
	}{
		{`('Do it.', 7, 'Go', None)`, "Do it.", true},
		{`("Don't.\nNow", {'a': 1}, 'Go', None)`, "Don't.\nNow", true},
		{`('both \' and " \\ \xe9 \u20ac \z', 7, 'Go')`, `both ' and " \ é € \z`, true},
		{`('no tuple')`, "", false},
		{`('open`, "", false},
		{`('open\`, "", false},
		{`(see below)`, "", false},
		{`A rule.`, "", false},
	}
	for _, test := range tests {
		if got, ok := redirectText(test.repr); got != test.want || ok != test.ok {
			t.Errorf("redirectText(%q) = %q, %v", test.repr, got, ok)
		}
	}
}
