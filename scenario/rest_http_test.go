package scenario

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// A client that has an answer already is told so, until the answer changes.
func restCaching(w *world) {
	made := w.rest("POST", "/partners", object{"name": "Cached " + stamp()}).is(201)
	id := fmt.Sprint(made.at("data.id"))
	for _, path := range []string{"/partners/" + id, "/partners?id=" + id, "/partners/" + id + "?fields=name", "/api/v2/partners?id=" + id, "/partners?cursor=&id=" + id} {
		a := w.rest("GET", path, nil).is(200)
		tag := a.header.Get("Etag")
		if !strings.HasPrefix(tag, `"`) || !strings.Contains(a.header.Get("Cache-Control"), "private") {
			w.t.Errorf("%s: the headers are %v", a.request, a.header)
		}
		for _, seen := range []string{tag, "W/" + tag, `"other", ` + tag, "*"} {
			b := w.rest("GET", path, nil, "If-None-Match", seen).is(304)
			if b.header.Get("Etag") == "" || b.header.Get("Cache-Control") != a.header.Get("Cache-Control") || b.header.Get("Vary") != a.header.Get("Vary") {
				w.t.Errorf("%s: 304 with %v, 200 with %v", a.request, b.header, a.header)
			}
			w.rest("HEAD", path, nil, "If-None-Match", seen).is(304)
		}
		for _, unseen := range []string{`"other"`, strings.Trim(tag, `"`), "", tag[:len(tag)-1] + `x"`} {
			w.rest("GET", path, nil, "If-None-Match", unseen).is(200)
		}
		head := w.rest("HEAD", path, nil).is(200)
		for name := range a.header {
			if got := head.header.Get(name); got != a.header.Get(name) && !slices.Contains([]string{"Date", "X-Request-Id", "Ratelimit", "X-Ratelimit-Remaining", "X-Ratelimit-Reset"}, name) {
				w.t.Errorf("HEAD %s: %s is %q, of GET %q", path, name, got, a.header.Get(name))
			}
		}
		if len(head.body) != 0 || head.header.Get("Content-Length") != strconv.Itoa(len(a.body)) {
			w.t.Errorf("HEAD %s: %q and %v", path, head.body, head.header)
		}
	}
	whole, part := w.rest("GET", "/partners/"+id, nil).header.Get("Etag"), w.rest("GET", "/partners/"+id+"?fields=name", nil).header.Get("Etag")
	if whole == part {
		w.t.Error("an answer with fewer fields has the same tag")
	}
	w.rest("GET", "/partners/"+id+"?fields=name", nil, "If-None-Match", whole).is(200)
	listed := w.rest("GET", "/partners?id="+id, nil).header.Get("Etag")
	w.rest("PATCH", "/partners/"+id, object{"email": "new@example.com"}).is(200)
	w.rest("GET", "/partners/"+id, nil, "If-None-Match", whole).is(200)
	w.rest("GET", "/partners?id="+id, nil, "If-None-Match", listed).is(200)
	// Errors are never the answer that a client has.
	w.rest("GET", "/partners/2147483647", nil, "If-None-Match", "*").is(404)
	w.rest("GET", "/partners?limit=0", nil, "If-None-Match", "*").is(400)
}

// Answers are compressed for those who ask for it, and have a tag of their own then.
func restCompression(w *world) {
	plain := w.rest("GET", "/countries?limit=50&id__lte=60", nil).is(200)
	packed := w.rest("GET", "/countries?limit=50&id__lte=60", nil, "Accept-Encoding", "gzip").is(200)
	if packed.header.Get("Content-Encoding") != "gzip" || len(packed.body) >= len(plain.body) || packed.header.Get("Etag") == plain.header.Get("Etag") {
		w.t.Errorf("%d of %d bytes with %v", len(packed.body), len(plain.body), packed.header)
	}
	reader, err := gzip.NewReader(bytes.NewReader(packed.body))
	if err != nil {
		w.t.Fatal(err)
	}
	if text, err := io.ReadAll(reader); err != nil || !bytes.Equal(text, plain.body) {
		w.t.Errorf("unpacked: %v %.100s", err, text)
	}
	for _, a := range []restAnswer{plain, packed} {
		if !strings.Contains(strings.Join(a.header.Values("Vary"), ","), "Accept-Encoding") {
			w.t.Errorf("Vary is %v", a.header.Values("Vary"))
		}
		tag := a.header.Get("Etag")
		back := w.rest("GET", "/countries?limit=50&id__lte=60", nil, "Accept-Encoding", "gzip", "If-None-Match", tag).is(304)
		if back.header.Get("Etag") != tag || back.header.Get("Content-Encoding") != "" {
			w.t.Errorf("for %s: %v", tag, back.header)
		}
	}
	for _, coding := range []string{"identity", "gzip;q=0", "br", "*;q=0"} {
		if a := w.rest("GET", "/countries?limit=50&id__lte=60", nil, "Accept-Encoding", coding); a.status == 200 && !bytes.Equal(a.body, plain.body) {
			w.t.Errorf("Accept-Encoding: %s: %v", coding, a.header)
		}
	}
}

