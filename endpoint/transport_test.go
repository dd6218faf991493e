package endpoint_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"odoograph/endpoint"
)

const (
	plainJSON = "application/json"
	graphJSON = "application/graphql-response+json"
)

// chunked stands among the headers of a request whose length is not told.
const chunked = "chunked"

// answer is what came back.
type answer struct {
	*http.Response
	text string
	body struct {
		Data   json.RawMessage
		Errors []struct {
			Message    string
			Path       []any
			Locations  []any
			Extensions map[string]any
		}
		Extensions map[string]any
	}
}

// code is that of the first error, "" if there is none.
func (a *answer) code() string {
	if len(a.body.Errors) == 0 {
		return ""
	}
	code, _ := a.body.Errors[0].Extensions["code"].(string)
	return code
}

// send sends a request and reads the answer, which must be JSON.
func send(t *testing.T, server *httptest.Server, method, target, body string, header ...string) *answer {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, server.URL+target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		request.Header.Set("Content-Type", plainJSON)
	}
	for i := 0; i < len(header); i += 2 {
		if header[i] == chunked {
			request.ContentLength = -1
			continue
		}
		request.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := &answer{Response: response, text: string(content)}
	if len(content) > 0 {
		if err := json.Unmarshal(content, &a.body); err != nil {
			t.Fatalf("%d %s: %v", response.StatusCode, content, err)
		}
	}
	return a
}

// post sends a document.
func post(t *testing.T, server *httptest.Server, query string, header ...string) *answer {
	t.Helper()
	body, _ := json.Marshal(map[string]any{"query": query})
	return send(t, server, http.MethodPost, "/graphql", string(body), header...)
}

