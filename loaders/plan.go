package loaders

import (
	"context"
	"fmt"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"odoograph/apierror"
	"odoograph/graph/relay"
	"odoograph/internal/casing"
	"odoograph/odoo"
)

// plan is what a query selects of records of one type: their own fields, and
// plans of the records that these refer to.
type plan struct {
	typ    *boundType
	fields []string // names in Odoo, each once
	// ones are the plans of to-one relations, by GraphQL field: aliases of one
	// relation lead to the same record, so they share a plan.
	ones map[string]*plan
	// lists are the plans of to-many relations, by response key.
	lists map[string]*list
}

// list is a connection in a query: which page of which records.
type list struct {
	field  *boundField // nil for a connection of the query root
	page   relay.Page
	filter odoo.Domain
	order  []odoo.Order
	scope  relay.Scope
	// seek tells that cursors hold the keys of the order rather than an offset.
	seek bool
	// offset tells that this page begins at an offset all the same.
	offset bool
	items  *plan
	// count and window tell whether the client asks for the total, and for the page.
	count, window bool
}

// maxRecords bounds the records that one root field may ask for, counting every
// list at its full page size.
const maxRecords = 100_000

// planner makes plans of one operation.
type planner struct {
	op      *graphql.OperationContext
	binding *Binding
	session *odoo.Session
	records int // that the plan may come to
}

// record plans a selection on a type; times is how many records it may be of.
func (p *planner) record(ctx context.Context, t *boundType, selections []ast.SelectionSet, times int) (*plan, error) {
	p.records += times
	if p.records > maxRecords {
		return nil, apierror.BadInput("first", fmt.Sprintf("This query may return more than %d records: ask for smaller pages.", maxRecords))
	}
	out := &plan{typ: t, ones: map[string]*plan{}, lists: map[string]*list{}}
	nested := map[string][]ast.SelectionSet{}
	for _, selected := range p.collect(t.name, "Node", selections...) {
		field := t.fields[selected.Name]
		if field == nil || field.odoo == nil {
			continue // the global id, __typename, or a gap, which the accessor tells of
		}
		out.need(field.odoo.Name)
		switch {
		case field.many:
			l, err := p.list(ctx, selected, field.target, times, false)
			if err != nil {
				return nil, err
			}
			l.field = field
			out.lists[selected.Alias] = l
		case field.target != "":
			nested[field.name] = append(nested[field.name], selected.Selections)
		}
	}
	for name, selections := range nested {
		target, err := p.binding.typ(t.fields[name].target)
		if err != nil {
			return nil, err
		}
		if out.ones[name], err = p.record(ctx, target, selections, times); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (pl *plan) need(field string) {
	if !slices.Contains(pl.fields, field) {
		pl.fields = append(pl.fields, field)
	}
}

// list plans a connection field of records of the named type.
func (p *planner) list(ctx context.Context, selected graphql.CollectedField, typeName string, times int, root bool) (*list, error) {
	t, err := p.binding.typ(typeName)
	if err != nil {
		return nil, err
	}
	args := selected.ArgumentMap(p.op.Variables)
	most := relay.MaxPageSize
	if root {
		most = relay.MaxPageSizeOf(ctx)
	}
	l := &list{}
	if l.page, err = pageOf(args, most); err != nil {
		return nil, err
	}
	if l.filter, err = p.filter(t, args["filter"]); err != nil {
		return nil, err
	}
	if l.order, err = p.order(t, args["orderBy"]); err != nil {
		return nil, err
	}
	if search, _ := args["search"].(string); search != "" {
		found, err := p.search(ctx, t, search)
		if err != nil {
			return nil, err
		}
		l.filter = odoo.And(l.filter, found)
	}
	l.seek = root && t.model.CanSeek(l.order)
	l.offset = relay.IsOffset(l.page.After)
	l.scope = relay.NewScope(typeName, l.seek, args["filter"], args["orderBy"], args["search"])
	if _, err := l.page.Window(l.scope); err != nil {
		return nil, err
	}
	var selections []ast.SelectionSet
	for _, field := range p.collect(typeName+"Connection", "", selected.Selections) {
		switch field.Name {
		case "totalCount":
			l.count = true
		case "pageInfo":
			l.window = true
		case "nodes":
			l.window = true
			selections = append(selections, field.Selections)
		case "edges":
			l.window = true
			for _, edge := range p.collect(typeName+"Edge", "", field.Selections) {
				if edge.Name == "node" {
					selections = append(selections, edge.Selections)
				}
			}
		}
	}
	size := 0
	if l.window {
		size = l.page.Size()
	}
	if l.items, err = p.record(ctx, t, selections, times*size); err != nil {
		return nil, err
	}
	if l.seek {
		for _, o := range l.order {
			l.items.need(o.Field)
		}
	}
	return l, nil
}

// collect merges selections on a type as GraphQL's execution does: through
// fragments, @include and @skip.
func (p *planner) collect(typeName, interfaceName string, selections ...ast.SelectionSet) []graphql.CollectedField {
	var all ast.SelectionSet
	for _, set := range selections {
		all = append(all, set...)
	}
	// Not in the operation's own context: that remembers what a selection holds by
	// its address, which another one may have once this one is garbage.
	scratch := &graphql.OperationContext{Doc: p.op.Doc, Variables: p.op.Variables}
	return graphql.CollectFields(scratch, all, []string{typeName, interfaceName})
}

func pageOf(args map[string]any, most int) (relay.Page, error) {
	page := relay.Page{Most: most}
	page.After, _ = args["after"].(string)
	page.Before, _ = args["before"].(string)
	for name, n := range map[string]**int{"first": &page.First, "last": &page.Last} {
		if args[name] == nil {
			continue
		}
		i, err := toInt(name, args[name])
		if err != nil {
			return page, err
		}
		value := int(i)
		*n = &value
	}
	return page, page.Check()
}

func (p *planner) order(t *boundType, arg any) ([]odoo.Order, error) {
	var out []odoo.Order
	for _, item := range toList(arg) {
		key, _ := item.(map[string]any)
		name, _ := key["field"].(string)
		field := t.fields[casing.Camel(name)]
		if field == nil || field.odoo == nil || field.equals != "" || !field.odoo.Sortable {
			return nil, apierror.BadInput("orderBy", fmt.Sprintf("This Odoo cannot order %s by %s.", t.name, name))
		}
		out = append(out, odoo.Order{Field: field.odoo.Name, Desc: key["direction"] == "DESC"})
	}
	return out, nil
}
