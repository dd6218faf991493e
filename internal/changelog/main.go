// Command changelog keeps graph/CHANGELOG.md: what changed of the published contract
// since its last release, graph/released.graphql. Run it with go generate ./...; with
// "release 0.2.0" it puts what is unreleased under that version. It imports packages
// graph/sdl and internal/schemadiff.
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"odoograph/graph/sdl"
	"odoograph/internal/schemadiff"
)

const (
	logFile      = "graph/CHANGELOG.md"
	releasedFile = "graph/released.graphql"
	contractFile = "graph/contract/*.graphqls"
)

func main() {
	if err := run(".", os.Args[1:], time.Now()); err != nil {
		fmt.Fprintln(os.Stderr, "changelog:", err)
		os.Exit(1)
	}
}

// run does what the arguments say, in the folder of the module.
func run(dir string, args []string, now time.Time) error {
	state, err := read(dir)
	if err != nil {
		return err
	}
	switch {
	case len(args) == 0:
		return state.write(dir, logFile, state.log.String())
	case len(args) == 2 && args[0] == "release":
		if err := state.log.release(args[1], now); err != nil {
			return err
		}
		return errors.Join(state.write(dir, logFile, state.log.String()), state.write(dir, releasedFile, state.contract))
	}
	return errors.New("there is one command: release VERSION")
}

// state is the log with what changed since the last release, and the contract.
type state struct {
	log      *log
	contract string
}

func (state) write(dir, name, text string) error {
	return os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644) //nolint:gosec // it is public
}

func read(dir string) (*state, error) {
	text, err := os.ReadFile(filepath.Join(dir, logFile))
	if err != nil {
		return nil, err
	}
	contract, err := published(filepath.Join(dir, contractFile))
	if err != nil {
		return nil, err
	}
	from, err := load(filepath.Join(dir, releasedFile))
	if err != nil {
		return nil, err
	}
	to, err := gqlparser.LoadSchema(&ast.Source{Name: contractFile, Input: contract})
	if err != nil {
		return nil, err
	}
	entries := parse(string(text))
	entries.note(schemadiff.Compare(from, to))
	return &state{entries, contract}, nil
}

// published returns the contract as clients see it.
func published(pattern string) (string, error) {
	schema, err := load(pattern)
	if err != nil {
		return "", err
	}
	var text strings.Builder
	sdl.Print(&text, schema)
	return text.String(), nil
}

func load(pattern string) (*ast.Schema, error) {
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		return nil, fmt.Errorf("there is no %s: run go generate ./... at the top of the module", pattern)
	}
	var sources []*ast.Source
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		sources = append(sources, &ast.Source{Name: path, Input: string(text)})
	}
	return gqlparser.LoadSchema(sources...)
}
