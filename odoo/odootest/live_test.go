package odootest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"odoograph/odoo/odootest"
)

// The fidelity tests send the same requests to the stand-in and to the genuine
// server that ODOO_URL, ODOO_DB, ODOO_PASSWORD (of admin) and ODOO_API_KEY name,
// and compare statuses, envelopes, exceptions and the shapes of values. They
// change nothing.

// An endpoint is one of the two servers.
type endpoint struct {
	url, db, password, key string
	uids                   map[string]int64
}

func liveEndpoints(t *testing.T) (genuine, standIn *endpoint, version int) {
	t.Helper()
	url := os.Getenv("ODOO_URL")
	if url == "" {
		t.Skip("ODOO_URL is not set")
	}
	genuine = &endpoint{url: url, db: os.Getenv("ODOO_DB"), password: os.Getenv("ODOO_PASSWORD"), key: os.Getenv("ODOO_API_KEY")}
	answer := genuine.jsonRPC(t, "common", "version")
	info := answer.body["result"].(map[string]any)["server_version_info"].([]any)
	version = int(info[0].(float64))
	if version != 14 && version != 17 && version != 19 {
		t.Skipf("no stand-in for Odoo %d", version)
	}
	s := odootest.Start(t, odootest.Options{Version: version, DB: genuine.db})
	s.AddKey(odootest.AdminLogin, genuine.key)
	standIn = &endpoint{url: s.URL(), db: genuine.db, password: odootest.AdminLogin, key: genuine.key}
	return genuine, standIn, version
}

// A reply is what came back, decoded if it is JSON.
type reply struct {
	status int
	header http.Header
	raw    string
	body   map[string]any
}

func (e *endpoint) post(t *testing.T, method, path, body string, header ...string) reply {
	t.Helper()
	r, err := http.NewRequest(method, e.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], strings.ReplaceAll(header[i+1], "$key", e.key))
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	out := reply{status: resp.StatusCode, header: resp.Header, raw: string(raw)}
	_ = json.Unmarshal(raw, &out.body) // not all answers are JSON objects
	return out
}

func (e *endpoint) jsonRPC(t *testing.T, service, method string, args ...any) reply {
	t.Helper()
	return e.post(t, "POST", "/jsonrpc", encode(t, map[string]any{
		"jsonrpc": "2.0", "method": "call", "id": 1,
		"params": map[string]any{"service": service, "method": method, "args": append([]any{}, args...)},
	}), "Content-Type", "application/json")
}

func encode(t *testing.T, v any) string {
	t.Helper()
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// call runs a method of a model over JSON-RPC as a user.
func (e *endpoint) call(t *testing.T, login, model, method string, args []any, kwargs map[string]any) reply {
	t.Helper()
	password := login
	if login == "admin" {
		password = e.password
	}
	if e.uids == nil {
		e.uids = map[string]int64{}
	}
	if e.uids[login] == 0 {
		answer := e.jsonRPC(t, "common", "authenticate", e.db, login, password, map[string]any{})
		uid, ok := answer.body["result"].(float64)
		if !ok {
			t.Fatalf("%s may not sign in: %s", login, answer.raw)
		}
		e.uids[login] = int64(uid)
	}
	if args == nil {
		args = []any{}
	}
	return e.jsonRPC(t, "object", "execute_kw", e.db, e.uids[login], password, model, method, args, kwargs)
}

// resolve replaces every found in a request by the id that this server has.
func (e *endpoint) resolve(t *testing.T, v any) any {
	t.Helper()
	switch v := v.(type) {
	case found:
		answer := e.call(t, "admin", v.model, "search", []any{v.domain}, map[string]any{"limit": 1, "order": "id"})
		ids, _ := answer.body["result"].([]any)
		if len(ids) == 0 {
			t.Skipf("%s has no %s with %v", e.url, v.model, v.domain)
		}
		return ids[0]
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = e.resolve(t, v[i])
		}
		return out
	}
	return v
}

// found stands for the first record of a search.
type found struct {
	model  string
	domain []any
}

func TestLiveCalls(t *testing.T) {
	genuine, standIn, version := liveEndpoints(t)
	for _, c := range liveCalls {
		if version < c.from || c.to != 0 && version > c.to {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			login := c.login
			if login == "" {
				login = "admin"
			}
			ask := func(e *endpoint) reply {
				args, _ := e.resolve(t, c.args).([]any)
				return e.call(t, login, c.model, c.method, args, c.kwargs)
			}
			compareJSONRPC(t, ask(genuine), ask(standIn))
		})
	}
}

