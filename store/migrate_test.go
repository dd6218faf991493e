package store_test

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"odoograph/auth"
	"odoograph/odoo"
	"odoograph/store"
	"odoograph/store/storetest"
)

const secret = "a secret of the operator, long enough"

// A database from before idempotency keys goes up without losing an API key,
// also when several new gateways start on it at once.
func TestKeysOutliveTheMigration(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, name string) {
		tokens := makeKeysAt(t, name, 1)
		var wait sync.WaitGroup
		for range 5 {
			wait.Go(func() {
				db, err := store.Open(t.Context(), store.Config{Database: name, MustExist: true})
				if err != nil {
					t.Error(err)
					return
				}
				defer db.Close()
				var n int
				if err := db.QueryRow("SELECT COUNT(*) FROM idempotency_keys").Scan(&n); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		keys, err := auth.Open(t.Context(), storetest.Open(t, name), auth.Config{Secret: secret})
		if err != nil {
			t.Fatal(err)
		}
		defer keys.Close()
		if all, err := keys.List(t.Context()); len(all) != len(tokens) || err != nil {
			t.Errorf("%d keys, %v", len(all), err)
		}
		for id, token := range tokens {
			identity, err := keys.Authenticate(t.Context(), token, netip.MustParseAddr("192.0.2.7"), "")
			if err != nil || identity.Key.ID != id || identity.Credential.APIKey != "odoo-key" {
				t.Errorf("%v, %v", identity, err)
			}
			if history, err := keys.History(t.Context(), id); len(history) != 1 || err != nil {
				t.Errorf("%d events, %v", len(history), err)
			}
		}
	})
}

// A request that was under way in a gateway that knew no ages is there still, and
// nobody said when it began.
func TestIdempotencyKeysOutliveTheMigration(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, name string) {
		old, err := store.OpenAt(t.Context(), name, 2)
		if err != nil {
			t.Fatal(err)
		}
		defer old.Close()
		if _, err := old.Exec(`
			INSERT INTO idempotency_keys (owner, client_key, fingerprint, attempt, interrupted, lease_until, finished_at, omitted, expires_at)
			VALUES ('shop', 'k1', $1, 'a1', FALSE, 1, 0, FALSE, 2)`, []byte("what was asked")); err != nil {
			t.Fatal(err)
		}
		var attempt string
		begun := -1
		if err := storetest.Open(t, name).QueryRow("SELECT attempt, begun_at FROM idempotency_keys").Scan(&attempt, &begun); err != nil || attempt != "a1" || begun != 0 {
			t.Errorf("attempt %q, begun at %d, %v", attempt, begun, err)
		}
	})
}

// makeKeysAt makes keys in a database of a version and returns them by their ids.
func makeKeysAt(t *testing.T, name string, version int64) map[string]string {
	t.Helper()
	db, err := store.OpenAt(t.Context(), name, version)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var n int
	if err := db.QueryRow("SELECT COUNT(*) FROM idempotency_keys").Scan(&n); err == nil {
		t.Fatal("version 1 has the table of version 2")
	}
	keys, err := auth.Open(t.Context(), db, auth.Config{Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	defer keys.Close()
	tokens := map[string]string{}
	for i := range 20 {
		token, key, err := keys.Create(t.Context(), auth.Key{Name: fmt.Sprint("client ", i), Scopes: []string{"*"}}, odoo.Credential{Login: "salesman", APIKey: "odoo-key"})
		if err != nil {
			t.Fatal(err)
		}
		tokens[key.ID] = token
	}
	return tokens
}

// A program that is older than the tables leaves them alone and says so.
func TestAnOlderProgramIsRefused(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, name string) {
		db := storetest.Open(t, name)
		if _, err := db.Exec("INSERT INTO odoograph_migrations (version_id, is_applied) VALUES (99999, TRUE)"); err != nil {
			t.Fatal(err)
		}
		again, err := store.Open(t.Context(), store.Config{Database: name, MustExist: true})
		if err == nil {
			again.Close()
		}
		if err == nil || !strings.Contains(err.Error(), "newer version of odoograph") {
			t.Errorf("%v", err)
		}
	})
}

// Several gateways may start at once on a database that is empty.
func TestGatewaysStartTogether(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, name string) {
		var wait sync.WaitGroup
		for range 8 {
			wait.Go(func() {
				db, err := store.Open(t.Context(), store.Config{Database: name})
				if err != nil {
					t.Error(err)
					return
				}
				db.Close()
			})
		}
		wait.Wait()
	})
}

// Who only looks changes nothing: neither the tables of an older version nor a
// database without any.
func TestLookingChangesNothing(t *testing.T) {
	for version, setUp := range map[string]func(*testing.T, string){
		"older": func(t *testing.T, name string) { makeKeysAt(t, name, 1) },
		"empty": func(t *testing.T, name string) {
			db, err := store.Connect(name)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if _, err := db.Exec("CREATE TABLE nothing_of_ours (id INTEGER)"); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(version, func(t *testing.T) {
			storetest.ForEach(t, func(t *testing.T, name string) {
				setUp(t, name)
				db, err := store.Open(t.Context(), store.Config{Database: name, MustExist: true, Look: true})
				if !errors.Is(err, store.ErrOutdated) {
					t.Fatalf("%v, %v", db, err)
				}
				db, err = store.Connect(name)
				if err != nil {
					t.Fatal(err)
				}
				defer db.Close()
				var n int
				if err := db.QueryRow("SELECT COUNT(*) FROM idempotency_keys").Scan(&n); err == nil {
					t.Error("the table of version 2 was made")
				}
				if err := db.QueryRow("SELECT COUNT(*) FROM odoograph_migrations").Scan(&n); (err == nil) != (version == "older") {
					t.Errorf("the table of versions: %v", err)
				}
			})
		})
	}
}
