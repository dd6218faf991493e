package loaders

import (
	"context"
	"sync"

	"odoograph/graph/relay"
	"odoograph/odoo"
)

// Page is one page of a list of records.
type Page struct {
	request *Request
	list    *list
	records []*record
	offset  int // of the first record
	info    relay.PageInfo
	count   func(context.Context) (int, error)

	counting sync.Mutex
	counted  *int
}

// total counts the whole list, once.
func (p *Page) total(ctx context.Context, q odoo.Query) (int, error) {
	p.counting.Lock()
	defer p.counting.Unlock()
	if p.counted == nil {
		n, err := p.request.session.Count(ctx, q)
		if err != nil {
			return 0, err
		}
		p.counted = &n
	}
	return *p.counted, nil
}

// learn notes a total that came with the page.
func (p *Page) learn(total int) {
	p.counting.Lock()
	defer p.counting.Unlock()
	p.counted = &total
}

// place is where a record of the page stands in the whole list.
func (p *Page) place(i int) relay.Place {
	if !p.list.seek {
		return relay.Place{Offset: p.offset + i}
	}
	place := relay.Place{ID: p.records[i].id}
	for _, o := range p.list.order {
		value, _ := p.records[i].value(o.Field)
		place.Keys = append(place.Keys, odoo.PositionKey(value))
	}
	return place
}

func connection[T any, P entityType[T]](p *Page) *relay.Connection[T] {
	nodes := make([]*T, 0, len(p.records))
	places := make([]int, 0, len(p.records)) // of the nodes among the records
	for i, rec := range p.records {
		// A record that went away since its id was read leaves no gap in the list.
		if rec.unreadable.Load() {
			continue
		}
		nodes, places = append(nodes, wrap[T, P](Object{p.request, p.list.items, rec})), append(places, i)
	}
	cursor := func(i int) string { return p.list.scope.Cursor(p.place(places[i])) }
	return relay.NewConnection(nodes, cursor, p.info, p.count)
}

// List returns the page of records that the current root field asks for.
func List[T any, P entityType[T]](ctx context.Context, typeName string) (*relay.Connection[T], error) {
	r, err := fromContext(ctx)
	if err != nil {
		return nil, err
	}
	page, err := r.list(ctx, typeName)
	if err != nil {
		return nil, err
	}
	return connection[T, P](page), nil
}

// Find returns the record that the arguments of the current root field name,
// nil if there is none that the user may see.
func Find[T any, P entityType[T]](ctx context.Context, typeName string) (*T, error) {
	r, err := fromContext(ctx)
	if err != nil {
		return nil, err
	}
	object, err := r.one(ctx, typeName)
	if object == nil || err != nil {
		return nil, err
	}
	return wrap[T, P](*object), nil
}

// Viewer returns the user whose rights apply.
func Viewer[T any, P entityType[T]](ctx context.Context, typeName string) (*T, error) {
	r, err := fromContext(ctx)
	if err != nil {
		return nil, err
	}
	pl, err := r.object(ctx, typeName, 1)
	if err != nil {
		return nil, err
	}
	object, err := r.loader.load(ctx, key{plan: pl, value: r.session.User().ID})
	if object == nil || err != nil {
		return nil, err
	}
	return wrap[T, P](*object), nil
}

// Nodes returns the records with these global ids, in this order: the zero
// Object and false for each that is not there or not visible.
func Nodes(ctx context.Context, ids []string) ([]TypedObject, error) {
	r, err := fromContext(ctx)
	if err != nil {
		return nil, err
	}
	plans := map[string]*plan{}
	keys := make([]key, len(ids))
	for i, id := range ids {
		typeName, databaseID, err := relay.ParseID(id)
		if err != nil {
			return nil, err
		}
		if plans[typeName] == nil {
			if plans[typeName], err = r.node(ctx, typeName, id, len(ids)); err != nil {
				return nil, err
			}
		}
		keys[i] = key{plan: plans[typeName], value: databaseID}
	}
	objects, err := r.loader.loadAll(ctx, keys)
	out := make([]TypedObject, len(objects))
	for i, object := range objects {
		if object != nil {
			out[i] = TypedObject{Object: *object, Type: object.plan.typ.name}
		}
	}
	return out, err
}

// TypedObject is an Object with the name of its type; the name is "" for no object.
type TypedObject struct {
	Object
	Type string
}
