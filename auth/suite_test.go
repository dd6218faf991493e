package auth

import (
	"database/sql"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"odoograph/apierror"
	"odoograph/odoo"
)

const (
	testSecret  = "a secret of the operator, long enough"
	otherSecret = "another one, which came to be known..."
)

var (
	home     = netip.MustParseAddr("192.0.2.7")
	salesman = odoo.Credential{Login: "salesman", APIKey: "odoo-key-1"}
)

// forEachStore runs a test on SQLite and, where ODOOGRAPH_TEST_POSTGRES holds
// the address of one, on PostgreSQL in a schema of its own.
func forEachStore(t *testing.T, test func(t *testing.T, database string)) {
	t.Run("sqlite", func(t *testing.T) { test(t, newSQLite(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, newPostgres(t)) })
}

func newSQLite(t *testing.T) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "keys.db")
}

func newPostgres(t *testing.T) string {
	t.Helper()
	server := os.Getenv("ODOOGRAPH_TEST_POSTGRES")
	if server == "" {
		t.Skip("needs a PostgreSQL: set ODOOGRAPH_TEST_POSTGRES to postgres://...")
	}
	db, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	schema := "test_" + strings.ToLower(newID())
	if _, err := db.Exec("CREATE SCHEMA " + schema); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := db.Exec("DROP SCHEMA " + schema + " CASCADE"); err != nil {
			t.Error(err)
		}
		db.Close()
	})
	address, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	parameters := address.Query()
	parameters.Set("search_path", schema)
	address.RawQuery = parameters.Encode()
	return address.String()
}

// open opens a Keyring for the time of a test. Config{} is one that seals.
func open(t *testing.T, database string, config Config) *Keyring {
	t.Helper()
	config.Database = database
	if config.Secret == "" {
		config.Secret = testSecret
	}
	config.Actor = "tester"
	k, err := Open(t.Context(), config)
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
