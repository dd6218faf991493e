package main

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"odoograph/auth"
	"odoograph/diagnosis"
	"odoograph/internal/freeport"
	"odoograph/odoo"
	"odoograph/store/storetest"
)

// alone is the arguments of a gateway whose Odoo is away, which is not what the
// case is about.
func alone(others ...string) []string {
	return append([]string{"--odoo-url", "http://127.0.0.1:1"}, others...)
}

// withSealedKey is the name of a database with a key that has its own Odoo user.
func withSealedKey(t *testing.T) string {
	t.Helper()
	database := filepath.Join(t.TempDir(), "gateway.db")
	k := gateway(t, database, keysSecret)
	if _, _, err := k.Create(t.Context(), auth.Key{Name: "till", Scopes: []string{"*"}}, odoo.Credential{Login: "till", APIKey: keyShaped}); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(database, 0o600); err != nil {
		t.Fatal(err)
	}
	return database
}

// changed is the name of a database after a statement.
func changed(t *testing.T, statement string) string {
	t.Helper()
	database := withSealedKey(t)
	db := storetest.Open(t, database)
	if _, err := db.Exec(statement); err != nil {
		t.Fatal(err)
	}
	return database
}

var brokenGateways = []broken{
	{
		"no API keys", func(*testing.T) []string { return alone() },
		"api-keys", diagnosis.Note, "no API keys yet", "odoograph keys create --name", 1,
	},
	{
		"a folder that is not there", func(t *testing.T) []string {
			return alone("--database", filepath.Join(t.TempDir(), "var", "odoograph.db"))
		},
		"database", diagnosis.Error, "cannot make its database", "mkdir -p", 1,
	},
	{
		"a folder for a database", func(t *testing.T) []string { return alone("--database", t.TempDir()) },
		"database", diagnosis.Error, "is a folder", "odoograph.db", 1,
	},
	{
		"a database of an older version", func(t *testing.T) []string {
			return alone("--database", changed(t, "DELETE FROM odoograph_migrations WHERE version_id = (SELECT MAX(version_id) FROM odoograph_migrations)"))
		},
		"database", diagnosis.Note, "of an older version: serve brings", "back it up", 1,
	},
	{
		"a database of a newer version", func(t *testing.T) []string {
			return alone("--database", changed(t, "INSERT INTO odoograph_migrations (version_id, is_applied) VALUES (99999, TRUE)"))
		},
		"database", diagnosis.Error, "of a newer version of odoograph", "run the newer program", 1,
	},
	{
		"a file that is no database", func(t *testing.T) []string {
			return alone("--database", file(t, strings.Repeat("no database ", 100), 0o600))
		},
		"database", diagnosis.Error, "not a database of the gateway", "whether --database names", 1,
	},
	{
		"a database that others read", func(t *testing.T) []string {
			database := withSealedKey(t)
			if err := os.Chmod(database, 0o644); err != nil {
				t.Fatal(err)
			}
			return alone("--database", database)
		},
		"database", diagnosis.Warning, "(mode 644)", "chmod 600", 1,
	},
	{
		"no PostgreSQL", func(t *testing.T) []string {
			return alone("--database", "postgres://gateway:"+wrongPassword+"@"+freeport.Address(t)+"/gateway")
		},
		"database", diagnosis.Error, "connection refused", "that PostgreSQL runs", 1,
	},
	{
		"keys without their secret", func(t *testing.T) []string { return alone("--database", withSealedKey(t)) },
		"api-keys", diagnosis.Error, "no secret that opens their credentials: till", "--secret-file", 1,
	},
	{
		"keys with another secret", func(t *testing.T) []string {
			return alone("--database", withSealedKey(t), "--secret", "another secret, and long enough too")
		},
		"api-keys", diagnosis.Error, "sealed with another secret", "keys reseal", 1,
	},
	{
		"a short secret", func(*testing.T) []string { return alone("--secret", shortSecret) },
		"secret", diagnosis.Error, "at least 32", "openssl rand", 1,
	},
	{
		"a secret file that is not there", func(t *testing.T) []string { return alone("--secret-file", filepath.Join(t.TempDir(), "secret")) },
		"secret-files", diagnosis.Error, "--secret-file cannot be read", "correct the path", 1,
	},
	{
		"an empty password file", func(t *testing.T) []string { return alone("--odoo-password-file", file(t, "\n", 0o600)) },
		"secret-files", diagnosis.Error, "--odoo-password-file is empty", "alone on its line", 1,
	},
	{
		"a password file that everybody reads", func(t *testing.T) []string { return alone("--odoo-password-file", file(t, wrongPassword, 0o644)) },
		"secret-files", diagnosis.Warning, "every user of this machine", "chmod 600", 1,
	},
	{
		"a password twice", func(t *testing.T) []string {
			return alone("--odoo-password", wrongPassword, "--odoo-password-file", file(t, wrongPassword, 0o600))
		},
		"settings", diagnosis.Error, "not both", "leave one of the two out", 1,
	},
	{
		"a limit of nothing", func(*testing.T) []string { return alone("--rate-limit", "0") },
		"settings", diagnosis.Error, "rate-limit must be 1 or more", "correct the setting", 1,
	},
	{
		"scopes that let everybody write", func(*testing.T) []string { return alone("--anonymous-scopes", "partners:write") },
		"settings", diagnosis.Error, "partners:write", "correct the setting", 1,
	},
	{
		"a certificate that is not there", func(*testing.T) []string { return alone("--tls-cert", "none.pem", "--tls-key", "none.pem") },
		"tls", diagnosis.Error, "cannot be read", "correct the path", 1,
	},
	{
		"a certificate without its key", func(*testing.T) []string { return alone("--tls-cert", "cert.pem") },
		"tls", diagnosis.Error, "without its private key", "--tls-key", 1,
	},
	{
		"a certificate with another key", func(t *testing.T) []string {
			cert, _ := certificateFiles(t, "localhost", time.Now(), time.Now().AddDate(1, 0, 0))
			_, key := certificateFiles(t, "localhost", time.Now(), time.Now().AddDate(1, 0, 0))
			return alone("--tls-cert", cert, "--tls-key", key)
		},
		"tls", diagnosis.Error, "the private key is not that of", "made together", 1,
	},
	{
		"a certificate that has ended", func(t *testing.T) []string { return certified(t, -1, 0o600) },
		"tls", diagnosis.Error, "the gateway's TLS certificate ended", "renew it", 1,
	},
	{
		"a certificate that ends soon", func(t *testing.T) []string { return certified(t, 5, 0o600) },
		"tls", diagnosis.Warning, "in 4 days", "renew it", 1,
	},
	{
		"a private key that everybody reads", func(t *testing.T) []string { return certified(t, 300, 0o644) },
		"tls", diagnosis.Warning, "every user of this machine can read the private key", "chmod 600", 1,
	},
	{
		"an address without a port", func(*testing.T) []string { return alone("--addr", "localhost") },
		"listen", diagnosis.Error, "no address to listen on", "--addr 127.0.0.1:8080", 1,
	},
	{
		"an address that is in use", func(t *testing.T) []string {
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { listener.Close() })
			return alone("--addr", listener.Addr().String(), "--patience", "500ms")
		},
		"listen", diagnosis.Error, "is in use", "choose another port", 1,
	},
	{
		"an address of another machine", func(*testing.T) []string { return alone("--addr", "203.0.113.7:8080") },
		"listen", diagnosis.Error, "is not an address of this machine", "--addr 0.0.0.0:8080", 1,
	},
	{
		"keys across the network unencrypted", func(*testing.T) []string { return alone("--addr", "0.0.0.0:0") },
		"listen", diagnosis.Warning, "without TLS", "--tls-cert", 1,
	},
	{
		"no Redis", func(t *testing.T) []string { return alone("--redis-url", "redis://"+freeport.Address(t)) },
		"redis", diagnosis.Error, "Redis does not answer", "start Redis", 1,
	},
	{
		"a Redis URL that is none", func(*testing.T) []string { return alone("--redis-url", "http://:"+wrongPassword+"@x") },
		"redis", diagnosis.Error, "cannot be read", "redis://:password@host", 1,
	},
	{
		"a wrong password for Redis", func(t *testing.T) []string {
			server := miniredis.RunT(t)
			server.RequireAuth("right")
			return alone("--redis-url", "redis://:"+wrongPassword+"@"+server.Addr())
		},
		"redis", diagnosis.Error, "Redis refuses the password", "correct the password", 1,
	},
}

