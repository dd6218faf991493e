package loaders

import (
	"context"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"odoograph/internal/casing"
	"odoograph/odoo"
)

// Begin returns a reader for what a mutation leaves behind. It knows nothing yet:
// what the mutations before it in the same operation read may have changed.
func Begin(ctx context.Context) (*Request, error) {
	shared, err := fromContext(ctx)
	if err != nil {
		return nil, err
	}
	return newRequest(shared.session, shared.binding, graphql.GetOperationContext(ctx).Operation, shared.revisions), nil
}

// Session returns the session that the request reads with.
func (r *Request) Session() *odoo.Session { return r.session }

// Type is a type of the schema as one Odoo has it.
type Type struct {
	bound   *boundType
	binding *Binding
}

// Type returns the type of this name. The error is UNSUPPORTED for one that this
// Odoo lacks.
func (r *Request) Type(name string) (Type, error) {
	t, err := r.binding.typ(name)
	return Type{t, r.binding}, err
}

// Noun returns the name as people write it: "sale order".
func (t Type) Noun() string {
	return strings.ReplaceAll(casing.Snake(strings.ToLower(t.bound.name[:1])+t.bound.name[1:]), "_", " ")
}

// Name returns the name in the schema.
func (t Type) Name() string { return t.bound.name }

// Model returns the Odoo model behind the type.
func (t Type) Model() *odoo.Model { return t.bound.model }

// Where is the condition that a field of Odoo's compares so with a value.
func (t Type) Where(field string, op odoo.Op, value any) odoo.Domain {
	return t.bound.where(field, op, value)
}

// WhereOf is the condition that a field of the record that a relation leads to
// compares so with a value: a field of the named type, by its name in the schema.
func (t Type) WhereOf(relation, target, field string, op odoo.Op, value any) odoo.Domain {
	to := t.binding.types[target]
	return odoo.Where([]odoo.Step{{Model: t.bound.model, Field: relation}, {Model: to.model, Field: to.fields[field].odoo.Name}}, op, value)
}

// Everything is a condition that all records of the type meet, archived ones too.
func (t Type) Everything() odoo.Domain { return odoo.And(t.bound.archived(), t.bound.domain) }

// Field is a field of a Type.
type Field struct {
	// Odoo is nil where this Odoo does not have the field.
	Odoo *odoo.Field
	// Scalar is the GraphQL scalar, "" for enums and relations.
	Scalar string
	// Target is the type that a relation leads to, and Many tells whether to many.
	Target string
	Many   bool
	keys   map[string][]string
}

// Field returns a field by its name in the schema, nil if the type has none.
func (t Type) Field(name string) *Field {
	f := t.bound.fields[name]
	if f == nil {
		return nil
	}
	return &Field{Odoo: f.odoo, Scalar: f.scalar, Target: f.target, Many: f.many, keys: f.keys}
}

// IsEnum tells whether the field has an enum of the schema.
func (f *Field) IsEnum() bool { return f.keys != nil }

// Keys returns the keys in Odoo of an enum's value; an empty one is Odoo's false.
func (f *Field) Keys(value string) []string { return f.keys[value] }

// Selection is what a client selects of the records that a mutation changed.
type Selection struct {
	request *Request
	plan    *plan
	shape   *shape
}

// Select plans what the current field of the operation, a mutation, selects of the
// records of the named type in its payload; there are so many of them.
func (r *Request) Select(ctx context.Context, typeName string, records int) (*Selection, error) {
	t, err := r.binding.typ(typeName)
	if err != nil {
		return nil, err
	}
	p := r.planner(ctx)
	field := graphql.GetFieldContext(ctx).Field
	var selections []ast.SelectionSet
	for _, selected := range p.collect(field.Definition.Type.Name(), "", field.Selections) {
		if selected.Definition.Type.Name() == typeName {
			selections = append(selections, selected.Selections)
		}
	}
	pl, err := p.record(ctx, t, selections, records)
	if err != nil {
		return nil, err
	}
	if t.model.HasField(writeDate) {
		pl.need(writeDate)
	}
	return &Selection{r, pl, shapeOf(t, pl)}, nil
}

// Tree returns what the selection wants of each record.
func (s *Selection) Tree() *odoo.Tree { return s.shape.tree() }

// Objects returns the records that a change left behind, with all that is
// selected of them. Those that the user may not see are left out.
func (s *Selection) Objects(ctx context.Context, saved *odoo.Saved) ([]Object, error) {
	s.request.rememberTree(s.shape, saved.Rows)
	wants := make([]want, len(saved.IDs))
	for i, id := range saved.IDs {
		wants[i] = want{s.plan, id}
	}
	if err := s.request.fill(ctx, wants); err != nil {
		return nil, err
	}
	var objects []Object
	for _, id := range saved.IDs {
		if rec := s.request.record(s.plan.typ, id); !rec.unreadable.Load() {
			objects = append(objects, Object{request: s.request, plan: s.plan, record: rec})
		}
	}
	return objects, nil
}

// Changed says that the gateway has just changed the records with these ids, whose
// lock the caller still has, and what it could read of them. See Request.Unchanged.
func (s *Selection) Changed(ids []int64, objects []Object) {
	written := map[int64]time.Time{}
	for _, o := range objects {
		if at, ok := o.writtenAt(); ok {
			written[o.record.id] = at
		}
	}
	for _, id := range ids {
		at, read := written[id]
		if !read {
			at = time.Now() // as near as anybody can tell
		}
		s.request.revisions.add(revisionKey{s.plan.typ.entity.model, id}, at)
	}
	s.request.since = time.Now()
}

// Entity is a pointer to a type of the schema.
type Entity interface{ set(Object) }

// Wrap returns an object as its type of the schema.
func Wrap[T any, P entityType[T]](o Object) *T { return wrap[T, P](o) }
