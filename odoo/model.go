package odoo

import (
	"context"
	"fmt"
	"slices"

	"odoograph/apierror"
)

// Field is what Odoo says of a field of a model.
type Field struct {
	Name string
	Type string // Odoo's name of the type: "many2one"
	// Relation is the model that a relational field refers to.
	Relation string
	// Selection holds the keys of a selection field.
	Selection []string
	Required  bool
	// Inverse is the field of the related model that refers back here, of a one2many.
	Inverse string
	// Unchecked tells of a many2one that Odoo writes without looking whether the
	// record is there.
	Unchecked bool
	// Translated tells whether the field has a text for each language.
	Translated bool
	// Searchable and Sortable tell whether a domain and an order may name the
	// field. Odoo up to 14 drops the field from both without a word where they may not.
	Searchable, Sortable bool
}

// Model is what Odoo says of a model: those of its fields that were asked for
// and that exist and are readable for the user.
type Model struct {
	Name   string
	Fields map[string]*Field
	// Reference tells that the records are reference data: see Config.ReferenceTTL.
	// It is not Odoo that says so, but whoever asked for the model.
	Reference bool
}

// HasField tells whether the model has a field of this name.
func (m *Model) HasField(name string) bool { return m.Fields[name] != nil }

// isToMany tells whether the field holds a list of records.
func (f *Field) isToMany() bool { return f.Type == "one2many" || f.Type == "many2many" }

// isText tells whether the field is stored as a text. So is a selection, whose
// keys the schema may not know.
func (f *Field) isText() bool {
	return f.Type == "char" || f.Type == "text" || f.Type == "html" || f.Type == "selection"
}

func (f *Field) isNumber() bool {
	return f.Type == "integer" || f.Type == "float" || f.Type == "monetary"
}

// attributes are those of fields_get that Field keeps. Without them Odoo sends
// all, and one of 19's price lists cannot be said in XML-RPC.
var attributes = []any{"type", "relation", "relation_field", "selection", "required", "translate", "searchable", "sortable", "store", "company_dependent"}

// Model asks Odoo about the named fields of a model. It returns nil without an
// error when this Odoo has no such model.
func (s *Session) Model(ctx context.Context, name string, fields []string) (*Model, error) {
	result, err := s.Do(ctx, Call{Model: name, Method: "fields_get", Args: map[string]any{
		"allfields": anySlice(append(slices.Clone(fields), "id", "active")), "attributes": attributes,
	}})
	if isUnknownModel(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	described, ok := result.(*Object)
	if !ok {
		return nil, Unexpected("fields_get", result)
	}
	m := &Model{Name: name, Fields: map[string]*Field{}}
	for field, description := range described.All {
		attributes, _ := description.(*Object)
		m.Fields[field] = newField(field, attributes)
	}
	return m, nil
}

func newField(name string, attributes *Object) *Field {
	f := &Field{Name: name, Type: attributes.text("type"), Relation: attributes.text("relation"), Inverse: attributes.text("relation_field")}
	f.Translated, _ = attributes.Get("translate").(bool)
	f.Required, _ = attributes.Get("required").(bool)
	f.Searchable, _ = attributes.Get("searchable").(bool)
	f.Sortable, _ = attributes.Get("sortable").(bool)
	stored, _ := attributes.Get("store").(bool)
	perCompany, _ := attributes.Get("company_dependent").(bool)
	f.Unchecked = f.Type == "many2one" && (!stored || perCompany) // it has no foreign key
	pairs, _ := attributes.Get("selection").([]any)
	for _, pair := range pairs {
		if pair, ok := pair.([]any); ok && len(pair) > 0 {
			if key, err := decodeText(pair[0]); err == nil {
				f.Selection = append(f.Selection, key)
			}
		}
	}
	return f
}

// Unexpected is the error for an answer of a shape that Odoo never gives.
func Unexpected(method string, result any) error {
	return apierror.Wrap(apierror.UpstreamError, "Odoo gave an answer that the gateway does not understand.",
		fmt.Errorf("odoo: %s returned %T", method, result))
}

func anySlice[T any](list []T) []any {
	out := make([]any, len(list))
	for i, item := range list {
		out[i] = item
	}
	return out
}
