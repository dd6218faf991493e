package auth

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"odoograph/apierror"
	"odoograph/odoo"
	"odoograph/store/storetest"
)

func TestTheSecretIsChangedWithoutAGap(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, database string) {
		token, key, err := open(t, database, Config{}).Create(t.Context(), Key{Name: "shop", Scopes: []string{"*"}}, salesman)
		if err != nil {
			t.Fatal(err)
		}
		both := open(t, database, Config{Secret: otherSecret, PreviousSecrets: []string{testSecret}})
		if code := authenticate(t, both, token); code != "" {
			t.Errorf("with the previous secret: %s", code)
		}
		before, after := open(t, database, Config{}), open(t, database, Config{Secret: otherSecret})
		if got, _ := after.Get(t.Context(), key.ID); got.Credential != CredentialUnreadable {
			t.Errorf("before resealing, the new secret finds the credential %s", got.Credential)
		}
		if n, err := both.Reseal(t.Context()); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		identity, err := after.Authenticate(t.Context(), token, home, "")
		if err != nil || identity.Credential != salesman {
			t.Errorf("with the new secret: %v, %v", identity, err)
		}
		if code := authenticate(t, before, token); code != apierror.UpstreamUnauthenticated {
			t.Errorf("with the old secret: %q", code)
		}
	})
}

func TestAWrongSecretSpoilsOneKeyOnly(t *testing.T) {
	database := storetest.SQLite(t)
	first := open(t, database, Config{})
	sealed, key, err := first.Create(t.Context(), Key{Name: "acts as a user", Scopes: []string{"*"}}, salesman)
	if err != nil {
		t.Fatal(err)
	}
	plain, _ := create(t, first, "acts as the gateway")
	var log bytes.Buffer
	k := open(t, database, Config{Secret: otherSecret, Log: slog.New(slog.NewTextHandler(&log, nil))})
	if !strings.Contains(log.String(), key.ID) || !strings.Contains(log.String(), "which is not configured") {
		t.Errorf("the log says %s", log.String())
	}
	if code := authenticate(t, k, plain); code != "" {
		t.Errorf("the key without a credential: %s", code)
	}
	_, err = k.Authenticate(t.Context(), sealed, home, "")
	if apierror.CodeOf(err) != apierror.UpstreamUnauthenticated || !strings.Contains(err.Error(), key.ID) {
		t.Errorf("the key with a credential: %v", err)
	}
	if _, err := k.Reseal(t.Context()); err == nil || !strings.Contains(err.Error(), key.ID) {
		t.Errorf("resealing: %v", err)
	}
}

func TestABoxOpensForItsKeyAlone(t *testing.T) {
	s, err := newSealer(testSecret, nil)
	if err != nil {
		t.Fatal(err)
	}
	box, err := s.seal("key1", salesman)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(box, []byte(salesman.APIKey)) {
		t.Error("the box is open")
	}
	if got, err := s.open("key1", box); got != salesman || err != nil {
		t.Error(got, err)
	}
	if got, err := s.open("key2", box); err == nil {
		t.Errorf("another key's box holds %v", got)
	}
	for i := range box {
		changed := bytes.Clone(box)
		changed[i] ^= 1
		if got, err := s.open("key1", changed); err == nil || got != (odoo.Credential{}) {
			t.Errorf("byte %d changed: %v, %v", i, got, err)
		}
	}
	if _, err := s.open("key1", nil); err == nil {
		t.Error("no box")
	}
}