func compareJSONRPC(t *testing.T, want, got reply) {
	t.Helper()
	if want.status != got.status || want.header.Get("Content-Type") != got.header.Get("Content-Type") {
		t.Errorf("status and type: genuine %d %s, stand-in %d %s",
			want.status, want.header.Get("Content-Type"), got.status, got.header.Get("Content-Type"))
	}
	if w, g := keyOrder(want.raw), keyOrder(got.raw); want.body["error"] != nil && w != g {
		t.Errorf("keys of the error: genuine %s, stand-in %s", w, g)
	}
	if w, g := faultOf(want.body), faultOf(got.body); w != g {
		t.Errorf("exception:\n genuine  %s\n stand-in %s", w, g)
	}
	wantResult, wantHas := want.body["result"]
	gotResult, gotHas := got.body["result"]
	if wantHas != gotHas {
		t.Fatalf("result: genuine %v, stand-in %v", want.raw, got.raw)
	}
	if diff := shapeDiff(wantResult, gotResult, "result"); diff != "" {
		t.Errorf("%s\n genuine  %.600s\n stand-in %.600s", diff, want.raw, got.raw)
	}
}

var errorKey = regexp.MustCompile(`"(code|message|data|name|debug|arguments|context)": `)

// keyOrder lists the keys of an error's envelope as they came.
func keyOrder(raw string) string {
	raw = regexp.MustCompile(`"debug": "(?:[^"\\]|\\.)*"`).ReplaceAllString(raw, `"debug": ""`)
	raw = regexp.MustCompile(`"message": "(?:[^"\\]|\\.)*"`).ReplaceAllString(raw, `"message": ""`)
	return strings.Join(errorKey.FindAllString(raw, -1), "")
}

// faultOf is the class and text of an exception. Texts that quote SQL, records
// or people are cut to what both servers can have in common.
func faultOf(body map[string]any) string {
	e, ok := body["error"].(map[string]any)
	if !ok {
		return ""
	}
	data := e["data"].(map[string]any)
	name, message := data["name"].(string), data["message"].(string)
	switch {
	case strings.HasPrefix(name, "psycopg2"):
		message, _, _ = strings.Cut(message, "\n")
	case strings.Contains(name, "AccessError"):
		message = regexp.MustCompile(`\d+|Records: .*|User: .*|Sorry, .*\(|Groups: .*|\(allowed .*|- .*`).ReplaceAllString(message, "#")
		message, _, _ = strings.Cut(message, "restriction is due")
		message, _, _ = strings.Cut(message, "following groups")
	}
	return fmt.Sprintf("%v %s %q", e["code"], name, message)
}

// shapeDiff tells how two values differ in type: the keys of objects, the types
// of members, the elements of lists. False stands for any missing value.
func shapeDiff(want, got any, at string) string {
	if want == false || got == false || want == nil && got == nil {
		_, wantList := want.([]any)
		_, gotList := got.([]any)
		if wantList != gotList && (wantList && len(want.([]any)) != 2 || gotList && len(got.([]any)) != 2) {
			return at + ": a list and false"
		}
		return ""
	}
	switch w := want.(type) {
	case []any:
		g, ok := got.([]any)
		if !ok || (len(w) == 0) != (len(g) == 0) && !strings.HasSuffix(at, "_ids") && !strings.HasSuffix(at, "_id") {
			return fmt.Sprintf("%s: a list of %d and %v", at, len(w), got)
		}
		if len(w) > 0 && len(g) > 0 {
			return shapeDiff(w[0], g[0], at+"[0]")
		}
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			return fmt.Sprintf("%s: an object and %T", at, got)
		}
		for key := range g {
			if _, ok := w[key]; !ok {
				return at + ": only the stand-in has " + key
			}
		}
		for key, v := range w {
			if _, ok := g[key]; !ok {
				return at + ": only the genuine server has " + key
			}
			if diff := shapeDiff(v, g[key], at+"."+key); diff != "" {
				return diff
			}
		}
	default:
		if fmt.Sprintf("%T", want) != fmt.Sprintf("%T", got) {
			return fmt.Sprintf("%s: %T and %T", at, want, got)
		}
	}
	return ""
}
