package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/alecthomas/kong"
	"github.com/creack/pty"

	"odoograph/internal/freeport"
	"odoograph/odoo/odootest"
)

// parsedInit returns `odoograph init` with the arguments.
func parsedInit(t *testing.T, args ...string) *initCommand {
	t.Helper()
	var commands commands
	parser, err := kong.New(&commands)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse(append([]string{"init"}, args...)); err != nil {
		t.Fatal(err)
	}
	return &commands.Init
}

// person sits at a terminal and answers what is asked.
type person struct {
	t        *testing.T
	terminal *os.File
	mu       sync.Mutex
	seen     strings.Builder
	from     int // what was seen before is answered
}

// atTerminal runs init at a terminal until it ends, while somebody answers.
func atTerminal(t *testing.T, ctx context.Context, c *initCommand, answer func(*person)) (string, error) {
	t.Helper()
	terminal, program, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer program.Close()
	p := &person{t: t, terminal: terminal}
	go func() {
		buffer := make([]byte, 4096)
		for {
			n, err := terminal.Read(buffer)
			p.mu.Lock()
			p.seen.Write(buffer[:n])
			p.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	ended := make(chan error, 1)
	go func() { ended <- c.run(ctx, program, program) }()
	answer(p)
	select {
	case err = <-ended:
	case <-time.After(20 * time.Second):
		t.Fatalf("init does not end:\n%s", p.text())
	}
	p.waitQuiet()
	terminal.Close()
	return p.text(), err
}

func (p *person) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seen.String()
}

// waitQuiet waits until nothing more arrives.
func (p *person) waitQuiet() {
	for before := -1; before != len(p.text()); time.Sleep(50 * time.Millisecond) {
		before = len(p.text())
	}
}

// see waits for a text.
func (p *person) see(text string) {
	p.t.Helper()
	for range 1000 {
		if i := strings.Index(p.text()[p.from:], text); i >= 0 {
			p.from += i + len(text)
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	p.t.Fatalf("%q is never asked:\n%s", text, p.text())
}

// answer waits for a question and types a line.
func (p *person) answer(question, line string) {
	p.t.Helper()
	p.see(question)
	p.see(": ")
	time.Sleep(20 * time.Millisecond) // until the echo is off, where it will be
	fmt.Fprintln(p.terminal, line)
}

func TestInitAtATerminal(t *testing.T) {
	bareEnvironment(t)
	t.Setenv("NO_COLOR", "1")
	s, address := standIn(t, 14, nil)
	folder, addr := t.TempDir(), freeport.Address(t)
	config := filepath.Join(folder, "odoograph.toml")
	c := parsedInit(t, "--output", config)
	text, err := atTerminal(t, t.Context(), c, func(p *person) {
		p.answer("Address of Odoo", "http://"+freeport.Address(t))
		p.see("nothing listens at")
		p.answer("Address of Odoo", address+"/web/login")
		p.see("is the path of one of Odoo's pages")
		p.answer("Database [demo]", "dmeo")
		p.see("there is no database named dmeo")
		p.answer("Database [demo]", "")
		p.answer("Sign in with", "password")
		p.answer("Login", "admin")
		p.answer("Password (is not shown)", wrongPassword)
		p.see("Odoo refuses the password of admin")
		p.answer("Sign in with", "password")
		p.answer("Login", "admin")
		p.answer("Password (is not shown)", odootest.AdminLogin)
		p.see("the user may read partners")
		p.answer("Address to listen on", addr)
		p.answer("Name of the first API key", "shop")
	})
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if strings.Contains(text, wrongPassword) {
		t.Error("the password is shown")
	}
	attempts := 0
	for _, call := range s.Calls() {
		if call.Method == "authenticate" {
			attempts++
		}
	}
	if attempts != 2 {
		t.Errorf("%d sign-ins for two passwords", attempts)
	}
	settings := readSettings(t, config)
	want := map[string]any{
		"odoo-url": address, "odoo-db": "demo", "odoo-login": "admin", "addr": addr, "odoo-password-file": "odoograph.odoo-credential",
		"secret-file": "odoograph.secret", "database": "odoograph.db",
	}
	if fmt.Sprint(settings) != fmt.Sprint(want) {
		t.Errorf("the file says %v", settings)
	}
	checkInitFiles(t, folder, text)
	// What init wrote is what check finds to be fine. Names of files begin in its folder.
	t.Chdir(folder)
	args := []string{"--json"}
	for name, value := range settings {
		args = append(args, "--"+name, value.(string))
	}
	out, status := checkRun(t, args...)
	if report := readReport(t, out); status != 0 || report.Warnings != 0 {
		t.Errorf("check finds %s", out)
	}
}

// readSettings reads a file of settings.
func readSettings(t *testing.T, path string) map[string]any {
	t.Helper()
	settings := map[string]any{}
	if _, err := toml.DecodeFile(path, &settings); err != nil {
		t.Fatal(err)
	}
	return settings
}

// checkInitFiles looks at the files that init wrote and tries the key that it showed.
func checkInitFiles(t *testing.T, folder, shown string) {
	t.Helper()
	for name, mode := range map[string]os.FileMode{"odoograph.toml": 0o644, "odoograph.secret": 0o600, "odoograph.odoo-credential": 0o600, "odoograph.db": 0o600} {
		info, err := os.Stat(filepath.Join(folder, name))
		if err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v %v", name, info, err)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(folder, ".odoograph*")); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
	secret, _ := os.ReadFile(filepath.Join(folder, "odoograph.secret"))
	k := gateway(t, filepath.Join(folder, "odoograph.db"), strings.TrimSpace(string(secret)))
	var token string
	for line := range strings.Lines(shown) {
		if strings.HasPrefix(line, "odg_") {
			token = strings.TrimSpace(line)
		}
	}
	if _, err := k.Authenticate(t.Context(), token, netip.MustParseAddr("127.0.0.1"), ""); err != nil {
		t.Errorf("the key %q: %v in\n%s", token, err, shown)
	}
	if !strings.Contains(shown, "curl -s http://") || !strings.Contains(shown, "odoograph serve") {
		t.Errorf("no next step in\n%s", shown)
	}
}

func TestInitWithoutATerminal(t *testing.T) {
	bareEnvironment(t)
	_, address := standIn(t, 19, nil)
	nobody, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer nobody.Close()
	key := file(t, odootest.AdminKey+"\n", 0o600)
	for _, test := range []struct {
		args []string
		want string // in the error, "" for success
	}{
		{nil, "--odoo-url is missing"},
		{[]string{"--odoo-url", "http://" + freeport.Address(t)}, "--odoo-url is not right"},
		{[]string{"--odoo-url", address}, "--odoo-api-key-file or --odoo-password-file is missing"},
		{[]string{"--odoo-url", address, "--odoo-login", "admin", "--odoo-password", wrongPassword}, "signing in does not work"},
		{[]string{"--odoo-url", address, "--odoo-db", "production", "--odoo-api-key-file", key}, "signing in does not work"},
		{[]string{"--odoo-url", address, "--odoo-api-key-file", key, "--addr", "nonsense"}, "--addr is not right"},
		{[]string{"--odoo-url", address, "--odoo-api-key-file", key, "--addr", freeport.Address(t), "--scopes", "nonsense"}, "no scope"},
		{[]string{"--odoo-url", address, "--odoo-api-key-file", key, "--addr", freeport.Address(t)}, ""},
		{[]string{"--yes", "--odoo-url", address, "--odoo-api-key", odootest.AdminKey, "--addr", freeport.Address(t), "--transport", "json-2"}, ""},
	} {
		folder := t.TempDir()
		var out bytes.Buffer
		err := parsedInit(t, append(test.args, "--output", filepath.Join(folder, "odoograph.toml"))...).run(t.Context(), nobody, &out)
		if test.want == "" && err == nil {
			if settings := readSettings(t, filepath.Join(folder, "odoograph.toml")); settings["odoo-db"] != "demo" || settings["odoo-api-key-file"] == nil || (settings["transport"] == "json-2") != slices.Contains(test.args, "json-2") {
				t.Errorf("the file says %v", settings)
			}
			continue
		}
		if err == nil || test.want == "" || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v: %v\n%s", test.args, err, out.String())
		}
		if left, _ := os.ReadDir(folder); len(left) > 0 {
			t.Errorf("%v leaves %v behind", test.args, left)
		}
	}
}

func TestInitWritesOverNothing(t *testing.T) {
	bareEnvironment(t)
	_, address := standIn(t, 19, nil)
	folder := t.TempDir()
	config, secret := filepath.Join(folder, "odoograph.toml"), filepath.Join(folder, "odoograph.secret")
	args := []string{"--yes", "--odoo-url", address, "--odoo-api-key", odootest.AdminKey, "--addr", freeport.Address(t), "--output", config}
	write(t, config, "mine", 0o644)
	write(t, secret, keysSecret, 0o600)
	err := parsedInit(t, args...).run(t.Context(), os.Stdin, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "--force") {
		t.Error(err)
	}
	if text, _ := os.ReadFile(config); string(text) != "mine" {
		t.Errorf("the file is now %s", text)
	}
	if err := parsedInit(t, append(args, "--force")...).run(t.Context(), os.Stdin, io.Discard); err != nil {
		t.Fatal(err)
	}
	if settings := readSettings(t, config); settings["odoo-url"] != address {
		t.Errorf("--force writes %v", settings)
	}
	if text, _ := os.ReadFile(secret); string(text) != keysSecret {
		t.Error("--force writes over the secret that opens what is sealed")
	}
}

// An interruption leaves nothing behind, and the terminal as it was.
func TestInitInterrupted(t *testing.T) {
	bareEnvironment(t)
	_, address := standIn(t, 19, nil)
	folder := t.TempDir()
	ctx, interrupt := context.WithCancel(t.Context())
	text, err := atTerminal(t, ctx, parsedInit(t, "--output", filepath.Join(folder, "odoograph.toml"), "--odoo-url", address), func(p *person) {
		p.answer("Database [demo]", "")
		p.answer("Sign in with", "")
		p.see("API key (is not shown): ")
		interrupt()
	})
	if err == nil || !strings.Contains(err.Error(), "interrupted; nothing was written") {
		t.Errorf("%v\n%s", err, text)
	}
	if left, _ := os.ReadDir(folder); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// After a few refusals init ends rather than let Odoo lock everybody out.
func TestInitEndsBeforeTheCoolDown(t *testing.T) {
	bareEnvironment(t)
	s, address := standIn(t, 19, nil)
	_, err := atTerminal(t, t.Context(), parsedInit(t, "--output", filepath.Join(t.TempDir(), "x.toml"), "--odoo-url", address, "--odoo-db", "demo"), func(p *person) {
		for i := range mostRefusals {
			p.answer("Sign in with", "password")
			p.answer("Login", "admin")
			p.answer("Password", fmt.Sprint("wrong", i))
		}
	})
	if err == nil || !strings.Contains(err.Error(), "wait a minute") {
		t.Error(err)
	}
	if n := s.Count("", "authenticate"); n != mostRefusals {
		t.Errorf("%d sign-ins", n)
	}
}

// Every setting of serve is in the file, with what it is for.
func TestConfigurationText(t *testing.T) {
	text := configurationText(map[string]string{"odoo-url": "https://erp.example.com", "trusted-proxies": "10.0.0.0/8", "odoo-max-conns": "8", "introspection": "false"})
	settings := map[string]any{}
	if _, err := toml.Decode(text, &settings); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if fmt.Sprint(settings) != "map[introspection:false odoo-max-conns:8 odoo-url:https://erp.example.com trusted-proxies:[10.0.0.0/8]]" {
		t.Errorf("the file says %v", settings)
	}
	for _, want := range []string{"\n# Name of Odoo's database.\n# odoo-db = \"\"\n", "# rate-limit = 100\n", "# timeout = \"30s\"\n", "# cors-origins = []\n", "# log-level = \"INFO\"\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	for _, secret := range []string{"odoo-password", "odoo-api-key", "secret", "secret-previous"} {
		if strings.Contains(text, "\n# "+secret+" =") {
			t.Errorf("%s is in the file", secret)
		}
	}
	// All of it is valid when the comments before the settings are taken away.
	var all strings.Builder
	for line := range strings.Lines(text) {
		if name, _, isSetting := strings.Cut(strings.TrimPrefix(line, "# "), " = "); isSetting && !strings.Contains(name, " ") {
			all.WriteString(strings.TrimPrefix(line, "# "))
		}
	}
	if _, err := toml.Decode(all.String(), &settings); err != nil || len(settings) < 25 {
		t.Errorf("%d settings, %v", len(settings), err)
	}
}
