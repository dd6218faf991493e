package playground_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"odoograph/playground"
)

const at = "/playground"

func ask(t *testing.T, path string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	playground.Handler(at, `odg_</script>"demo"`).ServeHTTP(w, r)
	return w
}

// The page names nothing but files of its own, and those are served under a policy
// that lets no script run but them.
func TestPageIsWhole(t *testing.T) {
	page := ask(t, at+"/")
	if page.Code != http.StatusOK || !strings.HasPrefix(page.Header().Get("Content-Type"), "text/html") || page.Header().Get("Cache-Control") != "no-cache" {
		t.Fatalf("%d %v", page.Code, page.Header())
	}
	names := regexp.MustCompile(`(?:src|href)="([^"]+)"`).FindAllStringSubmatch(page.Body.String(), -1)
	if len(names) != 3 {
		t.Errorf("the page names %v", names)
	}
	for _, name := range names {
		if name[1] == "data:," {
			continue
		}
		file := ask(t, at+"/"+name[1])
		if file.Code != http.StatusOK || file.Body.Len() == 0 || !strings.Contains(file.Header().Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d %v", name[1], file.Code, file.Header())
		}
	}
	scripts := ""
	for directive := range strings.SplitSeq(page.Header().Get("Content-Security-Policy"), "; ") {
		if strings.HasPrefix(directive, "script-src ") || strings.HasPrefix(directive, "default-src ") {
			scripts += directive + "; "
		}
	}
	if scripts != "default-src 'none'; script-src 'self'; " {
		t.Errorf("scripts may be %s", scripts)
	}
	if regexp.MustCompile(`<script>|<style|\son\w+=|\sstyle=`).MatchString(page.Body.String()) {
		t.Errorf("the page needs what the policy forbids:\n%s", page.Body)
	}
}

// The settings are what the page reads, whatever the key holds.
func TestPageIsToldItsSettings(t *testing.T) {
	page := ask(t, at+"/").Body.String()
	found := regexp.MustCompile(`(?s)<script type="application/json" id="settings">(.*?)</script>`).FindStringSubmatch(page)
	if found == nil {
		t.Fatal("there are no settings in the page")
	}
	var told struct {
		APIKey   string `json:"apiKey"`
		Examples []playground.Example
	}
	if err := json.Unmarshal([]byte(found[1]), &told); err != nil {
		t.Fatal(err)
	}
	if told.APIKey != `odg_</script>"demo"` || len(told.Examples) != len(playground.Examples()) {
		t.Errorf("the page is told %+v", told)
	}
}

// The licences of all that the page is built of come with it.
func TestLicences(t *testing.T) {
	licences := ask(t, at+"/licences.txt")
	for _, name := range []string{"\ngraphiql 5.", "\nmonaco-editor ", "\nreact 19.", "\ngraphql 16."} {
		if !strings.Contains(licences.Body.String(), name) {
			t.Errorf("the licences do not have %q", name)
		}
	}
	if licences.Header().Get("Cache-Control") != "no-cache" {
		t.Errorf("a name that stays is kept: %v", licences.Header())
	}
}

// What is compressed is the same, and is not sent again to those who have it.
func TestFilesAreCompressed(t *testing.T) {
	path := at + "/licences.txt"
	plain, zipped := ask(t, path), ask(t, path, "Accept-Encoding", "br, gzip")
	if zipped.Header().Get("Content-Encoding") != "gzip" || zipped.Header().Get("Vary") != "Accept-Encoding" {
		t.Fatalf("%v", zipped.Header())
	}
	reader, err := gzip.NewReader(zipped.Body)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(reader); err != nil || !bytes.Equal(text, plain.Body.Bytes()) {
		t.Errorf("not the same: %v", err)
	}
	again := ask(t, path, "Accept-Encoding", "gzip", "If-None-Match", zipped.Header().Get("ETag"))
	if again.Code != http.StatusNotModified || again.Body.Len() > 0 {
		t.Errorf("%d with %d bytes", again.Code, again.Body.Len())
	}
}
