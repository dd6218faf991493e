package loaders

import (
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"odoograph/apierror"
	"odoograph/odoo"
)

// want is one record with what is wanted of it.
type want struct {
	plan *plan
	id   int64
}

// fill fetches the wanted records and, level by level, all that their plans lead
// to: one call for each model and level, whatever the number of records.
func (r *Request) fill(ctx context.Context, wants []want) error {
	for len(wants) > 0 {
		if err := r.fetch(ctx, wants); err != nil {
			return err
		}
		var err error
		if wants, err = r.expand(ctx, wants); err != nil {
			return err
		}
	}
	return nil
}

// batch is what is missing of the records of one type.
type batch struct {
	typ    *boundType
	ids    []int64
	fields []string
	plans  []*plan // of the wants that it serves
}

// fetch reads what the identity map lacks of the wanted records.
func (r *Request) fetch(ctx context.Context, wants []want) error {
	batches := map[*boundType]*batch{}
	for _, w := range wants {
		missing := r.missing(w)
		if missing == nil {
			continue
		}
		b := batches[w.plan.typ]
		if b == nil {
			b = &batch{typ: w.plan.typ}
			batches[w.plan.typ] = b
		}
		b.ids = append(b.ids, w.id)
		for _, field := range missing {
			if !slices.Contains(b.fields, field) {
				b.fields = append(b.fields, field)
			}
		}
		if !slices.Contains(b.plans, w.plan) {
			b.plans = append(b.plans, w.plan)
		}
	}
	group, ctx := errgroup.WithContext(ctx)
	for _, b := range batches {
		group.Go(guarded(func() error { return r.read(ctx, b) }))
	}
	return group.Wait()
}

// missing returns the fields of a record that are wanted and not known, nil if
// there is nothing to read; a record of which nothing is known lacks itself.
func (r *Request) missing(w want) []string {
	rec := r.record(w.plan.typ, w.id)
	if rec.unreadable.Load() {
		return nil
	}
	var missing []string
	if rec.segments.Load() == nil {
		missing = []string{}
	}
	for _, field := range w.plan.fields {
		if _, known := rec.value(field); !known {
			missing = append(missing, field)
		}
	}
	return missing
}

// read reads a batch by searching for its ids: unlike Odoo's read, a search
// leaves out the records that the user may not see instead of failing for all.
func (r *Request) read(ctx context.Context, b *batch) error {
	slices.Sort(b.ids)
	b.ids = slices.Compact(b.ids)
	shape := b.shape()
	where := odoo.And(b.typ.archived(), b.typ.domain)
	var rows []*record
	read, err := r.session.ReadTree(ctx, b.ids, where, shape.tree())
	if err == nil {
		rows = r.rememberTree(shape, read)
	} else if apierror.CodeOf(err) == apierror.Forbidden {
		// Not all of it may be refused: ask for less.
		q := odoo.Query{
			Model: b.typ.model, Limit: len(b.ids), Order: []odoo.Order{{Field: "id"}},
			Domain: odoo.And(b.typ.among(b.ids), where),
		}
		rows, err = r.searchFlat(ctx, q, shape)
	}
	if apierror.CodeOf(err) == apierror.Forbidden {
		rows, err = nil, nil // the user may read none of this model
	}
	if err != nil {
		return err
	}
	found := make(map[int64]bool, len(rows))
	for _, rec := range rows {
		found[rec.id] = true
	}
	for _, id := range b.ids {
		if !found[id] {
			r.record(b.typ, id).unreadable.Store(true)
		}
	}
	return nil
}

// search reads a page of records into the identity map, with all that the shape
// wants of the records they refer to where Odoo can do so. Where Odoo refuses
// the call for the sake of some records or fields, it is asked again for less:
// what it refuses then becomes an error on its own path.
//
// The total is that of the whole list if count is set, and -1 if not known.
func (r *Request) search(ctx context.Context, q odoo.Query, s *shape, count bool) (found []*record, total int, err error) {
	rows, total, err := r.session.SearchTree(ctx, q, s.tree(), count)
	if apierror.CodeOf(err) != apierror.Forbidden {
		return r.rememberTree(s, rows), total, err
	}
	found, err = r.searchFlat(ctx, q, s)
	return found, -1, err
}

// searchFlat reads a page that Odoo refused, without the records that it leads
// to, or if it was read without them already, only the fields that it may.
func (r *Request) searchFlat(ctx context.Context, q odoo.Query, s *shape) ([]*record, error) {
	if r.session.CanNest() && len(s.branches) > 0 {
		rows, err := r.session.SearchRead(ctx, q, s.fields)
		if apierror.CodeOf(err) != apierror.Forbidden {
			return r.remember(s.typ, s.fields, [][]odoo.Row{rows}, len(rows)), err
		}
	}
	rows, err := r.session.SearchRead(ctx, q, nil)
	if err != nil || len(s.fields) == 0 {
		return r.remember(s.typ, nil, [][]odoo.Row{rows}, len(rows)), err
	}
	ids := make([]int64, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	q = odoo.Query{Model: q.Model, Domain: odoo.And(s.typ.among(ids), s.typ.archived()), Limit: len(ids)}
	if err := r.salvage(ctx, s.typ, q, rows, s.fields); err != nil {
		return nil, err
	}
	return r.remember(s.typ, nil, [][]odoo.Row{rows}, len(rows)), nil
}

// salvage finds the fields that Odoo refuses, by halves.
func (r *Request) salvage(ctx context.Context, t *boundType, q odoo.Query, rows []odoo.Row, fields []string) error {
	if len(fields) == 1 {
		return r.salvageOne(ctx, t, q, rows, fields[0])
	}
	middle := len(fields) / 2
	for _, half := range [][]string{fields[:middle], fields[middle:]} {
		found, err := r.session.SearchRead(ctx, q, half)
		if err == nil {
			r.remember(t, half, [][]odoo.Row{found}, len(found))
			continue
		}
		if apierror.CodeOf(err) != apierror.Forbidden {
			return err
		}
		if err := r.salvage(ctx, t, q, rows, half); err != nil {
			return err
		}
	}
	return nil
}

func (r *Request) salvageOne(ctx context.Context, t *boundType, q odoo.Query, rows []odoo.Row, field string) error {
	found, err := r.session.SearchRead(ctx, q, []string{field})
	if apierror.CodeOf(err) != apierror.Forbidden {
		r.remember(t, []string{field}, [][]odoo.Row{found}, len(found))
		return err
	}
	refused := make([]odoo.Row, len(rows))
	for i, row := range rows {
		refused[i] = odoo.Row{ID: row.ID, Values: []any{apierror.Wrap(apierror.Forbidden, "You may not read this field.", err)}}
	}
	r.remember(t, []string{field}, [][]odoo.Row{refused}, len(refused))
	return nil
}

// where is a condition on a field of the type itself.
func (t *boundType) where(field string, op odoo.Op, value any) odoo.Domain {
	return odoo.Where([]odoo.Step{{Model: t.model, Field: field}}, op, value)
}

// among is the condition of having one of these ids.
func (t *boundType) among(ids []int64) odoo.Domain {
	list := make([]any, len(ids))
	for i, id := range ids {
		list[i] = id
	}
	return t.where("id", odoo.In, list)
}

// archived makes a search find archived records too: Odoo leaves them out
// unless the domain speaks of the field active.
func (t *boundType) archived() odoo.Domain {
	if !t.model.HasField("active") {
		return odoo.Domain{}
	}
	return t.where("active", odoo.In, []any{true, false})
}
