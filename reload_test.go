//go:build unix

package main

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"odoograph/internal/freeport"
	"odoograph/odoo/odootest"
)

// logged is what a program logs, read while it does.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) has(text string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Contains(l.text.String(), text)
}

// eventually waits for what is true soon.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for range 250 {
		if is() {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("%s: not within 5 s", what)
}

// A running gateway takes over on SIGHUP what it can, says what it cannot, and
// stays as it is if something is wrong.
func TestSettingsAreReadAgainOnHangUp(t *testing.T) {
	hangUps := make(chan os.Signal, 10) // so that none ends the test
	signal.Notify(hangUps, syscall.SIGHUP)
	defer signal.Stop(hangUps)
	standIn := odootest.Start(t, odootest.Options{})
	address, folder := freeport.Address(t), t.TempDir()
	file := filepath.Join(folder, "odoograph.toml")
	write := func(more string) {
		text := "odoo-url = \"" + standIn.URL() + "\"\nodoo-db = \"demo\"\nodoo-api-key-file = \"odoo.key\"\ndatabase = \"odoograph.db\"\n" + more
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(folder, "odoo.key"), []byte(odootest.AdminKey+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	write("rate-limit = 50\nlog-level = \"ERROR\"\n")
	key := strings.TrimSpace(keysMust(t, filepath.Join(folder, "odoograph.db"), "create", "--name", "x", "--scopes", "reference:read", "--quiet"))

	log := &logged{}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- runTo(ctx, log, []string{"serve", "--config", file, "--addr", address}) }()
	limit := func() string {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+address+"/graphql", strings.NewReader(`{"query": "{ countries { totalCount } }"}`))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Authorization", "Bearer "+key)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return ""
		}
		response.Body.Close()
		return response.Header.Get("X-RateLimit-Limit")
	}
	reload := func() {
		if err := syscall.Kill(os.Getpid(), syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, "the limit of the file", func() bool { return limit() == "50" })

	write("rate-limit = 70\nlog-level = \"INFO\"\ntimeout = \"9s\"\n")
	reload()
	eventually(t, "the new limit", func() bool { return limit() == "70" })
	eventually(t, "the new log level", func() bool { return log.has("settings are read") || log.has("msg=request") })
	eventually(t, "what takes a restart is named", func() bool { return log.has("changed=timeout") })

	page := func() int {
		response, err := http.Get("http://" + address + "/playground/")
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		return response.StatusCode
	}
	if status := page(); status != http.StatusOK {
		t.Errorf("the playground: %d", status)
	}
	write("rate-limit = 70\nplayground = false\n")
	reload()
	eventually(t, "the playground is gone", func() bool { return page() == http.StatusNotFound })

	write("rate-limits = 90\n")
	reload()
	eventually(t, "a wrong file is refused", func() bool { return log.has("the settings stay as they are") && log.has("did you mean") })
	write("rate-limit = 0\n")
	reload()
	eventually(t, "a wrong value is refused", func() bool { return log.has("rate-limit must be 1 or more") })
	if got := limit(); got != "70" {
		t.Errorf("after wrong settings the limit is %s", got)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
