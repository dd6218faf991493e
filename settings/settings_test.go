package settings_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/google/go-cmp/cmp"

	"odoograph/settings"
)

// gateway is a command that has all settings, and a flag that is none.
type gateway struct {
	settings.File
	settings.All
	OdooNote string `help:"Not a setting."`
}

func parse(args ...string) (*gateway, *kong.Context, error) {
	g := &gateway{}
	parser, err := kong.New(g, kong.Resolvers(settings.Resolver()))
	if err != nil {
		return nil, nil, err
	}
	ctx, err := parser.Parse(args)
	return g, ctx, err
}

// write writes a settings file in a folder of its own, which becomes the current one.
func write(t *testing.T, text string) string {
	t.Helper()
	t.Chdir(t.TempDir())
	if err := os.WriteFile(settings.DefaultFile, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

const least = "odoo-url = \"http://file\"\nodoo-db = \"file\"\n"

func TestFlagsGoBeforeTheEnvironmentAndThatBeforeTheFile(t *testing.T) {
	write(t, least+`
odoo-note = "no setting"
`)
	if _, _, err := parse(); err == nil || !strings.Contains(err.Error(), "odoo-note") {
		t.Errorf("a flag that is no setting in the file: %v", err)
	}
	write(t, least+`
odoo-login = "file"
odoo-max-conns = 7
odoo-timeout = "3s"
introspection = false
cors-origins = ["https://a.example", "https://b.example"]
trusted-proxies = ["10.0.0.0/8", "127.0.0.1"]
log-level = "DEBUG"
odoo-password-file = "secrets/odoo"
tls-key = "/etc/key.pem"
database = "keys.db"
`)
	folder, _ := os.Getwd()
	t.Setenv("ODOO_DB", "environment")
	t.Setenv("ODOO_LOGIN", "environment")
	t.Setenv("ODOO_URL", "") // is not set
	g, _, err := parse("--odoo-login", "flag")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name      string
		got, want any
	}{
		{"a flag", g.Login, "flag"},
		{"the environment", g.DB, "environment"},
		{"the file", g.URL, "http://file"},
		{"a number", g.MaxConns, 7},
		{"a time", g.CallTimeout, 3 * time.Second},
		{"false", g.Introspection, false},
		{"a list", g.Origins, []string{"https://a.example", "https://b.example"}},
		{"a network", g.TrustedProxies[0].String(), "10.0.0.0/8"},
		{"an address", g.TrustedProxies[1].String(), "127.0.0.1/32"},
		{"a level", g.LogLevel.String(), "DEBUG"},
		{"a file beside the settings", g.PasswordFile, filepath.Join(folder, "secrets/odoo")},
		{"a file with its whole name", g.TLSKey, "/etc/key.pem"},
		{"a database beside the settings", g.Database, filepath.Join(folder, "keys.db")},
		{"a default", g.RateLimit, 100},
	} {
		if diff := cmp.Diff(test.want, test.got); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
}

// Who gives a secret in the environment overrides the file of it that the settings
// name, and the reverse.
func TestASecretInOneFormOverridesTheOther(t *testing.T) {
	write(t, least+"odoo-api-key-file = \"key\"\nredis-url = \"redis://file\"\n")
	t.Setenv("ODOO_API_KEY", "environment")
	g, _, err := parse("--redis-url-file", "redis")
	if err != nil || g.APIKeyFile != "" || g.RedisURL != "" {
		t.Errorf("%q %q %v", g.APIKeyFile, g.RedisURL, err)
	}
}

func TestTheFileThatIsRead(t *testing.T) {
	folder := write(t, least)
	other := filepath.Join(t.TempDir(), "other.toml")
	if err := os.WriteFile(other, []byte("odoo-url = \"http://other\"\nodoo-db = \"other\"\ndatabase = \"sqlite:keys.db\""), 0o600); err != nil {
		t.Fatal(err)
	}
	if g, _, err := parse("--config", other); err != nil || g.URL != "http://other" || g.Database != "sqlite:"+filepath.Join(filepath.Dir(other), "keys.db") {
		t.Errorf("--config: %v %+v", err, g)
	}
	t.Setenv("ODOOGRAPH_CONFIG", other)
	if g, _, err := parse(); err != nil || g.URL != "http://other" {
		t.Errorf("ODOOGRAPH_CONFIG: %v %+v", err, g)
	}
	t.Setenv("ODOOGRAPH_CONFIG", "none.toml")
	if _, _, err := parse(); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is named has to be there: %v", err)
	}
	if err := os.Remove(filepath.Join(folder, settings.DefaultFile)); err != nil {
		t.Fatal(err)
	}
	t.Setenv("ODOOGRAPH_CONFIG", "")
	if g, _, err := parse("--odoo-url", "http://x", "--odoo-db", "x"); err != nil || g.Database != "odoograph.db" {
		t.Errorf("without a file: %v", err)
	}
	if _, _, err := parse("--odoo-url", "http://x", "--odoo-db", "x", "--config", settings.DefaultFile); err == nil {
		t.Error("the usual file has to be there if it is named")
	}
}

func TestWhatAFileMayNotHold(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"a name that is almost right", "\nodo-login = \"x\"", `odoograph.toml:4: there is no setting "odo-login"; did you mean "odoo-login"?`},
		{"the name of a variable", "ODOO_URL = \"x\"", `did you mean "odoo-url"?`},
		{"a name like no other", "colour = \"x\"", "docs/configuration.md"},
		{"a table", "[limits]\nrate-limit = 5", "settings stand in no table, such as [limits]"},
		{"what is not TOML", "odoo-login = x", "odoograph.toml:3"},
		{"the file itself", "config = \"x\"", `there is no setting "config"`},
		{"text for a number", "rate-limit = \"many\"", "rate-limit"},
		{"a number for a time", "timeout = 5", "timeout"},
		{"no network", "trusted-proxies = [\"proxy\"]", "no address such as 10.0.0.1"},
		{"a value that is not allowed", "transport = \"soap\"", "json-2"},
	} {
		t.Run(test.name, func(t *testing.T) {
			write(t, least+test.text)
			if _, _, err := parse(); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestMistypedVariablesAreRefused(t *testing.T) {
	for _, test := range []struct{ name, want string }{
		{"ODOO_PASWORD", "ODOO_PASSWORD"},
		{"ODOOGRAPH_RATELIMIT", "ODOOGRAPH_RATE_LIMIT"},
		{"ODOOGRAPH_CONFIGS", "ODOOGRAPH_CONFIG"},
		{"ODOOGRAPH_SERVICE_HOST", ""}, // a cluster sets it
		{"ODOOGRAPH_PORT", ""},
		{"ODOO_SERVICE_PORT", ""},
		{"ODOO_LOGIN", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv(test.name, "x")
			err := settings.CheckEnvironment()
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), "mean "+test.want+"?")) {
				t.Error(err)
			}
		})
	}
}

