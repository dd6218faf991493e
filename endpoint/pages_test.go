package endpoint_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"odoograph/auth"
	"odoograph/endpoint"
	"odoograph/pages"
)

// visit asks for a path as a browser does, without following redirects.
func (d *doors) visit(method, path string, header ...string) (*http.Response, string) {
	d.t.Helper()
	request, err := http.NewRequestWithContext(d.t.Context(), method, d.URL+path, http.NoBody)
	if err != nil {
		d.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		d.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	return response, string(text)
}

// What the operator does not want shown is not there, and nothing leads to it.
func TestPagesThatAreServed(t *testing.T) {
	for _, test := range []struct{ introspection, playground bool }{{true, true}, {true, false}, {false, true}, {false, false}} {
		d := newDoors(t, io.Discard, func(o *endpoint.Options) { o.Introspection, o.Playground = test.introspection, test.playground })
		_, landing := d.visit(http.MethodGet, "/")
		for path, served := range map[string]bool{
			"/": true, "/assets/house.css": true, "/assets/key.js": true, "/about": true,
			"/docs/graphql": test.introspection, "/schema.graphql": test.introspection, "/assets/reference.js": test.introspection,
			"/api/v1/docs/": test.introspection, "/api/v1/openapi.json": test.introspection, "/playground/": test.playground,
		} {
			response, text := d.visit(http.MethodGet, path)
			switch {
			case path == "/about" || strings.HasPrefix(path, "/api") && !served:
				if response.StatusCode != http.StatusUnauthorized {
					t.Errorf("%+v %s: %d", test, path, response.StatusCode)
				}
			case served && response.StatusCode != http.StatusOK, !served && (response.StatusCode != http.StatusNotFound || !strings.Contains(text, "NOT_FOUND")):
				t.Errorf("%+v %s: %d %.200s", test, path, response.StatusCode, text)
			}
			if linked := strings.Contains(landing, `href="`+path[1:]+`"`); linked && !served {
				t.Errorf("%+v: the first page leads to %s", test, path)
			}
		}
	}
}

var (
	links = regexp.MustCompile(`\s(?:href|src)="([^"]+)"`)
	ids   = regexp.MustCompile(`\sid="([^"]+)"`)
)

// All that the pages lead to and load is served, whatever path the gateway is below.
func TestLinksLeadSomewhere(t *testing.T) {
	d := newDoors(t, io.Discard, func(o *endpoint.Options) { o.Playground = true })
	for _, from := range []string{"/", "/docs/graphql", "/api/v1/docs/"} {
		response, text := d.visit(http.MethodGet, from)
		if response.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d", from, response.StatusCode)
		}
		anchors := map[string]bool{}
		for _, id := range ids.FindAllStringSubmatch(text, -1) {
			if anchors[id[1]] {
				t.Errorf("%s: two elements have the id %s", from, id[1])
			}
			anchors[id[1]] = true
		}
		seen := map[string]bool{}
		for _, link := range links.FindAllStringSubmatch(text, -1) {
			target := strings.ReplaceAll(link[1], "&amp;", "&")
			if seen[target] || strings.HasPrefix(target, "data:") || strings.HasPrefix(target, "https://") {
				continue
			}
			seen[target] = true
			if anchor, ok := strings.CutPrefix(target, "#"); ok {
				if !anchors[anchor] {
					t.Errorf("%s leads to #%s, which is not there", from, anchor)
				}
				continue
			}
			if strings.HasPrefix(target, "/") {
				t.Errorf("%s leads to %s: that is another place behind a proxy", from, target)
			}
			base, _ := url.Parse(from)
			to, err := base.Parse(target)
			if err != nil {
				t.Errorf("%s leads to %q: %v", from, target, err)
				continue
			}
			if up := strings.Count(target, "../"); up > strings.Count(from, "/")-1 {
				t.Errorf("%s leads to %s, which is above the gateway", from, target)
			}
			if response, _ := d.visit(http.MethodGet, to.Path); response.StatusCode != http.StatusOK {
				t.Errorf("%s leads to %s: %d", from, target, response.StatusCode)
			}
		}
		if len(seen) < 5 {
			t.Errorf("%s leads to %v only", from, seen)
		}
	}
}

// told is what /about answers.
type told struct {
	Gateway struct{ Version, Commit string }
	Odoo    struct{ Version, Protocol, Problem string }
	Key     struct {
		Name   string
		Scopes []string
		Limits auth.Limits
	}
	Gaps []struct{ Element, Reason, Reads string }
}

func (d *doors) about(token string) (told, string) {
	d.t.Helper()
	response, text := d.visit(http.MethodGet, "/about", "Authorization", "Bearer "+token)
	var t told
	if err := json.Unmarshal([]byte(text), &t); err != nil || response.StatusCode != http.StatusOK {
		d.t.Fatalf("%d %s", response.StatusCode, text)
	}
	return t, text
}

