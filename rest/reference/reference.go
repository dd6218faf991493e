// Package reference serves the page on which people read the REST API's OpenAPI
// document and try its routes: Swagger UI, of which all is embedded and which loads
// nothing from elsewhere. It imports package asset.
package reference

import (
	"bytes"
	"embed"
	"html"
	"io"
	"net/http"

	"github.com/swaggest/swgui/v5/static"

	"odoograph/internal/asset"
)

//go:embed page
var embedded embed.FS

// policy lets the page run its own scripts and talk to this server, no more.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Page serves the page at a path, "/api/v1/docs", and what it needs below it. It
// shows the document openapi.json beside that path. The key is filled in: one that
// everybody may know, or "".
func Page(at, key string) http.Handler {
	files := map[string]*asset.File{}
	for _, name := range []string{"index.html", "page.css", "page.js"} {
		text, err := embedded.ReadFile("page/" + name)
		if err != nil {
			panic(err) // the file is part of the program
		}
		if name == "index.html" {
			text = bytes.Replace(text, []byte(`value=""`), []byte(`value="`+html.EscapeString(key)+`"`), 1)
		}
		files[name] = asset.Text(name, text)
	}
	for _, name := range []string{"swagger-ui.css", "swagger-ui-bundle.js"} {
		files[name] = asset.Zipped(name, func() io.ReadSeeker {
			file, err := static.FS.Open(name + ".gz")
			if err != nil {
				panic(err) // the file is part of the program
			}
			return file.(io.ReadSeeker) //nolint:forcetypeassert // by the documentation of package embed
		})
	}
	return &asset.Folder{At: at, Policy: policy, Files: files}
}
