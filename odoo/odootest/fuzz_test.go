package odootest_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"odoograph/odoo/odootest"
)

// FuzzRequests sends any body to each protocol: there is always an answer.
func FuzzRequests(f *testing.F) {
	server := odootest.New(odootest.Options{})
	server.SetRecording(false)
	for _, c := range liveEnvelopes {
		f.Add(strings.NewReplacer("$db", "demo", "$password", "admin").Replace(c.body))
	}
	f.Add(`{"domain": ["|", ["name", "ilike", "a%"], "!", ["child_ids.country_id", "any", [["code", "=", "BE"]]]], "specification": {"child_ids": {"fields": {"country_id": {"fields": {}}}, "limit": 1, "order": "name desc"}}, "limit": 3, "order": "country_id, id desc"}`)
	f.Fuzz(func(t *testing.T, body string) {
		for path, contentType := range map[string]string{
			"/json/2/res.partner/web_search_read": "application/json", "/json/2/sale.order/search_read": "application/json",
			"/json/2/res.partner/web_read": "application/json", "/jsonrpc": "application/json", "/xmlrpc/2/object": "text/xml",
		} {
			r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
			r.Header.Set("Content-Type", contentType)
			r.Header.Set("Authorization", "bearer "+odootest.AdminKey)
			w := httptest.NewRecorder()
			server.ServeHTTP(w, r)
			if w.Body.Len() == 0 {
				t.Errorf("%s: no answer", path)
			}
		}
	})
}
