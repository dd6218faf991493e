// Package docs_test holds the documents to their word: it executes their code blocks
// and follows their links. Package snippet says what becomes of a block.
//
// Blocks that need node, Python or PHP are executed by `make audit`, which names the
// folder of their packages in ODOOGRAPH_GUIDES.
package docs_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"odoograph/endpoint"
	"odoograph/internal/markdown"
	"odoograph/internal/snippet"
	"odoograph/rest/contract"
	"odoograph/settings"
)

const root = ".."

// documents returns all documents of the repository.
func documents(t *testing.T) []*markdown.Document {
	t.Helper()
	var all []*markdown.Document
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		name := entry.Name()
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != root && (name[0] == '.' || name == "node_modules" || name == "testdata"):
			return fs.SkipDir
		case strings.HasSuffix(name, ".go"):
			_, err = os.Stat(path) // the program is made of it: a change must not find an older result of this test
			return err
		case !strings.HasSuffix(name, ".md"):
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		shown, err := filepath.Rel(root, path)
		all = append(all, markdown.Parse(filepath.ToSlash(shown), source))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Every block is executed, or parsed where it is not to be executed, or marked.
func TestBlocks(t *testing.T) {
	for _, name := range []string{"bash", "curl"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("SKIP SKIP SKIP: there is no %s: the blocks of the documents ARE NOT RUN", name)
		}
	}
	runner := &snippet.Runner{
		Program: filepath.Join(t.TempDir(), "odoograph"),
		Forms:   map[string]func(string) error{"toml": configuration, "graphql route": route},
	}
	var err error
	if runner.Root, err = filepath.Abs(root); err != nil {
		t.Fatal(err)
	}
	if packages := os.Getenv("ODOOGRAPH_GUIDES"); packages != "" {
		runner.Packages = packages
	}
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", runner.Program, root).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, document := range documents(t) {
		t.Run(document.Path, func(t *testing.T) {
			t.Parallel()
			report := runner.Run(t.Context(), document)
			for _, err := range report.Failures {
				t.Error(err)
			}
			if report.Waiting > 0 && runner.Packages != "" {
				t.Logf("SKIP SKIP SKIP: an interpreter is missing: %d blocks ARE NOT RUN", report.Waiting)
			}
			t.Logf("%d blocks executed, %d parsed, %d marked as not run, %d left to make audit", report.Executed, report.Parsed, report.Marked, report.Waiting)
		})
	}
}

// configuration tells whether a text can be the gateway's configuration file.
func configuration(text string) error { return settings.CheckText(text) }

// route tells whether a document can be a route of the REST API.
func route(text string) error {
	_, err := contract.Load(fstest.MapFS{"document.graphql": {Data: []byte(text)}}, "v1", endpoint.Schema().Schema())
	return err
}
