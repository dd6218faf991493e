package odoo_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"odoograph/odoo"
)

// Calls to Odoo carry the traceparent of the request that they are made for.
func TestTraceIsPassedOn(t *testing.T) {
	const parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
	var got string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r.Header.Get("Traceparent")
		http.Error(w, "", http.StatusNotFound)
	}))
	defer server.Close()
	client, err := odoo.New(odoo.Config{URL: server.URL, Database: "db"})
	if err != nil {
		t.Fatal(err)
	}
	_ = client.Ping(odoo.WithTrace(t.Context(), parent)) // which fails: this is no Odoo
	if got != parent {
		t.Errorf("Odoo got %q", got)
	}
}
