package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"odoograph/odoo/odootest"
)

// spy collects all that the program and its gateways say, to whomever.
type spy struct {
	t           *testing.T
	program     string
	environment []string
	said        strings.Builder
}

// command runs a command of the program to its end and returns what it printed.
func (s *spy) command(environment []string, args ...string) string {
	command := exec.CommandContext(s.t.Context(), s.program, args...)
	command.Env = append(append(os.Environ(), s.environment...), environment...)
	out, _ := command.CombinedOutput() // many of them are meant to fail
	fmt.Fprintf(&s.said, "%s: %s\n", args[0], out)
	return strings.TrimSpace(string(out))
}

// ask sends a request with a header, and returns the status.
func (s *spy) ask(address, query, name, value string) int {
	s.t.Helper()
	body, err := json.Marshal(map[string]any{"query": query})
	if err != nil {
		s.t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, address, strings.NewReader(string(body)))
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set(name, value)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	fmt.Fprintln(&s.said, response.Header, string(answer))
	return response.StatusCode
}

// The secrets that the test looks for. What begins with canary is looked for as such.
const (
	sealing, sealingBefore = "canary-sealing-secret-0123456789abcdef", "canary-sealing-secret-of-before-012345"
	badPassword            = "canary-odoo-password"
	badOdooKey             = "0badc0de0badc0de0badc0de0badc0de0badc0de"
	redisPassword          = "canary-redis"
	postgresPassword       = "canary-postgres"
)

// Secrets of every kind stay where they are, whatever goes wrong: none is in the log,
// at its most talkative, in an answer, or in what the commands print.
func TestSecretsAreNotTold(t *testing.T) {
	folder := t.TempDir()
	standIn := odootest.Start(t, odootest.Options{})
	s := &spy{t: t, program: built(t), environment: []string{
		"ODOO_URL=" + standIn.URL(), "ODOO_DB=" + standIn.DB(), "ODOO_LOGIN=" + odootest.AdminLogin, "ODOO_API_KEY=" + odootest.AdminKey, "ODOO_PASSWORD=",
		"ODOOGRAPH_SECRET=" + sealing, "ODOOGRAPH_SECRET_PREVIOUS=" + sealingBefore, "ODOOGRAPH_LOG_LEVEL=DEBUG",
		"ODOOGRAPH_DATABASE=" + filepath.Join(folder, "odoograph.db"), "ODOOGRAPH_REDIS_URL=redis://:" + redisPassword + "@127.0.0.1:1/0",
		"ODOOGRAPH_PASS_THROUGH_SCOPES=partners:read",
	}}
	own := s.create("own")
	demo := s.create("demo", "--odoo-login", odootest.DemoLogin, "--odoo-secret-file", writeFile(t, odootest.DemoKey))
	refused := s.create("refused", "--odoo-login", odootest.DemoLogin, "--odoo-secret-file", writeFile(t, badPassword))
	s.said.Reset() // making a key prints it, once

	gateway := startReplica(t, s.program, s.environment)
	s.requests(gateway.url, own, demo, refused)
	for _, class := range []string{"odoo.exceptions.AccessDenied", "psycopg2.OperationalError", "builtins.ValueError", "odoo.exceptions.UserError"} {
		standIn.Inject(odootest.Fault{Exception: &odootest.Exception{Class: class, Message: "it did not work"}})
		s.ask(gateway.url+"/graphql", somePartner, "X-API-Key", own)
	}
	standIn.Inject(odootest.Fault{Status: 502, Body: "<html>Bad Gateway</html>"})
	s.ask(gateway.url+"/graphql", somePartner, "X-API-Key", demo)
	s.commands(filepath.Join(folder, "none"))

	for _, heard := range []struct{ where, text string }{{"the log", gateway.log.String()}, {"what was answered or printed", s.said.String()}} {
		for _, secret := range []string{own, demo, refused, own[15:40], demo[15:40], odootest.AdminKey, odootest.DemoKey, "canary", badOdooKey} {
			if at := strings.Index(heard.text, secret); at >= 0 {
				t.Errorf("%s holds %q: …%s…", heard.where, secret, heard.text[max(0, at-300):min(len(heard.text), at+300)])
			}
		}
		if len(heard.text) < 2000 {
			t.Errorf("%s is %q: too little for this to prove anything", heard.where, heard.text)
		}
	}
}