// What is wrong with a request itself has its status in every media type.
func TestMalformedRequests(t *testing.T) {
	server := newEndpoint(t, true, io.Discard)
	get := func(parameters ...string) string {
		values := url.Values{}
		for i := 0; i < len(parameters); i += 2 {
			values.Set(parameters[i], parameters[i+1])
		}
		return "/graphql?" + values.Encode()
	}
	const simple = `{"query": "{ __typename }"}`
	for _, test := range []struct {
		name, method, path, body string
		header                   []string
		status                   int
		code                     string
	}{
		{"an empty body", "POST", "/graphql", "", []string{"Content-Type", plainJSON}, 400, "BAD_USER_INPUT"},
		{"not JSON", "POST", "/graphql", `{"query": hunter2}`, nil, 400, "BAD_USER_INPUT"},
		{"half of it", "POST", "/graphql", `{"query": "{ __typename }"`, nil, 400, "BAD_USER_INPUT"},
		{"more after it", "POST", "/graphql", simple + simple, nil, 400, "BAD_USER_INPUT"},
		{"null", "POST", "/graphql", `null`, nil, 400, "BAD_USER_INPUT"},
		{"a string", "POST", "/graphql", `"hunter2"`, nil, 400, "BAD_USER_INPUT"},
		{"a batch", "POST", "/graphql", ` [` + simple + `]`, nil, 400, "BAD_USER_INPUT"},
		{"no UTF-8", "POST", "/graphql", "{\"query\": \"{ __typename } # \xff\"}", nil, 400, "BAD_USER_INPUT"},
		{"nested deep", "POST", "/graphql", `{"query": "{ __typename }", "variables": {"a": ` + strings.Repeat("[", 19) + strings.Repeat("]", 19) + `}}`, nil, 400, "BAD_USER_INPUT"},
		{"nested very deep", "POST", "/graphql", strings.Repeat(`{"a":`, 100_000), nil, 400, "BAD_USER_INPUT"},
		{"no query", "POST", "/graphql", `{"Query": "{ __typename }"}`, nil, 400, "BAD_USER_INPUT"},
		{"a query of another type", "POST", "/graphql", `{"query": 7}`, nil, 400, "BAD_USER_INPUT"},
		{"a name of another type", "POST", "/graphql", `{"query": "{ __typename }", "operationName": {}}`, nil, 400, "BAD_USER_INPUT"},
		{"variables of another type", "POST", "/graphql", `{"query": "{ __typename }", "variables": "hunter2"}`, nil, 400, "BAD_USER_INPUT"},
		{"extensions of another type", "POST", "/graphql", `{"query": "{ __typename }", "extensions": []}`, nil, 400, "BAD_USER_INPUT"},
		{"a hash of another type", "POST", "/graphql", `{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": 7}}}`, nil, 400, "BAD_USER_INPUT"},
		{"a hash of another version", "POST", "/graphql", `{"extensions": {"persistedQuery": {"version": 2, "sha256Hash": "x"}}}`, nil, 400, "BAD_USER_INPUT"},
		{"a query and an id", "POST", "/graphql", `{"query": "{ __typename }", "documentId": "x"}`, nil, 400, "BAD_USER_INPUT"},
		{"variables in a URL", "GET", get("query", "{ __typename }", "variables", "hunter2"), "", nil, 400, "BAD_USER_INPUT"},
		{"more after variables in a URL", "GET", get("query", "{ __typename }", "variables", "{}{}"), "", nil, 400, "BAD_USER_INPUT"},
		{"a URL without a query", "GET", "/graphql", "", nil, 400, "BAD_USER_INPUT"},
		{"a URL with bad escapes", "GET", "/graphql?query=%zz", "", nil, 400, "BAD_USER_INPUT"},
		{"a URL that is no UTF-8", "GET", "/graphql?query=%ff", "", nil, 400, "BAD_USER_INPUT"},
		{"a form", "POST", "/graphql", "query=x", []string{"Content-Type", "application/x-www-form-urlencoded"}, 415, "UNSUPPORTED_MEDIA_TYPE"},
		{"text", "POST", "/graphql", simple, []string{"Content-Type", "text/plain"}, 415, "UNSUPPORTED_MEDIA_TYPE"},
		{"parts", "POST", "/graphql", simple, []string{"Content-Type", "multipart/form-data; boundary=x"}, 415, "UNSUPPORTED_MEDIA_TYPE"},
		{"no type", "POST", "/graphql", simple, []string{"Content-Type", ""}, 415, "UNSUPPORTED_MEDIA_TYPE"},
		{"a type that cannot be read", "POST", "/graphql", simple, []string{"Content-Type", "application/json; ;"}, 415, "UNSUPPORTED_MEDIA_TYPE"},
		{"another charset", "POST", "/graphql", simple, []string{"Content-Type", "application/json; charset=utf-16"}, 415, "UNSUPPORTED_MEDIA_TYPE"},
		{"compressed", "POST", "/graphql", simple, []string{"Content-Encoding", "gzip"}, 415, "UNSUPPORTED_MEDIA_TYPE"},
		{"too large", "POST", "/graphql", strings.Repeat(" ", 1<<20) + simple, nil, 413, "PAYLOAD_TOO_LARGE"},
		{"another method", "PUT", "/graphql", simple, nil, 405, "METHOD_NOT_ALLOWED"},
		{"too large, of unknown length", "POST", "/graphql", strings.Repeat(" ", 1<<20) + simple, []string{chunked, ""}, 413, "PAYLOAD_TOO_LARGE"},
		{"events", "POST", "/graphql", simple, []string{"Accept", "text/event-stream"}, 406, "NOT_ACCEPTABLE"},
		{"a WebSocket", "GET", "/graphql", "", []string{"Connection", "Upgrade", "Upgrade", "websocket"}, 400, "BAD_USER_INPUT"},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, accept := range []string{plainJSON, graphJSON} {
				a := send(t, server, test.method, test.path, test.body, append([]string{"Accept", accept}, test.header...)...)
				if a.StatusCode != test.status || a.code() != test.code || a.body.Data != nil || strings.Contains(a.text, `"data"`) {
					t.Errorf("%d %s, want %d %s", a.StatusCode, a.text, test.status, test.code)
				}
				if strings.Contains(a.text, "hunter2") {
					t.Errorf("the answer repeats the request: %s", a.text)
				}
				if want := map[bool]string{true: "GET, HEAD, POST, OPTIONS"}[test.status == 405]; a.Header.Get("Allow") != want {
					t.Errorf("Allow: %q, want %q", a.Header.Get("Allow"), want)
				}
			}
		})
	}
}

