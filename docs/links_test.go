package docs_test

import (
	"fmt"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"odoograph/internal/markdown"
)

func TestLinks(t *testing.T) {
	for _, problem := range broken(root, documents(t)) {
		t.Error(problem)
	}
}

// broken returns the links of documents to files and headings that are not there.
func broken(root string, documents []*markdown.Document) []string {
	var problems []string
	for _, document := range documents {
		for _, link := range document.Links {
			target, err := url.Parse(link.Target)
			if err != nil {
				problems = append(problems, fmt.Sprintf("%s:%d: %v", document.Path, link.Line, err))
				continue
			}
			if target.Scheme != "" || target.Host != "" {
				continue // elsewhere
			}
			to := document.Path
			if target.Path != "" {
				to = path.Join(path.Dir(document.Path), target.Path)
			}
			if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(to))); err != nil {
				problems = append(problems, fmt.Sprintf("%s:%d: there is no %s", document.Path, link.Line, to))
				continue
			}
			at := slices.IndexFunc(documents, func(d *markdown.Document) bool { return d.Path == to })
			if target.Fragment != "" && (at < 0 || !documents[at].Anchors[target.Fragment]) {
				problems = append(problems, fmt.Sprintf("%s:%d: %s has no heading #%s", document.Path, link.Line, to, target.Fragment))
			}
		}
	}
	return problems
}

func TestBroken(t *testing.T) {
	folder := t.TempDir()
	var all []*markdown.Document
	for name, source := range map[string]string{
		"a.md": "# One\n\n[x](b.md#two) [x](b.md#three) [x](c.md) [x](#one) [x](#two) [x](https://example.com/d.md#y)\n",
		"b.md": "# Two\n\n[x](a.md)\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(source), 0o600); err != nil {
			t.Fatal(err)
		}
		all = append(all, markdown.Parse(name, []byte(source)))
	}
	want := []string{"a.md:3: b.md has no heading #three", "a.md:3: there is no c.md", "a.md:3: a.md has no heading #two"}
	if diff := cmp.Diff(want, broken(folder, all)); diff != "" {
		t.Error(diff)
	}
}
