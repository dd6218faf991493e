package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"odoograph/diagnosis"
	"odoograph/internal/freeport"
	"odoograph/odoo"
	"odoograph/odoo/odootest"
)

const (
	twoDatabases = `{"jsonrpc": "2.0", "id": 1, "result": ["production", "staging"]}`
	unlisted     = `{"jsonrpc": "2.0", "id": 1, "error": {"code": 200, "message": "Odoo Server Error", "data": {"name": "odoo.exceptions.AccessDenied", "message": "Access Denied"}}}`
)

var brokenSignIns = []broken{
	{
		"a mistyped database", func(t *testing.T) []string { return reach(t, 19, "--odoo-db", "dmeo") },
		"odoo-database", diagnosis.Error, "there is no database named dmeo: Odoo has: demo", "--odoo-db demo", 1,
	},
	{
		"a mistyped database of Odoo 14", func(t *testing.T) []string { return reach(t, 14, "--odoo-db", "demo2") },
		"odoo-database", diagnosis.Error, "there is no database named demo2", "--odoo-db demo", 1,
	},
	{
		"no database where there is one", func(t *testing.T) []string { return reach(t, 17, "no --odoo-db") },
		"odoo-database", diagnosis.Error, "Odoo has one alone: demo", "--odoo-db demo", 1,
	},
	{
		"no database where there are several", func(t *testing.T) []string {
			_, address := standIn(t, 19, on("/web/database/list", twoDatabases))
			return good(address, "no --odoo-db")
		},
		"odoo-database", diagnosis.Error, "Odoo has: production, staging", "name one of them", 1,
	},
	{
		"a wrong database that is not listed", func(t *testing.T) []string {
			s, address := standIn(t, 19, nil)
			s.Inject(odootest.Fault{Match: odootest.Match{Method: "list"}, Times: -1, Exception: odootest.AccessDenied()})
			return good(address, "--odoo-db", "production")
		},
		"odoo-database", diagnosis.Error, "Odoo does not tell which ones it has", "ask who runs Odoo", 1,
	},
	{
		"no credential", func(t *testing.T) []string { return reach(t, 19, "no --odoo-password") },
		"odoo-user", diagnosis.Error, "neither an API key nor a password", "--odoo-api-key-file", 1,
	},
	{
		"a password without a login", func(t *testing.T) []string { return reach(t, 19, "no --odoo-login") },
		"odoo-user", diagnosis.Error, "a password, but no login", "--odoo-login", 1,
	},
	{
		"a wrong password", func(t *testing.T) []string { return reach(t, 19, "--odoo-password", wrongPassword) },
		"odoo-user", diagnosis.Error, "Odoo refuses the password of admin: login or password is wrong", "try both in Odoo's own login page", 1,
	},
	{
		"a wrong login", func(t *testing.T) []string { return reach(t, 14, "--odoo-login", "adminn") },
		"odoo-user", diagnosis.Error, "Odoo refuses the password of adminn", "correct --odoo-login", 1,
	},
	{
		"an archived user", func(t *testing.T) []string {
			s, address := standIn(t, 17, nil)
			if err := s.Archive("res.users", s.UID(odootest.DemoLogin)); err != nil {
				t.Fatal(err)
			}
			return good(address, "--odoo-login", "demo", "--odoo-password", "demo")
		},
		"odoo-user", diagnosis.Error, "the user is archived", "try both", 1,
	},
	{
		"an API key as the password", func(t *testing.T) []string { return reach(t, 19, "--odoo-password", keyShaped) },
		"odoo-user", diagnosis.Error, "looks like an API key", "--odoo-api-key-file in place of --odoo-password-file", 1,
	},
	{
		"a password as the API key", func(t *testing.T) []string {
			return reach(t, 19, "no --odoo-password", "no --odoo-login", "--odoo-api-key", wrongPassword)
		},
		"odoo-user", diagnosis.Error, "does not look like one (40 digits", "--odoo-password-file", 1,
	},
	{
		"an API key that has ended", func(t *testing.T) []string {
			return reach(t, 19, "no --odoo-password", "--odoo-api-key", keyShaped)
		},
		"odoo-user", diagnosis.Error, "was deleted, or has ended", "make another key", 1,
	},
	{
		"an API key of another user", func(t *testing.T) []string {
			return reach(t, 19, "--odoo-login", "demo", "--odoo-api-key", odootest.AdminKey)
		},
		"odoo-user", diagnosis.Error, "not one of demo", "leave --odoo-login out", 1,
	},
	{
		"an API key alone for Odoo 14", func(t *testing.T) []string {
			return reach(t, 14, "no --odoo-login", "--odoo-api-key", odootest.AdminKey)
		},
		"odoo-user", diagnosis.Error, "an API key alone does not sign in to Odoo 14.0", "--odoo-login", 1,
	},
	{
		"two-factor authentication", func(t *testing.T) []string {
			_, address := standIn(t, 19, on("/web/session/authenticate", `{"jsonrpc": "2.0", "id": 1, "result": {"uid": null}}`))
			return good(address)
		},
		"odoo-user", diagnosis.Error, "two-factor authentication", "make an API key in Odoo", 1,
	},
	{
		"the login cool-down", func(t *testing.T) []string {
			_, address := standIn(t, 19, nil)
			for range 5 {
				body := strings.NewReader(`{"jsonrpc": "2.0", "id": 1, "params": {"db": "demo", "login": "admin", "password": "x"}}`)
				response, err := http.Post(address+"/web/session/authenticate", "application/json", body)
				if err != nil {
					t.Fatal(err)
				}
				response.Body.Close()
			}
			return good(address)
		},
		"odoo-user", diagnosis.Error, "too many sign-ins from here failed", "wait 1m0s", 1,
	},
	{
		"a proxy that limits sign-ins", func(t *testing.T) []string {
			_, address := standIn(t, 19, func(w http.ResponseWriter, r *http.Request) bool {
				if r.URL.Path == "/web/session/authenticate" {
					w.WriteHeader(http.StatusTooManyRequests)
				}
				return r.URL.Path == "/web/session/authenticate"
			})
			return good(address)
		},
		"odoo-connection", diagnosis.Error, "asks for fewer requests", "wait a minute", 1,
	},
	{
		"a transport that Odoo 14 lacks", func(t *testing.T) []string {
			return reach(t, 14, "--transport", "json-2", "--odoo-api-key", odootest.AdminKey)
		},
		"odoo-transport", diagnosis.Error, "JSON-2 needs Odoo 19", "--transport auto", 1,
	},
}

