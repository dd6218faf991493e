package contract

import (
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"

	"odoograph/internal/casing"
)

// names are the names in REST of the fields of GraphQL types: what a document
// calls a field once is its name everywhere in the version.
type names map[string]map[string]string // by type and field

// add notes the name that a document gives a field that clients can send, too.
func (n names) add(schema *ast.Schema, field *ast.Field) error {
	owner := field.ObjectDefinition.Name
	filter := schema.Types[owner+"Filter"]
	if field.Alias == field.Name || field.Alias == resultAlias || filter == nil || filter.Fields.ForName(field.Name) == nil {
		return nil
	}
	if known, ok := n[owner][field.Name]; ok && known != field.Alias {
		return fmt.Errorf("%s.%s is called %s here and %s elsewhere: a version has one name for a field", owner, field.Name, field.Alias, known)
	}
	if n[owner] == nil {
		n[owner] = map[string]string{}
	}
	n[owner][field.Name] = field.Alias
	return nil
}

// of returns the name of a type's field.
func (n names) of(owner, field string) string {
	if name, ok := n[owner][field]; ok {
		return name
	}
	if field == "databaseId" {
		return "id"
	}
	return casing.Snake(field)
}
