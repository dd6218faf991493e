package endpoint_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"odoograph/auth"
	"odoograph/endpoint"
)

// The playground is there if the options say so, and says nothing of what else is.
func TestPlaygroundIsServed(t *testing.T) {
	server := serve(t, io.Discard, func(o *endpoint.Options) { o.Playground, o.PageKey = true, "odg_everybodys" })
	for _, test := range []struct {
		method, path, host string
		status             int
		contains           string
	}{
		{"GET", "/playground", "", 200, `"odg_everybodys"`}, // by way of /playground/
		{"GET", "/playground/", "", 200, `"odg_everybodys"`},
		{"GET", "/", "", 200, `"odg_everybodys"`},
		{"GET", "/playground/", "evil.example", 403, `"FORBIDDEN"`},
		{"GET", "/playground/none.js", "", 404, ""},
		{"GET", "/playground/%ff", "", 404, ""},
		{"POST", "/playground/", "", 405, ""},
	} {
		request, err := http.NewRequestWithContext(t.Context(), test.method, server.URL+test.path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		request.Host = test.host
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err != nil || response.StatusCode != test.status || !strings.Contains(string(body), test.contains) {
			t.Errorf("%s %s: %d %.200s %v", test.method, test.path, response.StatusCode, body, err)
		}
	}
}

// Whoever may see the schema is told what an answer took, if the request asks.
func TestTrace(t *testing.T) {
	const key = "odg_of_a_developer"
	server := serve(t, io.Discard, func(o *endpoint.Options) {
		o.Introspection, o.Defaults = true, o.Anonymous.Limits
		o.Keys.Accept(key, auth.Key{ID: "developer", Scopes: []string{"*"}})
		o.Keys.Accept(key+"s_shop", auth.Key{ID: "shop", Scopes: []string{"partners:read"}})
		o.Anonymous.Scopes = []string{"partners:read"}
	})
	off := serve(t, io.Discard, func(o *endpoint.Options) {
		o.Defaults = o.Anonymous.Limits
		o.Keys.Accept(key, auth.Key{ID: "developer", Scopes: []string{"*"}})
	})
	body := func(query string) string {
		text, err := json.Marshal(map[string]string{"query": query})
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	partners := body("{ partners(first: 1) { nodes { name } } }")
	for _, test := range []struct {
		name   string
		answer *answer
		calls  float64 // -1 if it is not told
	}{
		{"a developer", send(t, server, "POST", "/graphql", partners, "Authorization", "Bearer "+key, "Odoograph-Trace", "1"), 1},
		{"nothing of Odoo's", send(t, server, "POST", "/graphql", body("{ __typename }"), "Authorization", "Bearer "+key, "Odoograph-Trace", "1"), 0},
		{"not asked for", send(t, server, "POST", "/graphql", partners, "Authorization", "Bearer "+key), -1},
		{"declined", send(t, server, "POST", "/graphql", partners, "Authorization", "Bearer "+key, "Odoograph-Trace", "0"), -1},
		{"a shop", send(t, server, "POST", "/graphql", partners, "Authorization", "Bearer "+key+"s_shop", "Odoograph-Trace", "1"), -1},
		{"anonymous", send(t, server, "POST", "/graphql", partners, "Odoograph-Trace", "1"), -1},
		{"introspection is off", send(t, off, "POST", "/graphql", partners, "Authorization", "Bearer "+key, "Odoograph-Trace", "1"), -1},
	} {
		trace, told := test.answer.body.Extensions["trace"].(map[string]any)
		if !told {
			if test.calls != -1 || test.answer.body.Data == nil {
				t.Errorf("%s: %s", test.name, test.answer.text)
			}
			continue
		}
		total, _ := trace["milliseconds"].(float64)
		ofOdoo, _ := trace["odooMilliseconds"].(float64)
		if calls, _ := trace["odooCalls"].(float64); calls < test.calls || (calls > 0) != (test.calls > 0) || total <= 0 || (ofOdoo > 0) != (calls > 0) || trace["queueMilliseconds"] == nil {
			t.Errorf("%s: %v", test.name, trace)
		}
	}
}
