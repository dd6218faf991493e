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

// Secrets of every kind stay where they are, whatever goes wrong: none is in the log,
// at its most talkative, in an answer, or in what the commands print.
func TestSecretsAreNotTold(t *testing.T) {
	const secretOfGateway, before = "canary-sealing-secret-0123456789abcdef", "canary-sealing-secret-of-before-012345"
	const wrongPassword, wrongKey = "canary-odoo-password", "canary0odoo0api0key0that0is0not0good0000"
	const redis, postgres = "canary-redis", "canary-postgres"
	folder := t.TempDir()
	odooKey := filepath.Join(folder, "odoo.key")
	writeTo := func(path, text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	standIn := odootest.Start(t, odootest.Options{})
	s := &spy{t: t, program: built(t), environment: []string{
		"ODOO_URL=" + standIn.URL(), "ODOO_DB=" + standIn.DB(), "ODOO_LOGIN=" + odootest.AdminLogin, "ODOO_API_KEY=" + odootest.AdminKey, "ODOO_PASSWORD=",
		"ODOOGRAPH_SECRET=" + secretOfGateway, "ODOOGRAPH_SECRET_PREVIOUS=" + before, "ODOOGRAPH_LOG_LEVEL=DEBUG",
		"ODOOGRAPH_DATABASE=" + filepath.Join(folder, "odoograph.db"), "ODOOGRAPH_REDIS_URL=redis://:" + redis + "@127.0.0.1:1/0",
		"ODOOGRAPH_PASS_THROUGH_SCOPES=partners:read",
	}}

	// What is not said aloud: making a key prints it, once.
	create := func(args ...string) string {
		out := s.command(nil, append([]string{"keys", "create", "--scopes", "*", "--quiet", "--name"}, args...)...)
		token := regexp.MustCompile(`odg_\w{49}`).FindString(out)
		if token == "" {
			t.Fatal(out)
		}
		s.said.Reset()
		return token
	}
	own := create("own")
	writeTo(odooKey, odootest.DemoKey)
	demo := create("demo", "--odoo-login", odootest.DemoLogin, "--odoo-secret-file", odooKey)
	writeTo(odooKey, wrongPassword)
	refused := create("refused", "--odoo-login", odootest.DemoLogin, "--odoo-secret-file", odooKey)
	altered := own[:len(own)-8] + "AAAAAAAA"

	gateway := startReplica(t, s.program, s.environment)
	graphql := gateway.url + "/graphql"
	const partners = `{ partners(first: 1) { nodes { name } } }`
	for _, request := range []struct {
		address, name, value string
		status               int
	}{
		{graphql, "Authorization", "Bearer " + own, 200},
		{graphql, "Authorization", "ApiKey " + demo, 200},
		{graphql, "X-API-Key", refused, 200}, // with an error, as Odoo refuses its user
		{graphql, "X-API-Key", altered, 401},
		{graphql, "Authorization", "Bearer " + own[:40], 401},
		{graphql, "Authorization", "Basic " + own, 401},
		{graphql, "Cookie", "key=" + own, 401},
		{graphql + "?api_key=" + own, "X-Nothing", "", 401},
		{gateway.url + "/" + own + "?key=" + own, "X-API-Key", own, 404},
		{gateway.url + "/api/v1/partners?key=" + own, "X-API-Key", own, 400},
		{graphql, "Authorization", "Bearer " + odootest.DemoKey, 200},
		{graphql, "Authorization", "Bearer " + wrongKey, 401},
	} {
		if got := s.ask(request.address, partners, request.name, request.value); got != request.status {
			t.Errorf("%s: %s: status %d, not %d", request.address, request.name, got, request.status)
		}
	}
	for _, class := range []string{"odoo.exceptions.AccessDenied", "psycopg2.OperationalError", "builtins.ValueError", "odoo.exceptions.UserError"} {
		standIn.Inject(odootest.Fault{Exception: &odootest.Exception{Class: class, Message: "it did not work"}})
		s.ask(graphql, partners, "X-API-Key", own)
	}
	standIn.Inject(odootest.Fault{Status: 502, Body: "<html>Bad Gateway</html>"})
	s.ask(graphql, partners, "X-API-Key", demo)

	// The commands, where all is well and where it is not.
	s.command(nil, "keys", "list")
	s.command(nil, "keys", "show", "demo")
	s.command(nil, "keys", "list", "--json")
	s.command([]string{"ODOOGRAPH_SECRET=" + before}, "keys", "list")
	s.command(nil, "keys", "reseal")
	for _, wrong := range [][]string{
		nil,
		{"ODOO_API_KEY=" + wrongKey},
		{"ODOO_API_KEY=", "ODOO_PASSWORD=" + wrongPassword},
		{"ODOO_URL=http://127.0.0.1:1"},
		{"ODOOGRAPH_SECRET=canary"},
		{"ODOOGRAPH_SECRET_FILE=" + filepath.Join(folder, "none")},
		{"ODOOGRAPH_REDIS_URL=redis://:" + redis + "@127.0.0.1:port"},
		{"ODOOGRAPH_DATABASE=postgres://odoograph:" + postgres + "@127.0.0.1:1/odoograph"},
		{"ODOOGRAPH_DATABASE=postgres://odoograph:" + postgres + "@127.0.0.1:port/odoograph"},
		{"ODOOGRAPH_DATABASE=postgres://odoograph:x/" + postgres + "@127.0.0.1:1/odoograph"},
		{"ODOOGRAPH_DATABASE=postgres://odoograph:x?" + postgres + "#" + postgres + "@127.0.0.1:1/odoograph"},
		{"ODOOGRAPH_DATABASE=postgres://odoograph@127.0.0.1:1/odoograph?password=" + postgres},
		{"ODOOGRAPH_DATABASE=mysql://odoograph:" + postgres + "@127.0.0.1/odoograph"},
		{"ODOO_URL=http://admin:" + wrongPassword + "@127.0.0.1:1"},
	} {
		for _, args := range [][]string{{"check", "--json"}, {"check"}} {
			s.command(wrong, args...)
		}
		if len(wrong) > 0 && strings.HasPrefix(wrong[0], "ODOOGRAPH_") { // the others would serve
			s.command(append(wrong, "ODOO_URL=nonsense"), "serve", "--addr=127.0.0.1:0")
			s.command(wrong, "keys", "list")
		}
	}

	for _, heard := range []struct{ where, text string }{{"the log", gateway.log.String()}, {"what was answered or printed", s.said.String()}} {
		for _, secret := range []string{
			own, demo, refused, altered, own[15:40], demo[15:40], odootest.AdminKey, odootest.DemoKey, "canary", wrongKey,
		} {
			if at := strings.Index(heard.text, secret); at >= 0 {
				t.Errorf("%s holds %q: …%s…", heard.where, secret, heard.text[max(0, at-300):min(len(heard.text), at+300)])
			}
		}
		if len(heard.text) < 2000 {
			t.Errorf("%s is %q: too little for this to prove anything", heard.where, heard.text)
		}
	}
}
