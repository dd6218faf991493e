package scenario

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"odoograph/endpoint"
)

// everyField returns, for each list of the query root, a query for all that its
// type has: scalars, the id of what it refers to, the count of its lists.
func everyField(t *testing.T) map[string]string {
	t.Helper()
	schema := endpoint.Schema().Schema()
	queries := map[string]string{}
	for _, root := range schema.Query.Fields {
		typeName, isList := strings.CutSuffix(root.Type.Name(), "Connection")
		if !isList {
			continue
		}
		var fields []string
		for _, field := range schema.Types[typeName].Fields {
			target := schema.Types[field.Type.Name()]
			switch {
			case strings.HasSuffix(target.Name, "Connection"):
				fields = append(fields, field.Name+" { totalCount }")
			case target.Kind == ast.Object:
				fields = append(fields, field.Name+" { databaseId displayName }")
			default:
				fields = append(fields, field.Name)
			}
		}
		queries[root.Name] = fmt.Sprintf("{ %s(first: 50) { nodes { %s } } }", root.Name, strings.Join(fields, " "))
	}
	return queries
}
