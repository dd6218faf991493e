package odoo

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"odoograph/apierror"
	"odoograph/internal/freeport"
)

var anyCall = Call{Model: "res.partner", Method: "read", IDs: []int64{1}, Args: map[string]any{"fields": []string{"id"}}}

// onEveryTransport runs a call that must fail with the code.
func onEveryTransport(t *testing.T, w *wire, want apierror.Code, check func(*testing.T, *apierror.Error)) {
	t.Helper()
	for _, name := range []string{jsonRPCName, json2Name, xmlRPCName} {
		t.Run(name, func(t *testing.T) {
			result, err := transportOf(w, name).call(t.Context(), testUser, anyCall)
			e := wantError(t, err, want)
			if result != nil {
				t.Errorf("result %v besides an error", result)
			}
			if check != nil {
				check(t, e)
			}
		})
	}
}

func TestRequestHeaders(t *testing.T) {
	var got *http.Request
	w := serving(t, func(w http.ResponseWriter, r *http.Request) {
		got = r
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`[]`))
	})
	if _, err := newJSON2(w).call(t.Context(), testUser, anyCall); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"X-Odoo-Database": "shop",
		"User-Agent":      "odoograph",
		"Content-Type":    "application/json",
		"Authorization":   "Bearer " + testSecret,
	} {
		if got.Header.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, got.Header.Get(name), want)
		}
	}
}

// TestMisfit gives answers that no protocol knows.
func TestMisfit(t *testing.T) {
	const html = "<!DOCTYPE html>\n<html><title>Oops " + testSecret + "</title></html>"
	tests := []struct {
		name        string
		status      int
		contentType string
		body        string
		want        apierror.Code
	}{
		{"garbage", 200, "text/plain", "\x00\xff\xfe", apierror.UpstreamError},
		{"garbage as JSON", 200, "application/json", "\x00\xff{", apierror.UpstreamError},
		{"garbage as XML", 200, "text/xml", "\x00\xff<", apierror.UpstreamError},
		{"nothing", 200, "", "", apierror.UpstreamError},
		{"nothing as JSON", 200, "application/json", "", apierror.UpstreamError},
		{"nothing as XML", 200, "text/xml", "", apierror.UpstreamError},
		{"login page", 200, "text/html; charset=utf-8", html, apierror.UpstreamError},
		{"bad request", 400, "text/html", html, apierror.UpstreamError},
		{"server error", 500, "text/html", html, apierror.UpstreamError},
		{"foreign JSON error", 500, "application/json", `{"error": "` + testSecret + `"}`, apierror.UpstreamError},
		{"truncated JSON", 200, "application/json", `{"jsonrpc": "2.0", "id": 1, "result": [{"id"`, apierror.UpstreamError},
		{"truncated XML", 200, "text/xml", `<?xml version='1.0'?><methodResponse><params><param><value><int>1`, apierror.UpstreamError},
		{"two documents", 200, "application/json", `{"jsonrpc": "2.0", "result": 1} {}`, apierror.UpstreamError},
		{"NaN", 200, "application/json", `{"jsonrpc": "2.0", "result": NaN}`, apierror.UpstreamError},
		{"no such database", 404, "text/html; charset=utf-8", html, apierror.UpstreamUnavailable},
		{"bad gateway", 502, "text/html", html, apierror.UpstreamUnavailable},
		{"unavailable", 503, "text/html", html, apierror.UpstreamUnavailable},
		{"gateway timeout", 504, "text/html", html, apierror.UpstreamTimeout},
		{"too many requests", 429, "text/html", html, apierror.RateLimited},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			onEveryTransport(t, answering(t, test.status, test.contentType, test.body), test.want, nil)
		})
	}
}

func TestRetryAfter(t *testing.T) {
	for header, want := range map[string]time.Duration{"": 0, "7": 7 * time.Second, "-1": 0, "soon": 0, "999999": time.Hour} {
		w := serving(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", header)
			w.WriteHeader(http.StatusTooManyRequests)
		})
		_, err := newJSONRPC(w).call(t.Context(), testUser, anyCall)
		if e := wantError(t, err, apierror.RateLimited); e.RetryAfter != want {
			t.Errorf("Retry-After: %q gives %v, want %v", header, e.RetryAfter, want)
		}
	}
}

func TestRedirectNotFollowed(t *testing.T) {
	var asked atomic.Int32
	w := serving(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		http.Redirect(w, r, "/web/login", http.StatusTemporaryRedirect)
	})
	onEveryTransport(t, w, apierror.UpstreamError, nil)
	if asked.Load() != 3 {
		t.Errorf("%d requests, want 3", asked.Load())
	}
}

