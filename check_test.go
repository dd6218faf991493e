package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"odoograph/diagnosis"
	"odoograph/internal/freeport"
	"odoograph/odoo/odootest"
)

// bareEnvironment takes away the settings of whoever runs the tests.
func bareEnvironment(t *testing.T) {
	t.Helper()
	for _, pair := range os.Environ() {
		name, value, _ := strings.Cut(pair, "=")
		if strings.HasPrefix(name, "ODOO") {
			t.Setenv(name, value) // which puts it back in the end
			os.Unsetenv(name)
		}
	}
}

// checkRun executes `odoograph check` and returns what it prints and the status
// that it ends with.
func checkRun(t *testing.T, args ...string) (out string, status int) {
	t.Helper()
	var b bytes.Buffer
	parser, err := kong.New(&commands{}, kong.BindTo(t.Context(), (*context.Context)(nil)), kong.BindTo(&b, (*io.Writer)(nil)))
	if err != nil {
		t.Fatal(err)
	}
	args = append([]string{"check"}, args...)
	command, err := parser.Parse(args)
	if err != nil {
		_ = unreadableReport(&b, args, err)
		return b.String(), 2
	}
	switch err := command.Run(); {
	case err == nil:
		return b.String(), 0
	case errors.As(err, new(foundWrong)):
		return b.String(), 1
	default:
		t.Log(err)
		return b.String(), 2
	}
}

// readReport reads what --json prints.
func readReport(t *testing.T, text string) (report struct {
	OK               bool
	Errors, Warnings int
	Findings         []diagnosis.Finding
},
) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&report); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return report
}

// The secrets of the table, none of which may ever be printed.
const (
	wrongPassword = "a-wrong-password"
	keyShaped     = "0123456789abcdef0123456789abcdef01234567"
	shortSecret   = "too-short-a-secret"
)

// broken is a broken configuration, and what check is to say of it.
type broken struct {
	name   string
	args   func(t *testing.T) []string
	check  string
	level  diagnosis.Level
	cause  string // in what was found or in its cause
	fix    string
	status int
}

// reach is the arguments for a good stand-in of a version, besides others.
func reach(t *testing.T, version int, others ...string) []string {
	t.Helper()
	_, address := standIn(t, version, nil)
	return good(address, others...)
}

func good(address string, others ...string) []string {
	args := []string{"--odoo-url", address}
	for _, pair := range [][2]string{{"--odoo-db", "demo"}, {"--odoo-login", odootest.AdminLogin}, {"--odoo-password", odootest.AdminLogin}} {
		if !slices.Contains(others, pair[0]) && !slices.Contains(others, "no "+pair[0]) && !(pair[0] == "--odoo-password" && slices.Contains(others, "--odoo-api-key")) {
			args = append(args, pair[0], pair[1])
		}
	}
	return append(args, slices.DeleteFunc(others, func(s string) bool { return strings.HasPrefix(s, "no ") })...)
}

func TestCheckExplainsBrokenConfigurations(t *testing.T) {
	bareEnvironment(t)
	for _, b := range slices.Concat(brokenAddresses, brokenServers, brokenSignIns, brokenOdoos, brokenGateways) {
		t.Run(b.name, func(t *testing.T) {
			args := b.args(t)
			if !slices.Contains(args, "--database") {
				args = append(args, "--database", filepath.Join(t.TempDir(), "odoograph.db"))
			}
			if !slices.Contains(args, "--addr") {
				args = append(args, "--addr", freeport.Address(t))
			}
			if !slices.Contains(args, "--patience") {
				args = append(args, "--patience", "5s")
			}
			out, status := checkRun(t, append(args, "--json")...)
			if status != b.status {
				t.Errorf("exit status %d, not %d", status, b.status)
			}
			report := readReport(t, out)
			if report.OK != (status == 0) || (report.Errors == 0) != report.OK {
				t.Errorf("the sums do not add up: %+v", report)
			}
			i := slices.IndexFunc(report.Findings, func(f diagnosis.Finding) bool {
				return f.Check == b.check && f.Level == b.level && strings.Contains(f.Found+": "+f.Cause, b.cause)
			})
			if i < 0 {
				t.Fatalf("no %s of %s with %q in %s", b.level, b.check, b.cause, out)
			}
			f := report.Findings[i]
			if !strings.Contains(f.Fix, b.fix) || b.fix == "" {
				t.Errorf("the fix %q does not hold %q", f.Fix, b.fix)
			}
			t.Logf("%s: %s: %s | %s | %s", f.Check, f.Level, f.Found, f.Cause, f.Fix)
			for _, f := range report.Findings {
				if f.Fix == "" && (f.Level == diagnosis.Error || f.Level == diagnosis.Warning) {
					t.Errorf("there is no fix for %+v", f)
				}
			}
			for _, secret := range []string{wrongPassword, keyShaped, shortSecret, keysSecret, odootest.AdminKey} {
				if strings.Contains(out, secret) {
					t.Errorf("the report holds the secret %s", secret)
				}
			}
		})
	}
}

