package contract

import (
	"github.com/vektah/gqlparser/v2/ast"
)

// Form is what a Value is in JSON.
type Form int

// The forms of values.
const (
	// Leaf is a scalar or an enum.
	Leaf Form = iota
	// Object is an object.
	Object
	// Array is an array.
	Array
	// Count is the number of items of a list.
	Count
)

// Value is a value of an answer.
type Value struct {
	Form Form
	// Type is the GraphQL type of a Leaf, an Object or an Array's items.
	Type *ast.Definition
	// Component is the name of the fragment that an Object is made of; "" for none.
	Component string
	// Description is what the document says of the fragment.
	Description string
	// Nullable tells whether it can be null.
	Nullable bool
	// Members are those of an Object.
	Members []*Member
	// Items are those of an Array; it has MaxItems at most.
	Items    *Value
	MaxItems int

	plain bool // what GraphQL answers is what REST answers
}

// Member is a member of an Object.
type Member struct {
	Name        string
	Description string
	// Deprecated tells why not to use it any more; "" for members in use.
	Deprecated string
	Value      *Value

	hidden bool // asked of GraphQL and not answered
	field  *ast.Field
	// inner is the field of a connection that is answered in its place: `nodes` or
	// `totalCount`.
	inner *ast.Field
}

// isPlain tells whether GraphQL's JSON of the value is REST's.
func (v *Value) isPlain() bool {
	switch v.Form {
	case Leaf:
		return v.Type.Kind != ast.Enum
	case Object:
		for _, m := range v.Members {
			if m.hidden || m.inner != nil || !m.Value.plain {
				return false
			}
		}
		return true
	}
	return false
}
