package pages_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"odoograph/pages"
)

const schema = `
directive @auth(scope: String) on OBJECT | FIELD_DEFINITION
directive @cost(weight: Int!) on OBJECT | FIELD_DEFINITION
directive @rateLimit(limit: Int!, window: String! = "60s") on FIELD_DEFINITION
directive @odoo(field: String) on OBJECT | FIELD_DEFINITION
"Do it <b>once</b>."
directive @idempotent("What says so." key: String!) on FIELD

type Query {
  """
  Cats <script>alert(1)</script> & dogs, as ` + "`Cat.name`" + ` or ` + "`x<y`" + `.

  Needs the scope ` + "`cats:read`" + `. Costs 5 points.
  """
  cats("How many." first: Int = 20, "From here." after: String, last: Int, before: String, "Which." filter: CatFilter): CatConnection
    @auth(scope: "cats:read") @cost(weight: 5) @rateLimit(limit: 3)
  node(id: ID!): Node
}
type Mutation { feed(input: FeedInput!): Cat @auth(scope: "cats:write") }
interface Node { id: ID! }
"A cat."
type Cat implements Node @auth(scope: "cats:read") @odoo(field: "secret.cat") {
  id: ID!
  name: String! @odoo(field: "secret_name") @deprecated(reason: "Cats have no names.")
  owner: Owner
  mood: Mood
}
type Owner @auth(scope: "owners:read") { name: String }
type CatConnection { nodes: [Cat!]! }
enum Mood { "Purrs." GOOD BAD @deprecated }
input CatFilter { mood: Mood = GOOD }
input FeedInput @oneOf { cat: ID, all: Boolean }
`

var options = pages.Options{
	Schema: gqlparser.MustLoadSchema(&ast.Source{Input: schema}), Changes: "# Title\n\nIntroduction.\n\n## 1.0.0 (today)\n\n- **breaking**: `Cat.tail` was removed\n",
	PageKey: `odg_"demo"`, Playground: true, Reference: true,
}

func ask(t *testing.T, o pages.Options, method, path string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	page := pages.New(o)[path]
	if page == nil {
		t.Fatalf("there is no %s", path)
	}
	r := httptest.NewRequest(method, path, http.NoBody)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	page.ServeHTTP(w, r)
	return w
}

func TestHeaders(t *testing.T) {
	media := map[string]string{
		"/": "text/html; charset=utf-8", "/docs/graphql": "text/html; charset=utf-8", "/schema.graphql": "application/graphql; charset=utf-8",
		"/assets/house.css": "text/css; charset=utf-8", "/assets/landing.js": "text/javascript; charset=utf-8",
	}
	for path, want := range media {
		t.Run(path, func(t *testing.T) {
			plain, zipped := ask(t, options, "GET", path), ask(t, options, "GET", path, "Accept-Encoding", "br, gzip")
			h := plain.Header()
			if plain.Code != http.StatusOK || h.Get("Content-Type") != want || h.Get("Cache-Control") != "no-cache" || h.Get("Content-Encoding") != "" {
				t.Errorf("%d %v", plain.Code, h)
			}
			if policy := h.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
				t.Errorf("policy %q", policy)
			}
			if zipped.Header().Get("Content-Encoding") != "gzip" || zipped.Header().Get("Vary") != "Accept-Encoding" || h.Get("Vary") != "Accept-Encoding" {
				t.Errorf("%v", zipped.Header())
			}
			reader, err := gzip.NewReader(zipped.Body)
			if err != nil {
				t.Fatal(err)
			}
			if text, err := io.ReadAll(reader); err != nil || !bytes.Equal(text, plain.Body.Bytes()) || len(text) == 0 {
				t.Errorf("what is compressed is not the same: %v", err)
			}
			tag := h.Get("ETag")
			if tag == "" || tag == zipped.Header().Get("ETag") {
				t.Errorf("tags %q and %q", tag, zipped.Header().Get("ETag"))
			}
			if again := ask(t, options, "GET", path, "If-None-Match", tag); again.Code != http.StatusNotModified || again.Body.Len() > 0 {
				t.Errorf("again: %d with %d bytes", again.Code, again.Body.Len())
			}
			if head := ask(t, options, "HEAD", path); head.Code != http.StatusOK || head.Header().Get("ETag") != tag {
				t.Errorf("HEAD: %d %v", head.Code, head.Header())
			}
			if post := ask(t, options, "POST", path); post.Code != http.StatusMethodNotAllowed || post.Header().Get("Allow") != "GET, HEAD" {
				t.Errorf("POST: %d %v", post.Code, post.Header())
			}
		})
	}
	if got := ask(t, options, "GET", "/schema.graphql").Header().Get("Content-Disposition"); got != `attachment; filename="schema.graphql"` {
		t.Errorf("the file is called %q", got)
	}
}

