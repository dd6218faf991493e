package mutation

import (
	"context"
	"fmt"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"odoograph/apierror"
	"odoograph/graph/relay"
	"odoograph/loaders"
	"odoograph/odoo"
)

// change is one mutation under way.
type change struct {
	operation *Operation
	request   *loaders.Request
	session   *odoo.Session
	selection *loaders.Selection
	attempt   attempt
	input     map[string]any
	keys      []*key   // the references in the input
	columns   []column // where the other values come from
	lines     []int64  // of the order, that the input names
	errors    []UserError
	unlock    []func()
	// replayed tells that the change was made by an earlier request, and written that
	// this one wrote something.
	replayed, written bool
}

// work makes a change. It returns nil when it has user errors instead.
type work func(context.Context, *change) (*odoo.Saved, error)

// entity is a pointer to a type of the schema.
type entity[T any] interface {
	*T
	loaders.Entity
}

// run answers the current mutation field: it finds out whether the change was made
// before, makes it, and reads what is selected of the records, which are so many at
// most. The input is taken as the client wrote it: what is left out is not null.
func run[T any, P entity[T]](ctx context.Context, typeName string, records int, do work) (*Payload[T], error) {
	operation, err := fromContext(ctx)
	if err != nil {
		return nil, err
	}
	ctx, cancel := operation.detached(ctx)
	defer cancel()
	request, err := loaders.Begin(ctx)
	if err != nil {
		return nil, err
	}
	selection, err := request.Select(ctx, typeName, records)
	if err != nil {
		return nil, err
	}
	field := graphql.GetFieldContext(ctx).Field
	input, _ := field.ArgumentMap(graphql.GetOperationContext(ctx).Variables)["input"].(map[string]any)
	c := &change{operation: operation, request: request, session: request.Session(), selection: selection, input: input}
	defer c.release()
	attempt, saved, err := operation.begin(ctx, input)
	if err != nil {
		return nil, err
	}
	if c.replayed = saved != nil; !c.replayed {
		c.attempt = attempt
		if saved, err = c.make(ctx, do); err != nil {
			return nil, err
		}
	}
	operation.tell(ctx, c.replayed, saved, c.errors)
	payload := &Payload[T]{UserErrors: c.errors}
	if saved == nil {
		return payload, nil
	}
	objects, err := selection.Objects(ctx, saved)
	payload.err = err
	if c.written {
		selection.Changed(saved.IDs, objects)
	}
	for _, object := range objects {
		payload.records = append(payload.records, loaders.Wrap[T, P](object))
	}
	return payload, nil
}

// make makes the change and remembers that it did.
func (c *change) make(ctx context.Context, do work) (*odoo.Saved, error) {
	leased, cancel := c.attempt.leased(ctx)
	defer cancel()
	finished := false
	defer func() {
		if !finished { // it panicked
			_ = c.attempt.end(ctx, nil, odoo.ErrOutcomeUnknown)
		}
	}()
	saved, err := do(leased, c)
	if len(c.errors) > 0 {
		saved = nil
	}
	err = c.attempt.end(ctx, saved, err)
	finished = true
	if err != nil {
		return nil, err
	}
	return saved, nil
}

// release gives back the locks.
func (c *change) release() {
	for _, unlock := range c.unlock {
		unlock()
	}
}

// lock keeps other changes of these records out until the answer is read.
func (c *change) lock(ctx context.Context, t loaders.Type, ids ...int64) error {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = fmt.Sprint(t.Model().Name, " ", id)
	}
	return c.lockNames(ctx, names)
}

func (c *change) lockNames(ctx context.Context, names []string) error {
	unlock, err := c.operation.service.locks.lock(ctx, names)
	if err == nil {
		c.unlock = append(c.unlock, unlock)
	}
	return err
}

// maxErrors bounds the user errors of a mutation.
const maxErrors = 100

// fail adds a user error.
func (c *change) fail(at path, code UserErrorCode, format string, args ...any) {
	if len(c.errors) == maxErrors {
		return
	}
	c.errors = append(c.errors, UserError{Field: at, Code: code, Message: fmt.Sprintf(format, args...)})
}

// save creates or changes records with these values, once all references in them
// are found.
func (c *change) save(ctx context.Context, t loaders.Type, ids []int64, values ...map[string]any) (*odoo.Saved, error) {
	if err := c.attempt.again(ctx); err != nil {
		return nil, err
	}
	saved, err := c.session.Save(ctx, odoo.Write{Model: t.Model(), IDs: ids, Values: values}, c.selection.Tree())
	if err != nil {
		return nil, c.refused(ctx, t, err, values...)
	}
	c.written = true
	return saved, nil
}

// current is what a change must know of a record before it is made.
type current struct {
	id     int64
	values map[string]any // by the names of Odoo's fields
}

// subject finds the record that the key in the input names, locks it, and reads
// these fields of it. It returns nil after a user error: there is no such record,
// or it was changed since the client read it.
func (c *change) subject(ctx context.Context, t loaders.Type, name string, fields ...string) (*current, error) {
	at := argument.to(name)
	k := c.key(t, c.input[name], at, nil)
	if err := c.resolve(ctx); err != nil || len(c.errors) > 0 {
		return nil, err
	}
	if err := c.lock(ctx, t, k.id); err != nil {
		return nil, err
	}
	since, conditional := c.input["ifUnmodifiedSince"]
	conditional = conditional && since != nil
	if conditional {
		fields = append(fields, "write_date")
	}
	found := &current{id: k.id, values: map[string]any{}}
	if len(fields) == 0 {
		return found, nil
	}
	rows, err := c.session.SearchRead(ctx, odoo.Query{
		Model: t.Model(), Limit: 1, Domain: odoo.And(t.Where("id", odoo.Equal, k.id), t.Everything()),
	}, fields)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		k.missing(c)
		return nil, nil
	}
	for i, field := range fields {
		found.values[field] = rows[0].Values[i]
	}
	if conditional && !c.unchanged(t, found, since) {
		return nil, nil
	}
	return found, nil
}

// unchanged checks the condition of an update.
func (c *change) unchanged(t loaders.Type, found *current, since any) bool {
	at := argument.to("ifUnmodifiedSince")
	text, _ := since.(string)
	seen, err := odoo.ParseDateTime(text)
	if err != nil {
		c.fail(at, Invalid, "%v.", err)
		return false
	}
	written, _ := found.values["write_date"].(time.Time)
	now, same := c.request.Unchanged(t.Model(), found.id, written, seen)
	if !same {
		c.errors = append(c.errors, UserError{
			Field: at, Code: Conflict, CurrentUpdatedAt: &now,
			Message: fmt.Sprintf("The %s was changed at %s: read it again.", t.Noun(), now.Format(time.RFC3339Nano)),
		})
	}
	return same
}

// unsure is the error when nobody can find out whether an interrupted attempt made
// the change.
func (c *change) unsure() error {
	return apierror.New(apierror.OutcomeUnknown,
		"An earlier request with this idempotency key was cut off, and nobody can tell whether it made the change: look for it, and use a new key to make it again.")
}

// globalID returns the id in a global id of the type.
func globalID(t loaders.Type, text string) (int64, bool) {
	name, id, err := relay.ParseID(text)
	return id, err == nil && name == t.Name()
}
