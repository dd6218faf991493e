package openapi

import (
	"bytes"
	"encoding/json"
)

// Ordered is a JSON object whose members keep their order.
type Ordered[V any] []Member[V]

// Member is a member of an Ordered object.
type Member[V any] struct {
	Name  string
	Value V
}

// Get returns the value of a member, the zero value if there is none.
func (o Ordered[V]) Get(name string) V {
	for _, m := range o {
		if m.Name == name {
			return m.Value
		}
	}
	var none V
	return none
}

// Set adds a member, or changes the value of one.
func (o *Ordered[V]) Set(name string, value V) {
	for i, m := range *o {
		if m.Name == name {
			(*o)[i].Value = value
			return
		}
	}
	*o = append(*o, Member[V]{name, value})
}

// MarshalJSON implements json.Marshaler.
func (o Ordered[V]) MarshalJSON() ([]byte, error) {
	b := bytes.NewBufferString("{")
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := encode(b, m.Name); err != nil {
			return nil, err
		}
		b.WriteByte(':')
		if err := encode(b, m.Value); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// encode writes a value as JSON for people: <, > and & as they are.
func encode(b *bytes.Buffer, value any) error {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	return e.Encode(value)
}
