// Package playground serves the page on which people try queries: GraphiQL in a
// frame of our own, with examples. app holds the sources of the page, dist what is
// built of them; all of it is embedded and loads nothing from elsewhere. It imports
// package asset.
package playground

import (
	"bytes"
	"embed"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"strings"

	"odoograph/internal/asset"
)

// What is embedded was built by app/build.mjs, so that building the gateway takes
// no node.
//
//go:embed dist
var embedded embed.FS

// policy lets the page run its own scripts and talk to this server, no more. Styles
// are the exception: Monaco, the editor, writes style elements for its themes and
// style attributes into the HTML of each line, and knows no nonces. Worker scripts
// get the policy with their own answers.
const policy = "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
	"font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Handler serves the page at a path, "/playground", and what it needs below it. It
// speaks to /graphql beside that path. The key is filled in: one that everybody may
// know, or "".
func Handler(at, key string) http.Handler {
	files := map[string]*asset.File{"index.html": asset.Text("index.html", index(key))}
	names, err := fs.Glob(embedded, "dist/*.gz")
	if err != nil {
		panic(err) // the pattern is right
	}
	for _, zipped := range names {
		name := strings.TrimSuffix(strings.TrimPrefix(zipped, "dist/"), ".gz")
		kind := asset.Lasting // for names have hashes in them, but one
		if name == notices {
			kind = asset.Zipped
		}
		files[name] = kind(name, func() io.ReadSeeker {
			file, err := embedded.Open(zipped)
			if err != nil {
				panic(err) // the file is part of the program
			}
			return file.(io.ReadSeeker) //nolint:forcetypeassert // by the documentation of package embed
		})
	}
	return &asset.Folder{At: at, Policy: policy, Files: files}
}

// notices are the licences of what the page is built of.
const notices = "licences.txt"

// settings is what the page is told.
type settings struct {
	Key      string    `json:"apiKey"`
	Examples []Example `json:"examples"`
}

// index returns the page with its settings, which are data in it and no script. JSON
// as Go writes it has no "<", so it cannot end the element that it stands in.
func index(key string) []byte {
	page, err := embedded.ReadFile("dist/index.html")
	if err != nil {
		panic(err) // the file is part of the program
	}
	told, err := json.Marshal(settings{key, Examples()})
	if err != nil {
		panic(err) // texts cannot fail
	}
	return bytes.Replace(page, []byte("{{settings}}"), told, 1)
}
