package document_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"odoograph/apierror"
	"odoograph/document"
)

// A document is parsed once, as long as there is room for it.
func TestDocumentsAreKept(t *testing.T) {
	find := func(store *document.Store, text string) *document.Document {
		found, errs := store.Find(t.Context(), document.Request{Text: text}, anybody)
		if errs != nil {
			t.Fatal(errs)
		}
		return found
	}
	store := open(t, document.Options{CacheBytes: 20_000})
	first := find(store, "{ __typename }")
	if again := find(store, "{ __typename }"); again != first {
		t.Error("the same text is parsed again")
	}
	for i := range 100 {
		find(store, fmt.Sprintf("query Q%d { __typename }", i))
		find(store, "{ __typename }") // and so it stays
	}
	if again := find(store, "{ __typename }"); again != first {
		t.Error("what is used all the time was pushed out")
	}
	if size, entries := document.CacheSize(store); size > 20_000 || entries < 3 || entries > 20 {
		t.Errorf("%d documents take %d bytes", entries, size)
	}
	large := find(store, "{ __typename }"+strings.Repeat(" ", 20_000))
	if find(store, large.Text) == large || find(store, "{ __typename }") != first {
		t.Error("a document that fills the cache is kept")
	}
}

func write(t *testing.T, name, content string) string {
	t.Helper()
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

const apolloManifest = `{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [
	{"id": "a1", "name": "A", "type": "query", "body": "query A { __typename }"},
	{"id": "b1", "name": "B", "type": "query", "body": "query B { partner(databaseId: 1) { name } }"}]}`

func TestManifests(t *testing.T) {
	dir := t.TempDir()
	apollo := write(t, filepath.Join(dir, "apollo.json"), apolloManifest)
	relay := write(t, filepath.Join(dir, "relay.json"), `{"c1": "query C { __typename }", "a2": "query A { __typename }"}`)
	var log bytes.Buffer
	store := open(t, document.Options{Manifests: []string{apollo, relay}, Log: slog.New(slog.NewTextHandler(&log, nil))})
	if n := store.Trusted(); n != 3 {
		t.Errorf("%d documents, want 3: two ids are of one", n)
	}
	for _, id := range []string{"a1", "a2", "b1", "c1"} {
		found, errs := store.Find(t.Context(), document.Request{ID: id}, document.Access{Documents: document.Only})
		if errs != nil || !found.Trusted {
			t.Errorf("%s: %v", id, errs)
		}
	}
	found, errs := store.Find(t.Context(), document.Request{Text: "{ __typename }"}, document.Access{Documents: document.Log})
	if errs != nil || found.Trusted || !strings.Contains(log.String(), "document="+found.Hash) {
		t.Errorf("%v, logged %s", errs, &log)
	}
}

// Somebody looked at the documents of a manifest: their form is not bound.
func TestTrustedDocumentsAreNotBound(t *testing.T) {
	path := write(t, filepath.Join(t.TempDir(), "m.json"), fmt.Sprintf(`{"deep": %q}`, nested(25)))
	store := open(t, document.Options{Manifests: []string{path}})
	if _, errs := store.Find(t.Context(), document.Request{Text: nested(25)}, anybody); errs != nil {
		t.Error(errs)
	}
	if _, errs := store.Find(t.Context(), document.Request{Text: nested(26)}, anybody); apierror.CodeOf(errs) != apierror.QueryTooComplex {
		t.Error(errs)
	}
}

func TestBrokenManifests(t *testing.T) {
	for _, test := range []struct{ name, content, want string }{
		{"a document that does not fit", `{"good": "{ __typename }", "bad": "{ nope }"}`, `"bad"`},
		{"a document that is none", `{"bad": "{"}`, `"bad"`},
		{"an id without a document", `{"bad": 7}`, "neither"},
		{"no id", `{"": "{ __typename }"}`, "empty id"},
		{"no JSON", `hello`, "neither"},
		{"a list", `[]`, "neither"},
		{"another version", `{"format": "apollo-persisted-query-manifest", "version": 2, "operations": []}`, "version 2"},
		{"an operation without a body", `{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{"id": "a", "name": "Shop"}]}`, "Shop"},
		{"an id that is there twice", `{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{"id": "a", "body": "{ __typename }"}, {"id": "a", "body": "{ a: __typename }"}]}`, `"a"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			path := write(t, filepath.Join(dir, "m.json"), `{"old": "{ __typename }"}`)
			store := open(t, document.Options{Manifests: []string{path}})
			write(t, path, test.content)
			if err := store.Reload(); err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("%v, want %s", err, test.want)
			}
			if _, errs := store.Find(t.Context(), document.Request{ID: "old"}, document.Access{}); errs != nil {
				t.Errorf("the manifest from before is gone: %v", errs)
			}
			write(t, path, `{"new": "{ __typename }"}`)
			if err := store.Reload(); err != nil {
				t.Error(err)
			}
			if _, errs := store.Find(t.Context(), document.Request{ID: "old"}, document.Access{}); apierror.CodeOf(errs) != apierror.DocumentNotTrusted {
				t.Errorf("what was taken out is served: %v", errs)
			}
		})
	}
	if _, err := document.Open(document.Options{Manifests: []string{"/nowhere/m.json"}}); err == nil || !strings.Contains(err.Error(), "/nowhere/m.json") {
		t.Error(err)
	}
}
