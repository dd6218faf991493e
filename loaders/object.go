package loaders

import (
	"context"
	"fmt"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/shopspring/decimal"

	"odoograph/apierror"
	"odoograph/graph/relay"
	"odoograph/odoo"
)

// Object is a record as a query sees it. Every object type of the schema embeds
// one; the accessors below are its field resolvers.
type Object struct {
	request *Request
	plan    *plan
	record  *record
}

// ID returns the global id.
func (o Object) ID() string { return relay.ID(o.plan.typ.name, o.record.id) }

func (o *Object) set(value Object) { *o = value }

// entityType is a pointer to a type of the schema that embeds an Object.
type entityType[T any] interface {
	*T
	set(Object)
}

func wrap[T any, P entityType[T]](o Object) *T {
	entity := new(T)
	P(entity).set(o)
	return entity
}

// Required returns the value of a field that always has one.
func Required[T any](o Object, name string) (T, error) {
	value, err := Optional[T](o, name)
	if err != nil {
		return *new(T), err
	}
	if value == nil {
		return *new(T), o.odd(name, "no value")
	}
	return *value, nil
}

// Optional returns the value of a field, or nil if it has none or this Odoo
// does not know the field.
func Optional[T any](o Object, name string) (*T, error) {
	field := o.plan.typ.fields[name]
	if field.odoo == nil {
		if field.nullable {
			return nil, nil
		}
		return nil, apierror.New(apierror.Unsupported, fmt.Sprintf("This Odoo has no %s of a %s.", name, o.plan.typ.name))
	}
	raw, _ := o.record.value(field.odoo.Name)
	if err, failed := raw.(error); failed {
		return nil, err
	}
	if field.odoo.Name == writeDate {
		if at, ok := raw.(time.Time); ok {
			raw = o.request.revisions.date(revisionKey{o.plan.typ.entity.model, o.record.id}, at, o.request.since)
		}
	}
	converted := field.convert(raw)
	if converted == nil {
		return nil, nil
	}
	value, ok := converted.(T)
	if !ok {
		return nil, o.odd(name, raw)
	}
	return &value, nil
}

// OptionalEnum returns the enum value of a field, or nil if it has none. The
// contract has no required enums: a key that it does not know must not take the
// record with it.
func OptionalEnum[T ~string](o Object, name string) (*T, error) {
	text, err := Optional[string](o, name)
	if text == nil {
		return nil, err
	}
	value := T(*text)
	return &value, err
}

// odd is the error for a value that the contract has no place for.
func (o Object) odd(name string, value any) error {
	return apierror.Wrap(apierror.UpstreamError, fmt.Sprintf("Odoo holds a value in %s.%s that the schema does not know.", o.plan.typ.name, name),
		fmt.Errorf("loaders: %s %d: %v", o.plan.typ.entity.model, o.record.id, value))
}

// convert returns the GraphQL value of a typed Odoo value: nil for none.
func (f *boundField) convert(raw any) any {
	if f.equals != "" {
		return raw == f.equals
	}
	if f.values != nil {
		key, _ := raw.(string)
		if value, ok := f.values[key]; ok {
			return value
		}
		if key == "" {
			return nil
		}
		return fmt.Errorf("unknown key %q", key)
	}
	switch v := raw.(type) {
	case string:
		// Odoo stores no text as null or as "", depending on who wrote it.
		if v == "" && f.nullable {
			return nil
		}
		if f.scalar == "HTML" && f.odoo.Type != "html" {
			return odoo.HTMLFromText(v)
		}
	case int64:
		if f.scalar == "Decimal" {
			return decimal.NewFromInt(v)
		}
		return int32(v) //nolint:gosec // Odoo's integers are 32-bit columns
	}
	return raw
}

// One returns the record that a to-one relation leads to, nil if it leads to none.
func One[T any, P entityType[T]](o Object, name string) (*T, error) {
	ref, err := Optional[odoo.Ref](o, name)
	if ref == nil || err != nil {
		return nil, err
	}
	child := o.plan.ones[name]
	rec := o.request.record(child.typ, ref.ID)
	if rec.unreadable.Load() {
		return nil, forbidden(child.typ)
	}
	return wrap[T, P](Object{o.request, child, rec}), nil
}

// Many returns the page of a to-many relation that the current field asks for.
func Many[T any, P entityType[T]](ctx context.Context, o Object, name string) (*relay.Connection[T], error) {
	if ids, err := Optional[[]int64](o, name); ids == nil || err != nil {
		return nil, err
	}
	l := o.plan.lists[graphql.GetFieldContext(ctx).Field.Alias]
	page := &Page{request: o.request, list: l}
	nested := o.request.page(l, o.record)
	page.offset = nested.window.Offset
	page.info.HasPreviousPage = nested.window.Offset > 0
	page.info.HasNextPage = nested.window.Offset+nested.window.Limit < nested.total
	page.count = func(context.Context) (int, error) { return nested.total, nil }
	for _, id := range nested.ids {
		page.records = append(page.records, o.request.record(l.items.typ, id))
	}
	return connection[T, P](page), nil
}