// create makes a key that may do everything.
func (s *spy) create(name string, args ...string) string {
	s.t.Helper()
	out := s.command(nil, append([]string{"keys", "create", "--scopes", "*", "--quiet", "--name", name}, args...)...)
	token := regexp.MustCompile(`odg_\w{49}`).FindString(out)
	if token == "" {
		s.t.Fatal(out)
	}
	return token
}

const somePartner = `{ partners(first: 1) { nodes { name } } }`

// requests sends keys where they belong and where they do not.
func (s *spy) requests(base, own, demo, refused string) {
	s.t.Helper()
	graphql := base + "/graphql"
	for _, request := range []struct {
		address, name, value string
		status               int
	}{
		{graphql, "Authorization", "Bearer " + own, 200},
		{graphql, "Authorization", "ApiKey " + demo, 200},
		{graphql, "X-API-Key", refused, 200}, // with an error, as Odoo refuses its user
		{graphql, "X-API-Key", own[:len(own)-8] + "AAAAAAAA", 401},
		{graphql, "Authorization", "Bearer " + own[:40], 401},
		{graphql, "Authorization", "Basic " + own, 401},
		{graphql, "Cookie", "key=" + own, 401},
		{graphql + "?api_key=" + own, "X-Nothing", "", 401},
		{base + "/" + own + "?key=" + own, "X-API-Key", own, 404},
		{base + "/api/v1/partners?key=" + own, "X-API-Key", own, 400},
		{graphql, "Authorization", "Bearer " + odootest.DemoKey, 200},
		{graphql, "Authorization", "Bearer " + badOdooKey, 401},
	} {
		if got := s.ask(request.address, somePartner, request.name, request.value); got != request.status {
			s.t.Errorf("%s: %s: status %d, not %d", request.address, request.name, got, request.status)
		}
	}
}

// commands runs commands where all is well and where it is not.
func (s *spy) commands(noFile string) {
	s.command(nil, "keys", "list")
	s.command(nil, "keys", "show", "demo")
	s.command(nil, "keys", "list", "--json")
	s.command([]string{"ODOOGRAPH_SECRET=" + sealingBefore}, "keys", "list")
	s.command(nil, "keys", "reseal")
	const postgres = "ODOOGRAPH_DATABASE=postgres://odoograph"
	for _, wrong := range []string{
		"ODOOGRAPH_LOG_FORMAT=json", // is not wrong
		"ODOO_API_KEY=" + badOdooKey,
		"ODOO_API_KEY= ODOO_PASSWORD=" + badPassword,
		"ODOO_URL=http://127.0.0.1:1",
		"ODOO_URL=http://admin:" + badPassword + "@127.0.0.1:1",
		"ODOOGRAPH_SECRET=canary",
		"ODOOGRAPH_SECRET_FILE=" + noFile,
		"ODOOGRAPH_REDIS_URL=redis://:" + redisPassword + "@127.0.0.1:port",
		postgres + ":" + postgresPassword + "@127.0.0.1:1/odoograph",
		postgres + ":" + postgresPassword + "@127.0.0.1:port/odoograph",
		postgres + ":x/" + postgresPassword + "@127.0.0.1:1/odoograph",
		postgres + ":x?" + postgresPassword + "#" + postgresPassword + "@127.0.0.1:1/odoograph",
		postgres + "@127.0.0.1:1/odoograph?password=" + postgresPassword,
		"ODOOGRAPH_DATABASE=mysql://odoograph:" + postgresPassword + "@127.0.0.1/odoograph",
	} {
		environment := strings.Fields(wrong)
		s.command(environment, "check")
		s.command(environment, "check", "--json")
		if strings.HasPrefix(wrong, "ODOOGRAPH_") { // with the others it would serve
			s.command(append(environment, "ODOO_URL=nonsense"), "serve", "--addr=127.0.0.1:0")
			s.command(environment, "keys", "list")
		}
	}
}
