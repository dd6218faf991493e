package endpoint

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"odoograph/odoo"
)

func TestEachAddressIsATenant(t *testing.T) {
	for remote, want := range map[string]string{
		"192.0.2.7:4711": "192.0.2.7", "192.0.2.7:4712": "192.0.2.7", "[2001:db8::7]:4711": "2001:db8::7", "@": "@", // a socket of Unix has no port
	} {
		request := httptest.NewRequest(http.MethodGet, "/graphql", nil)
		request.RemoteAddr = remote
		byAddress(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			if tenant := odoo.Tenant(r.Context()); tenant != want {
				t.Errorf("%s is the tenant %q, want %q", remote, tenant, want)
			}
		})).ServeHTTP(httptest.NewRecorder(), request)
	}
}
