package odoo_test

import (
	"context"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"odoograph/apierror"
	"odoograph/internal/freeport"
	"odoograph/odoo"
	"odoograph/odoo/odootest"
)

var admin = odoo.Credential{Login: odootest.AdminLogin, Password: odootest.AdminLogin}

// connect returns a client of the stand-in.
func connect(t *testing.T, server *odootest.Server, change func(*odoo.Config)) *odoo.Client {
	t.Helper()
	cfg := odoo.Config{URL: server.URL(), Database: server.DB()}
	if change != nil {
		change(&cfg)
	}
	client, err := odoo.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

func open(t *testing.T, client *odoo.Client, credential odoo.Credential) *odoo.Session {
	t.Helper()
	session, err := client.Session(t.Context(), credential)
	if err != nil {
		t.Fatal(err)
	}
	return session
}

// onEveryVersion runs a test against the stand-in in each version it can pose as.
func onEveryVersion(t *testing.T, test func(*testing.T, *odootest.Server)) {
	t.Helper()
	for _, version := range []int{14, 17, 19} {
		t.Run(strconv.Itoa(version), func(t *testing.T) {
			test(t, odootest.Start(t, odootest.Options{Version: version}))
		})
	}
}

func TestTransportIsChosenByVersionAndCredential(t *testing.T) {
	key := odoo.Credential{APIKey: odootest.AdminKey}
	both := odoo.Credential{Login: odootest.AdminLogin, APIKey: odootest.AdminKey}
	for _, test := range []struct {
		version   int
		forced    string
		cred      odoo.Credential
		transport string
		code      apierror.Code
	}{
		{14, "", admin, "web-session", ""},
		{14, "json-rpc", admin, "json-rpc", ""},
		{14, "auto", both, "json-rpc", ""},
		{14, "xml-rpc", admin, "xml-rpc", ""},
		{14, "", key, "", apierror.Unsupported},
		{14, "json-2", both, "", apierror.Unsupported},
		{14, "web-session", both, "", apierror.Unsupported},
		{17, "", admin, "web-session", ""},
		{19, "", admin, "web-session", ""},
		{19, "web-session", admin, "web-session", ""},
		{19, "", key, "json-2", ""},
		{19, "", both, "json-2", ""},
		{19, "json-rpc", both, "json-rpc", ""},
		{19, "xml-rpc", both, "xml-rpc", ""},
		{19, "json-2", admin, "", apierror.Unsupported},
	} {
		server := odootest.Start(t, odootest.Options{Version: test.version})
		client := connect(t, server, func(c *odoo.Config) { c.Transport = test.forced })
		session, err := client.Session(t.Context(), test.cred)
		if code := apierror.CodeOf(err); code != test.code {
			t.Errorf("%+v: %v", test, err)
			continue
		}
		if err == nil && (transportOf(session) != test.transport || session.Version().Major != test.version) {
			t.Errorf("%+v: %s to %s", test, transportOf(session), session.Version())
		}
		for _, call := range server.Calls() {
			if call.Service == "db" {
				t.Errorf("%+v: asked the db service, which lists the databases of all tenants", test)
			}
		}
	}
}

func TestConfigIsChecked(t *testing.T) {
	for _, cfg := range []odoo.Config{
		{}, {URL: "erp.example.com", Database: "d"}, {URL: "ftp://erp.example.com", Database: "d"}, {URL: "https://user:secret@erp.example.com", Database: "d"},
		{URL: "https://erp.example.com"}, {URL: "https://erp.example.com", Database: "d", Transport: "soap"},
		{URL: "https://erp.example.com", Database: "d", MaxConns: -1}, {URL: "https://erp.example.com", Database: "d", QueueTimeout: -time.Second},
	} {
		if _, err := odoo.New(cfg); err == nil {
			t.Errorf("%+v is taken", cfg)
		}
	}
}

func TestManyRequestsSignInOnce(t *testing.T) {
	onEveryVersion(t, func(t *testing.T, server *odootest.Server) {
		client := connect(t, server, nil)
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				if _, err := client.Session(context.Background(), admin); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n := server.Count("", "login") + server.Count("", "authenticate"); n != 1 {
			t.Errorf("%d logins", n)
		}
	})
}

func TestEveryCallSaysWhoseViewItIs(t *testing.T) {
	onEveryVersion(t, func(t *testing.T, server *odootest.Server) {
		session := open(t, connect(t, server, nil), admin)
		server.Reset()
		if _, err := session.WithLanguage("fr-CH, en;q=0.5").Model(t.Context(), "res.country", []string{"name"}); err != nil {
			t.Fatal(err)
		}
		sent := server.Calls()[0].Kwargs["context"].(map[string]any)
		if sent["lang"] != "fr_FR" || len(sent["allowed_company_ids"].([]any)) != len(session.User().Companies) || len(session.User().Companies) == 0 {
			t.Errorf("context %v of user %+v", sent, session.User())
		}
	})
}

func TestModelsAndFieldsThatAreNotThere(t *testing.T) {
	for _, transport := range []string{"json-2", "json-rpc", "xml-rpc"} {
		client := connect(t, odootest.Start(t, odootest.Options{}), func(c *odoo.Config) { c.Transport = transport })
		session := open(t, client, odoo.Credential{Login: odootest.AdminLogin, APIKey: odootest.AdminKey})
		model, err := session.Model(t.Context(), "fleet.vehicle", []string{"name"})
		if model != nil || err != nil {
			t.Errorf("%s: a model that is not installed: %v, %v", transport, model, err)
		}
		model, err = session.Model(t.Context(), "res.partner", []string{"name", "mobile"})
		if err != nil || model.HasField("mobile") || !model.HasField("name") || !model.HasField("id") {
			t.Errorf("%s: %v, %v", transport, model, err)
		}
	}
}

func TestARefusedCredentialLeavesOdooAlone(t *testing.T) {
	server := odootest.Start(t, odootest.Options{})
	now := time.Now()
	client := connect(t, server, func(c *odoo.Config) { c.Now = func() time.Time { return now } })
	wrong := odoo.Credential{Login: odootest.AdminLogin, Password: "wrong"}
	for range 10 {
		_, err := client.Session(t.Context(), wrong)
		if apierror.CodeOf(err) != apierror.UpstreamUnauthenticated {
			t.Fatal(err)
		}
	}
	if n := server.Count("", "login") + server.Count("", "authenticate"); n != 1 {
		t.Errorf("Odoo was asked %d times", n)
	}
	open(t, client, admin) // others get in
	now = now.Add(2 * time.Minute)
	if _, err := client.Session(t.Context(), wrong); apierror.CodeOf(err) != apierror.UpstreamUnauthenticated {
		t.Fatal(err)
	}
	if n := server.Count("", "login") + server.Count("", "authenticate"); n != 3 {
		t.Errorf("Odoo was asked %d times; a mended password would never be noticed", n)
	}
}

func TestAPasswordThatChangesEndsTheSession(t *testing.T) {
	server := odootest.Start(t, odootest.Options{Version: 14})
	client := connect(t, server, nil)
	session := open(t, client, admin)
	server.Inject(odootest.Fault{Match: odootest.Match{Method: "fields_get"}, Exception: odootest.AccessDenied()})
	if _, err := session.Model(t.Context(), "res.partner", nil); apierror.CodeOf(err) != apierror.UpstreamUnauthenticated {
		t.Fatal(err)
	}
	server.Reset()
	if _, err := client.Session(t.Context(), admin); apierror.CodeOf(err) != apierror.UpstreamUnauthenticated || server.Total() == 0 {
		t.Errorf("the session lives on: %v", err)
	}
	if n := len(server.Calls()); n != 0 {
		t.Errorf("%d calls with a credential that Odoo has just refused", n)
	}
}

func TestAnUpgradedOdooIsDiscoveredAnew(t *testing.T) {
	address := freeport.Address(t)
	old, err := odootest.Run(odootest.Options{Version: 14}, address)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	client := connect(t, old, func(c *odoo.Config) { c.Now = func() time.Time { return now } })
	before := open(t, client, admin)
	if err := old.Stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := before.Model(t.Context(), "res.partner", nil); apierror.CodeOf(err) != apierror.UpstreamUnavailable {
		t.Fatal(err)
	}
	if _, err := client.Session(t.Context(), admin); apierror.CodeOf(err) != apierror.UpstreamUnavailable {
		t.Fatal(err)
	}
	upgraded, err := odootest.Run(odootest.Options{Version: 17}, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = upgraded.Close() })
	now = now.Add(time.Second)
	if after := open(t, client, admin); after == before || after.Version().Major != 17 {
		t.Errorf("still takes it for %s", after.Version())
	}
}

