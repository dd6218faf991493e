package pages

import (
	"fmt"
	"io/fs"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// Example is an operation that shows how to use a field.
type Example struct {
	Name, Text string
}

// Examples returns those of the fields of Query and Mutation, by "Query.partners".
// Each is about the first field that it selects. All queries hold on any Odoo.
func Examples() (map[string][]Example, error) {
	paths, err := fs.Glob(embedded, "examples/*.graphql")
	if err != nil {
		return nil, err
	}
	examples := map[string][]Example{}
	for _, path := range paths {
		text, err := embedded.ReadFile(path)
		if err != nil {
			return nil, err
		}
		document, err := parser.ParseQuery(&ast.Source{Name: path, Input: string(text)})
		if err != nil {
			return nil, err
		}
		for i, operation := range document.Operations {
			end := len(text)
			if i+1 < len(document.Operations) {
				end = document.Operations[i+1].Position.Start
			}
			field, ok := operation.SelectionSet[0].(*ast.Field)
			if !ok {
				return nil, fmt.Errorf("%s: %s does not begin with a field", path, operation.Name)
			}
			root := map[ast.Operation]string{ast.Query: "Query.", ast.Mutation: "Mutation."}[operation.Operation]
			examples[root+field.Name] = append(examples[root+field.Name], Example{
				operation.Name, strings.TrimSpace(string(text[operation.Position.Start:end])),
			})
		}
	}
	return examples, nil
}
