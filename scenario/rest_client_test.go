package scenario

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// restAnswer is what the gateway answered to a request of the REST API.
type restAnswer struct {
	t       *testing.T
	request string // for messages
	status  int
	header  http.Header
	body    []byte
}

// rest sends a request of the REST API and returns the answer. A path such as
// "/partners" is one of v1. The body is sent as JSON, a string or bytes as they are.
func (w *world) rest(method, path string, body any, headers ...string) restAnswer {
	w.t.Helper()
	response := w.restStream(method, path, body, headers...)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		w.t.Fatalf("%s %s: %v", method, path, err)
	}
	a := restAnswer{w.t, method + " " + path, response.StatusCode, response.Header, text}
	if method != http.MethodHead {
		w.checkForm(a)
	}
	return a
}

// restStream sends a request and returns the response, whose body is to be read.
func (w *world) restStream(method, path string, body any, headers ...string) *http.Response {
	w.t.Helper()
	if !strings.HasPrefix(path, "/api/") {
		path = "/api/v1" + path
	}
	var reader io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		reader = strings.NewReader(b)
	case []byte:
		reader = bytes.NewReader(b)
	default:
		text, err := json.Marshal(body)
		if err != nil {
			w.t.Fatal(err)
		}
		reader = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(w.t.Context(), method, w.gateway.URL+path, reader)
	if err != nil {
		w.t.Fatal(err)
	}
	request.Header.Set("Authorization", "ApiKey "+plainKey)
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if request.Header.Set(headers[i], headers[i+1]); headers[i+1] == "" {
			request.Header.Del(headers[i])
		}
	}
	response, err := w.restTransport().RoundTrip(request)
	if err != nil {
		w.t.Fatalf("%s %s: %v", method, path, err)
	}
	return response
}

// restTransport carries every request of the REST API that the scenarios send. It
// neither asks for compression nor undoes it by itself, and holds what comes to the
// contract, where there is one.
func (w *world) restTransport() http.RoundTripper {
	if w.plain == nil {
		plain := &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 16}
		w.t.Cleanup(plain.CloseIdleConnections)
		contracts, err := theContracts()
		if err != nil {
			w.t.Fatal(err)
		}
		w.plain = judged(w.t.Errorf, contracts, plain)
	}
	return w.plain
}

// checkForm fails unless an answer has the form that every one of the API has.
func (w *world) checkForm(a restAnswer) {
	w.t.Helper()
	if a.header.Get("X-Request-Id") == "" || a.header.Get("X-Content-Type-Options") != "nosniff" || a.header.Get("Cache-Control") == "" {
		w.t.Errorf("%s: the answer lacks a header: %v", a.request, a.header)
	}
	if a.status == http.StatusNotModified || a.status == http.StatusNoContent {
		if len(a.body) > 0 || a.header.Get("Content-Type") != "" {
			w.t.Errorf("%s: %d with %q of %s", a.request, a.status, a.body, a.header.Get("Content-Type"))
		}
		return
	}
	if a.status >= 400 {
		w.leaks.check("an error", string(a.body))
		w.checkError(a)
	}
}

// checkError fails unless an error has the members that all have, and no others.
func (w *world) checkError(a restAnswer) {
	w.t.Helper()
	want := []string{"error", "code", "request_id"}
	if a.header.Get("Content-Type") == "application/problem+json" {
		want = []string{"type", "title", "status", "detail", "code", "request_id"}
	} else if a.header.Get("Content-Type") != "application/json" {
		w.t.Errorf("%s: an error of the type %s", a.request, a.header.Get("Content-Type"))
	}
	found, _ := a.json().(map[string]any)
	for _, name := range want {
		if found[name] == nil || found[name] == "" {
			w.t.Errorf("%s: an error without %s: %s", a.request, name, a.body)
		}
	}
	for name := range found {
		if !slices.Contains(append(want, "fields", "errors", "retry_after"), name) {
			w.t.Errorf("%s: an error with %s: %s", a.request, name, a.body)
		}
	}
	if found["request_id"] != a.header.Get("X-Request-Id") || a.header.Get("Cache-Control") != "no-store" || a.header.Get("Etag") != "" {
		w.t.Errorf("%s: %s, with the headers %v", a.request, a.body, a.header)
	}
	wait := a.header.Get("Retry-After")
	if told := found["retry_after"]; told == nil && wait != "" || told != nil && fmt.Sprint(told) != wait {
		w.t.Errorf("%s: Retry-After is %q: %s", a.request, wait, a.body)
	}
}

