// Package playground serves the pages for people. They are embedded and load
// nothing from elsewhere. It imports no other package of this module.
package playground

import (
	"bytes"
	"embed"
	"html"
	"io/fs"
	"net/http"
	"time"
	"unicode/utf8"
)

//go:embed page
var embedded embed.FS

// policy lets the pages run their own scripts and talk to this server, no more.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Handler serves the pages: the first one at /, with this API key filled in. That
// must be one that everybody may know, or "".
func Handler(key string) http.Handler {
	page, err := fs.Sub(embedded, "page")
	if err != nil {
		panic(err) // the folder is part of the program
	}
	index, err := fs.ReadFile(page, "index.html")
	if err != nil {
		panic(err)
	}
	index = bytes.Replace(index, []byte(`value=""`), []byte(`value="`+html.EscapeString(key)+`"`), 1)
	files := http.FileServerFS(page)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "405 method not allowed", http.StatusMethodNotAllowed)
			return
		}
		if !utf8.ValidString(r.URL.Path) { // no file has such a name, and package fs takes it for a fault of its own
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Security-Policy", policy)
		if r.URL.Path == "/" {
			http.ServeContent(w, r, "index.html", time.Time{}, bytes.NewReader(index))
			return
		}
		files.ServeHTTP(w, r)
	})
}