var brokenOdoos = []broken{
	{
		"a database that is not listed but there", func(t *testing.T) []string {
			_, address := standIn(t, 19, on("/web/database/list", twoDatabases))
			return good(address)
		},
		"odoo-database", diagnosis.Note, "takes all the same", "dbfilter", 0,
	},
	{
		"a portal user", func(t *testing.T) []string {
			return reach(t, 19, "--odoo-login", "portal", "--odoo-password", "portal")
		},
		"odoo-user", diagnosis.Warning, "portal is a portal user", "Internal User", 0,
	},
	{
		"a user without the sale orders", func(t *testing.T) []string {
			s, address := standIn(t, 14, nil)
			s.Inject(odootest.Fault{Match: odootest.Match{Model: "sale.order", Method: "search"}, Exception: odootest.AccessError("You are not allowed")})
			return good(address)
		},
		"odoo-rights", diagnosis.Error, "may not read sale orders", `Sales: "User: Own Documents Only"`, 1,
	},
	{
		"a user without invoices", func(t *testing.T) []string { return reach(t, 19, "--odoo-login", "demo", "--odoo-password", "demo") },
		"odoo-rights", diagnosis.Warning, "may not read invoices", "Invoicing", 0,
	},
	{
		"a module that is missing", func(t *testing.T) []string {
			s, address := standIn(t, 19, nil)
			s.Inject(odootest.Fault{Match: odootest.Match{Model: "account.move", Method: "fields_get"}, Times: -1, Exception: &odootest.Exception{Class: "werkzeug.exceptions.NotFound"}})
			return good(address)
		},
		"odoo-modules", diagnosis.Error, "the module account is not installed: Invoice", "Odoo's Apps", 1,
	},
	{
		"a clock that is minutes wrong", func(t *testing.T) []string { return atTime(t, -2*time.Minute) },
		"odoo-clock", diagnosis.Warning, "Odoo's clock is 2m0s behind", "NTP", 0,
	},
	{
		"a clock that is an hour wrong", func(t *testing.T) []string { return atTime(t, time.Hour) },
		"odoo-clock", diagnosis.Error, "Odoo's clock is 1h0m0s ahead of", "timedatectl", 1,
	},
	{
		"an API key that ends soon", func(t *testing.T) []string {
			s, address := standIn(t, 19, nil)
			_, err := s.Create("res.users.apikeys", odootest.Values{
				"name": "gateway", "scope": "rpc", "user_id": s.UID(odootest.AdminLogin), "expiration_date": time.Now().UTC().AddDate(0, 0, 6).Format(time.DateTime),
			})
			if err != nil {
				t.Fatal(err)
			}
			return good(address, "--odoo-api-key", odootest.AdminKey)
		},
		"odoo-key", diagnosis.Warning, "in 5 days", "make another key", 0,
	},
	{
		"a failure while signing in", func(t *testing.T) []string {
			s, address := standIn(t, 19, nil)
			s.Inject(odootest.Fault{Match: odootest.Match{Model: "res.lang"}, Times: -1, Exception: &odootest.Exception{Class: "builtins.KeyError", Message: "x"}})
			return good(address)
		},
		"odoo-user", diagnosis.Error, "Odoo failed while signing in", "Odoo's log", 1,
	},
}