// json is the body, with its numbers as they are written.
func (a restAnswer) json() any {
	a.t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(a.body))
	decoder.UseNumber()
	var out any
	if err := decoder.Decode(&out); err != nil {
		a.t.Fatalf("%s: %d %q: %v", a.request, a.status, a.body, err)
	}
	return out
}

// at follows a dotted path into the body: "data.0.name".
func (a restAnswer) at(path string) any {
	a.t.Helper()
	return dig(a.json(), path)
}

// members are the names of the members of an object in the body, in their order.
func (a restAnswer) members(path string) []string {
	a.t.Helper()
	raw := json.RawMessage(a.body)
	for key := range strings.SplitSeq(path, ".") {
		var object map[string]json.RawMessage
		var array []json.RawMessage
		switch i, err := strconv.Atoi(key); {
		case err == nil && json.Unmarshal(raw, &array) == nil && i < len(array):
			raw = array[i]
		case json.Unmarshal(raw, &object) == nil && object[key] != nil:
			raw = object[key]
		default:
			a.t.Fatalf("%s: there is no %s in %s", a.request, path, a.body)
		}
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	_, _ = decoder.Token() // the brace
	var names []string
	for decoder.More() {
		name, _ := decoder.Token()
		names = append(names, fmt.Sprint(name))
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			a.t.Fatal(err)
		}
	}
	return names
}

// is fails the test at once unless the answer has this status.
func (a restAnswer) is(status int) restAnswer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("%s: %d, want %d: %.600s", a.request, a.status, status, a.body)
	}
	return a
}

// refused fails unless the answer is an error of this status and code that names
// these fields, in any order.
func (a restAnswer) refused(status int, code string, fields ...string) restAnswer {
	a.t.Helper()
	if a.status < 400 {
		a.t.Errorf("%s: %d, want %d %s: %.300s", a.request, a.status, status, code, a.body)
		return a
	}
	list, message := "fields", "error"
	if a.header.Get("Content-Type") == "application/problem+json" {
		list, message = "errors", "detail"
	}
	var named []string
	for _, name := range column(a.at(list), "field") {
		named = append(named, fmt.Sprint(name))
	}
	slices.Sort(named)
	slices.Sort(fields)
	if a.status != status || a.at("code") != code || !slices.Equal(named, fields) {
		a.t.Errorf("%s: %d %v %v %q, want %d %s %v", a.request, a.status, a.at("code"), named, a.at(message), status, code, fields)
	}
	return a
}

// list gets a list, which must be there, and returns its records.
func (w *world) list(path string, headers ...string) []any {
	w.t.Helper()
	records, _ := w.rest(http.MethodGet, path, nil, headers...).is(http.StatusOK).at("data").([]any)
	if records == nil {
		w.t.Fatalf("%s: no array", path)
	}
	return records
}

// record gets a record, which must be there.
func (w *world) record(path string, headers ...string) map[string]any {
	w.t.Helper()
	record, _ := w.rest(http.MethodGet, path, nil, headers...).is(http.StatusOK).at("data").(map[string]any)
	if record == nil {
		w.t.Fatalf("%s: no object", path)
	}
	return record
}

// link returns the target of a link of an answer (RFC 8288), "" if it has none.
func (a restAnswer) link(rel string) string {
	for _, value := range a.header.Values("Link") {
		target, parameters, _ := strings.Cut(strings.TrimPrefix(value, "<"), ">")
		if parameters == `; rel="`+rel+`"` {
			return target
		}
	}
	return ""
}

// asNumber is a number as answers have it.
func asNumber(v any) json.Number { return json.Number(fmt.Sprint(v)) }

// lastOf is the last step of a path.
func lastOf(path string) string { return path[strings.LastIndex(path, "/")+1:] }
