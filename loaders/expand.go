package loaders

import (
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"odoograph/graph/relay"
	"odoograph/odoo"
)

// pageKey is a connection field of one record.
type pageKey struct {
	list   *list
	record *record
}

// nestedPage is a page of a connection field of one record.
type nestedPage struct {
	ids    []int64 // of the page
	window relay.Window
	total  int
}

// expand returns the records that the plans of fetched records lead to.
func (r *Request) expand(ctx context.Context, wants []want) ([]want, error) {
	var next []want
	owners := map[*list][]*record{}
	for _, w := range wants {
		rec := r.record(w.plan.typ, w.id)
		for name, child := range w.plan.ones {
			value, _ := rec.value(w.plan.typ.fields[name].odoo.Name)
			if ref, ok := value.(odoo.Ref); ok {
				next = append(next, want{child, ref.ID})
			}
		}
		for _, l := range w.plan.lists {
			owners[l] = append(owners[l], rec)
		}
	}
	group, groupCtx := errgroup.WithContext(ctx)
	for l, records := range owners {
		group.Go(guarded(func() error { return r.paginate(groupCtx, l, records) }))
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for l, records := range owners {
		if !l.window {
			continue
		}
		for _, rec := range records {
			for _, id := range r.page(l, rec).ids {
				next = append(next, want{l.items, id})
			}
		}
	}
	return next, nil
}

// paginate cuts the pages of one connection field of many records. Odoo gave
// the ids with the records, in its own order; a filter or another order costs
// one search for all of them together.
func (r *Request) paginate(ctx context.Context, l *list, owners []*record) error {
	ids := map[*record][]int64{}
	var union []int64
	for _, rec := range owners {
		value, _ := rec.value(l.field.odoo.Name)
		ids[rec], _ = value.([]int64)
		union = append(union, ids[rec]...)
	}
	if len(union) > 0 && l.ranked() {
		rank, err := r.rank(ctx, l, union)
		if err != nil {
			return err
		}
		for rec, list := range ids {
			ids[rec] = ranked(list, rank, len(l.order) > 0)
		}
	}
	for rec, list := range ids {
		window, err := l.page.Window(l.scope)
		if err != nil {
			return err
		}
		window = window.Fix(len(list))
		page := nestedPage{ids: list[window.Offset : window.Offset+window.Limit], window: window, total: len(list)}
		r.mu.Lock()
		r.pages[pageKey{l, rec}] = page
		r.mu.Unlock()
	}
	return nil
}

// page returns the page of a connection field that paginate has cut.
func (r *Request) page(l *list, owner *record) nestedPage {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.pages[pageKey{l, owner}]
}

// rank returns the place in the wanted order of each id that meets the filter.
func (r *Request) rank(ctx context.Context, l *list, union []int64) (map[int64]int, error) {
	slices.Sort(union)
	union = slices.Compact(union)
	t := l.items.typ
	found, err := r.session.Search(ctx, odoo.Query{
		Model: t.model, Order: l.order, Limit: len(union),
		Domain: odoo.And(t.among(union), l.filter, t.domain),
	})
	if err != nil {
		return nil, err
	}
	rank := make(map[int64]int, len(found))
	for i, id := range found {
		rank[id] = i
	}
	return rank, nil
}

// ranked returns the ids that have a rank, in its order or as they stand.
func ranked(ids []int64, rank map[int64]int, sort bool) []int64 {
	kept := slices.DeleteFunc(slices.Clone(ids), func(id int64) bool { _, ok := rank[id]; return !ok })
	if sort {
		slices.SortFunc(kept, func(a, b int64) int { return rank[a] - rank[b] })
	}
	return kept
}
