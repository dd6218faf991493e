package auth

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"odoograph/apierror"
	"odoograph/odoo"
	"odoograph/store"
	"odoograph/store/storetest"
)

// What is wrong with a key is told to those alone who show its secret.
func TestRefusals(t *testing.T) {
	c := newClock()
	var log bytes.Buffer
	k := open(t, store.Memory, Config{Now: c.now, Log: slog.New(slog.NewTextHandler(&log, nil))})
	made := func(key Key) (token, wrong string, id string) {
		key.Name, key.Scopes = "shop", []string{"*"}
		token, created, err := k.Create(t.Context(), key, odoo.Credential{})
		if err != nil {
			t.Fatal(err)
		}
		wrong, _ = newToken(created.ID)
		return token, wrong, created.ID
	}
	good, wrong, _ := made(Key{})
	expired, wrongExpired, _ := made(Key{ExpiresAt: c.at.Add(time.Minute)})
	revoked, wrongRevoked, id := made(Key{})
	local, wrongLocal, _ := made(Key{Networks: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}})
	page, _, _ := made(Key{Origins: []string{"https://shop.example.com"}})
	if err := k.Revoke(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	c.advance(time.Minute)
	unknown, _ := newToken(newID())
	for _, test := range []struct {
		name, token, from, origin string
		code                      apierror.Code
		message, reason           string
	}{
		{"good", good, "192.0.2.7", "", "", "", ""},
		{"none", "", "192.0.2.7", "", apierror.Unauthenticated, "no API key in the request", "form"},
		{"cut short", good[:50], "192.0.2.7", "", apierror.Unauthenticated, "malformed", "form"},
		{"mistyped", good[:len(good)-1] + "!", "192.0.2.7", "", apierror.Unauthenticated, "malformed", "checksum"},
		{"of another system", "sk_live_0123456789abcdef", "192.0.2.7", "", apierror.Unauthenticated, "malformed", "form"},
		{"unknown", unknown, "192.0.2.7", "", apierror.Unauthenticated, msgInvalid, "unknown key"},
		{"wrong secret", wrong, "192.0.2.7", "", apierror.Unauthenticated, msgInvalid, "wrong secret"},
		{"expired", expired, "192.0.2.7", "", apierror.Unauthenticated, "expired on 2027-03-01 12:01:00 UTC", "expired"},
		{"expired, wrong secret", wrongExpired, "192.0.2.7", "", apierror.Unauthenticated, msgInvalid, "wrong secret"},
		{"revoked", revoked, "192.0.2.7", "", apierror.Unauthenticated, "revoked on 2027-03-01", "revoked"},
		{"revoked, wrong secret", wrongRevoked, "192.0.2.7", "", apierror.Unauthenticated, msgInvalid, "wrong secret"},
		{"network", local, "10.2.3.4", "", "", "", ""},
		{"network, IPv4 in IPv6", local, "::ffff:10.2.3.4", "", "", "", ""},
		{"other network", local, "192.0.2.7", "", apierror.Forbidden, "192.0.2.7", "network"},
		{"other network, wrong secret", wrongLocal, "192.0.2.7", "", apierror.Unauthenticated, msgInvalid, "wrong secret"},
		{"origin", page, "192.0.2.7", "https://SHOP.example.com", "", "", ""},
		{"other origin", page, "192.0.2.7", "https://shop.example.com.evil.example", apierror.Forbidden, "origins", "origin"},
		{"no origin", page, "192.0.2.7", "", apierror.Forbidden, "origins", "origin"},
	} {
		t.Run(test.name, func(t *testing.T) {
			log.Reset()
			c.advance(time.Second) // the number of lines in a second is bounded
			identity, err := k.Authenticate(t.Context(), test.token, netip.MustParseAddr(test.from), test.origin)
			if apierror.CodeOf(err) != test.code || (identity == nil) != (err != nil) {
				t.Fatalf("%v, %v", identity, err)
			}
			if err == nil {
				return
			}
			if message := apierror.Public(err).Message; !strings.Contains(message, test.message) {
				t.Errorf("%q does not say %q", message, test.message)
			}
			if line := log.String(); !strings.Contains(line, "authentication refused") || !strings.Contains(line, test.reason) ||
				!strings.Contains(line, "address=") || test.token != "" && strings.Contains(line, test.token) {
				t.Errorf("the log says %q", line)
			}
		})
	}
}

