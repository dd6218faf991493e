package scenario

import (
	"context"
	"io"
	"net/http"
	"strings"
	"time"

	"odoograph/odoo"
)

const simpleQuery = `{ partners(first: 1) { nodes { databaseId name } } }`

// secretText stands for what must never reach a client.
const secretText = "Traceback psycopg2 secret-host res.users(7,)"

// Whatever Odoo or the network does, the client gets one coded error in time,
// nothing of Odoo's text, and service resumes by itself.
func faultsAreCoded(w *world) {
	w = w.open(w.t, options{callTimeout: time.Second})
	w.get(simpleQuery, nil)
	for _, c := range []struct {
		name, code string
		fault      http.HandlerFunc
	}{
		{"refused", "UPSTREAM_UNAVAILABLE", hangUp},
		{"killed mid-answer", "UPSTREAM_UNAVAILABLE", func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("Content-Length", "5000")
			_, _ = io.WriteString(rw, `{"jsonrpc": "2.0", "result": [`+secretText)
			_ = http.NewResponseController(rw).Flush()
			panic(http.ErrAbortHandler)
		}},
		{"slow", "UPSTREAM_TIMEOUT", func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			<-r.Context().Done()
		}},
		{"garbage", "UPSTREAM_ERROR", says(200, "application/octet-stream", "\x00\xff"+secretText)},
		{"a page", "UPSTREAM_ERROR", says(200, "text/html", "<html>"+secretText)},
		{"bad gateway", "UPSTREAM_UNAVAILABLE", says(502, "text/html", "<html>"+secretText)},
		{"gateway timeout", "UPSTREAM_TIMEOUT", says(504, "text/html", "<html>"+secretText)},
		{"a crash", "UPSTREAM_ERROR", says(500, "text/html", "<html>"+secretText)},
	} {
		w.proxy.fail(c.fault)
		start := time.Now()
		a := w.ask(simpleQuery, nil)
		if len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != c.code {
			w.t.Errorf("%s: %+v, want %s", c.name, a, c.code)
		}
		for _, e := range a.Errors {
			if strings.Contains(e.Message, "Traceback") || strings.Contains(e.Message, "secret") || e.Extensions["requestId"] == nil {
				w.t.Errorf("%s: the client reads %+v", c.name, e)
			}
		}
		if took := time.Since(start); took > 2*time.Second {
			w.t.Errorf("%s: took %v", c.name, took)
		}
		w.proxy.fail(nil)
		w.eventually(c.name)
	}
}

// eventually waits until the gateway answers again.
func (w *world) eventually(after string) {
	w.t.Helper()
	deadline := time.Now().Add(5 * time.Second)
	for {
		a := w.ask(simpleQuery, nil)
		if len(a.Errors) == 0 {
			return
		}
		if time.Now().After(deadline) {
			w.t.Fatalf("after %s service did not resume: %+v", after, a.Errors)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func hangUp(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func says(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// The gateway starts without Odoo, says so, and recovers.
func startsWithoutOdoo(w *world) {
	w = w.open(w.t, options{})
	w.proxy.fail(hangUp)
	if status, body := w.fetch("/readyz"); status != http.StatusServiceUnavailable || !strings.Contains(body, "UPSTREAM_UNAVAILABLE") {
		w.t.Errorf("readyz without Odoo: %d %s", status, body)
	}
	if status, _ := w.fetch("/healthz"); status != http.StatusOK {
		w.t.Errorf("healthz without Odoo: %d", status)
	}
	w.refuse("UPSTREAM_UNAVAILABLE", simpleQuery, nil)
	w.proxy.fail(nil)
	w.eventually("start without Odoo")
	if status, body := w.fetch("/readyz"); status != http.StatusOK {
		w.t.Errorf("readyz: %d %s", status, body)
	}
}

func (w *world) fetch(path string) (int, string) {
	w.t.Helper()
	request, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, w.gateway.URL+path, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	response, err := w.gateway.Client().Do(request)
	if err != nil {
		w.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

// A wrong credential is tried once; then Odoo is left alone, so that its
// cool-down never locks anybody out.
func wrongPassword(w *world) {
	wrong := odoo.Credential{Login: w.demo.Login, APIKey: "0000000000000000000000000000000000000000"}
	w = w.open(w.t, options{credential: &wrong})
	e := w.refuse("UPSTREAM_UNAUTHENTICATED", simpleQuery, nil)
	if strings.Contains(e.Message, "0000") {
		w.t.Errorf("the client reads %q", e.Message)
	}
	for range 5 {
		if n := w.callsOf(func() { w.refuse("UPSTREAM_UNAUTHENTICATED", simpleQuery, nil) }); n != 0 {
			w.t.Fatalf("%d calls to Odoo with a credential that it refused", n)
		}
	}
}

// A database that does not exist is said so.
func wrongDatabase(w *world) {
	w = w.open(w.t, options{db: "no_such_database"})
	e := w.refuse("UPSTREAM_UNAVAILABLE", simpleQuery, nil)
	if !strings.Contains(e.Message, "database") || strings.Contains(e.Message, "no_such_database") {
		w.t.Errorf("the client reads %q", e.Message)
	}
}

// A client that leaves takes its calls to Odoo with it.
func leavingCancels(w *world) {
	w = w.open(w.t, options{})
	w.get(simpleQuery, nil)
	arrived, cancelled := make(chan bool), make(chan bool)
	w.proxy.fail(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		arrived <- true
		<-r.Context().Done()
		cancelled <- true
	})
	ctx, leave := context.WithCancel(w.t.Context())
	go func() {
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, w.gateway.URL+"/graphql", strings.NewReader(`{"query": "{ partners { totalCount } }"}`))
		if err != nil {
			return
		}
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Authorization", "Bearer "+plainKey)
		if response, err := w.gateway.Client().Do(request); err == nil {
			response.Body.Close()
		}
	}()
	<-arrived
	leave()
	select {
	case <-cancelled:
	case <-time.After(5 * time.Second):
		w.t.Error("the call to Odoo goes on without its client")
	}
	w.proxy.fail(nil)
	w.eventually("a client left")
}

// Many clients at once get each their own answer.
func manyAtOnce(w *world) {
	want := w.get(ordersQuery, map[string]any{"first": 5})
	group := make(chan map[string]any)
	for range 16 {
		go func() { group <- w.ask(ordersQuery, map[string]any{"first": 5}).Data.(map[string]any) }()
	}
	for range 16 {
		if got := <-group; dig(got, "saleOrders.nodes.4.name") != dig(want, "saleOrders.nodes.4.name") {
			w.t.Errorf("got %v", got)
		}
	}
}

// Texts come in the language that the client asks for, among those installed.
func languages(w *world) {
	base := w.get(`{ country(code: "DE") { name } }`, nil)
	for accept, want := range map[string]any{"en-GB,en;q=0.8": "Germany", "xx": dig(base, "country.name"), "de-?!": dig(base, "country.name")} {
		if got := dig(w.get(`{ country(code: "DE") { name } }`, nil, "Accept-Language", accept), "country.name"); got != want {
			w.t.Errorf("Accept-Language %s: %v, want %v", accept, got, want)
		}
	}
	installed := w.rpc(w.t, "res.lang", "get_installed", []any{}, nil).([]any)
	for _, pair := range installed {
		if pair.([]any)[0] == "fr_FR" {
			if got := dig(w.get(`{ country(code: "DE") { name } }`, nil, "Accept-Language", "fr-BE, fr;q=0.9"), "country.name"); got != "Allemagne" {
				w.t.Errorf("in French: %v", got)
			}
			return
		}
	}
}
