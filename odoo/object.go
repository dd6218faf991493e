package odoo

// Object is a JSON object, or an XML-RPC struct, in an answer of Odoo. Answers
// are long lists of objects with the same names, which share one list of them.
type Object struct {
	names  []string
	values []any
}

// Get returns the value of a name, nil where there is none. It reads a nil
// object as one without names, so that a failed type assertion needs no care.
func (o *Object) Get(name string) any {
	if o == nil {
		return nil
	}
	if i := o.find(name); i >= 0 {
		return o.values[i]
	}
	return nil
}

// at returns the value at a place, nil for the place of a missing name.
func (o *Object) at(i int) any {
	if i < 0 {
		return nil
	}
	return o.values[i]
}

func (o *Object) find(name string) int {
	for i, known := range o.names {
		if known == name {
			return i
		}
	}
	return -1
}

// text returns the value of a name if it is a text, else "".
func (o *Object) text(name string) string {
	text, _ := o.Get(name).(string)
	return text
}

// All calls yield with each name and value, in the order of the answer, until it
// returns false.
func (o *Object) All(yield func(name string, value any) bool) {
	if o == nil {
		return
	}
	for i, name := range o.names {
		if !yield(name, o.values[i]) {
			return
		}
	}
}

// set adds a name with its value. Of a name that comes twice the last value
// counts, as everywhere in Go.
func (o *Object) set(name string, value any) {
	if i := o.find(name); i >= 0 {
		o.values[i] = value
		return
	}
	o.names, o.values = append(o.names, name), append(o.values, value)
}