func TestTheAddressNeedNotBeKnown(t *testing.T) {
	k := open(t, store.Memory, Config{})
	token, _ := create(t, k, "shop")
	if _, err := k.Authenticate(t.Context(), token, netip.Addr{}, ""); err != nil {
		t.Error(err)
	}
}

func TestThePreviousSecretLivesForTheOverlap(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, database string) {
		c := newClock()
		k := open(t, database, Config{Now: c.now})
		first, key := create(t, k, "shop")
		second, err := k.Rotate(t.Context(), key.ID, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		for _, token := range []string{first, second} {
			if code := authenticate(t, k, token); code != "" {
				t.Errorf("within the overlap: %s", code)
			}
		}
		c.advance(time.Hour)
		if authenticate(t, k, first) == "" || authenticate(t, k, second) != "" {
			t.Error("after the overlap the old secret is good or the new one is not")
		}
		third, err := k.Rotate(t.Context(), key.ID, 0)
		if err != nil {
			t.Fatal(err)
		}
		if authenticate(t, k, second) == "" || authenticate(t, k, third) != "" {
			t.Error("without an overlap the old secret is good or the new one is not")
		}
	})
}

func TestChangesOfOtherProcessesCountWithinASecond(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, database string) {
		c := newClock()
		here, there := open(t, database, Config{Now: c.now}), open(t, database, Config{Now: c.now})
		token, key := create(t, here, "shop")
		if code := authenticate(t, here, token); code != "" {
			t.Fatal(code)
		}
		if err := there.Revoke(t.Context(), key.ID); err != nil {
			t.Fatal(err)
		}
		c.advance(freshFor - time.Millisecond)
		if code := authenticate(t, here, token); code != "" {
			t.Errorf("a record that is fresh was asked for: %s", code)
		}
		c.advance(time.Millisecond)
		if code := authenticate(t, here, token); code != apierror.Unauthenticated {
			t.Errorf("the revoked key: %q", code)
		}
		unknown, p := newToken(newID())
		if code := authenticate(t, here, unknown); code != apierror.Unauthenticated {
			t.Fatal(code)
		}
		r := record{Key: Key{ID: p.id, Scopes: []string{"*"}}, hash: p.hash[:], version: 1}
		if err := r.insert(t.Context(), there.db); err != nil {
			t.Fatal(err)
		}
		c.advance(freshFor)
		if code := authenticate(t, here, unknown); code != "" {
			t.Errorf("a key made elsewhere: %s", code)
		}
	})
}

// A script that rotates a key uses the new secret at once.
func TestASecretIsGoodAsSoonAsItIsMadeElsewhere(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, database string) {
		c := newClock()
		here, there := open(t, database, Config{Now: c.now}), open(t, database, Config{Now: c.now})
		first, key := create(t, here, "shop")
		if code := authenticate(t, here, first); code != "" {
			t.Fatal(code)
		}
		second, err := there.Rotate(t.Context(), key.ID, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		c.advance(time.Millisecond)
		if code := authenticate(t, here, second); code != "" {
			t.Error(code)
		}
	})
}

