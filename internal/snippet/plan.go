package snippet

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"odoograph/internal/markdown"
)

// action is what is done with a block.
type action int

const (
	executed action = iota
	parsed
	marked
)

// step is a block to go through, with those that belong to it.
type step struct {
	*markdown.Block
	action action
	// file is the name under which the block is written.
	file string
	// before are the commands that make ready for the block.
	before string
	// variables and answer are the blocks that say so.
	variables, answer *markdown.Block
}

// executable are the languages that are executed, with the program that does.
var executable = map[string]string{
	"sh": "bash", "graphql": "", "http": "", "js": "node", "ts": "node", "tsx": "node", "python": "python3", "php": "php",
}

// answers are the languages that an answer may have.
var answers = []string{"json", "text", "csv", "ndjson", "http", "xml"}

// plan says what is done with each block. A block that nothing can be done with is
// a failure.
func (r *Runner) plan(d *markdown.Document) ([]*step, []error) {
	var steps []*step
	var failures []error
	for i := range d.Blocks {
		block := &d.Blocks[i]
		s, err := r.planBlock(block, steps)
		if err != nil {
			failures = append(failures, fmt.Errorf("%s:%d: %w", d.Path, block.Line, err))
		} else if s != nil {
			steps = append(steps, s)
		}
	}
	return steps, failures
}

// planBlock returns the step of a block, or none where it belongs to the last one.
func (r *Runner) planBlock(block *markdown.Block, before []*step) (*step, error) {
	s := &step{Block: block}
	kind, rest, _ := strings.Cut(block.Comment, ":")
	rest = strings.TrimSpace(rest)
	switch {
	case block.Indented:
		return nil, errors.New("a block is made by a fence with a language, not by spaces")
	case block.Language == "":
		return nil, errors.New("the block has no language")
	case kind == "not run":
		if rest == "" {
			return nil, errors.New("the comment gives no reason why the block is not run")
		}
		s.action = marked
		return s, nil
	case kind == "from":
		s.action = parsed
		return s, r.quoted(rest, block.Text)
	case kind == "before":
		s.before = rest
	}
	if slices.Contains(block.Words, "answer") || slices.Contains(block.Words, "variables") {
		return nil, attach(block, before)
	}
	form, err := s.words()
	if err != nil {
		return nil, err
	}
	if _, ok := executable[block.Language]; ok && form == block.Language {
		return s, nil
	}
	s.action = parsed
	parse, ok := r.Forms[form]
	if !ok {
		parse, ok = forms[form]
	}
	if !ok {
		return nil, fmt.Errorf("nothing runs or parses a block of %q: mark it with <!-- not run: REASON -->, or as an answer", form)
	}
	return s, parse(block.Text)
}

// words reads the words after the language and returns the form of the block.
func (s *step) words() (form string, err error) {
	form = s.Language
	for _, word := range s.Words {
		name, isFile := strings.CutPrefix(word, "file=")
		switch {
		case isFile && filepath.IsLocal(name):
			s.file = name
		case word == "schema", word == "route":
			form += " " + word
		default:
			return "", fmt.Errorf("the word %q after the fence means nothing", word)
		}
	}
	return form, nil
}

// attach makes a block the answer or the variables of the last step.
func attach(block *markdown.Block, before []*step) error {
	if len(before) == 0 || before[len(before)-1].action != executed {
		return errors.New("there is no block before that is run: " + strings.Join(block.Words, " ") + " of what?")
	}
	last := before[len(before)-1]
	for _, word := range block.Words {
		if !slices.Contains([]string{"answer", "part", "variables"}, word) {
			return fmt.Errorf("the word %q after the fence means nothing here", word)
		}
	}
	if block.Language == "json" {
		if err := forms["json"](block.Text); err != nil {
			return err
		}
	}
	if slices.Contains(block.Words, "variables") {
		if last.Language != "graphql" || block.Language != "json" || last.variables != nil {
			return errors.New("variables are JSON, and once for a graphql block")
		}
		last.variables = block
		return nil
	}
	if !slices.Contains(answers, block.Language) || last.answer != nil {
		return fmt.Errorf("an answer is one block of %s", strings.Join(answers, ", "))
	}
	last.answer = block
	return nil
}

// quoted tells whether a file of the repository has the text.
func (r *Runner) quoted(path, text string) error {
	content, err := os.ReadFile(filepath.Join(r.Root, filepath.FromSlash(path)))
	if err != nil {
		return err
	}
	if !strings.Contains(string(content), text) {
		return fmt.Errorf("%s does not have these lines", path)
	}
	return nil
}

// byInterpreter are commands that need more than bash.
var byInterpreter = regexp.MustCompile(`(?m)(?:^|[\s|;&(])(npm|npx|node|python3|php)\s`)

// wanting returns the program without which the steps cannot be executed, or none.
func (r *Runner) wanting(steps []*step) string {
	needed := []string{"bash", "curl"}
	for _, s := range steps {
		if s.action != executed {
			continue
		}
		if name := executable[s.Language]; name != "" {
			needed = append(needed, name)
		}
		for _, found := range byInterpreter.FindAllStringSubmatch(s.Text, -1) {
			name := found[1]
			if s.Language != "sh" {
				continue
			} else if strings.HasPrefix(name, "np") {
				name = "node"
			}
			needed = append(needed, name)
		}
	}
	for _, name := range needed {
		_, err := exec.LookPath(name)
		if err != nil || name != "bash" && name != "curl" && r.Packages == "" {
			return name
		}
	}
	return ""
}
