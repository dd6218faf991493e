package loaders

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/vikstrous/dataloadgen"

	"odoograph/apierror"
	"odoograph/odoo"
)

// key names a single record: by its id, or by the value of another field.
type key struct {
	plan  *plan
	field string // "" for the id
	value any    // int64 or string
}

// loader finds single records. All that are asked for at once, in one query or
// under one alias each, are read together.
type loader struct {
	request *Request
	keys    *dataloadgen.Loader[key, *Object]
	// alone tells that there is nobody to wait for: the query has one root field.
	alone bool
}

// gather is how long the first of several root fields waits for the others,
// which run at the same time as it.
const gather = time.Millisecond

func newLoader(r *Request, alone bool) *loader {
	return &loader{r, dataloadgen.NewMappedLoader(r.loadMany, dataloadgen.WithWait(gather)), alone}
}

// load returns the record, or nil if there is none that the user may see.
func (l *loader) load(ctx context.Context, k key) (*Object, error) {
	objects, err := l.loadAll(ctx, []key{k})
	if err != nil {
		return nil, err
	}
	return objects[0], nil
}

// loadAll returns the records in the order of the keys, nil for each that is
// not there or not visible.
func (l *loader) loadAll(ctx context.Context, keys []key) ([]*Object, error) {
	objects := make([]*Object, len(keys))
	if l.alone {
		found, err := l.request.loadMany(ctx, keys)
		failed, _ := errors.AsType[dataloadgen.MappedFetchError[key]](err)
		for i, k := range keys {
			if objects[i] = found[k]; failed[k] != nil {
				err = failed[k]
			}
		}
		return objects, err
	}
	thunks := make([]func() (*Object, error), len(keys))
	for i, k := range keys {
		thunks[i] = l.keys.LoadThunk(ctx, k)
	}
	for i, thunk := range thunks {
		var err error
		if objects[i], err = thunk(); err != nil && !errors.Is(err, dataloadgen.ErrNotFound) {
			return nil, err
		}
	}
	return objects, nil
}

// loadMany reads the records of all keys: those named by another field need
// one more call for each such field, which reads all that their plans want.
func (r *Request) loadMany(ctx context.Context, keys []key) (map[key]*Object, error) {
	var wants []want
	byField := map[*boundType]map[string][]key{}
	for _, k := range keys {
		t := k.plan.typ
		if k.field == "" {
			wants = append(wants, want{k.plan, k.value.(int64)}) //nolint:forcetypeassert // as key says
			continue
		}
		if byField[t] == nil {
			byField[t] = map[string][]key{}
		}
		byField[t][k.field] = append(byField[t][k.field], k)
	}
	ids := map[key]int64{}
	failed := dataloadgen.MappedFetchError[key]{}
	for t, fields := range byField {
		for field, keys := range fields {
			if err := r.resolve(ctx, t, field, keys, ids, failed); err != nil {
				return nil, err
			}
		}
	}
	for k, id := range ids {
		wants = append(wants, want{k.plan, id})
	}
	if err := r.fill(ctx, wants); err != nil {
		return nil, err
	}
	found := map[key]*Object{}
	for _, k := range keys {
		id, ok := ids[k]
		if k.field == "" {
			id, ok = k.value.(int64)
		}
		if !ok {
			continue
		}
		if rec := r.record(k.plan.typ, id); !rec.unreadable.Load() {
			found[k] = &Object{request: r, plan: k.plan, record: rec}
		}
	}
	if len(failed) > 0 {
		return found, failed
	}
	return found, nil
}

// resolve finds the ids of the records that have these values in a field.
func (r *Request) resolve(ctx context.Context, t *boundType, field string, keys []key, ids map[key]int64, failed dataloadgen.MappedFetchError[key]) error {
	values := make([]any, len(keys))
	plans := make([]*plan, len(keys))
	for i, k := range keys {
		values[i], plans[i] = k.value, k.plan
	}
	wanted := shapeOf(t, plans...)
	wanted.need(field)
	q := odoo.Query{Model: t.model, Domain: odoo.And(t.where(field, odoo.In, values), t.domain), Limit: 2 * len(keys)}
	if t.model.HasField("active") {
		q.Order = []odoo.Order{{Field: "active", Desc: true}}
	}
	records, _, err := r.search(ctx, q, wanted, false)
	if err != nil {
		return err
	}
	for _, k := range keys {
		for _, rec := range records {
			if value, _ := rec.value(field); value != k.value {
				continue
			}
			if _, twice := ids[k]; twice {
				failed[k] = apierror.BadInput(field, fmt.Sprintf("Several records have %q here: use the id.", k.value))
				break
			}
			ids[k] = rec.id
		}
	}
	return nil
}