func TestKnownKeysOutliveTheStoreForAMinute(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, database string) {
		c := newClock()
		var log bytes.Buffer
		k := open(t, database, Config{Now: c.now, Log: slog.New(slog.NewTextHandler(&log, nil))})
		token, _ := create(t, k, "shop")
		if code := authenticate(t, k, token); code != "" {
			t.Fatal(code)
		}
		working := k.db
		away := open(t, storetest.SQLite(t), Config{})
		away.db.Close()
		k.db = away.db
		for range 59 {
			c.advance(time.Second)
			if code := authenticate(t, k, token); code != "" {
				t.Fatal(code)
			}
		}
		unknown, _ := newToken(newID())
		if code := authenticate(t, k, unknown); code != apierror.UpstreamUnavailable {
			t.Errorf("a key that is not known: %s", code)
		}
		c.advance(time.Second)
		if code := authenticate(t, k, token); code != apierror.UpstreamUnavailable {
			t.Errorf("after a minute: %s", code)
		}
		k.db = working
		if code := authenticate(t, k, token); code != "" {
			t.Errorf("the store is back: %s", code)
		}
		if n := strings.Count(log.String(), "does not answer"); n != 1 {
			t.Errorf("%d warnings: %s", n, log.String())
		}
		if n := strings.Count(log.String(), "answers again"); n != 1 {
			t.Errorf("%d lines of the return: %s", n, log.String())
		}
	})
}

func TestAKeyOfOurOwnAccord(t *testing.T) {
	k := open(t, store.Memory, Config{})
	if code := authenticate(t, k, "odg_demo"); code != apierror.Unauthenticated {
		t.Fatal(code)
	}
	k.Accept("odg_demo", Key{ID: "demo", Scopes: []string{"*"}, Networks: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}})
	identity, err := k.Authenticate(t.Context(), "odg_demo", home, "")
	if err != nil || identity.Key.ID != "demo" {
		t.Error(identity, err)
	}
	if _, err := k.Authenticate(t.Context(), "odg_demo", netip.MustParseAddr("198.51.100.1"), ""); apierror.CodeOf(err) != apierror.Forbidden {
		t.Errorf("from elsewhere: %v", err)
	}
}

func TestAFloodOfRefusalsDoesNotFillTheLog(t *testing.T) {
	c := newClock()
	var log bytes.Buffer
	k := open(t, store.Memory, Config{Now: c.now, Log: slog.New(slog.NewTextHandler(&log, nil))})
	for range 1000 {
		authenticate(t, k, "noise")
	}
	if n := strings.Count(log.String(), "\n"); n != maxRefusalLines {
		t.Errorf("%d lines", n)
	}
	c.advance(time.Second)
	authenticate(t, k, "noise")
	if !strings.Contains(log.String(), "left_out=990") {
		t.Errorf("the log does not say how many it left out: %s", log.String())
	}
}

func TestIDsMadeUpDisplaceNoKeyAndBoundMemory(t *testing.T) {
	k := open(t, store.Memory, Config{})
	token, key := create(t, k, "shop")
	authenticate(t, k, token)
	now := k.now()
	for i := range maxCached + 100 {
		k.cache.putUnknown(fmt.Sprint(i), now)
	}
	if n := len(k.cache.unknown); n != maxCached {
		t.Errorf("%d ids are remembered", n)
	}
	if e, _ := k.cache.get(key.ID, now); e == nil {
		t.Error("the key was displaced")
	}
	for i := range maxCached + 100 {
		k.cache.put(&entry{record: &record{Key: Key{ID: fmt.Sprint(i)}}})
	}
	if n := len(k.cache.known); n != maxCached {
		t.Errorf("%d keys are remembered", n)
	}
}

func TestAClockThatGoesBackDoesNoHarm(t *testing.T) {
	c := newClock()
	database := storetest.SQLite(t)
	k := open(t, database, Config{Now: c.now})
	token, key := create(t, k, "shop")
	authenticate(t, k, token)
	k.flush(t.Context())
	other := open(t, database, Config{Now: c.now})
	if err := other.Revoke(t.Context(), key.ID); err != nil {
		t.Fatal(err)
	}
	c.advance(-time.Hour)
	if code := authenticate(t, k, token); code != apierror.Unauthenticated {
		t.Errorf("what was noted in the future is trusted: %q", code)
	}
}

