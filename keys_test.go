package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"odoograph/auth"
	"odoograph/odoo"
	"odoograph/store/storetest"
)

const keysSecret = "a secret of the operator, long enough"

// keysRun executes `odoograph keys` with the arguments and returns what it prints.
func keysRun(t *testing.T, database string, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	parser, err := kong.New(&keysCommand{}, kong.BindTo(t.Context(), (*context.Context)(nil)), kong.BindTo(&out, (*io.Writer)(nil)))
	if err != nil {
		t.Fatal(err)
	}
	command, err := parser.Parse(append(args, "--database", database))
	if err != nil {
		return "", err
	}
	err = command.Run()
	return out.String(), err
}

// keysMust is keysRun of a command that has to succeed.
func keysMust(t *testing.T, database string, args ...string) string {
	t.Helper()
	out, err := keysRun(t, database, args...)
	if err != nil {
		t.Fatal(args, err)
	}
	return out
}

// gateway opens the keys as a gateway that serves does.
func gateway(t *testing.T, database, secret string) *auth.Keyring {
	t.Helper()
	k, err := auth.Open(t.Context(), storetest.Open(t, database), auth.Config{Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = k.Close() })
	return k
}

func letsIn(t *testing.T, k *auth.Keyring, token string) bool {
	t.Helper()
	_, err := k.Authenticate(t.Context(), strings.TrimSpace(token), netip.MustParseAddr("192.0.2.7"), "")
	return err == nil
}

