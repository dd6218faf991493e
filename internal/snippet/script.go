package snippet

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// extensions are those of files of code.
var extensions = map[string]string{"js": ".js", "ts": ".ts", "tsx": ".tsx", "python": ".py", "php": ".php"}

// script executes code and returns what it prints.
func (p *place) script(ctx context.Context, s *step, text string) (string, error) {
	name := s.file
	if name == "" {
		name = fmt.Sprintf("line%d%s", s.Line, extensions[s.Language])
		if err := p.write(name, text); err != nil {
			return "", err
		}
	}
	if executable[s.Language] != "node" {
		return p.inWork(ctx, executable[s.Language], name)
	}
	return p.node(ctx, name)
}

// node bundles a file and executes it.
func (p *place) node(ctx context.Context, name string) (string, error) {
	return p.inWork(ctx, "node", filepath.Join(p.runner.Packages, "run.mjs"), name, filepath.Join(p.state, "loaded"))
}

// inWork executes a program where files are written, with what blocks of sh exported.
func (p *place) inWork(ctx context.Context, words ...string) (string, error) {
	for i := range words {
		words[i] = "'" + words[i] + "'"
	}
	return p.bash(ctx, "(cd '"+p.work+"' && exec "+strings.Join(words, " ")+")")
}

// finish executes the files of code that nothing has executed, and checks the types
// of all.
func (p *place) finish(ctx context.Context, steps []*step) error {
	ctx, cancel := context.WithTimeout(ctx, blockTimeout)
	defer cancel()
	typed := false
	for _, s := range steps {
		if s.action != executed || executable[s.Language] != "node" {
			continue
		}
		typed = typed || s.Language != "js"
		loaded, err := p.loaded()
		if err != nil {
			return err
		}
		if s.file == "" || slices.Contains(loaded, s.file) {
			continue
		}
		if _, err := p.node(ctx, s.file); err != nil {
			return fmt.Errorf("line %d: %w", s.Line, err)
		}
	}
	if !typed {
		return nil
	}
	config := fmt.Sprintf(`{"extends": %q, "include": ["**/*.ts", "**/*.tsx"]}`, filepath.Join(p.runner.Packages, "tsconfig.json"))
	if err := p.write("tsconfig.json", config); err != nil {
		return err
	}
	_, err := p.inWork(ctx, "npx", "tsc", "--project", ".")
	return err
}

// loaded returns the files that node has executed.
func (p *place) loaded() ([]string, error) {
	file, err := os.Open(filepath.Join(p.state, "loaded"))
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var names []string
	for scanner := bufio.NewScanner(file); scanner.Scan(); {
		names = append(names, strings.TrimSpace(scanner.Text()))
	}
	return names, nil
}
