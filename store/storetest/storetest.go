// Package storetest gives tests a database of their own, of each kind that the
// gateway may have. It imports package store.
package storetest

import (
	"crypto/rand"
	"database/sql"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"odoograph/store"
)

// ForEach runs a test with the name of an empty SQLite database and, where
// ODOOGRAPH_TEST_POSTGRES holds the address of one, of an empty PostgreSQL one.
func ForEach(t *testing.T, test func(t *testing.T, database string)) {
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, Postgres(t)) })
}

// Open opens a database until the test ends.
func Open(t testing.TB, database string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), store.Config{Database: database})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// SQLite names a file that is not there yet.
func SQLite(t testing.TB) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "gateway.db")
}

// Postgres names a schema that lives as long as the test, or skips the test.
func Postgres(t testing.TB) string {
	t.Helper()
	server := os.Getenv("ODOOGRAPH_TEST_POSTGRES")
	if server == "" {
		t.Skip("needs a PostgreSQL: set ODOOGRAPH_TEST_POSTGRES to postgres://...")
	}
	db, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	schema := "test_" + strings.ToLower(rand.Text())
	if _, err := db.Exec("CREATE SCHEMA " + schema); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := db.Exec("DROP SCHEMA " + schema + " CASCADE"); err != nil {
			t.Error(err)
		}
		_ = db.Close()
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