func TestLastUseIsWrittenOnceAMinuteAndOnClose(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, database string) {
		c := newClock()
		k := open(t, database, Config{Now: c.now})
		token, key := create(t, k, "shop")
		lastUse := func() string {
			t.Helper()
			got, err := open(t, database, Config{}).Get(t.Context(), key.ID)
			if err != nil {
				t.Fatal(err)
			}
			return got.LastUsedAt.Format(time.TimeOnly) + " " + got.LastUsedFrom
		}
		use := func() {
			t.Helper()
			if code := authenticate(t, k, token); code != "" {
				t.Fatal(code)
			}
			k.flush(t.Context())
		}
		use()
		c.advance(59 * time.Second)
		use()
		if got := lastUse(); got != "12:00:00 192.0.2.7" {
			t.Error(got)
		}
		c.advance(time.Second)
		use()
		if got := lastUse(); got != "12:01:00 192.0.2.7" {
			t.Error(got)
		}
		c.advance(time.Minute)
		if code := authenticate(t, k, token); code != "" {
			t.Fatal(code)
		}
		if err := k.Close(); err != nil {
			t.Fatal(err)
		}
		if got := lastUse(); got != "12:02:00 192.0.2.7" {
			t.Errorf("after Close: %s", got)
		}
	})
}

func TestManyRequestsAtOnceAskOnce(t *testing.T) {
	k := open(t, store.Memory, Config{})
	token, _ := create(t, k, "shop")
	before := k.db.Stats().WaitCount
	busy, err := k.db.Begin() // the one connection, so that the requests have to wait for it
	if err != nil {
		t.Fatal(err)
	}
	var started, ended sync.WaitGroup
	for range 64 {
		started.Add(1)
		ended.Go(func() {
			started.Done()
			if code := authenticate(t, k, token); code != "" {
				t.Error(code)
			}
		})
	}
	started.Wait()
	for k.db.Stats().WaitCount == before {
		runtime.Gosched()
	}
	if err := busy.Rollback(); err != nil {
		t.Fatal(err)
	}
	ended.Wait()
	if n := k.db.Stats().WaitCount - before; n != 1 {
		t.Errorf("%d questions to the store", n)
	}
}

func TestAClientThatLeftIsNotAnswered(t *testing.T) {
	k := open(t, store.Memory, Config{})
	token, _ := create(t, k, "shop")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := k.Authenticate(ctx, token, home, ""); apierror.CodeOf(err) != apierror.ClientClosed {
		t.Error(err)
	}
	if code := authenticate(t, k, token); code != "" {
		t.Errorf("the next client: %s", code)
	}
}

func TestContextCarriesTheIdentity(t *testing.T) {
	if got := FromContext(t.Context()); got != nil {
		t.Error(got)
	}
	identity := &Identity{Key: Key{ID: "x"}, Credential: salesman}
	if got := FromContext(NewContext(t.Context(), identity)); got != identity {
		t.Error(got)
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "identity", identity)
	for _, text := range []string{log.String(), fmt.Sprint(identity), fmt.Sprintf("%+v %#v", identity, identity)} {
		if strings.Contains(text, salesman.APIKey) {
			t.Errorf("%s holds a secret", text)
		}
	}
}

func BenchmarkAuthenticate(b *testing.B) {
	k, err := Open(b.Context(), storetest.Open(b, store.Memory), Config{})
	if err != nil {
		b.Fatal(err)
	}
	defer k.Close()
	token, _, err := k.Create(b.Context(), Key{Name: "shop", Scopes: []string{"*"}}, odoo.Credential{})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := k.Authenticate(b.Context(), token, home, ""); err != nil {
			b.Fatal(err)
		}
	}
}
