package odoo_test

import (
	"context"
	"testing"

	"odoograph/apierror"
	"odoograph/odoo"
	"odoograph/odoo/odootest"
)

func transportOf(s *odoo.Session) string {
	name, _ := s.Transport()
	return name
}

// countLogins is how often the web session was opened since the last Reset.
func countLogins(server *odootest.Server) int {
	n := 0
	for _, call := range server.Calls() {
		if call.Protocol == "web-session" && call.Method == "authenticate" {
			n++
		}
	}
	return n
}

func countPartners(ctx context.Context, s *odoo.Session) error {
	_, err := s.Do(ctx, odoo.Call{Model: "res.partner", Method: "search_count", Args: map[string]any{"domain": []any{}}, Positional: []string{"domain"}})
	return err
}

func TestAWebSessionThatEndsIsOpenedAgain(t *testing.T) {
	onEveryVersion(t, func(t *testing.T, server *odootest.Server) {
		session := open(t, connect(t, server, nil), admin)
		server.Reset()
		server.EndWebSessions()
		for range 3 {
			if err := countPartners(t.Context(), session); err != nil {
				t.Fatal(err)
			}
		}
		if n := countLogins(server); n != 1 {
			t.Errorf("signed in %d times after the session had ended, want once", n)
		}
	})
}

func TestManyCallsOpenOneWebSession(t *testing.T) {
	server := odootest.Start(t, odootest.Options{})
	session := open(t, connect(t, server, func(c *odoo.Config) { c.MaxConns = 20 }), admin)
	server.Reset()
	server.EndWebSessions()
	failed := make(chan error, 20)
	for range cap(failed) {
		go func() { failed <- countPartners(t.Context(), session) }()
	}
	for range cap(failed) {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
	if n := countLogins(server); n != 1 {
		t.Errorf("signed in %d times, want once", n)
	}
}

func TestAWebSessionKeepsUpWithItsName(t *testing.T) {
	server := odootest.Start(t, odootest.Options{})
	session := open(t, connect(t, server, nil), admin)
	server.Reset()
	for range 2 {
		server.RenameWebSessions()
		for range 2 {
			if err := countPartners(t.Context(), session); err != nil {
				t.Fatal(err)
			}
		}
	}
	if n := countLogins(server); n != 0 {
		t.Errorf("signed in %d times although Odoo had told the new name", n)
	}
}

func TestWithoutWebSessionsThatHoldTheCallIsSaidInJSONRPC(t *testing.T) {
	onEveryVersion(t, func(t *testing.T, server *odootest.Server) {
		server.KeepWebSessions(false)
		session := open(t, connect(t, server, nil), admin)
		if err := countPartners(t.Context(), session); err != nil {
			t.Fatal(err)
		}
		if name, why := session.Transport(); name != "json-rpc" || why == "" {
			t.Errorf("%s: %s", name, why)
		}
		server.Reset()
		if err := countPartners(t.Context(), session); err != nil {
			t.Fatal(err)
		}
		if calls := server.Calls(); len(calls) != 1 || calls[0].Protocol != "json-rpc" {
			t.Errorf("%+v", calls)
		}
	})
}

// A proxy in front of Odoo may let through what integrations use, and no more.
func TestWithoutTheWebClientTheCallIsSaidInJSONRPC(t *testing.T) {
	for _, status := range []int{403, 404} {
		server := odootest.Start(t, odootest.Options{})
		server.Inject(odootest.Fault{Match: odootest.Match{Protocol: "web-session"}, Status: status, Body: "<html>", Times: -1})
		session := open(t, connect(t, server, nil), admin)
		if err := countPartners(t.Context(), session); err != nil {
			t.Fatal(err)
		}
		if name, why := session.Transport(); name != "json-rpc" || why == "" {
			t.Errorf("%d: %s: %s", status, name, why)
		}
	}
}

func TestAWebSessionEndsWithItsPassword(t *testing.T) {
	server := odootest.Start(t, odootest.Options{})
	client := connect(t, server, nil)
	session := open(t, client, admin)
	server.SetPassword(odootest.AdminLogin, "another")
	server.Reset()
	failed := make(chan error, 10)
	for range cap(failed) {
		go func() { failed <- countPartners(t.Context(), session) }()
	}
	for range cap(failed) {
		if err := <-failed; apierror.CodeOf(err) != apierror.UpstreamUnauthenticated {
			t.Error(err)
		}
	}
	if n := countLogins(server); n != 1 {
		t.Errorf("tried the old password %d times, want once: Odoo locks out who guesses", n)
	}
	if _, err := client.Session(t.Context(), admin); apierror.CodeOf(err) != apierror.UpstreamUnauthenticated {
		t.Error(err)
	}
	if n := countLogins(server); n != 1 {
		t.Error("the refused password was tried again at once")
	}
}

// A call that does not name the database first makes Odoo look for it: that is
// where most of the time of a small call goes.
func TestEveryCallNamesItsDatabase(t *testing.T) {
	for _, test := range []struct {
		version   int
		transport string
	}{
		{14, "web-session"}, {14, "json-rpc"}, {14, "xml-rpc"},
		{19, "web-session"}, {19, "json-rpc"}, {19, "xml-rpc"}, {19, "json-2"},
	} {
		server := odootest.Start(t, odootest.Options{Version: test.version})
		client := connect(t, server, func(c *odoo.Config) { c.Transport = test.transport })
		session := open(t, client, odoo.Credential{Login: odootest.AdminLogin, Password: odootest.AdminLogin, APIKey: odootest.AdminKey})
		for _, restart := range []bool{false, true} {
			if restart {
				server.EndWebSessions()
				_ = countPartners(t.Context(), session) // the first one finds out
			}
			server.Reset()
			if err := countPartners(t.Context(), session); err != nil {
				t.Fatal(err)
			}
			if calls := server.Calls(); len(calls) != 1 || !calls[0].Named {
				t.Errorf("%+v, restarted %t: %+v", test, restart, calls)
			}
		}
	}
}