// atTime is the arguments for an Odoo whose clock is wrong.
func atTime(t *testing.T, ahead time.Duration) []string {
	t.Helper()
	_, address := standIn(t, 19, func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set("Date", time.Now().Add(ahead).UTC().Format(http.TimeFormat))
		return false
	})
	return good(address)
}

// Odoo locks out everybody after a few refusals: check makes one attempt.
func TestCheckSignsInOnce(t *testing.T) {
	bareEnvironment(t)
	for _, version := range []int{14, 17, 19} {
		for _, credential := range [][]string{{"--odoo-password", wrongPassword}, {"no --odoo-password", "--odoo-api-key", wrongPassword}} {
			s, address := standIn(t, version, nil)
			args := append(good(address, credential...), "--database", t.TempDir()+"/odoograph.db", "--addr", freeport.Address(t))
			if out, status := checkRun(t, args...); status != 1 {
				t.Errorf("exit status %d\n%s", status, out)
			}
			refused := 0
			for _, call := range s.Calls() {
				if call.Method == "authenticate" || call.Protocol == "json-2" {
					refused++
				}
			}
			if refused != 1 {
				t.Errorf("Odoo %d, %v: %d attempts", version, credential[len(credential)-2], refused)
			}
		}
	}
}

func TestCheckOfWhatCannotBeReached(t *testing.T) {
	bareEnvironment(t)
	// All that is wrong is told, and what could not be tried says why.
	out, status := checkRun(t, "--odoo-url", answering(t, http.StatusBadGateway, "", ""), "--odoo-login", "x",
		"--secret", shortSecret, "--addr", "nonsense", "--database", "/nowhere/at/all/odoograph.db", "--json")
	report := readReport(t, out)
	if status != 1 || report.Errors < 5 {
		t.Errorf("%d errors, exit status %d:\n%s", report.Errors, status, out)
	}
	var untried []string
	for _, f := range report.Findings {
		if strings.HasPrefix(f.Found, "not tried, because ") {
			untried = append(untried, f.Check)
		}
	}
	if got := strings.Join(untried, " "); got != "odoo-database odoo-transport odoo-key odoo-rights odoo-modules odoo-fields api-keys" {
		t.Errorf("not tried: %s", got)
	}
}

func TestCheckForPeople(t *testing.T) {
	bareEnvironment(t)
	args := reach(t, 19, "--odoo-password", wrongPassword, "--database", t.TempDir()+"/odoograph.db", "--addr", freeport.Address(t))
	for locale, marks := range map[string][3]string{"en_US.UTF-8": {"✓ odoo-url ", "✗ odoo-user ", "→ try both"}, "C": {"+ odoo-url ", "x odoo-user ", "-> try both"}} {
		t.Setenv("LC_ALL", locale)
		out, _ := checkRun(t, args...)
		for _, mark := range marks {
			if !strings.Contains(out, mark) {
				t.Errorf("%s: no %q in\n%s", locale, mark, out)
			}
		}
		if strings.Contains(out, "\x1b") {
			t.Error("there is colour where there is no terminal")
		}
		if lines := strings.Split(strings.TrimSpace(out), "\n"); !strings.HasPrefix(lines[len(lines)-1], "1 error and 0 warnings") {
			t.Errorf("the last line is %q", lines[len(lines)-1])
		}
	}
}

func TestCheckOfUnreadableSettings(t *testing.T) {
	bareEnvironment(t)
	out, status := checkRun(t, "--odoo-max-conns", "many", "--json")
	report := readReport(t, out)
	if status != 2 || report.OK || report.Errors != 1 || report.Findings[0].Check != "configuration" || !strings.Contains(report.Findings[0].Cause, "odoo-max-conns") {
		t.Errorf("exit status %d: %s", status, out)
	}
	if out, status := checkRun(t, "--odoo-max-conns", "many"); status != 2 || out != "" {
		t.Errorf("exit status %d: %s", status, out)
	}
	if err := unreadableReport(io.Discard, []string{"serve", "--json"}, io.EOF); err != io.EOF {
		t.Error(err)
	}
}

