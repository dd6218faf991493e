package snippet

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"odoograph/internal/freeport"
	"odoograph/internal/markdown"
	"odoograph/odoo/odootest"
)

// wrappers are the programs that stand for others on the PATH of blocks.
//
//go:embed wrappers
var wrappers embed.FS

// place is where the blocks of a document are executed: a folder, a home, an Odoo
// and an address for the gateway.
type place struct {
	runner  *Runner
	folder  string // of all that follows
	work    string // where the blocks begin
	state   string // what goes on from block to block
	address string
	release func() // gives the address back
	odoo    *odootest.Server
	groups  []int // of processes that blocks started
	substitute
}

// substitute replaces what documents name by what there is here.
type substitute struct{ *strings.Replacer }

// newPlace makes a place in which a demo of the gateway serves.
func newPlace(ctx context.Context, r *Runner) (_ *place, err error) {
	p := &place{runner: r}
	if p.folder, err = os.MkdirTemp("", "snippet"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			p.close()
		}
	}()
	p.work, p.state = filepath.Join(p.folder, "work"), filepath.Join(p.folder, "state")
	for _, name := range []string{"bin", "home", "secrets", "state", "work"} {
		if err := os.Mkdir(filepath.Join(p.folder, name), 0o700); err != nil {
			return nil, err
		}
	}
	if err := p.install(); err != nil {
		return nil, err
	}
	if p.odoo, err = odootest.Run(odootest.Options{DB: "production"}, "127.0.0.1:0"); err != nil {
		return nil, err
	}
	if p.address, p.release, err = freeport.Reserve(ctx); err != nil {
		return nil, err
	}
	// The account that documents speak of is the stand-in's administrator.
	p.substitute = substitute{strings.NewReplacer(
		"127.0.0.1:8080", p.address, "localhost:8080", p.address, "0.0.0.0:8080", p.address,
		"https://erp.example.com", p.odoo.URL(), "api@example.com", odootest.AdminLogin,
		"/run/secrets/", filepath.Join(p.folder, "secrets")+"/",
	)}
	out, err := p.bash(ctx, "odoograph demo --log-level WARN")
	if err != nil {
		return nil, fmt.Errorf("%w: %s", err, out)
	}
	return p, nil
}

// install fills the folders.
func (p *place) install() error {
	files, err := fs.ReadDir(wrappers, "wrappers")
	if err != nil {
		return err
	}
	for _, file := range files {
		content, err := wrappers.ReadFile("wrappers/" + file.Name())
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(p.folder, "bin", file.Name()), content, 0o700); err != nil { //nolint:gosec // it is executed
			return err
		}
	}
	for name, content := range map[string]string{"odoo": odootest.AdminLogin, "odoo-key": odootest.AdminKey} {
		if err := os.WriteFile(filepath.Join(p.folder, "secrets", name), []byte(content+"\n"), 0o600); err != nil {
			return err
		}
	}
	if p.runner.Packages == "" {
		return nil
	}
	modules := filepath.Join(p.runner.Packages, "node_modules")
	return errors.Join(
		os.Symlink(modules, filepath.Join(p.work, "node_modules")),
		os.WriteFile(filepath.Join(p.work, "package.json"), []byte(`{"type": "module"}`), 0o600),
	)
}

// close stops all that was started, and removes the folder.
func (p *place) close() {
	if pid, err := os.ReadFile(filepath.Join(p.state, "pid")); err == nil {
		stop(string(pid))
	}
	for _, group := range p.groups {
		stopGroup(group)
	}
	if p.odoo != nil {
		p.odoo.Close()
	}
	if p.release != nil {
		p.release()
	}
	_ = os.RemoveAll(p.folder)
}

// step does what is to be done with a block.
func (p *place) step(ctx context.Context, s *step) error {
	ctx, cancel := context.WithTimeout(ctx, blockTimeout)
	defer cancel()
	if s.before != "" {
		if out, err := p.bash(ctx, p.Replace(s.before)); err != nil {
			return fmt.Errorf("what makes ready for it: %w: %s", err, out)
		}
	}
	text := p.Replace(s.Text)
	if s.file != "" {
		if err := p.write(s.file, text); err != nil {
			return err
		}
	}
	if s.action != executed {
		return nil
	}
	if s.file != "" && s.answer == nil && executable[s.Language] == "node" {
		return nil // what imports it executes it, or the end
	}
	var got string
	var err error
	switch s.Language {
	case "sh":
		got, err = p.bash(ctx, text)
	case "graphql":
		got, err = p.graphql(ctx, s, text)
	case "http":
		got, err = p.http(ctx, s, text)
	default:
		got, err = p.script(ctx, s, text)
	}
	if err != nil {
		return err
	}
	if s.answer == nil {
		return nil
	}
	return match(s.answer, p.Replace(s.answer.Text), got)
}

// write puts text into a file of the blocks.
func (p *place) write(name, text string) error {
	path := filepath.Join(p.work, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text), 0o600)
}

// hasWord tells whether a block has a word after its language.
func hasWord(block *markdown.Block, word string) bool {
	for _, w := range block.Words {
		if w == word {
			return true
		}
	}
	return false
}
