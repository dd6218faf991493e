package contract

import (
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"

	"odoograph/graph/relay"
)

// object makes a value of what is selected of an object.
func (c *compiler) object(def *ast.Definition, set ast.SelectionSet) (*Value, error) {
	v := &Value{Form: Object, Type: def}
	if len(set) == 1 {
		if spread, ok := set[0].(*ast.FragmentSpread); ok {
			v.Component, v.Description = spread.Name, spread.Definition.Description
		}
	}
	if err := c.members(v, set); err != nil {
		return nil, err
	}
	v.plain = v.isPlain()
	return v, nil
}

// members adds what is selected, through fragments, to an object.
func (c *compiler) members(v *Value, set ast.SelectionSet) error {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.FragmentSpread:
			if err := c.members(v, s.Definition.SelectionSet); err != nil {
				return err
			}
		case *ast.Field:
			if len(s.Directives) > 0 {
				return at(s.Position, "a field of a route has no directives")
			}
			m, err := c.member(s)
			if err != nil {
				return err
			}
			if v.Member(m.Name) != nil {
				return at(s.Position, "%s is selected twice", m.Name)
			}
			v.Members = append(v.Members, m)
		default:
			return at(selection.GetPosition(), "a route has named fragments only")
		}
	}
	return nil
}

func (c *compiler) member(s *ast.Field) (*Member, error) {
	m := &Member{Name: s.Alias, Description: s.Definition.Description}
	if s.Alias == s.Name {
		m.Name = c.names.of(s.ObjectDefinition.Name, s.Name)
	}
	if reason := s.Definition.Directives.ForName("deprecated"); reason != nil {
		m.Deprecated, _ = reason.ArgumentMap(nil)["reason"].(string)
	}
	field := *s
	field.Alias, field.SelectionSet = m.Name, nil
	m.field = &field
	def := c.schema.Types[s.Definition.Type.Name()]
	nullable := !s.Definition.Type.NonNull
	var err error
	switch {
	case def.Kind == ast.Scalar || def.Kind == ast.Enum:
		if s.Definition.Type.Elem != nil {
			return nil, at(s.Position, "a route has no lists of %s", def.Name)
		}
		m.Value = &Value{Form: Leaf, Type: def}
		m.Value.plain = m.Value.isPlain()
	case isConnection(s):
		err = c.nested(m, s)
	default:
		m.Value, err = c.object(def, s.SelectionSet)
	}
	if err != nil {
		return nil, err
	}
	m.Value.Nullable = nullable
	return m, nil
}

// nested makes an array, or a number, of a connection within a record.
func (c *compiler) nested(m *Member, s *ast.Field) error {
	if inner := soleField(s, "totalCount"); inner != nil {
		m.inner, m.Value = inner, &Value{Form: Count}
		return nil
	}
	inner := soleField(s, "nodes")
	if inner == nil {
		return at(s.Position, "a list within a record selects either `nodes` alone or `totalCount` alone")
	}
	def := c.schema.Types[inner.Definition.Type.Name()]
	items, err := c.object(def, inner.SelectionSet)
	if err != nil {
		return err
	}
	m.inner = inner
	m.Value = &Value{Form: Array, Type: def, Items: items, MaxItems: relay.DefaultPageSize}
	if first := s.Arguments.ForName("first"); first != nil {
		if m.Value.MaxItems, err = strconv.Atoi(first.Value.Raw); err != nil {
			return at(first.Position, "`first` of a list within a record is a number")
		}
	}
	return nil
}

// Member returns the member of this name, nil if there is none that clients see.
func (v *Value) Member(name string) *Member {
	for _, m := range v.Members {
		if m.Name == name && !m.hidden {
			return m
		}
	}
	return nil
}
