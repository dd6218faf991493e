package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Adding a field to a type is one line in the schema and a regenerate. The test
// does it in a copy of the module and asks for the new field there.
func TestOneLineAddsAField(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds a copy of the module")
	}
	module := t.TempDir()
	copyModule(t, filepath.Join("..", ".."), module)

	schema := filepath.Join(module, "graph", "schema", "partner.graphqls")
	text, err := os.ReadFile(schema)
	if err != nil {
		t.Fatal(err)
	}
	const after = "  website: String\n"
	line := `  "The web site, by another name." homepage: String @odoo(field: "website")` + "\n"
	changed := strings.Replace(string(text), after, after+line, 1)
	if changed == string(text) {
		t.Fatal("the schema has no line to add to")
	}
	write(t, schema, changed)
	command(t, module, "go", "generate", "./...")

	// A test within the copy asks the gateway for the new field.
	write(t, filepath.Join(module, "scenario", "added_test.go"), `package scenario

import (
	"testing"

	"odoograph/odoo/odootest"
)

func TestAdded(t *testing.T) {
	w := standIn(odootest.Start(t, odootest.Options{}), "").open(t, options{})
	data := w.get("{ partners(first: 1, filter: {homepage: {isNull: false}}, orderBy: [{field: HOMEPAGE}]) { nodes { website homepage } } }", nil)
	if site := dig(data, "partners.nodes.0.website"); site == nil || site != dig(data, "partners.nodes.0.homepage") {
		t.Fatalf("answered %v", data)
	}
}
`)
	command(t, module, "go", "test", "-run", "^TestAdded$", "./scenario")
}

// copyModule copies what the module is built from.
func copyModule(t *testing.T, from, to string) {
	t.Helper()
	entries, err := os.ReadDir(from)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		source, target := filepath.Join(from, entry.Name()), filepath.Join(to, entry.Name())
		switch {
		case strings.HasPrefix(entry.Name(), "."):
		case entry.IsDir():
			err = os.CopyFS(target, os.DirFS(source))
		default:
			var content []byte
			if content, err = os.ReadFile(source); err == nil {
				write(t, target, string(content))
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func command(t *testing.T, dir, name string, args ...string) {
	t.Helper()
	c := exec.CommandContext(t.Context(), name, args...)
	c.Dir = dir
	if output, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, output)
	}
}