var brokenAddresses = []broken{
	{
		"no address", func(*testing.T) []string { return nil },
		"odoo-url", diagnosis.Error, "no address of Odoo", "--odoo-url https://", 1,
	},
	{
		"no scheme", func(t *testing.T) []string {
			_, address := standIn(t, 19, nil)
			return good(strings.TrimPrefix(address, "http://"))
		},
		"odoo-url", diagnosis.Error, "http:// or https:// is missing", "--odoo-url http://127.0.0.1:", 1,
	},
	{
		"another scheme", func(*testing.T) []string { return good("ftp://erp.example.com") },
		"odoo-url", diagnosis.Error, "not ftp", "--odoo-url https://", 1,
	},
	{
		"the page of the browser", func(t *testing.T) []string {
			_, address := standIn(t, 19, nil)
			return good(address+"/web/login?db=demo#home", "no --odoo-db")
		},
		"odoo-url", diagnosis.Error, "/web/login is the path of one of Odoo's pages; there is a query", "--odoo-db demo", 1,
	},
	{
		"the path of newer versions", func(t *testing.T) []string {
			_, address := standIn(t, 19, nil)
			return good(address + "/odoo")
		},
		"odoo-url", diagnosis.Error, "/odoo is the path", "--odoo-url http://127.0.0.1:", 1,
	},
	{
		"user and password in the address", func(*testing.T) []string { return good("http://admin:" + wrongPassword + "@127.0.0.1:1") },
		"odoo-url", diagnosis.Error, "user and password do not belong there", "--odoo-url http://127.0.0.1:1", 1,
	},
	{
		"unencrypted across the internet", func(*testing.T) []string { return good("http://erp.example.invalid", "--patience", "1s") },
		"odoo-url", diagnosis.Warning, "is not encrypted", "--odoo-url https://erp.example.invalid", 1,
	},
	{
		"a host that is not there", func(*testing.T) []string { return good("https://erp.example.invalid", "--patience", "1s") },
		"odoo-connection", diagnosis.Error, "erp.example.invalid", "name", 1,
	},
}

