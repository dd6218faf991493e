// Package reference serves the page on which people read the REST API's OpenAPI
// document and try its routes: Swagger UI, of which all is embedded and which loads
// nothing from elsewhere. It imports no other package of this module.
package reference

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html"
	"io"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/swaggest/swgui/v5/static"
)

//go:embed page
var embedded embed.FS

// policy lets the page run its own scripts and talk to this server, no more.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// asset is a file of the page.
type asset struct {
	media, tag string
	// open returns the file, as it is embedded: zipped tells how.
	open   func() io.ReadSeeker
	zipped bool
}

// Page serves the page at a path, "/api/v1/docs", and what it needs below it. It
// shows the document openapi.json beside that path. The key is filled in: one that
// everybody may know, or "".
func Page(at, key string) http.Handler {
	assets := load(key)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "405 method not allowed", http.StatusMethodNotAllowed)
			return
		}
		if r.URL.Path == at { // relative, for a proxy may serve this elsewhere
			w.Header().Set("Location", path.Base(at)+"/")
			w.WriteHeader(http.StatusMovedPermanently)
			return
		}
		name, below := strings.CutPrefix(r.URL.Path, at+"/")
		if name == "" {
			name = "index.html"
		}
		file, ok := assets[name]
		if !ok || !below {
			http.NotFound(w, r)
			return
		}
		file.serve(w, r)
	})
}

// load returns the files by name. Those of Swagger UI stay where they are in the
// program: copied, they would be most of what lives in its memory.
func load(key string) map[string]*asset {
	assets := map[string]*asset{}
	for _, name := range []string{"index.html", "page.css", "page.js"} {
		text, err := embedded.ReadFile("page/" + name)
		if err != nil {
			panic(err) // the file is part of the program
		}
		if name == "index.html" {
			text = bytes.Replace(text, []byte(`value=""`), []byte(`value="`+html.EscapeString(key)+`"`), 1)
		}
		assets[name] = newAsset(name, false, func() io.ReadSeeker { return bytes.NewReader(text) })
	}
	for _, name := range []string{"swagger-ui.css", "swagger-ui-bundle.js"} {
		assets[name] = newAsset(name, true, func() io.ReadSeeker {
			file, err := static.FS.Open(name + ".gz")
			if err != nil {
				panic(err) // the file is part of the program
			}
			return file.(io.ReadSeeker) //nolint:forcetypeassert // by the documentation of package embed
		})
	}
	return assets
}

func newAsset(name string, zipped bool, open func() io.ReadSeeker) *asset {
	hash := sha256.New()
	if _, err := io.Copy(hash, open()); err != nil {
		panic(err) // the file is part of the program
	}
	return &asset{mime.TypeByExtension(path.Ext(name)), base64.RawURLEncoding.EncodeToString(hash.Sum(nil)[:12]), open, zipped}
}

// serve sends the file, compressed as it is embedded to those who take that.
func (a *asset) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("Content-Type", a.media)
	h.Set("Cache-Control", "no-cache") // to be asked for again each time
	h.Set("ETag", `"`+a.tag+`"`)
	text := a.open()
	if a.zipped {
		h.Add("Vary", "Accept-Encoding")
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			h.Set("Content-Encoding", "gzip")
			h.Set("ETag", `"`+a.tag+`-gzip"`)
		} else {
			text = unzip(text)
		}
	}
	http.ServeContent(w, r, "", time.Time{}, text)
}

func unzip(zipped io.Reader) io.ReadSeeker {
	reader, err := gzip.NewReader(zipped)
	if err != nil {
		panic(err) // the file is part of the program
	}
	text, err := io.ReadAll(reader)
	if err != nil {
		panic(err)
	}
	return bytes.NewReader(text)
}
