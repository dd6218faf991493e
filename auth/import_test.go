package auth

import (
	"strings"
	"testing"
	"time"

	"odoograph/apierror"
	"odoograph/store"
	"odoograph/store/storetest"
)

const legacyToken = "legacy-key-of-the-web-shop"

func TestLegacyKeysGoOn(t *testing.T) {
	ours, _ := newToken("0123456789")
	for name, file := range map[string]string{
		"JSON": `{"name": "shop", "key": "` + legacyToken + `", "scopes": ["partners:read", "orders:read"], "expiresAt": "2030-01-01", "rate": 5, "networks": ["192.0.2.0/24"]}

{"name": "ours", "key": "` + ours + `", "scopes": "*", "odooLogin": "salesman", "odooApiKey": "odoo-key-1"}`,
		"CSV": "\ufeffname,key,scopes,expiresAt,rate,networks,odooLogin,odooApiKey\r\n" +
			`shop,` + legacyToken + `,"partners:read, orders:read",2030-01-01,5,192.0.2.0/24,,` + "\r\n" + `ours,` + ours + `,*,,,,salesman,odoo-key-1`,
	} {
		t.Run(name, func(t *testing.T) {
			storetest.ForEach(t, func(t *testing.T, database string) {
				c := newClock()
				k := open(t, database, Config{Now: c.now})
				if code := authenticate(t, k, legacyToken); code != apierror.Unauthenticated {
					t.Fatalf("before the import: %q", code)
				}
				keys, err := k.Import(t.Context(), strings.NewReader(file))
				if err != nil || len(keys) != 2 {
					t.Fatal(keys, err)
				}
				identity, err := k.Authenticate(t.Context(), legacyToken, home, "")
				if err != nil {
					t.Fatal(err)
				}
				if key := identity.Key; key.Name != "shop" || !key.Has("orders:read") || key.Has("products:read") || key.Limits.Requests != 5 ||
					key.ExpiresAt.Year() != 2030 || len(key.Networks) != 1 {
					t.Errorf("%+v", key)
				}
				if identity, err := k.Authenticate(t.Context(), ours, home, ""); err != nil || identity.Key.ID != "0123456789" || identity.Credential != salesman {
					t.Errorf("the key of our form: %v, %v", identity, err)
				}
				rotated, err := k.Rotate(t.Context(), identity.Key.ID, time.Hour)
				if err != nil {
					t.Fatal(err)
				}
				if authenticate(t, k, rotated) != "" || authenticate(t, k, legacyToken) != "" {
					t.Error("within the overlap of a rotation both keys are good")
				}
				c.advance(time.Hour)
				if authenticate(t, k, rotated) != "" || authenticate(t, k, legacyToken) == "" {
					t.Error("after the overlap the new key alone is good")
				}
			})
		})
	}
}

func TestAnImportIsAllOrNothing(t *testing.T) {
	k := open(t, store.Memory, Config{Scopes: []string{"partners:read"}})
	good := `{"name": "a", "key": "legacy-key-of-client-a", "scopes": "*"}` + "\n"
	if _, err := k.Import(t.Context(), strings.NewReader(good)); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ file, want string }{
		{"", "no keys"},
		{`{"name": "b", "key": "legacy-key-of-client-b", "scopes": "*"}` + "\n\n" + good, "line 3: there is a key with this id already"},
		{`{"name": "b", "key": "too-short", "scopes": "*"}`, "line 1: this cannot be a key"},
		{`{"name": "b", "key": "odg_0123456789_mistyped", "scopes": "*"}`, "line 1: this cannot be a key"},
		{`{"name": "b", "key": "legacy-key-of-client-b", "scopes": "nonsense"}`, `line 1: There is no scope "nonsense"`},
		{`{"name": "b", "key": "legacy-key-of-client-b", "scopes": "*", "limit": 5}`, `line 1: json: unknown field "limit"`},
		{`{"name": "b", "key": "legacy-key-of-client-b", "scopes": "*", "rate": "many"}`, "whole number"},
		{`{"name": "b", "key": "legacy-key-of-client-b", "scopes": "*", "networks": "nowhere"}`, "nowhere"},
		{`{"name": "b", "key": "legacy-key-of-client-b", "scopes": "*", "expiresAt": "2020-01-01"}`, "line 1: The key would have expired"},
		{`{"name": "b", "key": "legacy-key-of-client-b", "scopes": "*"} {}`, "line 1: there is more than one object"},
		{"{", "line 1"},
		{"name,key,scopes\nb,legacy-key-of-client-b,*\nc,legacy-key-of-client-b,*\n", "line 3: this is the key of line 2"},
		{"name,key,scopes\nb,legacy-key-of-client-b\n", "line 2"},
		{"name,key,scope\nb,legacy-key-of-client-b,*\n", `line 2: json: unknown field "scope"`},
		{"name,key,scopes\n" + strings.Repeat("b,short,*\n", 12), "and 2 lines more"},
	} {
		_, err := k.Import(t.Context(), strings.NewReader(test.file))
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "client-b") {
			t.Errorf("want %q, got %v", test.want, err)
		}
	}
	if keys, err := k.List(t.Context()); len(keys) != 1 || err != nil {
		t.Errorf("%d keys, %v", len(keys), err)
	}
}

func TestAStoreIsCopiedWhole(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, database string) {
		other := storetest.SQLite(t)
		source := open(t, other, Config{})
		_, key, err := source.Create(t.Context(), Key{Name: "shop", Scopes: []string{"*"}}, salesman)
		if err != nil {
			t.Fatal(err)
		}
		token, err := source.Rotate(t.Context(), key.ID, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := source.Import(t.Context(), strings.NewReader(`{"name": "old", "key": "`+legacyToken+`", "scopes": "*"}`)); err != nil {
			t.Fatal(err)
		}
		k := open(t, database, Config{})
		if code := authenticate(t, k, legacyToken); code != apierror.Unauthenticated {
			t.Fatal(code)
		}
		if keys, err := k.ImportFrom(t.Context(), other); len(keys) != 2 || err != nil {
			t.Fatal(keys, err)
		}
		if identity, err := k.Authenticate(t.Context(), token, home, ""); err != nil || identity.Credential != salesman {
			t.Errorf("%v, %v", identity, err)
		}
		if code := authenticate(t, k, legacyToken); code != "" {
			t.Errorf("the legacy key: %s", code)
		}
		history, err := k.History(t.Context(), key.ID)
		if err != nil || len(history) != 3 || history[0].Event != "created" || history[2].Event != "imported" {
			t.Errorf("%+v, %v", history, err)
		}
		create(t, source, "made later")
		if _, err := k.ImportFrom(t.Context(), other); err == nil || !strings.Contains(err.Error(), "no key was copied") {
			t.Errorf("a second copy: %v", err)
		}
		if keys, _ := k.List(t.Context()); len(keys) != 2 {
			t.Errorf("%d keys", len(keys))
		}
		back := open(t, storetest.SQLite(t), Config{})
		if keys, err := back.ImportFrom(t.Context(), database); len(keys) != 2 || err != nil {
			t.Errorf("back: %v, %v", keys, err)
		}
		if code := authenticate(t, back, token); code != "" {
			t.Errorf("back: %s", code)
		}
	})
}
