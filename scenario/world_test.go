package scenario

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"odoograph/auth"
	"odoograph/endpoint"
	"odoograph/idempotency"
	"odoograph/limit"
	"odoograph/loaders"
	"odoograph/odoo"
	"odoograph/store"
	"odoograph/store/storetest"
)

// target is one Odoo that the scenarios run against.
type target struct {
	name      string
	url, db   string
	transport string    // "" chooses by itself
	keyOnly   bool      // whether the gateway has the admin's API key alone
	secondary bool      // whether another target is the same Odoo over another protocol
	flat      bool      // whether to read level by level even where Odoo can nest
	uids      *sync.Map // of logins, as plain clients know them
	admin     odoo.Credential
	demo      odoo.Credential // a user with fewer rights
	// fixture prepares what the demo data of a genuine Odoo does not have.
	fixture func(t *testing.T) fixture
	// create and unlink change the data of the target behind the gateway's back.
	create func(t *testing.T, model string, values map[string]any) int64
	unlink func(t *testing.T, model string, id int64)
}

// fixture is what some scenarios need to know of a target's data.
type fixture struct {
	// A record that the demo user sees, of this root field, and its relation to
	// one that the demo user does not see.
	root     string
	id       json.Number
	relation string
}

// world is a gateway in front of a target, with a proxy between them that
// counts the calls and can fail.
type world struct {
	target
	t       *testing.T
	gateway *httptest.Server
	proxy   *proxy
	keys    *auth.Keyring
	leaks   *leaks
	plain   http.RoundTripper // of requests of REST, once there were some
}

// proxy passes on what the gateway sends to Odoo.
type proxy struct {
	*httptest.Server
	calls atomic.Int64
	// fault answers instead of Odoo when set.
	fault atomic.Pointer[http.HandlerFunc]
	// forward lets Odoo answer.
	forward http.Handler
}

func newProxy(t *testing.T, to string) *proxy {
	t.Helper()
	address, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	forward := httputil.NewSingleHostReverseProxy(address)
	// Not the default one: whichever test server closes, closes connections of that.
	transport := &http.Transport{MaxIdleConnsPerHost: 16}
	t.Cleanup(transport.CloseIdleConnections)
	forward.Transport = transport
	p := &proxy{forward: forward}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.calls.Add(1)
		if fault := p.fault.Load(); fault != nil {
			(*fault)(w, r)
			return
		}
		forward.ServeHTTP(w, r)
	}))
	t.Cleanup(p.Close)
	return p
}

// fail makes the proxy answer with the handler until it is called with nil.
func (p *proxy) fail(handler http.HandlerFunc) {
	if handler == nil {
		p.fault.Store(nil)
		return
	}
	p.fault.Store(&handler)
}

// options change a world from the usual one.
type options struct {
	credential  *odoo.Credential
	db          string
	callTimeout time.Duration
	// referenceTTL is how long reference data is kept, by the clock now if it is set.
	referenceTTL time.Duration
	now          func() time.Time
	maxConns     int
}

// The same target, reached in another way, is secondary: what is long and not about
// the way is left out.

// byKey is the target reached with an API key, over JSON-2.
func (tg target) byKey() target {
	tg.name, tg.keyOnly, tg.secondary = tg.name+" by key", true, true
	return tg
}

// over is the target reached over a protocol.
func (tg target) over(transport string) target {
	tg.name, tg.transport, tg.secondary = transport, transport, true
	return tg
}

// levelByLevel is the target read as versions before 17 are.
func (tg target) levelByLevel() target {
	tg.name, tg.flat, tg.secondary = "level by level", true, true
	return tg
}

// open starts a gateway in front of the target.
func (tg target) open(t *testing.T, o options) *world {
	t.Helper()
	w := &world{target: tg, t: t, proxy: newProxy(t, tg.url)}
	w.leaks = tg.newLeaks(t, w.proxy.URL)
	log := slog.New(slog.NewTextHandler(w.leaks, &slog.HandlerOptions{Level: slog.LevelInfo}))
	w.keys = newKeys(t, log)
	w.gateway = httptest.NewServer(tg.handler(t, w.proxy.URL, w.keys, o, log))
	t.Cleanup(w.gateway.Close)
	return w
}

// plainKey is everybody's, which the gateway's own Odoo user stands behind.
const plainKey = "odg_demo"

func newKeys(t testing.TB, log *slog.Logger) *auth.Keyring {
	t.Helper()
	keys, err := auth.Open(t.Context(), storetest.Open(t, store.Memory), auth.Config{Secret: "a secret that the scenarios seal with", Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = keys.Close() })
	keys.Accept(plainKey, auth.Key{ID: "plain", Scopes: []string{"*"}})
	return keys
}

// unlimited are the limits of keys that tests use as hard as they can.
var unlimited = auth.Limits{Requests: 1_000_000_000, CostCapacity: 1_000_000_000, CostRestore: 1_000_000_000}