func TestNothingIsLeftRunning(t *testing.T) {
	server := odootest.Start(t, odootest.Options{})
	before := runtime.NumGoroutine()
	client := connect(t, server, func(c *odoo.Config) { c.Timeout = 50 * time.Millisecond })
	session := open(t, client, admin)
	hold := server.Hold(odootest.Match{Method: "fields_get"})
	for range 10 {
		if _, err := session.Model(t.Context(), "res.partner", nil); apierror.CodeOf(err) != apierror.UpstreamTimeout {
			t.Errorf("%v", err)
		}
	}
	hold.Release()
	client.Close()
	deadline := time.Now().Add(3 * time.Second)
	for runtime.NumGoroutine() > before && time.Now().Before(deadline) {
		time.Sleep(10 * time.Millisecond)
	}
	if after := runtime.NumGoroutine(); after > before {
		t.Errorf("%d goroutines before, %d after", before, after)
	}
}

// The traps of reading from Odoo, each with what the client does about it.
func TestTrapsOfReading(t *testing.T) {
	onEveryVersion(t, func(t *testing.T, server *odootest.Server) {
		session := open(t, connect(t, server, nil), admin)
		partner, err := session.Model(t.Context(), "res.partner", []string{"name", "contact_address", "email"})
		if err != nil {
			t.Fatal(err)
		}
		where := func(field string, op odoo.Op, value any) odoo.Domain {
			return odoo.Where([]odoo.Step{{Model: partner, Field: field}}, op, value)
		}
		calls := func(do func()) []odootest.Call {
			server.Reset()
			do()
			return server.Calls()
		}

		t.Run("a filter on an unsearchable field would give all records", func(t *testing.T) {
			made := calls(func() {
				_, err := session.Search(t.Context(), odoo.Query{Model: partner, Domain: where("contact_address", odoo.Equal, "a"), Limit: 5})
				if apierror.CodeOf(err) != apierror.BadUserInput {
					t.Error(err)
				}
			})
			if len(made) != 0 {
				t.Errorf("Odoo was asked: %v", made)
			}
		})
		t.Run("no fields would mean all of them", func(t *testing.T) {
			made := calls(func() {
				if _, err := session.SearchRead(t.Context(), odoo.Query{Model: partner, Limit: 1}, nil); err != nil {
					t.Error(err)
				}
			})
			if diff := cmp.Diff([]string{"id"}, made[0].Fields); diff != "" {
				t.Error(diff)
			}
		})
		t.Run("no limit would mean no end", func(t *testing.T) {
			made := calls(func() {
				rows, err := session.SearchRead(t.Context(), odoo.Query{Model: partner}, []string{"name"})
				if len(rows) != 0 || err != nil {
					t.Error(rows, err)
				}
				if _, err := session.Search(t.Context(), odoo.Query{Model: partner, Limit: -1}); apierror.CodeOf(err) != apierror.BadUserInput {
					t.Error(err)
				}
			})
			if len(made) != 0 {
				t.Errorf("Odoo was asked: %v", made)
			}
		})
		t.Run("a record that is not there has no ghost", func(t *testing.T) {
			rows, err := session.SearchRead(t.Context(), odoo.Query{Model: partner, Domain: where("id", odoo.In, []any{int64(99999999)}), Limit: 1}, nil)
			if len(rows) != 0 || err != nil {
				t.Error(rows, err)
			}
		})
		t.Run("a call on no records would do nothing and succeed", func(t *testing.T) {
			made := calls(func() {
				if _, err := session.Do(t.Context(), odoo.Call{Model: "res.partner", Method: "read", IDs: []int64{}}); apierror.CodeOf(err) != apierror.Internal {
					t.Error(err)
				}
			})
			if len(made) != 0 {
				t.Errorf("Odoo was asked: %v", made)
			}
		})
		t.Run("tracebacks stay inside", func(t *testing.T) {
			_, err := session.Do(t.Context(), odoo.Call{Model: "res.partner", Method: "search_read", Args: map[string]any{"fields": []any{"nonsense"}, "limit": 1}})
			if public := apierror.Public(err); strings.Contains(public.Message, "Traceback") || strings.Contains(public.Message, "nonsense") || !strings.Contains(err.Error(), "nonsense") {
				t.Errorf("the client reads %q, the log %q", public.Message, err)
			}
		})
		t.Run("an order that is not total would repeat and miss rows", func(t *testing.T) {
			made := calls(func() {
				if _, err := session.Search(t.Context(), odoo.Query{Model: partner, Order: []odoo.Order{{Field: "email"}}, Limit: 1}); err != nil {
					t.Error(err)
				}
			})
			if order := made[0].Kwargs["order"]; order != "email, id" {
				t.Errorf("ordered by %v", order)
			}
		})
	})
}