// What is wrong with a document has its status in the media type that was made for
// it, and 200 in plain JSON; neither has data.
func TestRefusedDocuments(t *testing.T) {
	server := newEndpoint(t, true, io.Discard)
	for _, test := range []struct {
		name, body string
		status     int
		code       string
	}{
		{"no GraphQL", `{"query": "{"}`, 400, "GRAPHQL_PARSE_FAILED"},
		{"no operation", `{"query": "fragment F on Query { __typename }"}`, 400, "GRAPHQL_VALIDATION_FAILED"},
		{"an unknown field", `{"query": "{ nope }"}`, 400, "GRAPHQL_VALIDATION_FAILED"},
		{"an unknown mutation", `{"query": "mutation { nope }"}`, 400, "GRAPHQL_VALIDATION_FAILED"},
		{"a subscription", `{"query": "subscription { __typename }"}`, 400, "GRAPHQL_VALIDATION_FAILED"},
		{"a deferred fragment", `{"query": "{ ... @defer { __typename } }"}`, 400, "GRAPHQL_VALIDATION_FAILED"},
		{"a streamed list", `{"query": "{ nodes(ids: []) @stream { id } }"}`, 400, "GRAPHQL_VALIDATION_FAILED"},
		{"too deep", `{"query": "{ partner(databaseId: 1) ` + strings.Repeat("{ parent ", 20) + "{ id }" + strings.Repeat("}", 20) + `}"}`, 400, "QUERY_TOO_COMPLEX"},
		{"too many tokens", `{"query": "{` + strings.Repeat(" a", 2000) + `}"}`, 400, "QUERY_TOO_COMPLEX"},
		{"a stack of braces", `{"query": "` + strings.Repeat("{a", 300_000) + `"}`, 400, "QUERY_TOO_COMPLEX"},
		{"no such operation", `{"query": "query A { __typename }", "operationName": "B"}`, 400, "BAD_USER_INPUT"},
		{"a variable of another type", `{"query": "query($n: Int!) { partners(first: $n) { totalCount } }", "variables": {"n": "x"}}`, 400, "BAD_USER_INPUT"},
		{"no variable", `{"query": "query($n: Int!) { partners(first: $n) { totalCount } }"}`, 400, "BAD_USER_INPUT"},
		{"an unknown hash", `{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "00"}}}`, 400, "PERSISTED_QUERY_NOT_FOUND"},
		{"an unknown id", `{"documentId": "x"}`, 400, "PERSISTED_QUERY_NOT_FOUND"},
	} {
		t.Run(test.name, func(t *testing.T) {
			for accept, status := range map[string]int{plainJSON: 200, graphJSON: test.status} {
				a := send(t, server, http.MethodPost, "/graphql", test.body, "Accept", accept)
				if a.StatusCode != status || a.code() != test.code || strings.Contains(a.text, `"data"`) {
					t.Errorf("%s: %d %s, want %d %s", accept, a.StatusCode, a.text, status, test.code)
				}
				if a.Header.Get("Content-Type") != accept+"; charset=utf-8" || a.Header.Get("Cache-Control") != "private, no-store" {
					t.Errorf("headers %v", a.Header)
				}
				if a.body.Errors[0].Extensions["requestId"] != a.Header.Get("X-Request-Id") {
					t.Errorf("the error has no id: %s", a.text)
				}
			}
		})
	}
}

// An operation that ran is 200 in every media type, whatever became of it.
func TestAnswers(t *testing.T) {
	server := newEndpoint(t, true, io.Discard)
	for _, test := range []struct{ name, body, data, code string }{
		{"a query", `{"query": "{ __typename }"}`, `{"__typename":"Query"}`, ""},
		{"members in any order, some unknown, one twice", `{"x": 1, "variables": null, "query": "{ a }", "extensions": null, "operationName": null, "query": "{ __typename }"}`, `{"__typename":"Query"}`, ""},
		{"a part of the data", `{"query": "{ __typename node(id: \"x\") { id } }"}`, `{"__typename":"Query","node":null}`, "BAD_USER_INPUT"},
		{"a number out of range", `{"query": "{ __typename partner(databaseId: 2147483648) { id } }"}`, `{"__typename":"Query","partner":null}`, "BAD_USER_INPUT"},
		{"a variable out of range", `{"query": "query($n: Int!) { partner(databaseId: $n) { id } }", "variables": {"n": 2147483648}}`, `{"partner":null}`, "BAD_USER_INPUT"},
		{"an argument out of range", `{"query": "{ partners(first: 5000) { totalCount } }"}`, `{"partners":null}`, "BAD_USER_INPUT"},
		{"nothing left of the data", `{"query": "{ nodes(ids: [\"x\"]) { id } }"}`, `null`, "BAD_USER_INPUT"},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, accept := range []string{plainJSON, graphJSON, ""} {
				a := send(t, server, http.MethodPost, "/graphql", test.body, "Accept", accept)
				if a.StatusCode != 200 || a.code() != test.code || string(a.body.Data) != test.data {
					t.Errorf("%s: %d %s", accept, a.StatusCode, a.text)
				}
			}
		})
	}
}

