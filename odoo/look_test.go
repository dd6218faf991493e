package odoo

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"odoograph/apierror"
	"odoograph/internal/freeport"
	"odoograph/odoo/odootest"
)

func TestLook(t *testing.T) {
	for _, version := range []int{14, 17, 19} {
		s := odootest.Start(t, odootest.Options{Version: version, DB: "production"})
		ahead := 3 * time.Minute
		facts, err := Look(t.Context(), Config{URL: s.URL(), Database: "no such one", Now: func() time.Time { return time.Now().Add(-ahead) }})
		if err != nil || facts.Version.Major != version || !facts.Listed || !slices.Equal(facts.Databases, []string{"production"}) {
			t.Errorf("Odoo %d: %+v, %v", version, facts, err)
		}
		if !facts.ClockKnown || (facts.Ahead-ahead).Abs() > 2*time.Second {
			t.Errorf("Odoo %d: the clock is %s ahead", version, facts.Ahead)
		}
		for _, call := range s.Calls() {
			if call.Service == "common" && call.Method != "version" {
				t.Errorf("Odoo %d: it signs in: %+v", version, call)
			}
		}
		s.Inject(odootest.Fault{Match: odootest.Match{Method: "list"}, Times: -1, Exception: odootest.AccessDenied()})
		if facts, err := Look(t.Context(), Config{URL: s.URL()}); err != nil || facts.Listed || facts.Databases != nil {
			t.Errorf("Odoo %d hides its databases: %+v, %v", version, facts, err)
		}
	}
}

func TestLookFailures(t *testing.T) {
	redirecting := serving(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://erp.example.com"+r.URL.Path, http.StatusMovedPermanently)
	})
	_, err := Look(t.Context(), Config{URL: redirecting.base})
	if reply, ok := ReplyOf(err); !ok || reply.Status != http.StatusMovedPermanently || reply.Location != "https://erp.example.com/jsonrpc" {
		t.Errorf("a redirect: %+v, %v", reply, err)
	}
	elsewhere := serving(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<h1>" + strings.Repeat("Welcome", 1000)))
	})
	_, err = Look(t.Context(), Config{URL: elsewhere.base})
	reply, ok := ReplyOf(err)
	if !ok || reply.Status != http.StatusOK || reply.ContentType != "text/html" || !strings.HasPrefix(reply.Body, "<h1>Welcome") || len(reply.Body) > 2*maxCause {
		t.Errorf("a web page: %+v, %v", reply, err)
	}
	_, err = Look(t.Context(), Config{URL: "http://" + freeport.Address(t)})
	if _, ok := ReplyOf(err); ok || !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("nothing there: %v", err)
	}
	if _, err := Look(t.Context(), Config{URL: "erp.example.com"}); err == nil {
		t.Error("no scheme, and no error")
	}
	old := serving(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(strings.ReplaceAll(rpc14, "14.0", "12.0")))
	})
	facts, err := Look(t.Context(), Config{URL: old.base})
	if apierror.CodeOf(err) != apierror.Unsupported || facts.Version.Major != 12 {
		t.Errorf("an old Odoo: %+v, %v", facts, err)
	}
}

// Why a sign-in was refused, as far as Odoo tells.
func TestWhyASignInIsRefused(t *testing.T) {
	s := odootest.Start(t, odootest.Options{})
	session := func(db string, c Credential) error {
		client, err := New(Config{URL: s.URL(), Database: db})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(client.Close)
		_, err = client.Session(t.Context(), c)
		return err
	}
	good := Credential{Login: odootest.AdminLogin, Password: odootest.AdminLogin}
	if err := session("nowhere", good); !IsUnknownDatabase(err) {
		t.Errorf("an unknown database: %v", err)
	}
	if err := session(s.DB(), Credential{Login: "demo", APIKey: odootest.AdminKey}); !errors.Is(err, ErrOtherUser) || apierror.CodeOf(err) != apierror.UpstreamUnauthenticated {
		t.Errorf("another user's key: %v", err)
	}
	for range 5 {
		if err := session(s.DB(), Credential{Login: "admin", Password: "wrong"}); errors.Is(err, ErrCoolDown) || apierror.CodeOf(err) != apierror.UpstreamUnauthenticated {
			t.Errorf("a wrong password: %v", err)
		}
	}
	if err := session(s.DB(), good); !errors.Is(err, ErrCoolDown) || apierror.CodeOf(err) != apierror.UpstreamUnauthenticated || strings.Contains(err.Error(), "\n") {
		t.Errorf("the cool-down: %v", err)
	}
	factor := serving(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"jsonrpc": "2.0", "id": 1, "result": {"uid": null}}`))
	})
	if _, err := newWebSession(factor).login(t.Context(), good); !errors.Is(err, ErrSecondFactor) {
		t.Errorf("a second factor: %v", err)
	}
}