// What a key is told of versions is in no answer to anybody without one.
func TestAnonymousLearnsNothing(t *testing.T) {
	d := newDoors(t, io.Discard, func(o *endpoint.Options) {
		o.Playground = true
		o.Anonymous = &auth.Key{Scopes: []string{"reference:read"}}
	})
	known, _ := d.about(d.key(auth.Key{Scopes: []string{"*"}}))
	secrets := []string{known.Gateway.Version, known.Odoo.Version, known.Odoo.Protocol}
	for _, secret := range secrets {
		if secret == "" {
			t.Fatalf("the key is told %+v", known)
		}
	}
	if known.Gateway.Commit != "" { // tests are built without one
		secrets = append(secrets, known.Gateway.Commit)
	}
	for _, path := range []string{
		"/", "/about", "/healthz", "/readyz", "/docs/graphql", "/schema.graphql", "/assets/house.css", "/assets/landing.js", "/assets/reference.js",
		"/graphql?query={countries{nodes{code}}}", "/graphql?query={partners{nodes{name}}}", "/graphql?query={", "/playground/",
		"/api/v1/docs/", "/api/v1/countries", "/api/v1/partners", "/nothing",
	} {
		response, text := d.visit(http.MethodGet, path)
		for name, values := range response.Header {
			text += "\n" + name + ": " + strings.Join(values, ",")
		}
		for _, secret := range secrets {
			if strings.Contains(text, secret) {
				t.Errorf("%s tells %q:\n%.500s", path, secret, text)
			}
		}
	}
}

func TestAbout(t *testing.T) {
	anonymous := func(o *endpoint.Options) { o.Anonymous = &auth.Key{Scopes: []string{"*"}} }
	for _, test := range []struct {
		name   string
		change func(*endpoint.Options)
		method string
		header []string
		status int
		code   string
	}{
		{"nobody", func(*endpoint.Options) {}, "GET", nil, 401, "UNAUTHENTICATED"},
		{"nobody, who may read", anonymous, "GET", nil, 401, "UNAUTHENTICATED"},
		{"a wrong key", func(*endpoint.Options) {}, "GET", []string{"X-Api-Key", "odg_wrong"}, 401, "UNAUTHENTICATED"},
		{"a wrong method", func(*endpoint.Options) {}, "POST", nil, 405, "METHOD_NOT_ALLOWED"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDoors(t, io.Discard, test.change)
			response, text := d.visit(test.method, "/about", test.header...)
			if response.StatusCode != test.status || !strings.Contains(text, test.code) || strings.Contains(text, "version") {
				t.Errorf("%d %s", response.StatusCode, text)
			}
		})
	}
}

// A key is told of itself, with the limits that it has in the end, and of the schema
// if it may ask for that.
func TestAboutAKey(t *testing.T) {
	for _, test := range []struct {
		introspection bool
		scopes        []string
		gaps          bool
	}{
		{true, []string{"orders:read"}, false},
		{true, []string{"orders:read", "introspection"}, true},
		{true, []string{"*"}, true},
		{false, []string{"*"}, false},
	} {
		d := newDoors(t, io.Discard, func(o *endpoint.Options) { o.Introspection = test.introspection })
		got, text := d.about(d.key(auth.Key{Name: "shop", Scopes: test.scopes, Limits: auth.Limits{Requests: 7}}))
		if got.Key.Name != "shop" || strings.Join(got.Key.Scopes, " ") != strings.Join(test.scopes, " ") ||
			got.Key.Limits != (auth.Limits{Requests: 7, CostCapacity: 1000, CostRestore: 10}) || got.Odoo.Version != "19.0" || got.Odoo.Protocol == "" {
			t.Errorf("%s", text)
		}
		if strings.Contains(text, `"gaps"`) != test.gaps {
			t.Errorf("%v with introspection %v: %s", test.scopes, test.introspection, text)
		}
		if test.gaps && (len(got.Gaps) != 1 || got.Gaps[0].Element != "Partner.mobile" || got.Gaps[0].Reads != "null") {
			t.Errorf("gaps %+v", got.Gaps)
		}
		if strings.Contains(text, "res.partner") {
			t.Errorf("it speaks of Odoo's inside: %s", text)
		}
	}
}

// Every root field has an example, and every example is valid.
func TestExamplesAreValid(t *testing.T) {
	schema := endpoint.Schema().Schema()
	examples, err := pages.Examples()
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for field, all := range examples {
		for _, example := range all {
			if names[example.Name] {
				t.Errorf("two examples are called %s", example.Name)
			}
			names[example.Name] = true
			if _, errs := gqlparser.LoadQueryWithRules(schema, example.Text, nil); len(errs) > 0 {
				t.Errorf("%s: %s: %v", field, example.Name, errs)
			}
		}
	}
	for _, root := range []*ast.Definition{schema.Query, schema.Mutation} {
		for _, field := range root.Fields {
			if name := root.Name + "." + field.Name; !strings.HasPrefix(field.Name, "__") && len(examples[name]) == 0 {
				t.Errorf("%s has no example", name)
			}
		}
	}
}
