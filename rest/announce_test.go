package rest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/fstest"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/go-chi/chi/v5"

	gateway "odoograph/graph"
	"odoograph/rest/contract"
)

// A route tells of its end with every answer, errors too, as its document has it.
func TestRoutesTellOfTheirEnd(t *testing.T) {
	document := `
		"List partners."
		query listPartners @rest(method: GET, path: "/partners", deprecated: "2026-06-01", sunset: "2027-06-01", successor: "/api/v10/partners") {
			data: partners { nodes { databaseId } }
		}
		"Get a partner."
		query getPartner($id: Int!) @rest(method: GET, path: "/partners/{id}") { data: partner(databaseId: $id) { databaseId } }
	`
	version, err := contract.Load(fstest.MapFS{"partners.graphql": {Data: []byte(document)}}, "v9", gateway.NewExecutableSchema(gateway.Config{}).Schema())
	if err != nil {
		t.Fatal(err)
	}
	api := &API{Options: Options{
		Guard: func(next http.Handler) http.Handler { return next }, Timeout: time.Second,
		Execute: func(context.Context, Execution) *Result {
			return &Result{Response: &graphql.Response{Data: []byte(`{"data":{"nodes":[],"totalCount":0}}`)}}
		},
	}}
	router := chi.NewRouter()
	if err := api.mount(router, version); err != nil {
		t.Fatal(err)
	}
	for path, status := range map[string]int{"/api/v9/partners": http.StatusOK, "/api/v9/partners?nme=x": http.StatusBadRequest} {
		w := httptest.NewRecorder()
		router.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, http.NoBody))
		if w.Code != status {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
		for name, want := range map[string]string{"Deprecation": "@1780272000", "Sunset": "Tue, 01 Jun 2027 00:00:00 GMT"} {
			if got := w.Header().Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
		if got := w.Header()["Link"]; len(got) == 0 || got[0] != `</api/v10/partners>; rel="successor-version"` {
			t.Errorf("%s: %v", path, got)
		}
	}
	w := httptest.NewRecorder()
	router.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/api/v9/partners/x", http.NoBody))
	if w.Header().Get("Deprecation") != "" || w.Header().Get("Sunset") != "" {
		t.Errorf("a route that stays: %v", w.Header())
	}
}