// Methods, media types and sizes: what a route takes, and what it says of the rest.
func restMethods(w *world) {
	id := fmt.Sprintf("/partners/%v", w.rest("POST", "/partners", object{"name": "Method " + stamp()}).is(201).at("data.id"))
	for path, allowed := range map[string]string{
		"/partners": "GET, HEAD, OPTIONS, POST", id: "GET, HEAD, OPTIONS, PATCH", id + "/archive": "OPTIONS, POST", "/countries": "GET, HEAD, OPTIONS",
		"/sale_orders/1/lines": "GET, HEAD, OPTIONS, POST", "/api/v2/partners": "GET, HEAD, OPTIONS",
	} {
		for _, key := range []string{"ApiKey " + plainKey, ""} {
			a := w.rest("OPTIONS", path, nil, "Authorization", key).is(204)
			if a.header.Get("Allow") != allowed || (a.header.Get("Accept-Patch") != "") != strings.Contains(allowed, "PATCH") {
				w.t.Errorf("OPTIONS %s: %v", path, a.header)
			}
		}
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"} {
			if slices.Contains(strings.Split(allowed, ", "), method) {
				continue
			}
			if a := w.rest(method, path, nil).refused(405, "METHOD_NOT_ALLOWED"); a.header.Get("Allow") != allowed {
				w.t.Errorf("%s %s: Allow is %q", method, path, a.header.Get("Allow"))
			}
		}
	}
	for _, c := range []struct {
		path, accept string
		status       int
	}{
		{"/partners?limit=1", "application/xml", 406}, {"/partners?limit=1", "application/json;q=0", 406}, {id, "text/csv", 406}, {id, "text/html", 406}, {id, "nonsense", 406},
		{"/partners?limit=1", "application/*", 200}, {id, "*/*;q=0.1", 200}, {id, "text/html, application/json;q=0.9", 200}, {id, "application/json; charset=utf-8", 200},
		{id, "application/problem+json, application/json", 200}, {id, "application/vnd.api+json, */*;q=0.5", 200}, {"/partners?limit=1", "text/csv;q=0.1, application/json", 200},
	} {
		a := w.rest("GET", c.path, nil, "Accept", c.accept)
		if a.status != c.status || c.status == 200 && a.header.Get("Content-Type") != "application/json" {
			w.t.Errorf("%s, Accept: %s: %d %v", a.request, c.accept, a.status, a.header)
		}
		if c.status == 406 {
			a.refused(406, "NOT_ACCEPTABLE")
		}
	}
	for _, c := range []struct {
		kind   string
		status int
	}{
		{"application/json", 200}, {"application/json; charset=utf-8", 200}, {"application/json;charset=UTF-8", 200}, {"Application/JSON", 200}, {"application/merge-patch+json", 200},
		{"", 415}, {"text/plain", 415}, {"application/x-www-form-urlencoded", 415}, {"application/json; charset=latin1", 415}, {"application/json-patch+json", 415}, {"multipart/form-data; boundary=x", 415},
	} {
		a := w.rest("PATCH", id, object{"city": "Gent"}, "Content-Type", c.kind)
		if a.status != c.status {
			w.t.Errorf("Content-Type: %s: %d %s", c.kind, a.status, a.body)
		}
		if c.status == 415 {
			if a.refused(415, "UNSUPPORTED_MEDIA_TYPE"); a.header.Get("Accept-Patch") == "" {
				w.t.Errorf("Content-Type: %s: %v", c.kind, a.header)
			}
		}
	}
	w.rest("POST", "/partners", object{"name": "x"}, "Content-Type", "application/merge-patch+json").refused(415, "UNSUPPORTED_MEDIA_TYPE")
	w.rest("PATCH", id, object{"city": "Gent"}, "Content-Encoding", "gzip").refused(415, "UNSUPPORTED_MEDIA_TYPE")
	w.rest("PATCH", id, `{"city": "`+strings.Repeat("x", 2<<20)+`"}`).refused(413, "PAYLOAD_TOO_LARGE")
	w.rest("POST", id+"/archive", strings.Repeat(" ", 2<<20)).refused(413, "PAYLOAD_TOO_LARGE")
}

