package odootest_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"odoograph/internal/freeport"
	"odoograph/odoo/odootest"
)

const readMe = `{"ids": [3], "fields": ["name"]}`

// get reads the administrator's partner over JSON-2 and returns what came.
func get(ctx context.Context, e *endpoint) (status int, body string, err error) {
	r, err := http.NewRequestWithContext(ctx, "POST", e.url+"/json/2/res.partner/read", strings.NewReader(readMe))
	if err != nil {
		return 0, "", err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "bearer "+e.key)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(data), err
}

func TestInjectedFaults(t *testing.T) {
	for _, c := range []struct {
		name   string
		fault  odootest.Fault
		status int
		body   string // a part of it
		broken bool   // no whole answer comes
	}{
		{name: "exception", fault: odootest.Fault{Exception: odootest.ValidationError("Not like this.")}, status: 422, body: "Not like this."},
		{name: "serialization failure", fault: odootest.Fault{Exception: odootest.SerializationFailure()}, status: 500, body: "psycopg2.errors.SerializationFailure"},
		{name: "proxy's page", fault: odootest.Fault{Status: 502, Body: "<h1>Bad Gateway</h1>"}, status: 502, body: "Bad Gateway"},
		{name: "garbage", fault: odootest.Fault{Body: "\x00\xff{", ContentType: "application/json"}, status: 200, body: "\x00\xff{"},
		{name: "reset", fault: odootest.Fault{Reset: true}, broken: true},
		{name: "truncated", fault: odootest.Fault{Truncate: true}, broken: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, e := standIn(t, odootest.Options{})
			c.fault.Match = odootest.Match{Model: "res.partner", Method: "read"}
			s.Inject(c.fault)
			status, body, err := get(t.Context(), e)
			if (err != nil) != c.broken {
				t.Fatalf("error: %v", err)
			}
			if err == nil && (status != c.status || !strings.Contains(body, c.body)) {
				t.Errorf("%d %q", status, body)
			}
			if status, _, err := get(t.Context(), e); err != nil || status != 200 {
				t.Errorf("the next call works again: %d, %v", status, err)
			}
		})
	}
}

// A fault waits for its calls, as many as it is to hit.
func TestFaultMatches(t *testing.T) {
	s, e := standIn(t, odootest.Options{})
	s.Inject(odootest.Fault{Match: odootest.Match{Model: "res.users"}, Status: 500})
	s.Inject(odootest.Fault{Match: odootest.Match{Protocol: "json-2"}, Status: 503, Times: 2})
	for i, want := range []int{503, 503, 200} {
		if status, _, _ := get(t.Context(), e); status != want {
			t.Errorf("call %d: %d", i, status)
		}
	}
	s.ClearFaults()
}

// A held call waits until it is released.
func TestHold(t *testing.T) {
	s, e := standIn(t, odootest.Options{})
	hold := s.Hold(odootest.Match{Method: "read"})
	done := make(chan int, 1)
	go func() { status, _, _ := get(context.Background(), e); done <- status }()
	ctx, stop := context.WithTimeout(t.Context(), 5*time.Second)
	defer stop()
	if err := hold.Wait(ctx, 1); err != nil {
		t.Fatal(err)
	}
	select {
	case <-done:
		t.Fatal("answered while held")
	default:
	}
	hold.Release()
	if status := <-done; status != 200 {
		t.Errorf("status %d", status)
	}
}

// A client that gives up is noticed, counted and marked.
func TestCancelled(t *testing.T) {
	s, e := standIn(t, odootest.Options{})
	hold := s.Hold(odootest.Match{Method: "read"})
	ctx, giveUp := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { _, _, err := get(ctx, e); done <- err }()
	if err := hold.Wait(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	giveUp()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(5 * time.Second); s.Cancelled() == 0; {
		if time.Now().After(deadline) {
			t.Fatal("nobody noticed")
		}
		time.Sleep(time.Millisecond)
	}
	if calls := s.Calls(); len(calls) != 1 || !calls[0].Cancelled {
		t.Errorf("%+v", calls)
	}
}

// The log tells who called what.
func TestCalls(t *testing.T) {
	s, e := standIn(t, odootest.Options{})
	e.call(t, "demo", "res.partner", "read", list{list{3, 1}, list{"name", "ref"}}, keys{"context": keys{"lang": "fr_FR"}})
	_, _, _ = get(t.Context(), e)
	e.call(t, "demo", "account.move", "search", list{list{}}, nil)
	want := []odootest.Call{
		{Protocol: "json-rpc", Service: "common", Method: "authenticate", Args: []any{"demo", "demo", "***", map[string]any{}}},
		{Protocol: "json-rpc", Service: "object", Model: "res.partner", Method: "read", UID: s.UID("demo"),
			Args:   []any{[]any{int64(3), int64(1)}, []any{"name", "ref"}},
			Kwargs: map[string]any{"context": map[string]any{"lang": "fr_FR"}}, IDs: []int64{3, 1}, Fields: []string{"name", "ref"}},
		{Protocol: "json-2", Service: "object", Model: "res.partner", Method: "read", UID: s.UID("admin"), Args: []any{},
			Kwargs: map[string]any{"ids": []any{int64(3)}, "fields": []any{"name"}}, IDs: []int64{3}, Fields: []string{"name"}},
		{Protocol: "json-rpc", Service: "object", Model: "account.move", Method: "search", UID: s.UID("demo"), Args: []any{[]any{}},
			Kwargs: map[string]any{}, Error: "odoo.exceptions.AccessError"},
	}
	if diff := cmp.Diff(want, s.Calls()); diff != "" {
		t.Error(diff)
	}
	if n := s.Count("res.partner", "read"); n != 2 {
		t.Errorf("%d reads", n)
	}
	s.Reset()
	if len(s.Calls()) != 0 || s.Total() != 4 {
		t.Errorf("after Reset: %v of %d", s.Calls(), s.Total())
	}
}

// A server that is stopped refuses connections and comes back with its data on
// the same address.
func TestStopAndRestart(t *testing.T) {
	s, err := odootest.Run(odootest.Options{}, freeport.Address(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	e := &endpoint{url: s.URL(), db: s.DB(), key: odootest.AdminKey}
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := get(t.Context(), e); err == nil {
		t.Error("answered while stopped")
	}
	if err := s.Restart(); err != nil {
		t.Fatal(err)
	}
	if status, _, err := get(t.Context(), e); err != nil || status != 200 || s.URL() != e.url {
		t.Errorf("after the restart: %d, %v", status, err)
	}
}

func TestLatency(t *testing.T) {
	s, e := standIn(t, odootest.Options{})
	s.SetLatency(30 * time.Millisecond)
	start := time.Now()
	_, _, _ = get(t.Context(), e)
	if took := time.Since(start); took < 30*time.Millisecond {
		t.Errorf("took %v", took)
	}
}

// broken writes a partner over JSON-2 and returns what became of the connection.
func broken(e *endpoint, body string) error {
	r, err := http.NewRequest("POST", e.url+"/json/2/res.partner/write", strings.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "bearer "+e.key)
	r.Close = true
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, err = io.ReadAll(resp.Body)
	return err
}
