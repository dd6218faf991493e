package odoo_test

import (
	"os"
	"testing"
	"time"

	"odoograph/odoo"
	"odoograph/odoo/odootest"
)

// The operator can be told in time that an API key ends.
func TestKeyExpiry(t *testing.T) {
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	soon, later, past := "2026-11-29 10:00:00", "2027-02-01 10:00:00", "2026-11-01 10:00:00"
	for _, test := range []struct {
		name    string
		version int
		keys    []any // when the keys end
		want    odoo.KeyExpiry
	}{
		{"one key", 19, []any{soon}, odoo.KeyExpiry{At: time.Date(2026, 11, 29, 10, 0, 0, 0, time.UTC), Certain: true}},
		{"one without end", 19, []any{nil}, odoo.KeyExpiry{Certain: true}},
		{"several", 19, []any{later, nil, soon}, odoo.KeyExpiry{At: time.Date(2026, 11, 29, 10, 0, 0, 0, time.UTC)}},
		{"one has ended", 19, []any{past, later}, odoo.KeyExpiry{At: time.Date(2027, 2, 1, 10, 0, 0, 0, time.UTC)}},
		{"an Odoo whose keys have no end", 14, []any{nil}, odoo.KeyExpiry{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			standIn := odootest.Start(t, odootest.Options{Version: test.version})
			session := signIn(t, odoo.Config{URL: standIn.URL(), Database: standIn.DB(), Now: func() time.Time { return now }},
				odoo.Credential{Login: odootest.DemoLogin, APIKey: odootest.DemoKey})
			for i, end := range append(test.keys, past) {
				user := session.User().ID
				if i == len(test.keys) {
					user = 1 // somebody else's, which the user does not see
				}
				values := map[string]any{"name": "key", "user_id": user, "scope": "rpc"}
				if test.version >= 17 && end != nil {
					values["expiration_date"] = end
				}
				standIn.Create("res.users.apikeys", values)
			}
			got, err := session.KeyExpiry(t.Context())
			if err != nil || got != test.want {
				t.Errorf("%+v, %v; want %+v", got, err, test.want)
			}
		})
	}
}

func TestLiveKeyExpiry(t *testing.T) {
	if os.Getenv("ODOO_URL") == "" {
		t.Skip("ODOO_URL is not set")
	}
	session := signIn(t, odoo.Config{URL: os.Getenv("ODOO_URL"), Database: os.Getenv("ODOO_DB")},
		odoo.Credential{Login: os.Getenv("ODOO_LOGIN"), APIKey: os.Getenv("ODOO_API_KEY")})
	expiry, err := session.KeyExpiry(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if tells := session.Version().Major >= 17; tells == expiry.At.IsZero() || tells && expiry.At.Before(time.Now()) {
		t.Errorf("Odoo %s says %+v", session.Version().Text, expiry)
	}
}

func signIn(t *testing.T, cfg odoo.Config, credential odoo.Credential) *odoo.Session {
	t.Helper()
	client, err := odoo.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	session, err := client.Session(t.Context(), credential)
	if err != nil {
		t.Fatal(err)
	}
	return session
}
