package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The log tells of every change of the contract, and why those that break clients
// are meant: a line "breaking: <why>" in the section Unreleased says so.
func TestChangesAreTold(t *testing.T) {
	state, err := read("../..")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("../../" + logFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(state.log.String(), string(text)); diff != "" {
		t.Errorf("%s is not up to date: run go generate ./graph\n%s", logFile, diff)
	}
	for _, change := range state.log.unmeant() {
		t.Errorf("`%s` %s: this breaks clients; if that is meant, say why in %s, in a line %q", change.Element, change.Text, logFile, reason+"…")
	}
}

const (
	oldContract = "type Query { a: Int b: Int }"
	head        = "# Changes\n\nNewest first.\n\n"
	first       = "## 0.1.0 (2026-01-01)\n\n- all of it\n"
)

var day = time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)

func TestLog(t *testing.T) {
	for _, test := range []struct {
		name, contract, log string
		args                []string
		want, fails         string
	}{
		{"nothing changed", oldContract, head + first, nil, head + first, ""},
		{"something changed", "type Query { a: Int c: Int }", head + first, nil,
			head + "## Unreleased\n\n- **breaking**: `Query.b` was removed\n- `Query.c` is new: `Int`\n\n" + first, ""},
		{"again", "type Query { a: Int! b: Int }", head + "## Unreleased\n\n- **breaking**: `Query.b` was removed\n\n" + first, nil,
			head + "## Unreleased\n\n- `Query.a` cannot be null any more: `Int!`; it was `Int`\n\n" + first, ""},
		{"a note stays", "type Query { a: Int }", head + "## Unreleased\n\nbreaking: nobody used it\n\n- old\n\n" + first, nil,
			head + "## Unreleased\n\nbreaking: nobody used it\n\n- **breaking**: `Query.b` was removed\n\n" + first, ""},
		{"no releases yet", oldContract, head, nil, head, ""},
		{"a release", "type Query { a: Int b: Int c: Int }", head + first, []string{"release", "0.2.0"},
			head + "## 0.2.0 (2026-11-21)\n\n- `Query.c` is new: `Int`\n\n" + first, ""},
		{"a release that breaks, meant", "type Query { a: Int }", head + "## Unreleased\n\nbreaking: nobody used it\n\n" + first, []string{"release", "1.0.0"},
			head + "## 1.0.0 (2026-11-21)\n\nbreaking: nobody used it\n\n- **breaking**: `Query.b` was removed\n\n" + first, ""},
		{"a release that breaks", "type Query { a: Int }", head + first, []string{"release", "0.2.0"}, "", "`Query.b` was removed: the log must say why"},
		{"no reason", "type Query { a: Int }", head + "## Unreleased\n\nbreaking:\n\n" + first, []string{"release", "0.2.0"}, "", "must say why"},
		{"an old version", "type Query { a: Int b: Int c: Int }", head + first, []string{"release", "0.1.0"}, "", "is there already"},
		{"no version", "type Query { a: Int b: Int c: Int }", head + first, []string{"release", "next"}, "", "is like 0.2.0"},
		{"an empty release", oldContract, head + first, []string{"release", "0.2.0"}, "", "nothing changed"},
		{"another command", oldContract, head + first, []string{"undo"}, "", "there is one command"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			put(t, dir, "graph/contract/a.graphqls", test.contract)
			put(t, dir, logFile, test.log)
			put(t, dir, releasedFile, oldContract)
			err := run(dir, test.args, day)
			if test.fails != "" {
				if err == nil || !strings.Contains(err.Error(), test.fails) {
					t.Errorf("error %v", err)
				}
				if diff := cmp.Diff(test.log, get(t, dir, logFile)); diff != "" {
					t.Errorf("it wrote all the same:\n%s", diff)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, get(t, dir, logFile)); diff != "" {
				t.Error(diff)
			}
			renewed := get(t, dir, releasedFile) != oldContract
			if renewed != (test.args != nil) {
				t.Errorf("the released contract is renewed: %v", renewed)
			}
			if err := run(dir, nil, day); err != nil || get(t, dir, logFile) != test.want {
				t.Errorf("the second time it writes, with %v,\n%s", err, get(t, dir, logFile))
			}
		})
	}
}

func put(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, dir, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
