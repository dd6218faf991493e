package schemadiff

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

func (c *comparison) fields(from, to *ast.Definition) {
	each(fieldsOf(from), fieldsOf(to), func(name string, old, now *ast.FieldDefinition) {
		element := from.Name + "." + name
		switch {
		case now == nil:
			c.add(Breaking, element, "was removed")
		case old == nil:
			c.add(Safe, element, "is new: `"+now.Type.String()+"`")
		default:
			c.answerType(element, old.Type, now.Type)
			c.arguments(element, old.Arguments, now.Arguments)
			c.demands(element, old.Directives, now.Directives)
			c.deprecation(element, old.Directives, now.Directives)
		}
	})
}

func (c *comparison) inputFields(from, to *ast.Definition) {
	each(fieldsOf(from), fieldsOf(to), func(name string, old, now *ast.FieldDefinition) {
		c.given(from.Name+"."+name, inputOf(old), inputOf(now))
	})
}

func (c *comparison) arguments(element string, from, to ast.ArgumentDefinitionList) {
	name := func(a *ast.ArgumentDefinition) string { return a.Name }
	each(byName(from, name), byName(to, name), func(name string, old, now *ast.ArgumentDefinition) {
		c.given(element+"("+name+":)", argumentOf(old), argumentOf(now))
	})
}

// input is what a client gives: an argument or a field of an input.
type input struct {
	typ        *ast.Type
	value      *ast.Value // by default
	directives ast.DirectiveList
}

func inputOf(f *ast.FieldDefinition) *input {
	if f == nil {
		return nil
	}
	return &input{f.Type, f.DefaultValue, f.Directives}
}

func argumentOf(a *ast.ArgumentDefinition) *input {
	if a == nil {
		return nil
	}
	return &input{a.Type, a.DefaultValue, a.Directives}
}

// given compares what a client may give. A new one that may be left out is safe:
// documents without it mean what they meant.
func (c *comparison) given(element string, old, now *input) {
	switch {
	case now == nil:
		c.add(Breaking, element, "was removed")
		return
	case old == nil && now.typ.NonNull && now.value == nil:
		c.add(Breaking, element, "is new and must be given: `"+now.typ.String()+"`")
		return
	case old == nil:
		c.add(Safe, element, "is new: `"+now.typ.String()+"`")
		return
	}
	if old.typ.String() != now.typ.String() {
		severity := Breaking
		if narrower(old.typ, now.typ) {
			severity = Safe
		}
		c.add(severity, element, typeChange(old.typ, now.typ))
	}
	before, after := defaultOf(old), defaultOf(now)
	switch {
	case before == after:
	case now.value == nil && now.typ.NonNull && old.typ.NonNull:
		c.add(Breaking, element, "must be given now; it was "+before+" otherwise")
	default:
		c.add(Dangerous, element, "is "+after+" when it is not given; it was "+before)
	}
	c.deprecation(element, old.directives, now.directives)
}

func defaultOf(in *input) string {
	if in.value == nil {
		return "nothing"
	}
	return "`" + in.value.String() + "`"
}

func (c *comparison) answerType(element string, old, now *ast.Type) {
	if old.String() == now.String() {
		return
	}
	severity := Breaking
	if narrower(now, old) {
		severity = Safe
	}
	c.add(severity, element, typeChange(old, now))
}

// narrower tells whether every value of a type is one of another: it may be non-null
// where that is not.
func narrower(t, of *ast.Type) bool {
	if of.NonNull && !t.NonNull {
		return false
	}
	if t.Elem == nil || of.Elem == nil {
		return t.Elem == nil && of.Elem == nil && t.NamedType == of.NamedType
	}
	return narrower(t.Elem, of.Elem)
}

func typeChange(old, now *ast.Type) string {
	text := "is `" + now.String() + "`; it was `" + old.String() + "`"
	if strings.ReplaceAll(old.String(), "!", "") != strings.ReplaceAll(now.String(), "!", "") {
		return text
	}
	if len(now.String()) > len(old.String()) {
		return "cannot be null any more: " + text[len("is "):]
	}
	return "may be null now: " + text[len("is "):]
}

func fieldsOf(def *ast.Definition) map[string]*ast.FieldDefinition {
	fields := byName(def.Fields, func(f *ast.FieldDefinition) string { return f.Name })
	for name := range fields {
		if strings.HasPrefix(name, "__") {
			delete(fields, name)
		}
	}
	return fields
}
