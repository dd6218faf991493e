package auth

import (
	"errors"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"odoograph/apierror"
	"odoograph/odoo"
	"odoograph/store"
	"odoograph/store/storetest"
)

func TestAKeyIsStoredAsItWasMade(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, database string) {
		c := newClock()
		k := open(t, database, Config{Now: c.now})
		want := Key{
			Name: "web shop ☕", Scopes: []string{"partners:*", "orders:read"}, ExpiresAt: c.at.Add(time.Hour),
			Limits:  Limits{Requests: 10, CostCapacity: 2000, CostRestore: 100},
			Origins: []string{"https://Shop.example.com"}, Networks: []netip.Prefix{netip.MustParsePrefix("10.1.2.3/8"), netip.MustParsePrefix("2001:db8::1/128")},
			Documents: DocumentsOnly,
		}
		token, created, err := k.Create(t.Context(), want, salesman)
		if err != nil {
			t.Fatal(err)
		}
		want.ID, want.CreatedAt, want.OdooLogin, want.Credential = created.ID, c.at, "salesman", CredentialSealed
		want.Origins = []string{"https://shop.example.com"}
		want.Networks = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8::1/128")}
		again := open(t, database, Config{Now: c.now})
		got, err := again.Get(t.Context(), "web shop ☕")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(&want, got, cmpopts.EquateComparable(netip.Prefix{})); diff != "" {
			t.Error(diff)
		}
		identity, err := again.Authenticate(t.Context(), token, netip.MustParseAddr("10.9.9.9"), "https://shop.example.com")
		if err != nil || identity.Credential != salesman || identity.Key.ID != created.ID {
			t.Errorf("authenticated as %v, %v", identity, err)
		}
	})
}

func TestEveryChangeHasItsEvent(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, database string) {
		k := open(t, database, Config{})
		token, key, err := k.Create(t.Context(), Key{Name: "shop", Scopes: []string{"*"}}, salesman)
		if err != nil {
			t.Fatal(err)
		}
		rotated, err := k.Rotate(t.Context(), key.ID, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		if n, err := k.Reseal(t.Context()); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		for range 2 { // the second one changes nothing
			if err := k.Revoke(t.Context(), key.ID); err != nil {
				t.Fatal(err)
			}
		}
		history, err := k.History(t.Context(), key.ID)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for i, e := range history {
			names = append(names, e.Event)
			if e.Version != int64(i+1) || e.Who != "tester" || time.Since(e.At) > time.Minute {
				t.Errorf("event %+v", e)
			}
			for _, secret := range []string{token[15:], rotated[15:], salesman.APIKey} {
				if strings.Contains(e.Details, secret) {
					t.Errorf("event %+v holds a secret", e)
				}
			}
		}
		if got := strings.Join(names, " "); got != "created rotated resealed revoked" {
			t.Errorf("events: %s", got)
		}
		if code := authenticate(t, k, rotated); code != apierror.Unauthenticated {
			t.Errorf("a revoked key: %s", code)
		}
		if _, err := k.Rotate(t.Context(), key.ID, 0); err == nil || !strings.Contains(err.Error(), "was revoked on") {
			t.Errorf("rotating a revoked key: %v", err)
		}
	})
}

func TestTwoKeyringsAtOnceLoseNothing(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, database string) {
		const each = 8
		rings := []*Keyring{open(t, database, Config{}), open(t, database, Config{})}
		_, shared := create(t, rings[0], "shared")
		var mu sync.Mutex
		tokens := map[string]bool{} // whether the key was revoked
		var wait sync.WaitGroup
		for i := range 2 * each {
			wait.Go(func() {
				k := rings[i%2]
				token, key := create(t, k, "many")
				if _, err := k.Rotate(t.Context(), shared.ID, time.Hour); err != nil {
					t.Error(err)
				}
				if i < each {
					if err := k.Revoke(t.Context(), key.ID); err != nil {
						t.Error(err)
					}
				}
				mu.Lock()
				tokens[token] = i < each
				mu.Unlock()
			})
		}
		wait.Wait()
		fresh := open(t, database, Config{})
		keys, err := fresh.List(t.Context())
		if err != nil || len(keys) != 2*each+1 {
			t.Fatalf("%d keys, %v", len(keys), err)
		}
		for token, revoked := range tokens {
			if got := authenticate(t, fresh, token) != ""; got != revoked {
				t.Errorf("refused %v, revoked %v", got, revoked)
			}
		}
		if history, err := fresh.History(t.Context(), shared.ID); len(history) != 2*each+1 || err != nil {
			t.Errorf("%d events, %v", len(history), err)
		}
	})
}