// certified is the arguments of a gateway with a certificate that ends in some days.
func certified(t *testing.T, days int, mode os.FileMode) []string {
	t.Helper()
	cert, key := certificateFiles(t, "localhost", time.Now().AddDate(-1, 0, 0), time.Now().AddDate(0, 0, days))
	if err := os.Chmod(key, mode); err != nil {
		t.Fatal(err)
	}
	return alone("--tls-cert", cert, "--tls-key", key)
}

// What is fine is said to be.
func TestCheckOfAGoodConfiguration(t *testing.T) {
	bareEnvironment(t)
	for _, version := range []int{14, 17, 19} {
		cert, key := certificateFiles(t, "localhost", time.Now().AddDate(0, 0, -1), time.Now().AddDate(1, 0, 0))
		args := append(reach(t, version), "--database", withSealedKey(t), "--secret-file", file(t, keysSecret+"\n", 0o600),
			"--tls-cert", cert, "--tls-key", key, "--redis-url", "redis://"+miniredis.RunT(t).Addr(), "--addr", freeport.Address(t), "--json")
		out, status := checkRun(t, args...)
		report := readReport(t, out)
		if status != 0 || !report.OK || report.Errors+report.Warnings != 0 {
			t.Errorf("Odoo %d: exit status %d: %s", version, status, out)
		}
	}
}