// handler is a gateway that reaches the target at an address.
func (tg target) handler(t testing.TB, address string, keys *auth.Keyring, o options, log *slog.Logger) http.Handler {
	t.Helper()
	credential, db := tg.admin, tg.db
	if tg.keyOnly {
		credential = odoo.Credential{APIKey: credential.APIKey}
	}
	if o.credential != nil {
		credential = *o.credential
	}
	if o.db != "" {
		db = o.db
	}
	client, err := odoo.New(odoo.Config{
		URL: address, Database: db, Transport: tg.transport, LevelByLevel: tg.flat, Timeout: o.callTimeout, Log: log,
		ReferenceTTL: o.referenceTTL, Now: o.now, MaxConns: o.maxConns,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	schema, err := loaders.NewSchema(endpoint.Schema().Schema())
	if err != nil {
		t.Fatal(err)
	}
	limits, err := limit.New(limit.Config{Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = limits.Close() })
	answers := idempotency.New(storetest.Open(t, store.Memory), idempotency.Config{Log: log})
	t.Cleanup(answers.Close)
	handler, err := endpoint.New(endpoint.Options{
		Answers: answers, Backends: loaders.NewBackends(client, credential, schema, log), Keys: keys, Limits: limits, Defaults: unlimited,
		Log: log, Timeout: 30 * time.Second, Introspection: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	return handler
}

// answer is a GraphQL response.
type answer struct {
	t          *testing.T
	Data       any             `json:"data"`
	Errors     []responseError `json:"errors"`
	Extensions map[string]any  `json:"extensions"`
}

type responseError struct {
	Message    string         `json:"message"`
	Path       []any          `json:"path"`
	Extensions map[string]any `json:"extensions"`
}

// ask sends a query and returns the whole answer.
func (w *world) ask(query string, variables map[string]any, header ...string) answer {
	w.t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		w.t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.gateway.URL+"/graphql", bytes.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+plainKey)
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := w.gateway.Client().Do(request)
	if err != nil {
		w.t.Fatal(err)
	}
	defer response.Body.Close()
	a := answer{t: w.t}
	text, err := io.ReadAll(response.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	w.leaks.inErrors(text)
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&a); err != nil {
		w.t.Fatalf("status %d: %v", response.StatusCode, err)
	}
	return a
}

// get sends a query that must succeed and returns its data.
func (w *world) get(query string, variables map[string]any, header ...string) map[string]any {
	w.t.Helper()
	a := w.ask(query, variables, header...)
	if len(a.Errors) > 0 {
		w.t.Fatalf("%s\nfailed: %+v", query, a.Errors)
	}
	return a.Data.(map[string]any)
}

// refuse sends a query that must fail with exactly one error, of this code.
func (w *world) refuse(code, query string, variables map[string]any) responseError {
	w.t.Helper()
	a := w.ask(query, variables)
	if len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != code {
		w.t.Fatalf("%s\nanswered %+v, want one error with code %s", query, a, code)
	}
	return a.Errors[0]
}

// callsOf returns how many calls to Odoo something makes once the gateway is warm.
func (w *world) callsOf(do func()) int64 {
	before := w.proxy.calls.Load()
	do()
	return w.proxy.calls.Load() - before
}

// nests tells whether the gateway reads records within records in one call: Odoo
// can since 17, and this field is of 17.
func (w *world) nests() bool {
	if w.flat {
		return false
	}
	fields := w.rpc(w.t, "res.partner", "fields_get", []any{}, map[string]any{"attributes": []any{"type"}, "allfields": []any{"complete_name"}})
	return len(fields.(map[string]any)) > 0
}

// rpc calls a method of Odoo directly, as the admin and over JSON-RPC, which
// every version speaks: independent of the code under test.
func (tg target) rpc(t *testing.T, model, method string, args []any, kwargs map[string]any) any {
	t.Helper()
	call := func(service, method string, args ...any) any {
		body, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "method": "call", "id": 1,
			"params": map[string]any{"service": service, "method": method, "args": args}})
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.Post(tg.url+"/jsonrpc", "application/json", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		var result struct{ Result, Error any }
		decoder := json.NewDecoder(response.Body)
		decoder.UseNumber()
		if err := decoder.Decode(&result); err != nil || result.Error != nil {
			t.Fatalf("%s.%s%v: %v %v", model, method, args, err, result.Error)
		}
		return result.Result
	}
	// Odoo 19 takes 200 ms to check a password.
	uid, known := tg.uids.Load(tg.admin.Login)
	if !known {
		uid = call("common", "login", tg.db, tg.admin.Login, tg.admin.Password)
		tg.uids.Store(tg.admin.Login, uid)
	}
	if kwargs == nil {
		kwargs = map[string]any{}
	}
	return call("object", "execute_kw", tg.db, uid, tg.admin.Password, model, method, args, kwargs)
}

// read returns records as Odoo gives them to a plain client.
func (tg target) read(t *testing.T, model string, domain []any, order string, limit int, fields ...string) []map[string]any {
	t.Helper()
	kwargs := map[string]any{"fields": fields, "order": order}
	if limit > 0 {
		kwargs["limit"] = limit
	}
	var out []map[string]any
	for _, record := range tg.rpc(t, model, "search_read", []any{domain}, kwargs).([]any) {
		out = append(out, record.(map[string]any))
	}
	return out
}

// makePartners makes partners of these names, with e-mail addresses, cities and
// types that are given, empty or missing by turns. They go when the test ends.
func (w *world) makePartners(names []string) []int64 {
	w.t.Helper()
	ids := make([]int64, len(names))
	for i, name := range names {
		ids[i] = w.create(w.t, "res.partner", map[string]any{
			"name": name, "type": "contact", "email": []any{"a@example.com", false, "", "b@example.com", "a@example.com"}[i%5], "city": []any{false, "Gent", ""}[i%3],
		})
		w.t.Cleanup(func() { w.drop(ids[i]) })
	}
	return ids
}

// drop removes a partner that may be gone already.
func (w *world) drop(id int64) {
	if len(w.read(w.t, "res.partner", []any{[]any{"id", "=", id}}, "id", 0, "id")) > 0 {
		w.unlink(w.t, "res.partner", id)
	}
}
