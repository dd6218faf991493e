package endpoint_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"odoograph/auth"
	"odoograph/endpoint"
	"odoograph/odoo/odootest"
)

// atOnce is how soon a change of a key is in force, with a little for a busy machine.
const atOnce = time.Second + 300*time.Millisecond

// watchedLog is a log that can be read while it is written.
type watchedLog struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *watchedLog) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

func (l *watchedLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// waitFor waits until a line holds all of the parts, and returns it; "" if none
// does in time.
func (l *watchedLog) waitFor(limit time.Duration, parts ...string) string {
	for deadline := time.Now().Add(limit); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
	lines:
		for line := range strings.Lines(l.String()) {
			for _, part := range parts {
				if !strings.Contains(line, part) {
					continue lines
				}
			}
			return line
		}
	}
	return ""
}

// slowOdoo is a stand-in with so many partners, each call of which takes a while.
func slowOdoo(t *testing.T, partners int, latency time.Duration) *odootest.Server {
	t.Helper()
	standIn := odootest.Start(t, odootest.Options{Partners: partners})
	standIn.SetRecording(false)
	standIn.SetLatency(latency)
	return standIn
}

// A key that is revoked ends the requests that are under way with it: one that
// waits for Odoo, an export in the middle, and one whose client does not read.
func TestRevocationEndsWhatIsUnderWay(t *testing.T) {
	t.Run("a query", func(t *testing.T) {
		d := newDoorsBefore(t, slowOdoo(t, 0, 4*time.Second), io.Discard, func(*endpoint.Options) {})
		key := d.key(auth.Key{Scopes: []string{"*"}})
		revoked := d.revokeAfter(key, 300*time.Millisecond)
		got := d.ask(orders, "X-API-Key", key)
		if took := time.Since(<-revoked); took > atOnce {
			t.Errorf("it ended %v after its key was revoked", took)
		}
		if got.StatusCode != http.StatusUnauthorized || got.code() != "UNAUTHENTICATED" {
			t.Errorf("%d %s", got.StatusCode, got.text)
		}
	})
	t.Run("but not a change, which is done and answered", func(t *testing.T) {
		odoo := slowOdoo(t, 0, 0)
		d := newDoorsBefore(t, odoo, io.Discard, func(*endpoint.Options) {})
		key := d.key(auth.Key{Scopes: []string{"*"}})
		if got := d.ask(orders, "X-API-Key", key); got.code() != "" { // so that all is known of Odoo
			t.Fatal(got.text)
		}
		odoo.SetLatency(time.Second)
		revoked := d.revokeAfter(key, 300*time.Millisecond)
		got := d.ask(`mutation { createPartner(input: {name: "Ada"}) { partner { name } } }`, "X-API-Key", key)
		if took := time.Since(<-revoked); took < 600*time.Millisecond {
			t.Fatalf("it took %v longer than its key was good: this proves nothing", took)
		}
		if got.StatusCode != http.StatusOK || !strings.Contains(got.text, `{"partner":{"name":"Ada"}}`) {
			t.Errorf("%d %s", got.StatusCode, got.text)
		}
	})
	t.Run("an export", func(t *testing.T) {
		log := &watchedLog{}
		d := newDoorsBefore(t, slowOdoo(t, 5_000, 300*time.Millisecond), log, func(*endpoint.Options) {})
		key := d.key(auth.Key{Scopes: []string{"*"}})
		export := d.export(key, 1<<20)
		if _, err := io.ReadFull(export, make([]byte, 1000)); err != nil {
			t.Fatal(err)
		}
		revoked := d.revokeAfter(key, 0)
		if _, err := io.Copy(io.Discard, export); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("the export ended with %v: it looks whole", err)
		}
		if took := time.Since(<-revoked); took > atOnce {
			t.Errorf("it ended %v after its key was revoked", took)
		}
		if log.waitFor(time.Second, "export cut off", "UNAUTHENTICATED") == "" {
			t.Error("the log does not say why the export ended")
		}
	})
	t.Run("an export that nobody reads", func(t *testing.T) {
		log := &watchedLog{}
		d := newDoorsBefore(t, slowOdoo(t, 50_000, 0), log, func(*endpoint.Options) {})
		key := d.key(auth.Key{Scopes: []string{"*"}})
		d.export(key, 4<<10)
		if log.waitFor(time.Second, `"msg":"request"`, "/api/v1/partners") != "" {
			t.Fatal("the export is over, all of it fits into buffers: this proves nothing")
		}
		<-d.revokeAfter(key, 0)
		if log.waitFor(atOnce, `"msg":"request"`, "/api/v1/partners", "UNAUTHENTICATED") == "" {
			t.Errorf("the request goes on:\n%s", log)
		}
	})
}

// revokeAfter revokes a key after a while, and tells when it did.
func (d *doors) revokeAfter(key string, wait time.Duration) <-chan time.Time {
	revoked := make(chan time.Time, 1)
	go func() {
		time.Sleep(wait)
		if err := d.keys.Revoke(d.t.Context(), key[4:14]); err != nil {
			d.t.Error(err)
		}
		revoked <- time.Now()
	}()
	return revoked
}

// export begins to read all partners, over a connection that holds so many bytes of
// them that were not read.
func (d *doors) export(key string, buffer int) io.Reader {
	d.t.Helper()
	client := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		connection, err := new(net.Dialer).DialContext(ctx, network, address)
		if err == nil {
			err = connection.(*net.TCPConn).SetReadBuffer(buffer)
		}
		return connection, err
	}}}
	request, err := http.NewRequestWithContext(d.t.Context(), http.MethodGet, d.URL+"/api/v1/partners", http.NoBody)
	if err != nil {
		d.t.Fatal(err)
	}
	request.Header.Set("Accept", "application/x-ndjson")
	request.Header.Set("Accept-Encoding", "identity")
	request.Header.Set("X-API-Key", key)
	response, err := client.Do(request)
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { response.Body.Close() })
	if response.StatusCode != http.StatusOK {
		d.t.Fatal(response.Status)
	}
	return response.Body
}
