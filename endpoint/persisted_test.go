package endpoint_test

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"odoograph/auth"
	"odoograph/document"
	"odoograph/endpoint"
)

func sha(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// Apollo's and urql's clients send a hash, and the text with it once when they are
// told that nobody knows the hash.
func TestPersistedQueries(t *testing.T) {
	server := newEndpoint(t, true, io.Discard)
	const query = `{ __typename }`
	extensions := `{"persistedQuery":{"version":1,"sha256Hash":"` + sha(query) + `"}}`
	get := "/graphql?extensions=" + url.QueryEscape(extensions)

	a := send(t, server, http.MethodPost, "/graphql", `{"extensions":`+extensions+`}`)
	if a.StatusCode != 200 || a.code() != "PERSISTED_QUERY_NOT_FOUND" || a.body.Errors[0].Message != "PersistedQueryNotFound" {
		t.Errorf("an unknown hash: %d %s", a.StatusCode, a.text)
	}
	a = send(t, server, http.MethodPost, "/graphql", `{"query":"{ nope }","extensions":`+extensions+`}`)
	if a.code() != "BAD_USER_INPUT" {
		t.Errorf("another text: %s", a.text)
	}
	if a = send(t, server, http.MethodGet, get, ""); a.code() != "PERSISTED_QUERY_NOT_FOUND" {
		t.Errorf("the other text was kept: %s", a.text)
	}
	for _, test := range []struct{ name, method, target, body string }{
		{"with the text", http.MethodPost, "/graphql", `{"query":"` + query + `","extensions":` + extensions + `}`},
		{"by hash", http.MethodPost, "/graphql", `{"extensions":` + extensions + `}`},
		{"by hash in capitals", http.MethodPost, "/graphql", `{"extensions":` + strings.ReplaceAll(extensions, sha(query), strings.ToUpper(sha(query))) + `}`},
		{"by hash over GET", http.MethodGet, get, ""},
		{"with the text over GET", http.MethodGet, get + "&query=" + url.QueryEscape(query), ""},
	} {
		if a := send(t, server, test.method, test.target, test.body); string(a.body.Data) != `{"__typename":"Query"}` {
			t.Errorf("%s: %d %s", test.name, a.StatusCode, a.text)
		}
	}
}

// Documents that are not valid are not kept.
func TestPersistedQueriesAreValid(t *testing.T) {
	server := newEndpoint(t, true, io.Discard)
	extensions := `{"persistedQuery":{"version":1,"sha256Hash":"` + sha(`{ nope }`) + `"}}`
	if a := send(t, server, http.MethodPost, "/graphql", `{"query":"{ nope }","extensions":`+extensions+`}`); a.code() != "GRAPHQL_VALIDATION_FAILED" {
		t.Error(a.text)
	}
	if a := send(t, server, http.MethodPost, "/graphql", `{"extensions":`+extensions+`}`); a.code() != "PERSISTED_QUERY_NOT_FOUND" {
		t.Error(a.text)
	}
}

// What a caller may send depends on its policy.
func TestTrustedDocuments(t *testing.T) {
	const trusted, other = `query Trusted { __typename }`, `query Other { __typename }`
	manifest := filepath.Join(t.TempDir(), "manifest.json")
	if err := os.WriteFile(manifest, []byte(`{"5f2c": "`+trusted+`"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	documents, err := document.Open(document.Options{Schema: endpoint.Schema().Schema(), Manifests: []string{manifest}})
	if err != nil {
		t.Fatal(err)
	}
	hash := func(hash string) string {
		return `{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"` + hash + `"}}}`
	}
	for _, test := range []struct{ name, method, target, body, any, only string }{
		{"by id", "POST", "/graphql", `{"documentId":"5f2c"}`, "", ""},
		{"by Relay's id", "POST", "/graphql", `{"doc_id":"5f2c"}`, "", ""},
		{"by id over GET", "GET", "/graphql?documentId=5f2c", "", "", ""},
		{"by the id as a hash", "POST", "/graphql", hash("5f2c"), "", ""},
		{"by the hash of its text", "POST", "/graphql", hash(sha(trusted)), "", ""},
		{"by a URN of that", "POST", "/graphql", `{"documentId":"sha256:` + sha(trusted) + `"}`, "", ""},
		{"in full", "POST", "/graphql", `{"query":"` + trusted + `"}`, "", ""},
		{"another in full", "POST", "/graphql", `{"query":"` + other + `"}`, "", "DOCUMENT_NOT_TRUSTED"},
		{"another by hash, once known", "POST", "/graphql", hash(sha(other)), "", "DOCUMENT_NOT_TRUSTED"},
		{"another that is broken", "POST", "/graphql", `{"query":"{"}`, "GRAPHQL_PARSE_FAILED", "DOCUMENT_NOT_TRUSTED"},
		{"an unknown id", "POST", "/graphql", `{"documentId":"5f2d"}`, "PERSISTED_QUERY_NOT_FOUND", "DOCUMENT_NOT_TRUSTED"},
	} {
		t.Run(test.name, func(t *testing.T) {
			for policy, want := range map[document.Policy]string{document.Any: test.any, document.Log: test.any, document.Only: test.only} {
				server := serve(t, io.Discard, func(o *endpoint.Options) {
					o.Documents = documents
					o.Anonymous.Documents = auth.Documents(policy)
				})
				if policy == document.Any { // so that its hash is known
					post(t, server, other)
				}
				if a := send(t, server, test.method, test.target, test.body); a.code() != want && !(policy == document.Log && a.code() == "PERSISTED_QUERY_NOT_FOUND") {
					t.Errorf("%q: %d %s, want %q", policy, a.StatusCode, a.text, want)
				}
			}
		})
	}
}
