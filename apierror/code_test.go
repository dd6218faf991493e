package apierror

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strconv"
	"strings"
	"testing"
)

// Every code has its place in the table, and in the document that is made of it.
func TestEveryCodeIsInTheTable(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "code.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	document, err := os.ReadFile("../docs/errors.md")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || spec.Type == nil || len(spec.Values) != 1 {
			return true
		}
		if name, ok := spec.Type.(*ast.Ident); !ok || name.Name != "Code" {
			return true
		}
		text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		count++
		m, known := meanings[Code(text)]
		if !known || m.When == "" || m.Do == "" || m.Status < 400 {
			t.Errorf("%s means %+v", text, m)
		}
		if !strings.Contains(string(document), "| `"+text+"` |") {
			t.Errorf("%s is not in docs/errors.md", text)
		}
		return true
	})
	if count != len(meanings) {
		t.Errorf("%d codes, %d meanings", count, len(meanings))
	}
}
