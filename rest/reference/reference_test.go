package reference_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"odoograph/rest/reference"
)

const at = "/api/v1/docs"

func ask(method, path string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	reference.Page(at, `odg_"demo"`).ServeHTTP(w, r)
	return w
}

// The page and all that it names are served, from here and under a policy without
// exceptions.
func TestPageIsWhole(t *testing.T) {
	page := ask(http.MethodGet, at+"/")
	if page.Code != http.StatusOK || !strings.HasPrefix(page.Header().Get("Content-Type"), "text/html") {
		t.Fatalf("%d %v", page.Code, page.Header())
	}
	if !strings.Contains(page.Body.String(), `value="odg_&#34;demo&#34;"`) {
		t.Error("the key is not filled in")
	}
	media := map[string]string{".css": "text/css", ".js": "text/javascript"}
	names := regexp.MustCompile(`(?:src|href)="([^"]+)"`).FindAllStringSubmatch(page.Body.String(), -1)
	for _, name := range append(names, []string{"", ""}) {
		if name[1] == "data:," || strings.HasPrefix(name[1], ".") {
			continue // the page itself, and what others serve: package endpoint tests that they do
		}
		file := ask(http.MethodGet, at+"/"+name[1])
		if file.Code != http.StatusOK || file.Body.Len() == 0 {
			t.Errorf("%s: %d", name[1], file.Code)
		}
		for suffix, want := range media {
			if strings.HasSuffix(name[1], suffix) && !strings.HasPrefix(file.Header().Get("Content-Type"), want) {
				t.Errorf("%s: %s", name[1], file.Header().Get("Content-Type"))
			}
		}
		if policy := file.Header().Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: policy %q", name[1], policy)
		}
	}
	if len(names) != 10 || strings.Contains(page.Body.String(), "//") || regexp.MustCompile(`<script>|<style|\son\w+=|style=`).MatchString(page.Body.String()) {
		t.Errorf("the page needs what the policy forbids:\n%s", page.Body)
	}
}

// What is compressed is the same, and is not sent again to those who have it.
func TestAssetsAreCompressed(t *testing.T) {
	const path = at + "/swagger-ui-bundle.js"
	plain, zipped := ask(http.MethodGet, path), ask(http.MethodGet, path, "Accept-Encoding", "br, gzip")
	if plain.Header().Get("Content-Encoding") != "" || zipped.Header().Get("Content-Encoding") != "gzip" || zipped.Header().Get("Vary") != "Accept-Encoding" {
		t.Fatalf("%v\n%v", plain.Header(), zipped.Header())
	}
	reader, err := gzip.NewReader(zipped.Body)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(reader); err != nil || !bytes.Equal(text, plain.Body.Bytes()) {
		t.Errorf("not the same: %v", err)
	}
	tag := zipped.Header().Get("ETag")
	if tag == plain.Header().Get("ETag") {
		t.Error("one tag for two bodies")
	}
	if again := ask(http.MethodGet, path, "Accept-Encoding", "gzip", "If-None-Match", tag); again.Code != http.StatusNotModified || again.Body.Len() > 0 {
		t.Errorf("%d with %d bytes", again.Code, again.Body.Len())
	}
}

func TestOtherRequests(t *testing.T) {
	for _, test := range []struct {
		method, path string
		code         int
		header, want string
	}{
		{http.MethodGet, at, http.StatusMovedPermanently, "Location", "docs/"},
		{http.MethodPost, at + "/", http.StatusMethodNotAllowed, "Allow", "GET, HEAD"},
		{http.MethodHead, at + "/", http.StatusOK, "Cache-Control", "no-cache"},
		{http.MethodGet, at + "/page.js/", http.StatusNotFound, "", ""},
		{http.MethodGet, at + "/../secret", http.StatusNotFound, "", ""},
		{http.MethodGet, "/elsewhere/page.js", http.StatusNotFound, "", ""},
	} {
		w := ask(test.method, test.path)
		if w.Code != test.code || w.Header().Get(test.header) != test.want {
			t.Errorf("%s %s: %d %q", test.method, test.path, w.Code, w.Header().Get(test.header))
		}
	}
}
