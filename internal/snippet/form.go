package snippet

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/goccy/go-yaml"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// forms parse what is not executed.
var forms = map[string]func(text string) error{
	"json": func(text string) error {
		decoder := json.NewDecoder(strings.NewReader(text))
		var value any
		if err := decoder.Decode(&value); err != nil {
			return err
		}
		if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
			return errors.New("something follows the JSON")
		}
		return nil
	},
	"toml": TOML,
	"yaml": func(text string) error { var value any; return yaml.Unmarshal([]byte(text), &value) },
	"graphql schema": func(text string) error {
		_, err := parser.ParseSchema(&ast.Source{Input: text})
		if err != nil {
			return err
		}
		return nil
	},
	"ini": parseINI, "nginx": parseNginx, "dockerfile": parseDockerfile,
}

// TOML tells whether a text is TOML.
func TOML(text string) error {
	var value map[string]any
	_, err := toml.Decode(text, &value)
	return err
}

// parseINI reads a file of sections and settings, as systemd does.
func parseINI(text string) error {
	section := false
	for i, line := range lines(text) {
		switch {
		case line == "", line[0] == '#', line[0] == ';':
		case line[0] == '[' && strings.HasSuffix(line, "]"):
			section = true
		case !section:
			return fmt.Errorf("line %d stands in no section", i+1)
		case strings.Index(line, "=") < 1:
			return fmt.Errorf("line %d is no setting", i+1)
		}
	}
	return nil
}

// parseNginx reads directives, which end with a semicolon or a block.
func parseNginx(text string) error {
	depth := 0
	for i, line := range lines(text) {
		line, _, _ = strings.Cut(line, "#")
		line = strings.TrimSpace(line)
		depth += strings.Count(line, "{") - strings.Count(line, "}")
		if depth < 0 {
			return fmt.Errorf("line %d closes a block that is not open", i+1)
		}
		if line != "" && !slices.Contains([]byte{';', '{', '}'}, line[len(line)-1]) {
			return fmt.Errorf("line %d ends without a semicolon", i+1)
		}
	}
	if depth > 0 {
		return errors.New("a block is not closed")
	}
	return nil
}

// instructions are those of a Dockerfile.
var instructions = []string{
	"ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
}

// parseDockerfile reads instructions, the first of which says where to begin.
func parseDockerfile(text string) error {
	begun, continued := false, false
	for i, line := range lines(text) {
		word, _, _ := strings.Cut(line, " ")
		switch {
		case line == "" || line[0] == '#':
			continue
		case continued:
		case !slices.Contains(instructions, strings.ToUpper(word)):
			return fmt.Errorf("line %d: %s is no instruction", i+1, word)
		case !begun && word != "FROM" && word != "ARG":
			return fmt.Errorf("line %d: FROM comes first", i+1)
		}
		begun, continued = true, strings.HasSuffix(line, `\`)
	}
	if !begun {
		return errors.New("there is no instruction")
	}
	return nil
}
