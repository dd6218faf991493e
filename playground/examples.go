package playground

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

//go:embed examples
var exampleFiles embed.FS

// Example is a query that the page offers. It is made of files: NAME.graphql, whose
// leading comment is the title and what the example shows; NAME.json with its
// variables; and NAME.before.graphql, a query that finds what the variables name, for
// no id is the same in two Odoos.
type Example struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	About string `json:"about"`
	Query string `json:"query"`
	// Variables is a JSON object, or nothing. A value like "$.partners.nodes.0.id" is
	// a path into the answer to Before.
	Variables json.RawMessage `json:"variables,omitempty"`
	Before    string          `json:"before,omitempty"`
}

// Examples returns all examples, in the order of their names, which begin with a
// number for its sake.
func Examples() []Example {
	var examples []Example
	names, err := fs.Glob(exampleFiles, "examples/*.graphql")
	if err != nil {
		panic(err) // the pattern is right
	}
	for _, path := range names {
		name := strings.TrimSuffix(path, ".graphql")
		if strings.HasSuffix(name, ".before") {
			continue
		}
		e := Example{Name: strings.TrimPrefix(name, "examples/"), Query: text(path), Before: text(name + ".before.graphql")}
		if variables := text(name + ".json"); variables != "" {
			e.Variables = json.RawMessage(variables)
		}
		e.Title, e.About = describe(e.Query)
		examples = append(examples, e)
	}
	return examples
}

// text returns a file, "" where there is none.
func text(path string) string {
	content, err := exampleFiles.ReadFile(path)
	if err != nil {
		return ""
	}
	return string(content)
}

// describe reads the comment that a document begins with.
func describe(query string) (title, about string) {
	var rest []string
	for line := range strings.Lines(query) {
		comment, ok := strings.CutPrefix(strings.TrimSpace(line), "#")
		if !ok {
			break
		}
		if comment = strings.TrimSpace(comment); title == "" {
			title = comment
		} else {
			rest = append(rest, comment)
		}
	}
	return title, strings.Join(rest, " ")
}

// Fill returns the variables with what the answer to Before has for them.
func (e Example) Fill(answer any) (map[string]any, error) {
	variables := map[string]any{}
	if e.Variables == nil {
		return variables, nil
	}
	if err := json.Unmarshal(e.Variables, &variables); err != nil {
		return nil, fmt.Errorf("%s.json: %w", e.Name, err)
	}
	_, err := fill(variables, answer)
	return variables, err
}

// fill replaces the paths in a value, in place where it can.
func fill(value, answer any) (any, error) {
	var err error
	switch v := value.(type) {
	case map[string]any:
		for name, part := range v {
			if v[name], err = fill(part, answer); err != nil {
				return nil, err
			}
		}
	case []any:
		for i, part := range v {
			if v[i], err = fill(part, answer); err != nil {
				return nil, err
			}
		}
	case string:
		if path, ok := strings.CutPrefix(v, "$."); ok {
			return follow(answer, path)
		}
	}
	return value, nil
}

// follow returns what a path of names and indexes leads to.
func follow(value any, path string) (any, error) {
	for step := range strings.SplitSeq(path, ".") {
		switch v := value.(type) {
		case map[string]any:
			value = v[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(v) {
				return nil, fmt.Errorf("there is no %s in the answer", path)
			}
			value = v[i]
		}
	}
	if value == nil {
		return nil, fmt.Errorf("there is no %s in the answer", path)
	}
	return value, nil
}
