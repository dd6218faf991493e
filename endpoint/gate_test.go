package endpoint_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"odoograph/auth"
	"odoograph/endpoint"
	"odoograph/odoo"
	"odoograph/odoo/odootest"
)

// doors is an endpoint whose keys a test makes.
type doors struct {
	*httptest.Server
	keys *auth.Keyring
	t    *testing.T
}

func newDoors(t *testing.T, log io.Writer, change func(*endpoint.Options)) *doors {
	t.Helper()
	return newDoorsBefore(t, odootest.Start(t, odootest.Options{}), log, change)
}

// newDoorsBefore is newDoors in front of this stand-in for Odoo.
func newDoorsBefore(t *testing.T, standIn *odootest.Server, log io.Writer, change func(*endpoint.Options)) *doors {
	t.Helper()
	d := &doors{t: t}
	d.Server = serveBefore(t, standIn, log, func(o *endpoint.Options) {
		o.Anonymous, o.LocalOnly, o.Introspection = nil, false, true
		o.Defaults = auth.Limits{Requests: 100, CostCapacity: 1000, CostRestore: 10}
		change(o)
		d.keys = o.Keys
	})
	return d
}

func (d *doors) key(key auth.Key) string {
	d.t.Helper()
	if key.Name == "" {
		key.Name = "test"
	}
	token, _, err := d.keys.Create(d.t.Context(), key, odoo.Credential{})
	if err != nil {
		d.t.Fatal(err)
	}
	return token
}

type heard struct {
	*http.Response
	text   string
	answer struct {
		Data   any `json:"data"`
		Errors []struct {
			Message    string
			Extensions struct {
				Code         string
				RetryAfterMs int
				RequestID    string
				Retryable    *bool
			}
		}
		Extensions struct{ Cost cost }
	}
}

type cost struct {
	RequestedQueryCost, ActualQueryCost int
	ThrottleStatus                      struct{ MaximumAvailable, CurrentlyAvailable, RestoreRate int }
}

func (h heard) code() string {
	if len(h.answer.Errors) == 0 {
		return ""
	}
	return h.answer.Errors[0].Extensions.Code
}

// ask sends a query with headers given as name, value, name, value.
func (d *doors) ask(query string, header ...string) heard {
	d.t.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		d.t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(d.t.Context(), http.MethodPost, d.URL+"/graphql", strings.NewReader(string(body)))
	if err != nil {
		d.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		d.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	h := heard{Response: response, text: string(text)}
	if err := json.Unmarshal(text, &h.answer); err != nil {
		d.t.Fatalf("%d %s: %v", response.StatusCode, text, err)
	}
	for _, e := range h.answer.Errors {
		if e.Extensions.Code == "" || e.Extensions.RequestID == "" || e.Extensions.Retryable == nil {
			d.t.Errorf("an error lacks its code, request id or retryable: %s", text)
		}
	}
	return h
}

const (
	countries = `{ countries(first: 2) { nodes { code } } }`
	orders    = `{ saleOrders(first: 2) { nodes { name partner { name } } } }`
)

// Nobody gets in without a key; a key is taken in each of three headers.
func TestKeysOpenTheGate(t *testing.T) {
	d := newDoors(t, io.Discard, func(*endpoint.Options) {})
	key := d.key(auth.Key{Scopes: []string{"*"}})
	revoked, expiring := d.key(auth.Key{Name: "revoked", Scopes: []string{"*"}}), auth.Key{Name: "elsewhere", Scopes: []string{"*"}, Networks: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}}
	elsewhere := d.key(expiring)
	fromShop := d.key(auth.Key{Name: "shop", Scopes: []string{"*"}, Origins: []string{"https://shop.example.com"}})
	if err := d.keys.Revoke(t.Context(), revoked[4:14]); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name   string
		header []string
		status int
		code   string
	}{
		{"no key", nil, 401, "UNAUTHENTICATED"},
		{"Bearer", []string{"Authorization", "Bearer " + key}, 200, ""},
		{"ApiKey", []string{"Authorization", "ApiKey " + key}, 200, ""},
		{"X-API-Key", []string{"X-API-Key", key}, 200, ""},
		{"a wrong secret", []string{"Authorization", "Bearer " + key[:len(key)-1] + "x"}, 401, "UNAUTHENTICATED"},
		{"a password", []string{"Authorization", "Basic YTpi"}, 401, "UNAUTHENTICATED"},
		{"the key of every demo", []string{"Authorization", "Bearer odg_demo"}, 401, "UNAUTHENTICATED"},
		{"an Odoo API key", []string{"Authorization", "Bearer " + odootest.AdminKey}, 401, "UNAUTHENTICATED"},
		{"a revoked key", []string{"X-API-Key", revoked}, 401, "UNAUTHENTICATED"},
		{"from another network", []string{"X-API-Key", elsewhere}, 403, "FORBIDDEN"},
		{"said to be from that network", []string{"X-API-Key", elsewhere, "X-Forwarded-For", "192.0.2.7"}, 403, "FORBIDDEN"},
		{"from a page", []string{"X-API-Key", fromShop, "Origin", "https://shop.example.com"}, 200, ""},
		{"from another page", []string{"X-API-Key", fromShop, "Origin", "https://evil.example"}, 403, "FORBIDDEN"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := d.ask(countries, test.header...)
			if got.StatusCode != test.status || got.code() != test.code {
				t.Errorf("%d %s", got.StatusCode, got.text)
			}
			if challenge := got.Header.Get("WWW-Authenticate"); (test.status == 401) != (challenge != "") {
				t.Errorf("WWW-Authenticate: %q", challenge)
			}
		})
	}
}

