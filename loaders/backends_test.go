package loaders_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"odoograph/endpoint"
	"odoograph/loaders"
	"odoograph/odoo"
	"odoograph/odoo/odootest"
)

func newBackends(t *testing.T, log *slog.Logger) (*loaders.Backends, *odootest.Server) {
	t.Helper()
	standIn := odootest.Start(t, odootest.Options{})
	client, err := odoo.New(odoo.Config{URL: standIn.URL(), Database: standIn.DB()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	schema, err := loaders.NewSchema(endpoint.Schema().Schema())
	if err != nil {
		t.Fatal(err)
	}
	return loaders.NewBackends(client, odoo.Credential{APIKey: odootest.AdminKey}, schema, log), standIn
}

// Each credential has one backend, and none has another's session.
func TestBackendsOfUsers(t *testing.T) {
	backends, _ := newBackends(t, slog.New(slog.DiscardHandler))
	demo := backends.For(odoo.Credential{APIKey: odootest.DemoKey})
	if demo != backends.For(odoo.Credential{APIKey: odootest.DemoKey}) {
		t.Error("one user has two backends")
	}
	if backends.For(odoo.Credential{}) != backends.Service() || demo == backends.Service() {
		t.Error("the service account is for those without a credential of their own, and for them alone")
	}
	mine, _, err := demo.Bind(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	theirs, _, err := backends.Service().Bind(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if mine == theirs || mine.User().ID == theirs.User().ID {
		t.Error("two users share a session")
	}
}

// The operator is told that an Odoo API key ends, before it does.
func TestKeysThatEndSoonAreReported(t *testing.T) {
	for _, test := range []struct {
		name string
		in   time.Duration
		told bool
	}{{"soon", 48 * time.Hour, true}, {"not soon", 60 * 24 * time.Hour, false}} {
		t.Run(test.name, func(t *testing.T) {
			var log strings.Builder
			backends, standIn := newBackends(t, slog.New(slog.NewTextHandler(&log, nil)))
			session, _, err := backends.For(odoo.Credential{APIKey: odootest.DemoKey}).Bind(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			log.Reset()
			standIn.Create("res.users.apikeys", map[string]any{
				"name": "gateway", "user_id": session.User().ID, "expiration_date": time.Now().Add(test.in).UTC().Format(time.DateTime),
			})
			// Another login with the same key is another backend, which asks again.
			if _, _, err := backends.For(odoo.Credential{Login: odootest.DemoLogin, APIKey: odootest.DemoKey}).Bind(t.Context()); err != nil {
				t.Fatal(err)
			}
			if told := strings.Contains(log.String(), "ends soon"); told != test.told {
				t.Errorf("told %v:\n%s", told, log.String())
			}
			if strings.Contains(log.String(), odootest.DemoKey) {
				t.Error("the log holds the key")
			}
		})
	}
}
