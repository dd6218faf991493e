package loaders

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"golang.org/x/sync/errgroup"

	"odoograph/apierror"
	"odoograph/graph/relay"
	"odoograph/odoo"
)

func (r *Request) planner(ctx context.Context) *planner {
	return &planner{op: graphql.GetOperationContext(ctx), binding: r.binding, session: r.session}
}

// object plans the current field's selection on the named type, for so many records.
func (r *Request) object(ctx context.Context, typeName string, records int) (*plan, error) {
	t, err := r.binding.typ(typeName)
	if err != nil {
		return nil, err
	}
	return r.planner(ctx).record(ctx, t, []ast.SelectionSet{graphql.GetFieldContext(ctx).Field.Selections}, records)
}

// node plans the current field's selection on the type that a global id names.
func (r *Request) node(ctx context.Context, typeName, id string, records int) (*plan, error) {
	if r.binding.types[typeName] == nil {
		return nil, apierror.BadInput("id", fmt.Sprintf("%q is not a global id of this server.", id))
	}
	return r.object(ctx, typeName, records)
}

// one finds the record that the current field's arguments name.
func (r *Request) one(ctx context.Context, typeName string) (*Object, error) {
	field := graphql.GetFieldContext(ctx).Field
	name, value, err := natural(field.ArgumentMap(graphql.GetOperationContext(ctx).Variables), field.Definition)
	if err != nil {
		return nil, err
	}
	if name == "id" {
		var idType string
		if idType, value, err = parseID(value); err != nil {
			return nil, err
		}
		if idType != typeName {
			return nil, apierror.BadInput("id", fmt.Sprintf("This is the id of a %s, not of a %s.", idType, typeName))
		}
	}
	pl, err := r.object(ctx, typeName, 1)
	if err != nil {
		return nil, err
	}
	if name == "id" || name == "databaseId" {
		id, err := toInt(name, value)
		if err != nil || id < 1 {
			return nil, err // no record has such an id
		}
		return r.loader.load(ctx, key{plan: pl, value: id})
	}
	bound := pl.typ.fields[name]
	if bound == nil || bound.odoo == nil || !bound.odoo.Searchable {
		return nil, apierror.BadInput(name, fmt.Sprintf("This Odoo cannot find a %s by %s.", typeName, name))
	}
	return r.loader.load(ctx, key{plan: pl, field: bound.odoo.Name, value: value})
}

// natural returns the one argument that is given.
func natural(args map[string]any, field *ast.FieldDefinition) (name string, value any, err error) {
	given := 0
	for n, v := range args {
		if v != nil {
			name, value = n, v
			given++
		}
	}
	if given != 1 {
		names := make([]string, len(field.Arguments))
		for i, arg := range field.Arguments {
			names[i] = arg.Name
		}
		return "", nil, apierror.BadInput(field.Name, fmt.Sprintf("Give exactly one of the arguments %s.", strings.Join(names, ", ")))
	}
	return name, value, nil
}

func parseID(value any) (string, int64, error) {
	text, _ := value.(string)
	return relay.ParseID(text)
}

// list reads the page that the current field's arguments ask for.
func (r *Request) list(ctx context.Context, typeName string) (*Page, error) {
	p := r.planner(ctx)
	l, err := p.list(ctx, graphql.GetFieldContext(ctx).Field, typeName, 1, true)
	if err != nil {
		return nil, err
	}
	t := l.items.typ
	q := odoo.Query{Model: t.model, Domain: odoo.And(l.filter, t.domain), Order: l.order}
	page := &Page{request: r, list: l}
	page.count = func(ctx context.Context) (int, error) { return page.total(ctx, q) }
	group, groupCtx := errgroup.WithContext(ctx)
	if l.count && !page.countsItself() {
		group.Go(guarded(func() error { _, err := page.count(groupCtx); return err }))
	}
	group.Go(guarded(func() error {
		if l.seek && !l.offset {
			return page.seek(groupCtx, q)
		}
		return page.cut(groupCtx, q)
	}))
	return page, group.Wait()
}