// A key that is revoked stops within a second.
func TestRevocationTakesEffect(t *testing.T) {
	d := newDoors(t, io.Discard, func(*endpoint.Options) {})
	key := d.key(auth.Key{Scopes: []string{"*"}})
	if got := d.ask(countries, "X-API-Key", key); got.code() != "" {
		t.Fatal(got.text)
	}
	if err := d.keys.Revoke(t.Context(), key[4:14]); err != nil {
		t.Fatal(err)
	}
	revoked := time.Now()
	for d.ask(`{ __typename }`, "X-API-Key", key).StatusCode == http.StatusOK {
		if time.Since(revoked) > time.Second {
			t.Fatal("the key still opens the gate after a second")
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// Behind a proxy that is trusted, the address is what the proxy says; the client
// cannot make one up.
func TestAddressBehindProxies(t *testing.T) {
	d := newDoors(t, io.Discard, func(o *endpoint.Options) {
		o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8")}
	})
	key := d.key(auth.Key{Scopes: []string{"*"}, Networks: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}})
	for forwarded, status := range map[string]int{
		"192.0.2.7": 200, "192.0.2.7, 10.1.1.1": 200, "192.0.2.7, 198.51.100.1": 403, "": 403, "unknown": 403,
	} {
		if got := d.ask(countries, "X-API-Key", key, "X-Forwarded-For", forwarded); got.StatusCode != status {
			t.Errorf("X-Forwarded-For %q: %d %s", forwarded, got.StatusCode, got.text)
		}
	}
}

// A scope that is missing is named, with the place that needs it; nothing runs.
func TestScopesAreEnforced(t *testing.T) {
	d := newDoors(t, io.Discard, func(*endpoint.Options) {})
	for _, test := range []struct{ name, scopes, query, code, names string }{
		{"all", "*", orders, "", ""},
		{"enough", "orders:read partners:read", orders, "", ""},
		{"a pattern", "orders:* partners:*", orders, "", ""},
		{"one is missing", "orders:read", orders, "FORBIDDEN", "partners:read (for saleOrders.nodes.partner)"},
		{"both are missing", "reference:read", orders, "FORBIDDEN", "orders:read (for saleOrders), partners:read"},
		{"by filter alone", "orders:read", `{ saleOrders(filter: {partner: {email: {startsWith: "a"}}}) { totalCount } }`, "FORBIDDEN", "partners:read"},
		{"introspection", "orders:read", `{ __schema { types { name } } }`, "FORBIDDEN", "introspection"},
		{"introspection with its scope", "introspection", `{ __schema { types { name } } }`, "", ""},
		{"a type's name", "orders:read", `{ __typename }`, "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			key := d.key(auth.Key{Name: test.name, Scopes: strings.Fields(test.scopes)})
			got := d.ask(test.query, "X-API-Key", key)
			if got.code() != test.code || !strings.Contains(got.text, test.names) || test.code != "" && got.answer.Data != nil {
				t.Errorf("%d %s", got.StatusCode, got.text)
			}
			strict := d.ask(test.query, "X-API-Key", key, "Accept", "application/graphql-response+json")
			if want := map[string]int{"": 200, "FORBIDDEN": 403}[test.code]; strict.StatusCode != want {
				t.Errorf("status %d with the media type of GraphQL, want %d", strict.StatusCode, want)
			}
		})
	}
}

// A key may send so many requests; each answer tells how many are left.
func TestRequestsAreLimited(t *testing.T) {
	d := newDoors(t, io.Discard, func(*endpoint.Options) {})
	small, other := d.key(auth.Key{Scopes: []string{"*"}, Limits: auth.Limits{Requests: 3}}), d.key(auth.Key{Name: "other", Scopes: []string{"*"}})
	for i := range 3 {
		got := d.ask(`{ __typename }`, "X-API-Key", small)
		if got.StatusCode != 200 || got.Header.Get("X-RateLimit-Limit") != "3" || got.Header.Get("X-RateLimit-Remaining") != strconv.Itoa(2-i) {
			t.Errorf("%d %v", got.StatusCode, got.Header)
		}
	}
	for range 2 {
		got := d.ask(`{ __typename }`, "X-API-Key", small)
		seconds, _ := strconv.Atoi(got.Header.Get("Retry-After"))
		if got.StatusCode != 429 || got.code() != "RATE_LIMITED" || seconds < 1 || seconds > 120 || got.answer.Errors[0].Extensions.RetryAfterMs > seconds*1000 ||
			!strings.Contains(got.Header.Get("RateLimit"), "r=0") || got.Header.Get("RateLimit-Policy") == "" {
			t.Errorf("%d %v %s", got.StatusCode, got.Header, got.text)
		}
	}
	if got := d.ask(`{ __typename }`, "X-API-Key", other); got.StatusCode != 200 || got.Header.Get("X-RateLimit-Limit") != "100" {
		t.Errorf("another key: %d %v", got.StatusCode, got.Header)
	}
}

// What an operation may cost is taken from the budget before it runs, and what it
// did not cost given back.
func TestCostIsLimited(t *testing.T) {
	d := newDoors(t, io.Discard, func(*endpoint.Options) {})
	key := d.key(auth.Key{Scopes: []string{"*"}})
	got := d.ask(`{ partner(databaseId: 2147483647) { name } countries(first: 100, filter: {code: {eq: "BE"}}) { nodes { code } } }`, "X-API-Key", key)
	if c := got.answer.Extensions.Cost; c.RequestedQueryCost != 1+1+100 || c.ActualQueryCost != 1+1 || c.ThrottleStatus.MaximumAvailable != 1000 ||
		c.ThrottleStatus.CurrentlyAvailable != 998 || c.ThrottleStatus.RestoreRate != 10 {
		t.Errorf("cost %+v", c)
	}
	dear := `{ countries(first: 100) { nodes { states(first: 100) { nodes { code } } } } }`
	if got := d.ask(dear, "X-API-Key", key); got.code() != "MAX_COST_EXCEEDED" || !strings.Contains(got.text, "budget holds 1000") || got.answer.Data != nil {
		t.Errorf("%d %s", got.StatusCode, got.text)
	}
	full := `{ a: countries(first: 100) { nodes { code } } b: countries(first: 100, filter: {code: {neq: "XX"}}) { nodes { code } } }`
	spent := 0
	for i := 0; ; i++ {
		got := d.ask(full, "X-API-Key", key)
		if got.StatusCode == 429 {
			if got.code() != "RATE_LIMITED" || got.Header.Get("Retry-After") == "" || got.answer.Data != nil || spent < 600 {
				t.Errorf("after %d points: %v %s", spent, got.Header, got.text)
			}
			break
		}
		if spent += got.answer.Extensions.Cost.ActualQueryCost; i == 20 {
			t.Fatalf("%d points spent and still going", spent)
		}
	}
	if got := d.ask(`{ __typename }`, "X-API-Key", key); got.StatusCode != 200 {
		t.Errorf("what costs nothing: %d %s", got.StatusCode, got.text)
	}
}

// Whoever fails to authenticate too often is told to wait; a good key from the
// same address gets in all the same.
func TestFailedAuthenticationsAreThrottled(t *testing.T) {
	var log strings.Builder
	d := newDoors(t, &log, func(*endpoint.Options) {})
	key := d.key(auth.Key{Scopes: []string{"*"}})
	wrong, statuses := key[:20]+"000000000000000000000000000000000", map[int]int{}
	for range 30 {
		statuses[d.ask(`{ __typename }`, "X-API-Key", wrong).StatusCode]++
	}
	if statuses[401] != 20 || statuses[429] != 10 {
		t.Errorf("statuses %v", statuses)
	}
	if got := d.ask(`{ __typename }`, "X-API-Key", key); got.StatusCode != 200 {
		t.Errorf("the good key: %s", got.text)
	}
	d.Close()
	if !strings.Contains(log.String(), "authentication refused") || strings.Contains(log.String(), wrong[15:]) || strings.Contains(log.String(), key[15:]) {
		t.Errorf("logged %s", log.String())
	}
}

// Requests without a key can be allowed some scopes, so many from each address.
func TestAnonymousAccess(t *testing.T) {
	d := newDoors(t, io.Discard, func(o *endpoint.Options) {
		o.Anonymous = &auth.Key{Scopes: []string{"reference:read"}, Limits: auth.Limits{Requests: 4}}
		o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	})
	from := func(address string) []string { return []string{"X-Forwarded-For", address} }
	if got := d.ask(countries, from("192.0.2.1")...); got.code() != "" {
		t.Error(got.text)
	}
	if got := d.ask(orders, from("192.0.2.1")...); got.code() != "FORBIDDEN" || !strings.Contains(got.text, "without an API key") {
		t.Error(got.text)
	}
	for range 2 {
		d.ask(countries, from("192.0.2.1")...)
	}
	if got := d.ask(countries, from("192.0.2.1")...); got.StatusCode != 429 {
		t.Errorf("%d %s", got.StatusCode, got.text)
	}
	if got := d.ask(countries, from("192.0.2.2")...); got.StatusCode != 200 {
		t.Errorf("another address: %d %s", got.StatusCode, got.text)
	}
	if got := d.ask(countries, append(from("192.0.2.2"), "X-API-Key", "odg_wrong")...); got.StatusCode != 401 {
		t.Errorf("a wrong key is not no key: %d %s", got.StatusCode, got.text)
	}
}

// With pass-through, an Odoo API key is a key: what it may see, Odoo decides.
func TestPassThrough(t *testing.T) {
	var log strings.Builder
	d := newDoors(t, &log, func(o *endpoint.Options) { o.PassThrough = &auth.Key{Scopes: []string{"*"}} })
	for key, login := range map[string]string{odootest.AdminKey: "admin", odootest.DemoKey: "demo"} {
		if got := d.ask(`{ viewer { login } }`, "Authorization", "Bearer "+key); !strings.Contains(got.text, `"login":"`+login+`"`) {
			t.Error(got.text)
		}
	}
	statuses := map[int]int{}
	for i := range 25 {
		statuses[d.ask(`{ __typename }`, "X-API-Key", "no-key-of-this-odoo-"+strconv.Itoa(i)).StatusCode]++
	}
	if statuses[401] != 20 || statuses[429] != 5 {
		t.Errorf("keys that Odoo does not know: %v", statuses)
	}
	if got := d.ask(`{ viewer { login } }`, "Authorization", "Bearer "+odootest.DemoKey); got.StatusCode != 200 {
		t.Errorf("a key that was good before: %d %s", got.StatusCode, got.text)
	}
	d.Close()
	if strings.Contains(log.String(), odootest.AdminKey) || strings.Contains(log.String(), odootest.DemoKey) {
		t.Error("the log holds an Odoo API key")
	}
}

// Browsers of other hosts are let in where the operator says so.
func TestCrossOrigin(t *testing.T) {
	d := newDoors(t, io.Discard, func(o *endpoint.Options) { o.Origins = []string{"https://shop.example.com"} })
	preflight := func(origin string) *http.Response {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodOptions, d.URL+"/graphql", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Origin", origin)
		request.Header.Set("Access-Control-Request-Method", "POST")
		request.Header.Set("Access-Control-Request-Headers", "authorization,content-type")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		return response
	}
	if got := preflight("https://shop.example.com"); got.Header.Get("Access-Control-Allow-Origin") != "https://shop.example.com" || got.Header.Get("Access-Control-Allow-Headers") == "" {
		t.Errorf("%d %v", got.StatusCode, got.Header)
	}
	if got := preflight("https://evil.example"); got.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("%d %v", got.StatusCode, got.Header)
	}
	if got := d.ask(countries, "Origin", "https://shop.example.com"); got.StatusCode != 401 || got.Header.Get("Access-Control-Allow-Origin") == "" {
		t.Errorf("a page cannot read why it was refused: %v", got.Header)
	}
}

// The line of a request in the log says who asked and what it cost.
func TestTheLogSaysWhoAsked(t *testing.T) {
	var log strings.Builder
	d := newDoors(t, &log, func(*endpoint.Options) {})
	key := d.key(auth.Key{Scopes: []string{"*"}})
	d.ask(`query Shop `+countries, "X-API-Key", key, "Traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
	d.Close()
	var line map[string]any
	for text := range strings.Lines(log.String()) {
		if strings.Contains(text, `"msg":"request"`) {
			if err := json.Unmarshal([]byte(text), &line); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, want := range map[string]any{
		"key": key[4:14], "odoo_uid": float64(2), "operation": "Shop", "cost": float64(3), "cost_requested": float64(3), "status": float64(200),
		"trace_id": "4bf92f3577b34da6a3ce929d0e0e4736", "address": "127.0.0.1",
	} {
		if line[name] != want {
			t.Errorf("%s is %v, want %v in %v", name, line[name], want, line)
		}
	}
	if hash, _ := line["document"].(string); len(hash) != 12 {
		t.Errorf("document %q", hash)
	}
	if strings.Contains(log.String(), key[15:]) {
		t.Error("the log holds the secret")
	}
}
