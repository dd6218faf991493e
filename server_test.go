package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"odoograph/internal/freeport"
	"odoograph/odoo/odootest"
)

func TestDemoAnswersAndStops(t *testing.T) {
	address := freeport.Address(t)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, []string{"demo", "--addr", address, "--log-level", "ERROR"}) }()

	var body string
	for range 100 {
		request, err := http.NewRequest(http.MethodPost, "http://"+address+"/graphql", strings.NewReader(`{"query": "{ saleOrders(first: 1) { nodes { name } } }"}`))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Authorization", "Bearer odg_demo")
		response, err := http.DefaultClient.Do(request)
		if err == nil {
			content, _ := io.ReadAll(response.Body)
			response.Body.Close()
			body = string(content)
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if !strings.Contains(body, `"name":"S0`) {
		t.Errorf("the demo answered %q", body)
	}
	page, err := http.Get("http://" + address + "/playground")
	if err != nil {
		t.Fatal(err)
	}
	page.Body.Close()
	if page.StatusCode != http.StatusOK || !strings.Contains(page.Header.Get("Content-Security-Policy"), "script-src 'self'") {
		t.Errorf("the page: %d %v", page.StatusCode, page.Header)
	}
	stop()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(5 * time.Second):
		t.Error("the demo does not stop")
	}
}

func TestServeRefusesUnsafeOrIncompleteSettings(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	odoo := []string{"--odoo-url", "http://127.0.0.1:1", "--odoo-db", "d", "--odoo-login", "l"}
	for _, test := range []struct {
		args []string
		want string
	}{
		{append(odoo, "--odoo-password", "p", "--addr", "nonsense"), "addr must be"},
		{append(odoo, "--odoo-password", "p", "--tls-cert", "none.pem"), "none.pem"},
		{append(odoo, "--odoo-password", "p", "--rate-limit", "0"), "rate-limit must be"},
		{append(odoo, "--odoo-password", "p", "--anonymous-scopes", "partners:write"), "partners:write"},
		{append(odoo, "--odoo-password", "p", "--pass-through-scopes", "all"), "pass-through-scopes"},
		{append(odoo, "--odoo-password", "p", "--redis-url", "http://x"), "redis"},
		{append(odoo, "--odoo-password", "p", "--secret", "short"), "32"},
		{odoo, "odoo-password-file"},
		{append(odoo, "--odoo-password", "p", "--odoo-password-file", secret), "not both"},
		{append(odoo, "--odoo-password-file", secret+"x"), "odoo-password-file"},
		{append(odoo, "--odoo-password", "p", "--transport", "soap"), "json-2"},
		{[]string{"--odoo-db", "d", "--odoo-password", "p"}, "--odoo-url"},
	} {
		args := append([]string{"serve", "--addr", "127.0.0.1:0", "--database", filepath.Join(t.TempDir(), "keys.db")}, test.args...)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		err := run(ctx, args)
		cancel()
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v: %v", test.args, err)
		}
	}
}

// Everybody knows a demo's key, so demos are for their own machine alone.
func TestDemoServesItsOwnMachineAlone(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", ":0", "192.0.2.1:0", "nonsense"} {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		if err := run(ctx, []string{"demo", "--addr", addr}); err == nil || !strings.Contains(err.Error(), "--addr") {
			t.Errorf("%s: %v", addr, err)
		}
		cancel()
	}
}

// A port that is taken is told with what to do about it.
func TestDemoOnAPortThatIsTaken(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	err = run(t.Context(), []string{"demo", "--addr", listener.Addr().String(), "--log-level", "ERROR"})
	if err == nil || !strings.Contains(err.Error(), "choose another port with --addr") {
		t.Error(err)
	}
}

// A shell that asks for completions gets them from the program itself.
func TestShellsCompleteCommandsAndSettings(t *testing.T) {
	program := built(t)
	for line, want := range map[string]string{"odoograph ke": "keys\n", "odoograph keys cre": "create\n", "odoograph serve --rate": "--rate-limit\n", "odoograph completion z": "zsh\n"} {
		command := exec.CommandContext(t.Context(), program)
		command.Env = append(os.Environ(), "COMP_LINE="+line, fmt.Sprint("COMP_POINT=", len(line)))
		if out, err := command.Output(); err != nil || string(out) != want {
			t.Errorf("%s: %q, %v", line, out, err)
		}
	}
	version := exec.CommandContext(t.Context(), program, "--version")
	if out, err := version.Output(); err != nil || !strings.HasPrefix(string(out), "odoograph ") || !strings.Contains(string(out), "commit ") {
		t.Errorf("%q, %v", out, err)
	}
	if out, err := exec.CommandContext(t.Context(), program).Output(); err != nil || !strings.Contains(string(out), "Usage: odoograph <command>") {
		t.Errorf("%.200q, %v", out, err)
	}
}

func TestCheckTellsWhatIsMissing(t *testing.T) {
	server := odootest.Start(t, odootest.Options{})
	secret := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(secret, []byte(odootest.AdminKey+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"check", "--odoo-url", server.URL(), "--odoo-db", server.DB(), "--odoo-api-key-file", secret, "--log-level", "ERROR",
		"--database", filepath.Join(t.TempDir(), "keys.db"), "--addr", freeport.Address(t)}
	text := output(t, func() error { return run(t.Context(), args) })
	for _, want := range []string{"json-2", "19.0", "Partner.mobile", "at most 4 at once"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in:\n%s", want, text)
		}
	}
	server.Inject(odootest.Fault{
		Match: odootest.Match{Model: "sale.order", Method: "fields_get"}, Times: -1,
		Exception: odootest.UserError("Object sale.order doesn't exist"),
	})
	var err error
	text = output(t, func() error { err = run(t.Context(), args); return nil })
	if err == nil || !strings.Contains(text, "the module sale is not installed") {
		t.Errorf("%v:\n%s", err, text)
	}
}

func TestSchemaHidesOdoo(t *testing.T) {
	text := output(t, func() error { return run(t.Context(), []string{"schema"}) })
	if !strings.Contains(text, "type SaleOrder implements Node @auth(scope: \"orders:read\")") || strings.Contains(text, "@odoo") || strings.Contains(text, "order_line") {
		t.Errorf("the schema is\n%.2000s", text)
	}
}

// output returns what a function prints.
func output(t *testing.T, do func() error) string {
	t.Helper()
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout := os.Stdout
	os.Stdout = writer
	defer func() { os.Stdout = stdout }()
	text := make(chan string)
	go func() {
		content, _ := io.ReadAll(reader)
		text <- string(content)
	}()
	err = do()
	writer.Close()
	if err != nil {
		t.Error(err)
	}
	return <-text
}
