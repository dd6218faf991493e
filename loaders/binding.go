package loaders

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"odoograph/apierror"
	"odoograph/odoo"
)

// Binding is the schema fitted to one Odoo, as one of its users sees it.
type Binding struct {
	// Gaps are the types and fields of the schema that this Odoo lacks.
	Gaps  []Gap
	types map[string]*boundType
}

// boundType is a type of the schema with the model behind it; the model is nil
// where this Odoo has none.
type boundType struct {
	*entity
	model  *odoo.Model
	fields map[string]*boundField
	domain odoo.Domain // what every record of the type meets
}

// boundField is a field of a type with the Odoo field behind it; that is nil
// where this Odoo has none.
type boundField struct {
	*mapping
	odoo   *odoo.Field
	equals string
}

// Gap is a type or field of the schema that an Odoo lacks.
type Gap struct {
	Type   string // GraphQL type
	Field  string // GraphQL field, "" for the whole type
	Model  string // Odoo model
	Names  string // Odoo's names of the field
	Module string // the Odoo module that brings it
	Reason string
	// Severe tells that clients get errors rather than nulls.
	Severe bool
}

func (g Gap) String() string {
	if g.Field == "" {
		return fmt.Sprintf("%s: the model %s is missing: install the module %s in Odoo", g.Type, g.Model, g.Module)
	}
	return fmt.Sprintf("%s.%s: the field %s of %s %s (module %s)", g.Type, g.Field, g.Names, g.Model, g.Reason, g.Module)
}

// Bind asks Odoo about every model and field of the schema.
func (s *Schema) Bind(ctx context.Context, session *odoo.Session) (*Binding, error) {
	b := &Binding{types: map[string]*boundType{}}
	var mu sync.Mutex
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(4) // Odoo has few workers
	for _, e := range s.types {
		group.Go(guarded(func() error {
			model, err := session.Model(ctx, e.model, e.odooFields())
			if err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			b.add(s, e, model)
			return nil
		}))
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	slices.SortFunc(b.Gaps, func(a, b Gap) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Field, b.Field))
	})
	return b, nil
}

// odooFields returns every Odoo name that the type's fields may have.
func (e *entity) odooFields() []string {
	names := []string{"create_uid"} // by which a mutation knows its own work again
	for _, m := range e.fields {
		for _, c := range m.candidates {
			names = append(names, c.name)
		}
	}
	for _, condition := range e.domain {
		names = append(names, condition.field)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (b *Binding) add(s *Schema, e *entity, model *odoo.Model) {
	t := &boundType{entity: e, model: model, fields: map[string]*boundField{}}
	b.types[e.name] = t
	if model == nil {
		b.Gaps = append(b.Gaps, Gap{Type: e.name, Model: e.model, Module: e.module, Severe: true})
		return
	}
	model.Reference = e.reference
	var conditions []odoo.Domain
	for _, c := range e.domain {
		conditions = append(conditions, odoo.Where([]odoo.Step{{Model: model, Field: c.field}}, odoo.Op(c.op), c.value))
	}
	t.domain = odoo.And(conditions...)
	for name, m := range e.fields {
		f, reason := m.bind(s, model)
		t.fields[name] = f
		if reason == "" {
			continue
		}
		gap := Gap{Type: e.name, Field: name, Model: e.model, Module: e.module, Reason: reason, Severe: !m.nullable}
		if target := s.types[m.target]; target != nil {
			gap.Module = target.module
		}
		names := make([]string, len(m.candidates))
		for i, c := range m.candidates {
			names[i] = c.name
		}
		gap.Names = strings.Join(names, " or ")
		b.Gaps = append(b.Gaps, gap)
	}
}

// bind finds the Odoo field, and says why if there is none that fits.
func (m *mapping) bind(s *Schema, model *odoo.Model) (f *boundField, reason string) {
	f = &boundField{mapping: m}
	reason = "does not exist in this Odoo, or its user may not see it"
	for _, c := range m.candidates {
		field := model.Fields[c.name]
		if field == nil {
			continue
		}
		if !m.fits(s, field, c) {
			reason = "has the type " + field.Type + " " + field.Relation + ", which does not fit"
			continue
		}
		f.odoo, f.equals = field, c.equals
		return f, ""
	}
	return f, reason
}

// scalarTypes are the Odoo types that each GraphQL scalar can be read from.
var scalarTypes = map[string][]string{
	"String":   {"char", "text", "selection", "html"},
	"HTML":     {"html", "text", "char"},
	"Boolean":  {"boolean"},
	"Int":      {"integer"},
	"Decimal":  {"float", "monetary", "integer"},
	"Date":     {"date"},
	"DateTime": {"datetime"},
}

func (m *mapping) fits(s *Schema, f *odoo.Field, c candidate) bool {
	switch {
	case c.equals != "":
		return f.Type == "selection" && m.scalar == "Boolean"
	case m.target != "" && m.many:
		return (f.Type == "one2many" || f.Type == "many2many") && f.Relation == s.types[m.target].model
	case m.target != "":
		return f.Type == "many2one" && f.Relation == s.types[m.target].model
	case m.keys != nil:
		return f.Type == "selection"
	}
	return slices.Contains(scalarTypes[m.scalar], f.Type)
}

// typ returns a type of the schema that this Odoo has, or UNSUPPORTED.
func (b *Binding) typ(name string) (*boundType, error) {
	t := b.types[name]
	if t == nil {
		return nil, apierror.Wrap(apierror.Internal, "The gateway lost its way.", fmt.Errorf("loaders: no type %q", name))
	}
	if t.model == nil {
		return nil, apierror.New(apierror.Unsupported, fmt.Sprintf("%s is not available: the module %s is not installed in this Odoo.", name, t.module))
	}
	return t, nil
}
