package endpoint_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"odoograph/auth"
	"odoograph/endpoint"
	"odoograph/limit"
	"odoograph/loaders"
	"odoograph/odoo"
	"odoograph/odoo/odootest"
	"odoograph/store"
	"odoograph/store/storetest"
)

func newEndpoint(t *testing.T, introspection bool, log io.Writer) *httptest.Server {
	t.Helper()
	return serve(t, log, func(o *endpoint.Options) { o.Introspection = introspection })
}

// serve starts an endpoint in front of a stand-in for Odoo.
func serve(t testing.TB, log io.Writer, change func(*endpoint.Options)) *httptest.Server {
	t.Helper()
	return serveBefore(t, odootest.Start(t, odootest.Options{}), log, change)
}

// serveBefore starts an endpoint in front of this stand-in.
func serveBefore(t testing.TB, standIn *odootest.Server, log io.Writer, change func(*endpoint.Options)) *httptest.Server {
	t.Helper()
	client, err := odoo.New(odoo.Config{URL: standIn.URL(), Database: standIn.DB()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	schema, err := loaders.NewSchema(endpoint.Schema().Schema())
	if err != nil {
		t.Fatal(err)
	}
	logger := slog.New(slog.NewJSONHandler(log, nil))
	keys, err := auth.Open(t.Context(), storetest.Open(t, store.Memory), auth.Config{Secret: strings.Repeat("s", 32), Log: logger})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = keys.Close() })
	limits, err := limit.New(limit.Config{Log: logger})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = limits.Close() })
	options := endpoint.Options{
		Backends: loaders.NewBackends(client, odoo.Credential{APIKey: odootest.AdminKey}, schema, logger),
		Keys:     keys, Limits: limits, Log: logger, Timeout: 10 * time.Second, LocalOnly: true,
		// Most tests are about other things than keys.
		Anonymous: &auth.Key{Scopes: []string{"*"}, Limits: auth.Limits{Requests: 1_000_000, CostCapacity: 1_000_000, CostRestore: 1_000_000}},
	}
	change(&options)
	handler, err := endpoint.New(options)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server
}

func TestRequestsOfEveryKind(t *testing.T) {
	server := newEndpoint(t, false, io.Discard)
	simple := `{"query": "{ partners(first: 1) { totalCount } }"}`
	for _, test := range []struct {
		name, method, path, host, body string
		status                         int
		contains                       string
	}{
		{"POST", "POST", "/graphql", "", simple, 200, `"totalCount":`},
		{"GET", "GET", "/graphql?query=" + url.QueryEscape(`{ partners(first: 1) { totalCount } }`), "", "", 200, `"totalCount":`},
		{"localhost", "POST", "/graphql", "localhost:8080", simple, 200, `"totalCount":`},
		{"a name that points here", "POST", "/graphql", "evil.example", simple, 403, `"FORBIDDEN"`},
		{"the page by such a name", "GET", "/", "evil.example", "", 403, `"FORBIDDEN"`},
		{"too large", "POST", "/graphql", "", `{"query": "` + strings.Repeat(" ", 1<<20) + `"}`, 413, `1 MiB`},
		{"not JSON", "POST", "/graphql", "", `secret`, 400, `must be a JSON object`},
		{"no query", "POST", "/graphql", "", `{}`, 400, `"BAD_USER_INPUT"`},
		{"two operations", "POST", "/graphql", "", `{"query": "query a { __typename } query b { __typename }"}`, 200, `"operationName"`},
		{"introspection, when off", "POST", "/graphql", "", `{"query": "{ __schema { types { name } } }"}`, 200, `scope ` + "`introspection`"},
		{"live", "GET", "/healthz", "", "", 200, `"ok"`},
		{"ready", "GET", "/readyz", "", "", 200, `"ready"`},
		{"the page", "GET", "/", "", "", 200, `odoograph`},
		{"its script", "GET", "/assets/landing.js", "", "", 200, `fetch`},
		{"no playground", "GET", "/playground/", "", "", 404, `"NOT_FOUND"`},
		{"nothing", "GET", "/etc/passwd", "", "", 404, ""},
		{"no name of a file", "GET", "/%ff", "", "", 404, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			request, err := http.NewRequestWithContext(t.Context(), test.method, server.URL+test.path, strings.NewReader(test.body))
			if err != nil {
				t.Fatal(err)
			}
			request.Host = test.host
			if test.body != "" {
				request.Header.Set("Content-Type", "application/json")
			}
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			body, err := io.ReadAll(response.Body)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(body), "secret") {
				t.Errorf("the answer repeats the request: %s", body)
			}
			if response.StatusCode != test.status || !strings.Contains(string(body), test.contains) {
				t.Errorf("%d %s, want %d with %s", response.StatusCode, body, test.status, test.contains)
			}
			if response.Header.Get("X-Content-Type-Options") != "nosniff" || response.Header.Get("X-Request-Id") == "" {
				t.Errorf("headers %v", response.Header)
			}
		})
	}
}

func TestEachRequestIsLogged(t *testing.T) {
	var log strings.Builder
	server := newEndpoint(t, true, &log)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/graphql",
		strings.NewReader(`{"query": "query Shop { partners(first: 1) { nodes { name } } }"}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Request-Id", "shop-7")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	server.Close() // waits for the handler, and so for its line
	var line map[string]any
	for text := range strings.Lines(log.String()) {
		if strings.Contains(text, `"msg":"request"`) {
			if err := json.Unmarshal([]byte(text), &line); err != nil {
				t.Fatal(err)
			}
		}
	}
	if line["request_id"] != "shop-7" || line["operation"] != "Shop" || line["document"] != "074155d6f6c3" || line["odoo_calls"].(float64) < 1 || line["status"] != float64(200) {
		t.Errorf("logged %v", line)
	}
	if _, ok := line["queue_ms"].(float64); !ok {
		t.Errorf("the wait in the queue is not in %v", line)
	}
	if strings.Contains(log.String(), odootest.AdminKey) {
		t.Error("the log holds a secret")
	}
}

// The line about a request is as long as the gateway wants it, not as its client does.
func TestTheLogOfLongPaths(t *testing.T) {
	log := &watchedLog{}
	server := newEndpoint(t, false, log)
	response, err := http.Get(server.URL + "/ä" + strings.Repeat("ä", 5000))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if line := log.waitFor(time.Second, `"msg":"request"`, `"path":"/ää`, `ä…"`); line == "" || len(line) > 600 {
		t.Errorf("%d bytes: %.1000s", len(line), log)
	}
}