// No page needs what its policy forbids, or another host.
func TestPagesKeepTheirPolicy(t *testing.T) {
	inline := regexp.MustCompile(`<script>|<script [^>]*>[^<]|<style|\sstyle=|\son\w+=|javascript:`)
	for _, path := range []string{"/", "/docs/graphql"} {
		text := ask(t, options, "GET", path).Body.String()
		if found := inline.FindString(text); found != "" {
			t.Errorf("%s has %q", path, found)
		}
		if found := regexp.MustCompile(`(?:src|<link[^>]* href)="(?:https?:)?//[^"]*"`).FindString(text); found != "" {
			t.Errorf("%s loads %q", path, found)
		}
	}
}

func TestLanding(t *testing.T) {
	for _, test := range []struct {
		name                  string
		playground, reference bool
		key                   string
		has, lacks            []string
	}{
		{"all of it", true, true, `odg_"demo"`, []string{`value="odg_&#34;demo&#34;"`, `href="playground/"`, `href="docs/graphql"`, `href="healthz"`}, nil},
		{"nothing to read", true, false, "", []string{`value=""`, `href="playground/"`, `href="readyz"`}, []string{"docs", "schema.graphql", "openapi"}},
		{"nothing to try", false, true, "", []string{`href="schema.graphql"`}, []string{"layground"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := options
			o.Playground, o.Reference, o.PageKey = test.playground, test.reference, test.key
			text := ask(t, o, "GET", "/").Body.String()
			contains(t, text, test.has, test.lacks)
		})
	}
}

func contains(t *testing.T, text string, has, lacks []string) {
	t.Helper()
	for _, part := range has {
		if !strings.Contains(text, part) {
			t.Errorf("there is no %s", part)
		}
	}
	for _, part := range lacks {
		if strings.Contains(text, part) {
			t.Errorf("there is %s", part)
		}
	}
}

// The reference says of each element what the schema does, and nothing of Odoo's.
func TestReference(t *testing.T) {
	text := ask(t, options, "GET", "/docs/graphql").Body.String()
	contains(t, text, []string{
		`id="Query.cats"`, `id="Cat"`, `id="Cat.name"`, `id="Mood.GOOD"`, `id="CatFilter.mood"`,
		"Cats &lt;script&gt;alert(1)&lt;/script&gt; &amp; dogs", `<a href="#Cat.name"><code>Cat.name</code></a>`, "<code>x&lt;y</code>",
		"needs cats:read", "costs 5", "at most 3 in 60s", "needs owners:read", "deprecated: Cats have no names.", "deprecated: No longer supported.",
		`<code class="ref">[<a href="#Cat">Cat</a>!]!</code>`, "= <code>GOOD</code>", "exactly one of these",
		`<a href="#paging"><code>first</code>`, `<code>filter</code> <code class="ref"><a href="#CatFilter">`,
		"Is a <a href=\"#Node\">", "Had by <a href=\"#Cat\">", `Found in <a href="#Cat.mood">Cat.mood</a>, <a href="#CatFilter.mood">`,
		"Do it &lt;b&gt;once&lt;/b&gt;.", "<h3>1.0.0 (today)</h3>", "<strong>breaking</strong>: <code>Cat.tail</code> was removed",
		`<dt><code>cats:write</code></dt><dd><a href="#Mutation.feed">feed</a></dd>`,
	}, []string{"<script>alert", "secret", "Needs the scope", "__schema", "How many.", "Introduction.\n# Title"})
}

// The examples are shown with the fields that they are about, and lead to the
// playground if there is one.
func TestExamplesLeadToThePlayground(t *testing.T) {
	o := options
	o.Schema = gqlparser.MustLoadSchema(&ast.Source{Input: "type Query { viewer: User } type User { name: String } type Mutation { a: Int }"})
	link := `href="../playground/?query=query%20WhoAmI%20%7b`
	contains(t, ask(t, o, "GET", "/docs/graphql").Body.String(), []string{"Example: WhoAmI", "viewer { name login", link}, nil)
	o.Playground = false
	contains(t, ask(t, o, "GET", "/docs/graphql").Body.String(), []string{"Example: WhoAmI"}, []string{"layground"})
}