func writeFile(t *testing.T, content string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestTheLifeOfAKeyWhileTheGatewayServes(t *testing.T) {
	database := filepath.Join(t.TempDir(), "keys.db")
	serving := gateway(t, database, "")
	first := keysMust(t, database, "create", "--name", "shop", "--scopes", "partners:read,orders:*", "--expires", "10d", "--rate", "5",
		"--networks", "192.0.2.0/24,::1", "--documents", "log", "--quiet")
	if strings.Count(first, "\n") != 1 || !letsIn(t, serving, first) {
		t.Errorf("create prints %q", first)
	}
	for _, want := range []string{"shop", "expires soon", "partners:read,orders:*", "never", "the gateway's"} {
		if list := keysMust(t, database, "list"); !strings.Contains(list, want) {
			t.Errorf("the list does not say %q:\n%s", want, list)
		}
	}
	second := keysMust(t, database, "rotate", "shop", "-q")
	if !letsIn(t, serving, first) || !letsIn(t, serving, second) {
		t.Error("within the overlap of the rotation both secrets are good")
	}
	fresh := gateway(t, database, "") // which remembers nothing
	third := keysMust(t, database, "rotate", "shop", "--overlap", "0s")
	if !strings.Contains(third, "ended just now") || letsIn(t, fresh, second) {
		t.Errorf("without an overlap the old secret is good: %s", third)
	}
	if out := keysMust(t, database, "revoke", "shop"); !strings.Contains(out, "is revoked") {
		t.Error(out)
	}
	if out := keysMust(t, database, "revoke", "shop"); !strings.Contains(out, "revoked already") {
		t.Error(out)
	}
	shown := keysMust(t, database, "show", "shop")
	for _, want := range []string{"revoked  ", "5 per minute", "192.0.2.0/24 ::1/128", "log", "created by", "rotated by", "revoked by"} {
		if !strings.Contains(shown, want) {
			t.Errorf("show does not say %q:\n%s", want, shown)
		}
	}
	for _, token := range []string{first, second} {
		if secret := strings.TrimSpace(token)[15:]; strings.Contains(shown, secret) {
			t.Error("show prints a secret")
		}
	}
}

func TestKeysAsJSON(t *testing.T) {
	database := filepath.Join(t.TempDir(), "keys.db")
	keysMust(t, database, "create", "--name", "shop", "--scopes", "*")
	var list []struct{ ID, Name, Status string }
	if err := json.Unmarshal([]byte(keysMust(t, database, "list", "--json")), &list); err != nil || len(list) != 1 || list[0].Status != "active" {
		t.Fatal(list, err)
	}
	var shown struct{ History []struct{ Event string } }
	if err := json.Unmarshal([]byte(keysMust(t, database, "show", list[0].ID, "--json")), &shown); err != nil || len(shown.History) != 1 {
		t.Error(shown, err)
	}
}

func TestAKeyActsAsAnOdooUserAndTheSecretIsChanged(t *testing.T) {
	database, odooKey := filepath.Join(t.TempDir(), "keys.db"), writeFile(t, "odoo-key-1\n")
	create := []string{"create", "--name", "shop", "--scopes", "*", "--odoo-login", "salesman", "--odoo-secret-file", odooKey, "-q"}
	if _, err := keysRun(t, database, create...); err == nil || !strings.Contains(err.Error(), "ODOOGRAPH_SECRET") {
		t.Errorf("without a secret: %v", err)
	}
	old, current := writeFile(t, keysSecret+"\n"), writeFile(t, "the next secret of the operator, also long\n")
	token := keysMust(t, database, append(create, "--secret-file", old)...)
	if list := keysMust(t, database, "list", "--secret-file", current); !strings.Contains(list, "the secret does not open the credential") {
		t.Error(list)
	}
	if _, err := keysRun(t, database, "reseal", "--secret-file", current); err == nil || !strings.Contains(err.Error(), "is not configured") {
		t.Errorf("resealing without the previous secret: %v", err)
	}
	if out := keysMust(t, database, "reseal", "--secret-file", current, "--secret-previous-file", old); !strings.Contains(out, "current secret: 1.") {
		t.Error(out)
	}
	identity, err := gateway(t, database, "the next secret of the operator, also long").
		Authenticate(t.Context(), strings.TrimSpace(token), netip.MustParseAddr("::1"), "")
	if want := (odoo.Credential{Login: "salesman", APIKey: "odoo-key-1"}); err != nil || identity.Credential != want {
		t.Errorf("%v, %v", identity, err)
	}
}

// What does not look like an API key of Odoo is probably a password.
func TestAPasswordIsNoAPIKeyOfOdoo(t *testing.T) {
	database := filepath.Join(t.TempDir(), "keys.db")
	create := []string{"create", "--name", "shop", "--scopes", "*", "--odoo-login", "x", "--secret", keysSecret, "--odoo-secret-file"}
	for _, test := range []struct {
		args []string
		told bool
	}{
		{[]string{writeFile(t, "correct horse")}, true},
		{[]string{writeFile(t, "correct horse"), "--odoo-secret-kind", "password"}, false},
		{[]string{writeFile(t, "0123456789abcdef0123456789abcdef01234567\n")}, false},
	} {
		out := keysMust(t, database, append(create, test.args...)...)
		if told := strings.Contains(out, "--odoo-secret-kind password"); told != test.told || strings.Contains(out, "horse") {
			t.Errorf("%v: %s", test.args[1:], out)
		}
	}
}

func TestKeysAreImported(t *testing.T) {
	database, other := filepath.Join(t.TempDir(), "keys.db"), filepath.Join(t.TempDir(), "other.db")
	file := writeFile(t, "name,key,scopes\nold shop,the-key-of-the-old-shop,*\n")
	if out := keysMust(t, database, "import", file); !strings.Contains(out, "old shop") || !strings.Contains(out, "1 key imported") {
		t.Error(out)
	}
	if out := keysMust(t, other, "import", "--from", database); !strings.Contains(out, "1 key imported") {
		t.Error(out)
	}
	if !letsIn(t, gateway(t, other, ""), "the-key-of-the-old-shop") {
		t.Error("the imported key is refused")
	}
	if out := keysMust(t, other, "show", "old shop"); strings.Count(out, "imported by") != 2 {
		t.Errorf("the history:\n%s", out)
	}
}

func TestKeysCommandsSayWhatIsWrong(t *testing.T) {
	database := filepath.Join(t.TempDir(), "keys.db")
	keysMust(t, database, "create", "--name", "twice", "--scopes", "*")
	keysMust(t, database, "create", "--name", "twice", "--scopes", "*")
	create := []string{"create", "--name", "shop", "--scopes"}
	for _, test := range []struct {
		database string
		args     []string
		want     string
	}{
		{database, []string{"create", "--name", "shop"}, "--scopes"},
		{database, append(create, "partner:read"), `no scope "partner:read". Allowed: *, invoices:read, orders:read`},
		{database, append(create, "*", "--expires", "soon"), "2027-01-31"},
		{database, append(create, "*", "--networks", "home"), "10.0.0.0/8"},
		{database, append(create, "*", "--origins", "shop"), "https://shop.example.com"},
		{database, append(create, "*", "--odoo-login", "x"), "--odoo-secret-file"},
		{database, append(create, "*", "--odoo-login", "x", "--odoo-secret-file", writeFile(t, "\n")), "is empty"},
		{database, []string{"show", "nobody"}, `no key "nobody"`},
		{database, []string{"revoke", "twice"}, "2 keys have the name"},
		{database, []string{"rotate", "nobody", "--overlap", "soon"}, "overlap"},
		{database, []string{"import"}, "either a file or --from"},
		{database, []string{"import", "no-such-file"}, "no such file"},
		{database, []string{"import", "--from", "no-such-file"}, "no such file"},
		{database, []string{"list", "--secret", "short"}, "at least 32"},
		{database, []string{"list", "--secret", keysSecret, "--secret-file", database}, "not both"},
		{database + ".mistyped", []string{"list"}, "no such file"},
	} {
		_, err := keysRun(t, test.database, test.args...)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v: want %q, got %v", test.args, test.want, err)
		}
	}
}