func TestChangesThatARunningGatewayTakesOver(t *testing.T) {
	write(t, least)
	_, before, err := parse()
	if err != nil {
		t.Fatal(err)
	}
	_, after, err := parse("--odoo-note", "x", "--rate-limit", "5", "--cors-origins", "*", "--addr", "127.0.0.1:1", "--odoo-password", "p")
	if err != nil {
		t.Fatal(err)
	}
	live, restart := settings.Changed(before.Flags(), after.Flags())
	if diff := cmp.Diff([][]string{{"cors-origins", "rate-limit"}, {"odoo-password", "addr"}}, [][]string{live, restart}); diff != "" {
		t.Error(diff)
	}
}

func TestSecrets(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("s", []byte("one\r\ntwo\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		value, file, want string
		fails             bool
	}{
		{"v", "", "v", false}, {"", "s", "one\r\ntwo", false}, {"", "", "", false}, {"v", "s", "", true}, {"", "none", "", true},
	} {
		got, err := settings.Secret("x", test.value, test.file)
		if got != test.want || (err != nil) != test.fails {
			t.Errorf("%+v: %q %v", test, got, err)
		}
	}
	k := settings.Keyring{SecretPreviousFile: "s"}
	if _, previous, err := k.Secrets(); err != nil || !cmp.Equal(previous, []string{"one", "two"}) {
		t.Errorf("%q %v", previous, err)
	}
}
