// Package pages holds the pages for people: the first one, the reference of the
// GraphQL contract, and the contract itself to download. All of them are embedded or
// made from the schema, load nothing from elsewhere, and refer to each other
// relatively, for a proxy may serve them below a path. It imports packages graph/relay,
// graph/sdl and internal/asset.
package pages

import (
	"embed"
	"html/template"
	"io"
	"net/http"
	"path"

	"github.com/vektah/gqlparser/v2/ast"

	"odoograph/graph/sdl"
	"odoograph/internal/asset"
)

//go:embed page examples
var embedded embed.FS

// Options are what the pages are made of.
type Options struct {
	Schema *ast.Schema
	// Changes are those of the contract, in Markdown.
	Changes string
	// PageKey is the API key that the pages have filled in: one that everybody may
	// know, or "".
	PageKey string
	// Playground tells that it is served too.
	Playground bool
	// Reference lets everybody read the contract.
	Reference bool
}

// policy lets the pages run their own scripts and talk to this server, no more.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

func made(media string, write func(io.Writer) error) http.Handler {
	return asset.Made(media, policy, write)
}

var medias = map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}

// New returns the handlers of the pages by their paths.
func New(o Options) map[string]http.Handler {
	routes := map[string]http.Handler{
		"/": made("text/html; charset=utf-8", func(w io.Writer) error {
			return templates("landing.html").Execute(w, o)
		}),
	}
	assets := []string{"house.css", "landing.css", "key.js", "landing.js"}
	if o.Reference {
		assets = append(assets, "reference.css", "reference.js")
		routes["/docs/graphql"] = made("text/html; charset=utf-8", func(w io.Writer) error {
			reference, err := newReference(o)
			if err != nil {
				return err
			}
			return templates("reference.html").Execute(w, reference)
		})
		routes["/schema.graphql"] = download("schema.graphql", made("application/graphql; charset=utf-8", func(w io.Writer) error {
			sdl.Print(w, o.Schema)
			return nil
		}))
	}
	for _, name := range assets {
		routes["/assets/"+name] = made(medias[path.Ext(name)], func(w io.Writer) error {
			text, err := embedded.ReadFile("page/" + name)
			if err != nil {
				return err
			}
			_, err = w.Write(text)
			return err
		})
	}
	return routes
}

// templates returns a page's template. It is read when the page is made, once.
func templates(name string) *template.Template {
	return template.Must(template.New(name).ParseFS(embedded, "page/"+name))
}

// download names the file that browsers save.
func download(name string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
		next.ServeHTTP(w, r)
	})
}