func TestAnswerTooLarge(t *testing.T) {
	for name, announce := range map[string]bool{"announced": true, "in chunks": false} {
		t.Run(name, func(t *testing.T) {
			w := serving(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				if !announce {
					w.WriteHeader(http.StatusOK)
					_ = http.NewResponseController(w).Flush()
				}
				_, _ = w.Write([]byte(`{"jsonrpc": "2.0", "result": "` + strings.Repeat("x", 2000) + `"}`))
			})
			w.maxBytes = 1000
			onEveryTransport(t, w, apierror.UpstreamError, func(t *testing.T, e *apierror.Error) {
				if e.Message != msgTooLarge {
					t.Errorf("message %q", e.Message)
				}
			})
			w.maxBytes = 3000
			if _, err := newJSONRPC(w).call(t.Context(), testUser, anyCall); err != nil {
				t.Error(err)
			}
		})
	}
}

// hanging returns a wire to a server that never answers, and a channel that is
// closed when the server sees the client go.
func hanging(t *testing.T) (*wire, chan struct{}, chan struct{}) {
	t.Helper()
	asked, gone := make(chan struct{}), make(chan struct{})
	return serving(t, func(_ http.ResponseWriter, r *http.Request) {
		// The server only watches the connection once the body is read.
		_, _ = bufio.NewReader(r.Body).WriteTo(discard{})
		close(asked)
		<-r.Context().Done()
		close(gone)
	}), asked, gone
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

func waitFor(t *testing.T, what string, done chan struct{}) {
	t.Helper()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatal("the server never saw " + what)
	}
}

func TestCancelReachesTheSocket(t *testing.T) {
	w, asked, gone := hanging(t)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-asked; cancel() }()
	_, err := newJSONRPC(w).call(ctx, testUser, anyCall)
	wantError(t, err, apierror.ClientClosed)
	waitFor(t, "the client go", gone)
}

func TestDeadlineReachesTheSocket(t *testing.T) {
	w, _, gone := hanging(t)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := newXMLRPC(w).call(ctx, testUser, anyCall)
	wantError(t, err, apierror.UpstreamTimeout)
	waitFor(t, "the client go", gone)
}

func TestDeadlineInTheMiddleOfAnAnswer(t *testing.T) {
	w := serving(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"jsonrpc": "2.0", `))
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := newJSONRPC(w).call(ctx, testUser, anyCall)
	wantError(t, err, apierror.UpstreamTimeout)
}

// A request that waits for a free connection has a deadline too.
func TestDeadlineInTheQueue(t *testing.T) {
	w, asked, _ := hanging(t)
	w.http = newHTTPClient(1)
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { _, _ = newJSONRPC(w).call(ctx, testUser, anyCall) })
	waitFor(t, "the first request", asked)
	short, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	_, err := newJSONRPC(w).call(short, testUser, anyCall)
	wantError(t, err, apierror.UpstreamTimeout)
	cancel()
	wg.Wait()
}

// rawServer answers each connection with whatever talk writes, and closes it.
func rawServer(t *testing.T, talk func(net.Conn)) *wire {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
				talk(conn)
			}
			conn.Close()
		}
	}()
	client := newHTTPClient(1)
	t.Cleanup(client.CloseIdleConnections)
	return wireTo(t, "http://"+l.Addr().String(), client)
}

func TestConnectionDies(t *testing.T) {
	tests := map[string]func(net.Conn){
		"before the answer": func(net.Conn) {},
		"reset":             func(c net.Conn) { _ = c.(*net.TCPConn).SetLinger(0) },
		"in the header":     func(c net.Conn) { fmt.Fprint(c, "HTTP/1.1 200 OK\r\nContent-Ty") },
		"in the body": func(c net.Conn) {
			fmt.Fprint(c, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"json")
		},
		"in a chunk": func(c net.Conn) {
			fmt.Fprint(c, "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n<?xml")
		},
	}
	for name, talk := range tests {
		t.Run(name, func(t *testing.T) {
			onEveryTransport(t, rawServer(t, talk), apierror.UpstreamUnavailable, nil)
		})
	}
}

func TestNobodyListens(t *testing.T) {
	onEveryTransport(t, wireTo(t, "http://"+freeport.Address(t), newHTTPClient(1)), apierror.UpstreamUnavailable, nil)
}

// Connections are kept and bounded in number, and closing them leaves nothing behind.
func TestConnections(t *testing.T) {
	before := runtime.NumGoroutine()
	var mu sync.Mutex
	addresses := map[string]bool{}
	w := serving(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		addresses[r.RemoteAddr] = true
		mu.Unlock()
		time.Sleep(time.Millisecond)
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"jsonrpc": "2.0", "result": 1}`))
	})
	w.http = newHTTPClient(3)
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if _, err := newJSONRPC(w).call(t.Context(), testUser, anyCall); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if len(addresses) > 3 {
		t.Errorf("%d connections, want at most 3", len(addresses))
	}
	w.http.CloseIdleConnections()
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		now := runtime.NumGoroutine()
		if now <= before+1 { // the test server's own
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines, before it were %d", now, before)
		}
	}
}
