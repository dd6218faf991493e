package endpoint_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"odoograph/endpoint"
)

// Browsers of other hosts may do with the REST API all that it can do, and read the
// headers that it tells things in.
func TestCrossOriginREST(t *testing.T) {
	d := newDoors(t, io.Discard, func(o *endpoint.Options) { o.Origins = []string{"https://shop.example.com"} })
	ask := func(method string, headers ...string) http.Header {
		t.Helper()
		request, err := http.NewRequestWithContext(t.Context(), method, d.URL+"/api/v1/partners/1", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Origin", "https://shop.example.com")
		for i := 0; i < len(headers); i += 2 {
			request.Header.Set(headers[i], headers[i+1])
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		return response.Header
	}
	for _, method := range []string{"GET", "HEAD", "POST", "PATCH"} {
		got := ask(http.MethodOptions, "Access-Control-Request-Method", method,
			"Access-Control-Request-Headers", "authorization,content-type,idempotency-key,if-match,if-none-match,prefer")
		if got.Get("Access-Control-Allow-Origin") != "https://shop.example.com" || got.Get("Access-Control-Allow-Methods") != method {
			t.Errorf("%s: %v", method, got)
		}
	}
	exposed := ask(http.MethodGet).Get("Access-Control-Expose-Headers")
	for _, name := range []string{"Etag", "Link", "Location", "Content-Language", "Retry-After", "X-Request-Id", "Idempotency-Replayed", "Sunset"} {
		if !strings.Contains(exposed, name) {
			t.Errorf("%s cannot be read: %s", name, exposed)
		}
	}
}

// The descriptions of the API are there for everybody or, where the operator says
// so, for nobody; the routes are for those with a key alone.
func TestDescriptionsOfREST(t *testing.T) {
	for _, open := range []bool{true, false} {
		d := newDoors(t, io.Discard, func(o *endpoint.Options) { o.Introspection = open })
		for path, status := range map[string]int{
			"/api/v1/openapi.json": http.StatusOK, "/api/v2/openapi.yaml": http.StatusOK, "/api/v1/docs/": http.StatusOK,
			"/api/v1/partners": http.StatusUnauthorized, "/api/v1/nothing": http.StatusUnauthorized, "/api/v9/partners": http.StatusUnauthorized,
		} {
			if status == http.StatusOK && !open {
				status = http.StatusUnauthorized
			}
			response, err := http.Get(d.URL + path)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(response.Body)
			response.Body.Close()
			if err != nil || response.StatusCode != status {
				t.Errorf("open %v: %s: %d, want %d (%v)", open, path, response.StatusCode, status, err)
			}
			var refused struct{ Error, Code string }
			if status == http.StatusUnauthorized && (json.Unmarshal(body, &refused) != nil || refused.Code != "UNAUTHORIZED" || refused.Error == "") {
				t.Errorf("open %v: %s: %s", open, path, body)
			}
		}
	}
}

// What is refused before a route is found has the form of the REST API, too.
func TestRefusalsOfREST(t *testing.T) {
	d := newDoors(t, io.Discard, func(o *endpoint.Options) { o.LocalOnly = true })
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, d.URL+"/api/v1/partners", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Host = "evil.example"
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var refused struct{ Error, Code string }
	if err := json.NewDecoder(response.Body).Decode(&refused); err != nil || response.StatusCode != http.StatusForbidden || refused.Code != "FORBIDDEN" {
		t.Errorf("%d %+v %v", response.StatusCode, refused, err)
	}
}