// TestGenuineCheck tries check on the Odoo that ODOO_URL names: what is fine, and
// what is wrong in ways that only a genuine Odoo answers in. It signs in wrongly
// once, and rightly after that, so that Odoo counts no failures afterwards.
func TestGenuineCheck(t *testing.T) {
	if os.Getenv("ODOO_URL") == "" {
		t.Skip("set ODOO_URL, ODOO_DB, ODOO_LOGIN, ODOO_PASSWORD and ODOO_API_KEY to run against a genuine Odoo")
	}
	address, db, login, password, key := os.Getenv("ODOO_URL"), os.Getenv("ODOO_DB"), os.Getenv("ODOO_LOGIN"), os.Getenv("ODOO_PASSWORD"), os.Getenv("ODOO_API_KEY")
	bareEnvironment(t)
	clerk := withoutSales(t, odoo.Config{URL: address, Database: db}, odoo.Credential{Login: login, Password: password})
	for _, test := range []struct {
		name   string
		args   []string
		check  string
		level  diagnosis.Level
		cause  string
		fix    string
		status int
	}{
		{"a wrong database", []string{"--odoo-db", db + "x", "--odoo-login", login, "--odoo-password", password}, "odoo-database", diagnosis.Error, "Odoo has: " + db, "--odoo-db " + db, 1},
		{"a wrong password", []string{"--odoo-db", db, "--odoo-login", login, "--odoo-password", wrongPassword}, "odoo-user", diagnosis.Error, "login or password is wrong", "login page", 1},
		{"a password", []string{"--odoo-db", db, "--odoo-login", login, "--odoo-password", password}, "odoo-transport", diagnosis.OK, "web-session", "", 0},
		{"an API key", []string{"--odoo-db", db, "--odoo-login", login, "--odoo-api-key", key}, "odoo-rights", diagnosis.OK, "partners, sale orders, products, invoices", "", 0},
		{"a user without sales", []string{"--odoo-db", db, "--odoo-login", clerk, "--odoo-password", clerk}, "odoo-rights", diagnosis.Error, "may not read sale orders", "Own Documents Only", 1},
		{"a page of Odoo", []string{"--odoo-url", address + "/web", "--odoo-db", db, "--odoo-login", login, "--odoo-password", password}, "odoo-url", diagnosis.Error, "/web is the path", "--odoo-url " + address, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			args := append([]string{"--odoo-url", address}, test.args...)
			out, status := checkRun(t, append(args, "--json", "--patience", "60s", "--addr", freeport.Address(t), "--database", filepath.Join(t.TempDir(), "odoograph.db"))...)
			found := slices.ContainsFunc(readReport(t, out).Findings, func(f diagnosis.Finding) bool {
				return f.Check == test.check && f.Level == test.level && strings.Contains(f.Found+": "+f.Cause, test.cause) && strings.Contains(f.Fix, test.fix)
			})
			if !found || status != test.status || strings.Contains(out, wrongPassword) || strings.Contains(out, key) {
				t.Errorf("exit status %d, %s", status, out)
			}
		})
	}
}

// withoutSales makes an internal user who has no further rights, until the test
// ends. The password is the login.
func withoutSales(t *testing.T, config odoo.Config, admin odoo.Credential) (login string) {
	t.Helper()
	client, err := odoo.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	session, err := client.Session(t.Context(), admin)
	if err != nil {
		t.Fatal(err)
	}
	login = "clerk-" + strings.ToLower(rand.Text()[:10])
	call := func(ctx context.Context, c odoo.Call) any {
		result, err := session.Do(ctx, c)
		if err != nil {
			t.Fatal(err, odoo.Detail(err))
		}
		return result
	}
	found := call(t.Context(), odoo.Call{Model: "ir.model.data", Method: "search_read", Positional: []string{"domain", "fields"}, Args: map[string]any{
		"domain": []any{[]any{"module", "=", "base"}, []any{"name", "=", "group_user"}}, "fields": []string{"res_id"},
	}})
	group, _ := found.([]any)[0].(*odoo.Object).Get("res_id").(json.Number).Int64()
	groups := "groups_id"
	if session.Version().Major >= 19 {
		groups = "group_ids"
	}
	created := call(t.Context(), odoo.Call{
		Model: "res.users", Method: "create", Positional: []string{"vals_list"}, Context: map[string]any{"no_reset_password": true},
		Args: map[string]any{"vals_list": map[string]any{"name": login, "login": login, "password": login, groups: []any{[]any{6, 0, []any{group}}}}},
	})
	id, _ := created.(json.Number).Int64()
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		partners, _ := call(ctx, odoo.Call{Model: "res.partner", Method: "search", Positional: []string{"domain"}, Args: map[string]any{"domain": []any{[]any{"name", "=", login}}}}).([]any)
		call(ctx, odoo.Call{Model: "res.users", Method: "unlink", IDs: []int64{id}})
		for _, partner := range partners {
			id, _ := partner.(json.Number).Int64()
			call(ctx, odoo.Call{Model: "res.partner", Method: "unlink", IDs: []int64{id}})
		}
	})
	return login
}