// Errors come as RFC 9457 has them, for those who accept that.
func restProblems(w *world) {
	for _, c := range []struct {
		method, path string
		body         any
		key          string
		status       int
		code         string
		fields       []string
	}{
		{"GET", "/partners?limit=0", nil, plainKey, 400, "VALIDATION_ERROR", []string{"limit"}},
		{"GET", "/partners?limit=0&page=0", nil, plainKey, 400, "VALIDATION_ERROR", []string{"limit", "page"}},
		{"GET", "/partners/2147483647", nil, plainKey, 404, "NOT_FOUND", nil},
		{"GET", "/nothing", nil, plainKey, 404, "NOT_FOUND", nil},
		{"DELETE", "/partners", nil, plainKey, 405, "METHOD_NOT_ALLOWED", nil},
		{"GET", "/partners", nil, "odg_wrong", 401, "UNAUTHORIZED", nil},
		{"POST", "/partners", object{"name": ""}, plainKey, 400, "VALIDATION_ERROR", []string{"name"}},
		{"POST", "/partners", object{"name": "x", "country": object{"code": "??"}}, plainKey, 400, "VALIDATION_ERROR", []string{"country.code"}},
	} {
		for _, accept := range []string{"application/problem+json", "application/json, application/problem+json;q=0.5", "text/html, application/problem+json"} {
			if accept != "application/problem+json" && c.status == 405 {
				continue
			}
			a := w.rest(c.method, c.path, c.body, "Accept", accept, "Authorization", "ApiKey "+c.key)
			if strings.HasPrefix(accept, "application/problem") || strings.HasPrefix(accept, "text/html") {
				if a.status == 406 { // nothing else can be answered
					a.refused(406, "NOT_ACCEPTABLE")
					continue
				}
			}
			a.refused(c.status, c.code, c.fields...)
			status, _ := a.at("status").(json.Number)
			if a.header.Get("Content-Type") != "application/problem+json" || status != asNumber(c.status) || a.at("title") != http.StatusText(c.status) || a.at("type") != "urn:odoograph:error:"+c.code {
				w.t.Errorf("%s, Accept: %s: %v %s", a.request, accept, a.header, a.body)
			}
		}
		for _, accept := range []string{"application/json", "", "*/*", "application/problem+json;q=0, application/json"} {
			if a := w.rest(c.method, c.path, c.body, "Accept", accept, "Authorization", "ApiKey "+c.key); a.header.Get("Content-Type") != "application/json" {
				w.t.Errorf("%s, Accept: %s: %s", a.request, accept, a.header.Get("Content-Type"))
			}
		}
	}
}

// Texts come in the language that the client likes best among those of Odoo, and the
// answer says which one it is.
func restLanguages(w *world) {
	var installed []any
	for _, pair := range w.rpc(w.t, "res.lang", "get_installed", []any{}, nil).([]any) {
		installed = append(installed, pair.([]any)[0])
	}
	germany := "/countries?code=DE&fields=name"
	own := w.rest("GET", germany, nil).is(200)
	if own.header.Get("Content-Language") == "" || !strings.Contains(strings.Join(own.header.Values("Vary"), ","), "Accept-Language") {
		w.t.Errorf("the headers are %v", own.header)
	}
	for _, accept := range []string{"xx", "de-?!", "*", "xx, *;q=0.1", ";;;", strings.Repeat("en,", 2000)} {
		a := w.rest("GET", germany, nil, "Accept-Language", accept).is(200)
		if !bytes.Equal(a.body, own.body) || a.header.Get("Content-Language") != own.header.Get("Content-Language") {
			w.t.Errorf("Accept-Language: %.50s: %s in %s", accept, a.body, a.header.Get("Content-Language"))
		}
	}
	english := w.rest("GET", germany, nil, "Accept-Language", "en-GB, en;q=0.8").is(200)
	if english.at("data.0.name") != "Germany" || !strings.HasPrefix(english.header.Get("Content-Language"), "en") {
		w.t.Errorf("in English: %s in %s", english.body, english.header.Get("Content-Language"))
	}
	if !slices.Contains(installed, any("fr_FR")) {
		return
	}
	for _, accept := range []string{"fr", "fr-FR", "fr-BE, fr;q=0.9", "xx, fr;q=0.5, en;q=0.4", "en;q=0.1, FR-fr", "en;q=0, fr;q=0.1"} {
		a := w.rest("GET", germany, nil, "Accept-Language", accept).is(200)
		if a.at("data.0.name") != "Allemagne" || a.header.Get("Content-Language") != "fr-FR" || a.header.Get("Etag") == english.header.Get("Etag") {
			w.t.Errorf("Accept-Language: %s: %s in %s", accept, a.body, a.header.Get("Content-Language"))
		}
		w.rest("GET", germany, nil, "Accept-Language", accept, "If-None-Match", english.header.Get("Etag")).is(200)
	}
	found := w.rest("GET", "/countries?name=Allemagne&fields=code", nil, "Accept-Language", "fr").is(200)
	if found.at("data.0.code") != "DE" {
		w.t.Errorf("by its French name: %s", found.body)
	}
	id := w.read(w.t, "res.country", []any{[]any{"code", "=", "DE"}}, "id", 1, "id")[0]["id"]
	if a := w.rest("GET", fmt.Sprintf("/countries/%v", id), nil, "Accept-Language", "fr").is(200); a.at("data.name") != "Allemagne" || a.header.Get("Content-Language") != "fr-FR" {
		w.t.Errorf("%s: %s", a.request, a.body)
	}
}
