package loaders

import (
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"odoograph/internal/casing"
)

// Schema says which Odoo model and field stands behind each type and field of a
// GraphQL schema.
type Schema struct {
	types map[string]*entity // by the name of the GraphQL type
}

// entity is an object type that stands for an Odoo model.
type entity struct {
	name   string
	model  string
	module string // the Odoo module that brings the model
	domain []base
	// reference tells that the records change rarely and are nobody's business data.
	reference bool
	fields    map[string]*mapping
}

// base is a condition that every record of the type meets.
type base struct{ field, op, value string }

// mapping says what stands behind a field of an object type.
type mapping struct {
	name       string // of the GraphQL field
	scalar     string // the GraphQL scalar or "" for enums and relations
	nullable   bool
	candidates []candidate
	target     string              // the object type that a relation leads to
	many       bool                // whether the relation is a list
	keys       map[string][]string // of an enum: its values to Odoo's keys
	values     map[string]string   // of an enum: Odoo's keys to its values
}

// candidate is one of the names that a field has in Odoo. With equals it is the
// truth of a comparison instead.
type candidate struct{ name, equals string }

// NewSchema reads the map from the schema's @odoo directives.
func NewSchema(schema *ast.Schema) (*Schema, error) {
	s := &Schema{types: map[string]*entity{}}
	for name, def := range schema.Types {
		directive := def.Directives.ForName("odoo")
		if def.Kind != ast.Object || directive == nil {
			continue
		}
		args := directive.ArgumentMap(nil)
		e := &entity{name: name, fields: map[string]*mapping{}}
		e.model, _ = args["model"].(string)
		e.module, _ = args["module"].(string)
		e.reference, _ = args["reference"].(bool)
		if e.model == "" || e.module == "" {
			return nil, fmt.Errorf("type %s: @odoo needs a model and a module", name)
		}
		for _, condition := range texts2(args["domain"]) {
			if len(condition) != 3 {
				return nil, fmt.Errorf("type %s: a condition of @odoo(domain:) is a field, an operator and a value", name)
			}
			e.domain = append(e.domain, base{condition[0], condition[1], condition[2]})
		}
		for _, field := range def.Fields {
			if m := newMapping(schema, field); m != nil {
				e.fields[field.Name] = m
			}
		}
		s.types[name] = e
	}
	return s, nil
}

// newMapping returns nil for a field that no Odoo field stands behind: the global id.
func newMapping(schema *ast.Schema, field *ast.FieldDefinition) *mapping {
	if strings.HasPrefix(field.Name, "__") || field.Type.Name() == "ID" {
		return nil
	}
	m := &mapping{name: field.Name, nullable: !field.Type.NonNull, candidates: candidates(field)}
	target := schema.Types[field.Type.Name()]
	if edges := target.Fields.ForName("edges"); edges != nil {
		m.many = true
		target = schema.Types[schema.Types[edges.Type.Name()].Fields.ForName("node").Type.Name()]
	}
	switch target.Kind {
	case ast.Object:
		m.target = target.Name
	case ast.Enum:
		m.keys, m.values = enumKeys(target)
	default:
		m.scalar = target.Name
	}
	return m
}

func candidates(field *ast.FieldDefinition) []candidate {
	names := []string{casing.Snake(field.Name)}
	if directive := field.Directives.ForName("odoo"); directive != nil {
		args := directive.ArgumentMap(nil)
		if name, _ := args["field"].(string); name != "" {
			names = []string{name}
		}
		if list := texts(args["fields"]); len(list) > 0 {
			names = list
		}
	}
	out := make([]candidate, len(names))
	for i, name := range names {
		out[i].name, out[i].equals, _ = strings.Cut(name, "=")
	}
	return out
}

func enumKeys(enum *ast.Definition) (keys map[string][]string, values map[string]string) {
	keys, values = map[string][]string{}, map[string]string{}
	for _, value := range enum.EnumValues {
		list := []string{strings.ToLower(value.Name)}
		if directive := value.Directives.ForName("odoo"); directive != nil {
			list = texts(directive.ArgumentMap(nil)["keys"])
		}
		keys[value.Name] = list
		for _, key := range list {
			values[key] = value.Name
		}
	}
	return keys, values
}

func texts(v any) []string {
	list, _ := v.([]any)
	out := make([]string, len(list))
	for i, item := range list {
		out[i], _ = item.(string)
	}
	return out
}

func texts2(v any) [][]string {
	list, _ := v.([]any)
	out := make([][]string, len(list))
	for i, item := range list {
		out[i] = texts(item)
	}
	return out
}
