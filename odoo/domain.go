package odoo

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"odoograph/apierror"
)

// Domain is a condition on records. The zero value matches every record. It is
// built with the functions below, never from what a client wrote: Odoo executes
// a malformed or unsearchable condition as if it were not there.
type Domain struct {
	kind     domainKind
	children []Domain // of and, or, not
	path     []Step   // of a condition
	op       Op
	value    any
}

type domainKind int

const (
	all domainKind = iota
	and
	or
	not
	condition
	related // some record of a to-many field meets children[0]
)

// Step is one field of a path: of the model itself, or of the record that the
// step before it refers to. The model must know the field.
type Step struct {
	Model *Model
	Field string
}

// Op compares a field with a value.
type Op string

// The comparisons. Their values are those of the typed Go values in this package.
const (
	Equal          Op = "="
	NotEqual       Op = "!="
	In             Op = "in" // []any
	Less           Op = "<"
	LessOrEqual    Op = "<="
	Greater        Op = ">"
	GreaterOrEqual Op = ">="
	Contains       Op = "ilike"          // string, in upper or lower case
	StartsWith     Op = "=ilike prefix%" // string, in upper or lower case
	EndsWith       Op = "=ilike %suffix" // string, in upper or lower case
	IsNull         Op = "is null"        // bool
)

// And matches what all of the domains match.
func And(domains ...Domain) Domain { return join(and, domains) }

// Or matches what any of the domains matches; with none it matches nothing.
func Or(domains ...Domain) Domain { return Domain{kind: or, children: domains} }

// Not matches what the domain does not match.
func Not(domain Domain) Domain { return Domain{kind: not, children: []Domain{domain}} }

// Where matches the records whose field at the end of the path compares with the value.
func Where(path []Step, op Op, value any) Domain {
	return Domain{kind: condition, path: path, op: op, value: value}
}

// Some matches the records of which at least one record in the to-many field at
// the end of the path, of this model, matches the domain.
func Some(path []Step, model *Model, domain Domain) Domain {
	return Domain{kind: related, path: path, value: model, children: []Domain{domain}}
}

// IsAll tells whether the domain is the zero value, which matches every record.
func (d Domain) IsAll() bool { return d.kind == all }

func join(kind domainKind, domains []Domain) Domain {
	domains = slices.DeleteFunc(slices.Clone(domains), Domain.IsAll)
	switch len(domains) {
	case 0:
		return Domain{}
	case 1:
		return domains[0]
	}
	return Domain{kind: kind, children: domains}
}

// Conditions that hold for all and for none, in every version.
var (
	always = []any{1, "=", 1}
	never  = []any{0, "=", 1}
)

// compiler writes a Domain in Odoo's prefix notation.
type compiler struct{ session *Session }

func (s *Session) compile(ctx context.Context, m *Model, d Domain) ([]any, error) {
	c := compiler{s}
	if d.IsAll() {
		return []any{}, nil
	}
	return c.write(ctx, m, d, false)
}

// write returns the domain, or what it does not match if negated. The negation
// is pushed down to the conditions: what Odoo itself makes of '!' differs by
// version where values are empty.
func (c compiler) write(ctx context.Context, m *Model, d Domain, negated bool) ([]any, error) {
	switch d.kind {
	case all:
		return constant(!negated), nil
	case not:
		return c.write(ctx, m, d.children[0], !negated)
	case condition:
		return c.condition(m, d, negated)
	case related:
		return c.related(ctx, m, d, negated)
	}
	if len(d.children) == 0 {
		return constant((d.kind == and) != negated), nil
	}
	operator := "&"
	if (d.kind == or) != negated {
		operator = "|"
	}
	var out []any
	for i, child := range d.children {
		terms, err := c.write(ctx, m, child, negated)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			out = append([]any{operator}, out...)
		}
		out = append(out, terms...)
	}
	return out, nil
}

func constant(holds bool) []any {
	if holds {
		return []any{always}
	}
	return []any{never}
}

// field checks a path that starts at m and returns its last field and its name in a domain.
func (c compiler) field(m *Model, path []Step) (*Field, string, error) {
	names := make([]string, len(path))
	var field *Field
	for i, step := range path {
		if i == 0 && step.Model != m || i > 0 && (field.Type != "many2one" || field.Relation != step.Model.Name) {
			return nil, "", apierror.Wrap(apierror.Internal, "The gateway made a filter that does not fit.", fmt.Errorf("odoo: path %v", names))
		}
		field = step.Model.Fields[step.Field]
		if field == nil || !field.Searchable {
			return nil, "", apierror.BadInput("filter", fmt.Sprintf("This Odoo cannot filter by the field %s of %s.", step.Field, step.Model.Name))
		}
		names[i] = step.Field
	}
	return field, strings.Join(names, "."), nil
}

func (c compiler) condition(m *Model, d Domain, negated bool) ([]any, error) {
	field, name, err := c.field(m, d.path)
	if err != nil {
		return nil, err
	}
	terms, err := field.terms(name, d.op, d.value, negated)
	if err != nil || !negated {
		return terms, err
	}
	return orMissing(d.path, terms), nil
}

// orMissing adds the records whose path ends early, at an empty many2one: what
// is true of "its country is not X" for those without country.
func orMissing(path []Step, terms []any) []any {
	for i := range path[:len(path)-1] {
		names := make([]string, i+1)
		for j := range names {
			names[j] = path[j].Field
		}
		terms = append([]any{"|", []any{strings.Join(names, "."), "=", false}}, terms...)
	}
	return terms
}

// maxRelated bounds the records that a condition on a to-many field may match
// where Odoo (up to 16) has to be asked for them first.
const maxRelated = 10_000

func (c compiler) related(ctx context.Context, m *Model, d Domain, negated bool) ([]any, error) {
	field, name, err := c.field(m, d.path)
	if err != nil {
		return nil, err
	}
	model, _ := d.value.(*Model)
	if !field.isToMany() || field.Relation != model.Name {
		return nil, apierror.New(apierror.Internal, "The gateway made a filter that does not fit.")
	}
	var terms []any
	if c.session.can.DomainAny {
		inner, err := c.session.compile(ctx, model, d.children[0])
		if err != nil {
			return nil, err
		}
		terms = []any{[]any{name, map[bool]string{false: "any", true: "not any"}[negated], inner}}
	} else {
		ids, err := c.ids(ctx, model, d.children[0], field.Inverse)
		if err != nil {
			return nil, err
		}
		if len(ids) > maxRelated {
			return nil, apierror.BadInput("filter", fmt.Sprintf("This filter goes through more than %d related records: narrow it.", maxRelated))
		}
		terms = []any{[]any{name, map[bool]string{false: "in", true: "not in"}[negated], anySlice(ids)}}
	}
	if negated {
		terms = orMissing(d.path, terms)
	}
	return terms, nil
}

// ids searches the related records. With an inverse, only those that refer back:
// "not in" of Odoo 14 finds nothing at all once one of them does not.
func (c compiler) ids(ctx context.Context, m *Model, d Domain, inverse string) ([]int64, error) {
	domain, err := c.session.compile(ctx, m, d)
	if err != nil {
		return nil, err
	}
	if inverse != "" {
		domain = append([]any{[]any{inverse, "!=", false}}, domain...)
	}
	return c.session.ids(ctx, Call{Model: m.Name, Method: "search", Positional: []string{"domain"},
		Args: map[string]any{"domain": domain, "order": "id", "limit": maxRelated + 1}})
}