func TestProcessesThatStartAtOnceMakeOneDatabase(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, database string) {
		var wait sync.WaitGroup
		for range 6 {
			wait.Go(func() {
				db, err := store.Open(t.Context(), store.Config{Database: database})
				if err != nil {
					t.Error(err)
					return
				}
				k, err := Open(t.Context(), db, Config{})
				if err != nil {
					t.Error(err)
					return
				}
				create(t, k, "first")
				if err := errors.Join(k.Close(), db.Close()); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if keys, err := open(t, database, Config{}).List(t.Context()); len(keys) != 6 || err != nil {
			t.Errorf("%d keys, %v", len(keys), err)
		}
	})
}

// A change whose event cannot be written is no change: the two are one transaction.
func TestAChangeThatFailsHalfWayIsNone(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, database string) {
		k := open(t, database, Config{})
		token, key, err := k.Create(t.Context(), Key{Name: "shop", Scopes: []string{"*"}}, salesman)
		if err != nil {
			t.Fatal(err)
		}
		blocker := Event{KeyID: key.ID, Version: 2, Event: "blocks the place of the next event"}
		if err := blocker.insert(t.Context(), k.db); err != nil {
			t.Fatal(err)
		}
		for name, change := range map[string]func() error{
			"rotate": func() error { _, err := k.Rotate(t.Context(), key.ID, 0); return err },
			"revoke": func() error { return k.Revoke(t.Context(), key.ID) },
			"reseal": func() error { _, err := k.Reseal(t.Context()); return err },
		} {
			if err := change(); err == nil {
				t.Errorf("%s went through", name)
			}
			if code := authenticate(t, k, token); code != "" {
				t.Errorf("after the failed %s the key is refused: %s", name, code)
			}
			if got, err := k.Get(t.Context(), key.ID); err != nil || !got.RotatedAt.IsZero() || got.Credential != CredentialSealed {
				t.Errorf("after the failed %s the key is %+v, %v", name, got, err)
			}
		}
	})
}

func TestNamesStandForIDsWhileTheyAreUnique(t *testing.T) {
	k := open(t, store.Memory, Config{})
	_, first := create(t, k, "shop")
	_, second := create(t, k, "shop")
	if _, err := k.Get(t.Context(), "shop"); err == nil || !strings.Contains(err.Error(), first.ID) || !strings.Contains(err.Error(), second.ID) {
		t.Errorf("an ambiguous name: %v", err)
	}
	if err := k.Revoke(t.Context(), first.ID); err != nil {
		t.Fatal(err)
	}
	if got, err := k.Get(t.Context(), "shop"); err != nil || got.ID != second.ID {
		t.Errorf("the name of a revoked and a good key: %v, %v", got, err)
	}
	for _, err := range []error{
		func() error { _, err := k.Get(t.Context(), "nobody"); return err }(),
		func() error { _, err := k.Rotate(t.Context(), "nobody", 0); return err }(),
		k.Revoke(t.Context(), "nobody"),
	} {
		if apierror.CodeOf(err) != apierror.NotFound {
			t.Errorf("a key that does not exist: %v", err)
		}
	}
}