func TestMethods(t *testing.T) {
	server := newEndpoint(t, true, io.Discard)
	const path = "/graphql?query=query+A($n:ID!){node(id:$n){id}}+query+B{__typename}&operationName=B&variables={%22n%22:1}"
	if a := send(t, server, http.MethodGet, path, ""); a.StatusCode != 200 || string(a.body.Data) != `{"__typename":"Query"}` {
		t.Errorf("GET: %d %s", a.StatusCode, a.text)
	}
	if a := send(t, server, http.MethodHead, path, ""); a.StatusCode != 200 || a.text != "" || a.ContentLength < 10 {
		t.Errorf("HEAD: %d %q of %d", a.StatusCode, a.text, a.ContentLength)
	}
	if a := send(t, server, http.MethodOptions, "/graphql", ""); a.StatusCode != 204 || a.Header.Get("Allow") != "GET, HEAD, POST, OPTIONS" {
		t.Errorf("OPTIONS: %d %v", a.StatusCode, a.Header)
	}
}

// A message repeats names and values of a document, but not at length.
func TestErrorsStaySmall(t *testing.T) {
	server := newEndpoint(t, true, io.Discard)
	for name, query := range map[string]string{
		"1500 unknown fields": "{" + strings.Repeat(" nope", 1500) + "}",
		"a long value":        `{ partner(databaseId: "` + strings.Repeat("long", 10_000) + `") { id } }`,
		"many fields fail":    `{ nodes(ids: [` + strings.Repeat(`"nope" `, 100) + `]) { id } }`,
		"a long name":         "{ " + strings.Repeat("long", 10_000) + "}",
	} {
		t.Run(name, func(t *testing.T) {
			a := post(t, server, query)
			if len(a.text) > 5000 || len(a.body.Errors) == 0 || len(a.body.Errors) > 10 {
				t.Errorf("%d bytes, %d errors: %.300s", len(a.text), len(a.body.Errors), a.text)
			}
			if omitted, told := a.body.Extensions["omittedErrors"]; told != (len(a.body.Errors) == 10) {
				t.Errorf("%d errors, and %v left out", len(a.body.Errors), omitted)
			}
		})
	}
}

// Who may not ask for the schema does not get it in other ways.
func TestIntrospectionIsForThoseWhoMay(t *testing.T) {
	may := newEndpoint(t, true, io.Discard)
	mayNot := newEndpoint(t, false, io.Discard)
	for _, query := range []string{
		`{ __schema { types { name } } }`, `{ __type(name: "Partner") { name } }`, `{ a: __type(name: "Partner") { name } __typename }`,
		`{ ...F } fragment F on Query { ... { __schema { queryType { name } } } }`,
	} {
		if a := post(t, may, query); a.code() != "" {
			t.Errorf("%s: %s", query, a.text)
		}
		a := post(t, mayNot, query, "Accept", graphJSON)
		if a.StatusCode != 403 || a.code() != "FORBIDDEN" || !strings.Contains(a.text, "`introspection`") {
			t.Errorf("%s: %d %s", query, a.StatusCode, a.text)
		}
	}
	if a := post(t, mayNot, `{ __typename }`); a.code() != "" {
		t.Errorf("__typename: %s", a.text)
	}
	var refused []string
	for name, query := range map[string]string{
		"a field": `{ partner(databaseId: 1) { nam } }`, "a root": `{ partnes { totalCount } }`,
		"an argument": `{ partners(fist: 1) { totalCount } }`, "a directive's argument": `{ __typename @skip(iff: true) }`,
		"an enum value": `{ partners(orderBy: [{field: NAM, direction: ASC}]) { totalCount } }`, "a quoted enum value": `{ partners(orderBy: [{field: "NAME", direction: ASC}]) { totalCount } }`,
		"an input field":          `{ partners(filter: {nam: {eq: "x"}}) { totalCount } }`,
		"a field of an interface": `{ node(id: "x") { name } }`,
	} {
		if a := post(t, may, query); !strings.Contains(a.text, "Did you mean") {
			t.Errorf("%s, for who may: %s", name, a.text)
		}
		refused = append(refused, query)
	}
	for _, query := range append(refused, // the types of these are not suggested to anybody
		`{ node(id: "x") { ... on Partne { id } } }`, `query($x: PartnerFilte) { partners(filter: $x) { totalCount } }`) {
		if a := post(t, mayNot, query); a.code() != "GRAPHQL_VALIDATION_FAILED" || strings.Contains(strings.ToLower(a.text), "did you") {
			t.Errorf("%s: %s", query, a.text)
		}
	}
}

// The schema does not offer what would be left out of the answer.
func TestNoDefer(t *testing.T) {
	a := post(t, newEndpoint(t, true, io.Discard), `{ __schema { directives { name } } }`)
	if strings.Contains(a.text, `"defer"`) || !strings.Contains(a.text, `"skip"`) {
		t.Error(a.text)
	}
	if _, ok := endpoint.Schema().Schema().Directives["defer"]; ok {
		t.Error("the executable schema has @defer")
	}
}
