package auth

import (
	"net/netip"
	"testing"
	"time"

	"odoograph/apierror"
	"odoograph/odoo"
	"odoograph/store/storetest"
)

const (
	testSecret  = "a secret of the operator, long enough"
	otherSecret = "another one, which came to be known..."
)

var (
	home     = netip.MustParseAddr("192.0.2.7")
	salesman = odoo.Credential{Login: "salesman", APIKey: "odoo-key-1"}
)

// open opens a Keyring for the time of a test. Config{} is one that seals.
func open(t *testing.T, database string, config Config) *Keyring {
	t.Helper()
	if config.Secret == "" {
		config.Secret = testSecret
	}
	config.Actor = "tester"
	k, err := Open(t.Context(), storetest.Open(t, database), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = k.Close() })
	return k
}

// create makes a key that may do everything.
func create(t *testing.T, k *Keyring, name string) (token string, key *Key) {
	t.Helper()
	token, key, err := k.Create(t.Context(), Key{Name: name, Scopes: []string{"*"}}, odoo.Credential{})
	if err != nil {
		t.Fatal(err)
	}
	return token, key
}

// authenticate lets a token in or returns the code of the refusal.
func authenticate(t *testing.T, k *Keyring, token string) apierror.Code {
	t.Helper()
	_, err := k.Authenticate(t.Context(), token, home, "")
	return apierror.CodeOf(err)
}

// clock is a clock that tests set.
type clock struct{ at time.Time }

func newClock() *clock { return &clock{time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time          { return c.at }
func (c *clock) advance(d time.Duration) { c.at = c.at.Add(d) }