func TestCreateSaysWhatItDoesNotTake(t *testing.T) {
	c := newClock()
	k := open(t, store.Memory, Config{Now: c.now, Scopes: []string{"partners:read", "introspection"}})
	good := Key{Name: "shop", Scopes: []string{"partners:*", "introspection", "*"}}
	if _, _, err := k.Create(t.Context(), good, odoo.Credential{}); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		change func(*Key)
		want   string
	}{
		{func(key *Key) { key.Name = "" }, "needs a name"},
		{func(key *Key) { key.Name = "two\nlines" }, "needs a name"},
		{func(key *Key) { key.Name = strings.Repeat("x", 101) }, "at most 100"},
		{func(key *Key) { key.Scopes = nil }, "needs scopes: *, partners:read, introspection, partners:*"},
		{func(key *Key) { key.Scopes = []string{"partner:read"} }, `no scope "partner:read". Allowed: *, partners:read, introspection, partners:*.`},
		{func(key *Key) { key.Scopes = []string{"orders:*"} }, `no scope "orders:*"`},
		{func(key *Key) { key.Scopes = []string{"part*"} }, `no scope "part*"`},
		{func(key *Key) { key.Scopes = []string{""} }, `no scope ""`},
		{func(key *Key) { key.ExpiresAt = c.at }, "would have expired on 2027-03-01 12:00:00 UTC"},
		{func(key *Key) { key.Limits.Requests = -1 }, "positive"},
		{func(key *Key) { key.Documents = "some" }, "any, log or only"},
		{func(key *Key) { key.Origins = []string{"shop.example.com"} }, "https://shop.example.com"},
		{func(key *Key) { key.Origins = []string{"https://shop.example.com/"} }, "without path"},
		{func(key *Key) { key.Origins = []string{"https://*.example.com"} }, "pattern"},
		{func(key *Key) { key.Networks = []netip.Prefix{{}} }, "10.0.0.0/8"},
	} {
		key := good
		test.change(&key)
		_, _, err := k.Create(t.Context(), key, odoo.Credential{})
		if apierror.CodeOf(err) != apierror.BadUserInput || !strings.Contains(err.Error(), test.want) {
			t.Errorf("want %q, got %v", test.want, err)
		}
	}
	for _, credential := range []odoo.Credential{{Login: "x"}, {APIKey: "y"}, {Login: "x", APIKey: "y", Password: "z"}} {
		if _, _, err := k.Create(t.Context(), good, credential); apierror.CodeOf(err) != apierror.BadUserInput {
			t.Errorf("%+v: %v", credential, err)
		}
	}
}

func TestOpenSaysWhatIsWrongWithSecrets(t *testing.T) {
	for _, test := range []struct {
		config Config
		want   string
	}{
		{Config{Secret: "short"}, "has 5 characters, and at least 32"},
		{Config{Secret: testSecret, PreviousSecrets: []string{"old"}}, "previous secret 1 has 3"},
		{Config{PreviousSecrets: []string{testSecret}}, "no current one"},
	} {
		_, err := Open(t.Context(), storetest.Open(t, store.Memory), test.config)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("want %q, got %v", test.want, err)
		}
	}
}

func TestADiskThatIsFullChangesNothing(t *testing.T) {
	k := open(t, storetest.SQLite(t), Config{})
	token, _ := create(t, k, "shop")
	k.db.SetMaxOpenConns(1) // the limit is that of one connection
	if _, err := k.db.Exec("PRAGMA max_page_count = 1"); err != nil {
		t.Fatal(err)
	}
	var err error
	for range 100 { // until the pages that there are have no room
		if _, _, err = k.Create(t.Context(), Key{Name: strings.Repeat("x", 100), Scopes: []string{"*"}}, odoo.Credential{}); err != nil {
			break
		}
	}
	if err == nil || !strings.Contains(err.Error(), "disk of the gateway's database is full") {
		t.Errorf("creating on a full disk: %v", err)
	}
	if code := authenticate(t, k, token); code != "" {
		t.Errorf("the key from before: %s", code)
	}
}

func TestAReadOnlyDatabaseStillLetsIn(t *testing.T) {
	database := storetest.SQLite(t)
	token, key := create(t, open(t, database, Config{}), "shop")
	k := open(t, database, Config{})
	k.db.SetMaxOpenConns(1)
	if _, err := k.db.Exec("PRAGMA query_only = 1"); err != nil {
		t.Fatal(err)
	}
	if code := authenticate(t, k, token); code != "" {
		t.Error(code)
	}
	if err := k.Revoke(t.Context(), key.ID); err == nil || !strings.Contains(err.Error(), "read-only") {
		t.Errorf("revoking: %v", err)
	}
	if code := authenticate(t, k, token); code != "" {
		t.Errorf("after the failed revocation: %s", code)
	}
	if err := k.Close(); err != nil { // though the last use cannot be written
		t.Error(err)
	}
}

func TestErrorsOfCreateAreNotOfTheStore(t *testing.T) {
	k, err := Open(t.Context(), storetest.Open(t, store.Memory), Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	_, _, err = k.Create(t.Context(), Key{Name: "shop", Scopes: []string{"*"}}, salesman)
	if !errors.Is(err, errNoSecret) {
		t.Errorf("an Odoo credential without a secret: %v", err)
	}
	if keys, err := k.List(t.Context()); len(keys) != 0 || err != nil {
		t.Errorf("%d keys, %v", len(keys), err)
	}
}