// countsItself tells whether the total comes with the page, in one call.
func (p *Page) countsItself() bool {
	return p.list.window && (!p.list.seek || p.list.offset || p.list.page.After == "" && p.list.page.Before == "")
}

// cut reads a page by its offset, and one row more to see whether there is a next one.
func (p *Page) cut(ctx context.Context, q odoo.Query) error {
	window, err := p.list.page.Window(p.list.scope)
	if err != nil {
		return err
	}
	if window.FromEnd {
		n, err := p.count(ctx)
		if err != nil {
			return err
		}
		window = window.Fix(n)
	}
	if window.Offset > math.MaxInt32 {
		return relay.Damaged("after")
	}
	p.offset = window.Offset
	p.info.HasPreviousPage = window.Offset > 0
	if !p.list.window {
		return nil
	}
	q.Offset, q.Limit = window.Offset, window.Limit+1
	records, err := p.read(ctx, q)
	if err != nil {
		return err
	}
	p.info.HasNextPage = len(records) > window.Limit
	return p.keep(ctx, records[:min(len(records), window.Limit)])
}

// seek reads a page from where its cursor points, so that every page costs what
// the first one does and none repeats or misses what others insert or delete.
func (p *Page) seek(ctx context.Context, q odoo.Query) error {
	l := p.list
	after, err := l.position("after", l.page.After)
	if err != nil {
		return err
	}
	before, err := l.position("before", l.page.Before)
	if err != nil || !l.window {
		return err
	}
	from, to, backward := after, before, l.page.Last != nil
	if backward {
		from, to = before, after
	}
	queries, err := p.request.session.Seek(q, from, to, backward)
	if err != nil {
		return relay.Damaged("after")
	}
	size := l.page.Size()
	var records []*record
	for _, q := range queries {
		q.Limit = size + 1 - len(records)
		more, err := p.read(ctx, q)
		if err != nil {
			return err
		}
		if records = append(records, more...); len(records) > size {
			break
		}
	}
	more := len(records) > size
	records = records[:min(len(records), size)]
	p.info.HasPreviousPage, p.info.HasNextPage = after != nil, more
	if backward {
		slices.Reverse(records)
		p.info.HasPreviousPage, p.info.HasNextPage = more, before != nil
	}
	return p.keep(ctx, records)
}

// position is what a cursor of the list points at, nil for no cursor.
func (l *list) position(argument, cursor string) (*odoo.Position, error) {
	place, err := l.scope.Place(argument, cursor)
	if place == nil || err != nil {
		return nil, err
	}
	if place.ID < 1 || place.ID > math.MaxInt32 || len(place.Keys) != len(l.order) {
		return nil, relay.Damaged(argument)
	}
	return &odoo.Position{Keys: place.Keys, ID: place.ID}, nil
}

// read reads records of the page, and the total where it comes for free.
func (p *Page) read(ctx context.Context, q odoo.Query) ([]*record, error) {
	count := p.list.count && p.countsItself()
	records, total, err := p.request.search(ctx, q, shapeOf(p.list.items.typ, p.list.items), count)
	if count && err == nil && total >= 0 {
		p.learn(total)
	}
	return records, err
}

// keep makes these the records of the page, with all that they lead to.
func (p *Page) keep(ctx context.Context, records []*record) error {
	p.records = records
	wants := make([]want, len(records))
	for i, rec := range records {
		wants[i] = want{p.list.items, rec.id}
	}
	return p.request.fill(ctx, wants)
}

// search finds what Odoo's own search box finds for the text.
func (p *planner) search(ctx context.Context, t *boundType, text string) (odoo.Domain, error) {
	if name := t.model.Fields["display_name"]; name != nil && name.Searchable {
		return t.where("display_name", odoo.Contains, text), nil
	}
	ids, err := p.session.NameSearch(ctx, t.model, text)
	if err != nil {
		return odoo.Domain{}, err
	}
	return t.among(ids), nil
}
