package scenario

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// contract is an OpenAPI document, and judges by it what gateways answer.
type contract struct {
	prism *prism
	base  string // the path of the server, which the document's paths lack
}

// theContracts are those of the documents that the list of paths ODOOGRAPH_OPENAPI
// names, judged by the prism at ODOOGRAPH_PRISM; none where these are not set.
var theContracts = sync.OnceValues(func() ([]*contract, error) {
	program := os.Getenv("ODOOGRAPH_PRISM")
	if program == "" {
		return nil, nil
	}
	directory, err := os.MkdirTemp("", "contract")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(directory) }()
	var all []*contract
	for _, document := range filepath.SplitList(os.Getenv("ODOOGRAPH_OPENAPI")) {
		text, err := os.ReadFile(document)
		if err != nil {
			return nil, err
		}
		c, err := openContract(program, text, directory)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", document, err)
		}
		all = append(all, c)
	}
	return all, nil
})

// openContract starts prism with a stricter form of the document, written into a
// directory that is not needed afterwards.
func openContract(program string, document []byte, directory string) (*contract, error) {
	var whole struct {
		Servers []struct {
			URL string `json:"url"`
		} `json:"servers"`
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	var tree any
	for _, into := range []any{&whole, &tree} {
		if err := json.Unmarshal(document, into); err != nil {
			return nil, err
		}
	}
	if len(whole.Servers) == 0 {
		return nil, fmt.Errorf("the document has no server")
	}
	server, err := url.Parse(whole.Servers[0].URL)
	if err != nil {
		return nil, err
	}
	tighten(tree)
	text, err := json.Marshal(tree)
	if err != nil {
		return nil, err
	}
	file := filepath.Join(directory, rand.Text()+".json") // prism starts anew when it changes
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return nil, err
	}
	c := &contract{base: strings.TrimSuffix(server.Path, "/")}
	if c.prism, err = startPrism(program, file); err != nil {
		return nil, err
	}
	tried := map[string]bool{} // most answers are components, which many routes have
	for path, operations := range whole.Paths {
		for method, text := range operations {
			var operation struct {
				Responses map[string]json.RawMessage `json:"responses"`
			}
			if json.Unmarshal(text, &operation) != nil {
				continue // what is beside the operations, as parameters of all
			}
			for status, answer := range operation.Responses {
				if tried[string(answer)] {
					continue
				}
				tried[string(answer)] = true
				if err := c.prism.judges(method, path, status); err != nil {
					return nil, err
				}
			}
		}
	}
	return c, nil
}

// judges makes sure that prism sees what is wrong: of a schema that it cannot read
// it says nothing, and then finds every answer right.
func (p *prism) judges(method, path, status string) error {
	code, err := strconv.Atoi(status)
	if err != nil || code == http.StatusNoContent || code == http.StatusNotModified {
		return nil // "default", or nothing to be wrong
	}
	for strings.Contains(path, "{") { // any value will do
		before, rest, _ := strings.Cut(path, "{")
		_, after, _ := strings.Cut(rest, "}")
		path = before + "1" + after
	}
	wrong := exchange{
		method: strings.ToUpper(method), path: path,
		status: code, answer: message{http.Header{"Content-Type": {"application/json"}}, []byte("7")},
	}
	found, err := p.violations(wrong)
	if err == nil && !slices.ContainsFunc(found, func(v string) bool { return strings.HasPrefix(v, "response.") }) {
		err = fmt.Errorf("prism does not judge %s %s %s", method, path, status)
	}
	return err
}

// tighten closes every object of a document, so that fields that it does not tell
// of are seen, and lets a problem stand for an error and an error for a problem:
// prism looks at the first JSON type alone. 501 gets the number that prism sees.
func tighten(node any) {
	switch node := node.(type) {
	case []any:
		for _, child := range node {
			tighten(child)
		}
	case map[string]any:
		for _, child := range node {
			tighten(child)
		}
		if _, open := node["additionalProperties"]; !open && node["type"] == "object" && node["properties"] != nil {
			node["additionalProperties"] = false
		}
		if response, ok := node["501"]; ok {
			node[strconv.Itoa(notImplemented)] = response
		}
		plain, _ := node["application/json"].(map[string]any)
		problem, _ := node["application/problem+json"].(map[string]any)
		if plain != nil && problem != nil {
			either := map[string]any{"schema": map[string]any{"anyOf": []any{plain["schema"], problem["schema"]}}}
			node["application/json"], node["application/problem+json"] = either, either
		}
	}
}