var brokenServers = []broken{
	{
		"nothing listens", func(t *testing.T) []string { return good("http://" + freeport.Address(t)) },
		"odoo-connection", diagnosis.Error, "nothing listens at 127.0.0.1:", "start Odoo", 1,
	},
	{
		"no answer", func(t *testing.T) []string { return good(silent(t, false), "--patience", "300ms") },
		"odoo-connection", diagnosis.Error, "does not answer in time", "--patience 60s", 1,
	},
	{
		"closed at once", func(t *testing.T) []string { return good(silent(t, true)) },
		"odoo-connection", diagnosis.Error, "closes the connection without an answer", "Odoo's HTTP port", 1,
	},
	{
		"an expired certificate", func(t *testing.T) []string {
			return good(encrypted(t, "127.0.0.1", time.Now().AddDate(-1, 0, 0), time.Now().AddDate(0, 0, -3)))
		},
		"odoo-tls", diagnosis.Error, "ended on", "renew the certificate", 1,
	},
	{
		"a certificate of tomorrow", func(t *testing.T) []string {
			return good(encrypted(t, "127.0.0.1", time.Now().AddDate(0, 0, 1), time.Now().AddDate(1, 0, 0)))
		},
		"odoo-tls", diagnosis.Error, "is good only from", "clock", 1,
	},
	{
		"a self-signed certificate", func(t *testing.T) []string {
			return good(encrypted(t, "127.0.0.1", time.Now().AddDate(0, 0, -1), time.Now().AddDate(1, 0, 0)))
		},
		"odoo-tls", diagnosis.Error, "the server signed it itself", "SSL_CERT_FILE", 1,
	},
	{
		"a certificate of another host", func(t *testing.T) []string {
			return good(encrypted(t, "erp.example.com", time.Now().AddDate(0, 0, -1), time.Now().AddDate(1, 0, 0)))
		},
		"odoo-tls", diagnosis.Error, "is for another host: erp.example.com", "put a name of the certificate into --odoo-url", 1,
	},
	{
		"https to a port without TLS", func(t *testing.T) []string {
			_, address := standIn(t, 19, nil)
			return good(strings.Replace(address, "http:", "https:", 1))
		},
		"odoo-tls", diagnosis.Error, "does not speak TLS", "--odoo-url http://127.0.0.1:", 1,
	},
	{
		"http to a port with TLS", func(t *testing.T) []string {
			return good(strings.Replace(encrypted(t, "127.0.0.1", time.Now(), time.Now().AddDate(1, 0, 0)), "https:", "http:", 1))
		},
		"odoo-tls", diagnosis.Error, "speaks TLS alone", "--odoo-url https://127.0.0.1:", 1,
	},
	{
		"a redirect to https", func(t *testing.T) []string {
			address := encrypted(t, "127.0.0.1", time.Now(), time.Now().AddDate(1, 0, 0))
			return good(answering(t, http.StatusMovedPermanently, "Location: "+address+"{path}", ""))
		},
		"odoo-connection", diagnosis.Error, "redirects to https://127.0.0.1:", "--odoo-url https://127.0.0.1:", 1,
	},
	{
		"a redirect to another host", func(t *testing.T) []string {
			return good(answering(t, http.StatusMovedPermanently, "Location: https://www.erp.example.com{path}", ""))
		},
		"odoo-connection", diagnosis.Error, "redirects to https://www.erp.example.com: ", "--odoo-url https://www.erp.example.com", 1,
	},
	{
		"a login page before Odoo", func(t *testing.T) []string {
			return good(answering(t, http.StatusFound, "Location: https://sso.example.com/login?next=odoo", ""))
		},
		"odoo-connection", diagnosis.Error, "redirects to https://sso.example.com/login: a login page", "let /jsonrpc, /json and /web pass", 1,
	},
	{
		"another web server", func(t *testing.T) []string {
			return good(answering(t, http.StatusOK, "Content-Type: text/html; charset=utf-8", "<h1>Welcome to nginx</h1>"))
		},
		"odoo-connection", diagnosis.Error, "is no Odoo (HTTP 200, text/html)", "login page of Odoo", 1,
	},
	{
		"nothing at these paths", func(t *testing.T) []string {
			return good(answering(t, http.StatusNotFound, "Content-Type: text/plain", "not found"))
		},
		"odoo-connection", diagnosis.Error, "is no Odoo (HTTP 404, text/plain)", "/web/version", 1,
	},
	{
		"a proxy without Odoo", func(t *testing.T) []string {
			return good(answering(t, http.StatusBadGateway, "Content-Type: text/html", "<h1>502 Bad Gateway</h1>"))
		},
		"odoo-connection", diagnosis.Error, "Odoo behind it does not (HTTP 502)", "proxy_pass", 1,
	},
	{
		"Odoo under maintenance", func(t *testing.T) []string { return good(answering(t, http.StatusServiceUnavailable, "", "")) },
		"odoo-connection", diagnosis.Error, "Odoo behind it does not (HTTP 503)", "start Odoo", 1,
	},
	{
		"a proxy with a password of its own", func(t *testing.T) []string {
			return good(answering(t, http.StatusUnauthorized, "WWW-Authenticate: Basic", ""))
		},
		"odoo-connection", diagnosis.Error, "lets the gateway not in (HTTP 401)", "let this machine's address pass", 1,
	},
	{
		"an old Odoo", func(t *testing.T) []string {
			return good(answering(t, http.StatusOK, "Content-Type: application/json", `{"jsonrpc": "2.0", "id": 1, "result": {"server_version": "13.0"}}`))
		},
		"odoo-version", diagnosis.Error, "Odoo 13.0; the gateway needs Odoo 14", "upgrade Odoo", 1,
	},
}
