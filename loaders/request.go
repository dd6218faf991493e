package loaders

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"odoograph/apierror"
	"odoograph/odoo"
)

// Request reads from Odoo for one GraphQL response. It holds the identity map:
// each record is known once, however many paths lead to it.
type Request struct {
	session   *odoo.Session
	binding   *Binding
	loader    *loader
	revisions *revisions
	since     time.Time // when the reading began

	mu      sync.Mutex
	records map[string]map[int64]*record // by model and id
	pages   map[pageKey]nestedPage
}

// newRequest returns the reader of the response to an operation.
func newRequest(session *odoo.Session, binding *Binding, operation *ast.OperationDefinition, revisions *revisions) *Request {
	r := &Request{session: session, binding: binding, revisions: revisions, since: time.Now(), records: map[string]map[int64]*record{}, pages: map[pageKey]nestedPage{}}
	r.loader = newLoader(r, hasOneField(operation))
	return r
}

// User returns the id of the Odoo user who reads.
func (r *Request) User() int64 { return r.session.User().ID }

// Language returns the language of the texts that are read, as Odoo writes it: "en_US".
func (r *Request) Language() string { return r.session.Language() }

// hasOneField tells whether the root of an operation has a single field.
func hasOneField(operation *ast.OperationDefinition) bool {
	if len(operation.SelectionSet) != 1 {
		return false
	}
	_, ok := operation.SelectionSet[0].(*ast.Field)
	return ok
}

// Source gives the Request of a response when its first resolver asks for one,
// so that a query for __typename alone needs no Odoo.
type Source func(ctx context.Context) (*Request, error)

type sourceKey struct{}

// NewContext returns a context in which resolvers read from the source.
func NewContext(ctx context.Context, source Source) context.Context {
	return context.WithValue(ctx, sourceKey{}, source)
}

func fromContext(ctx context.Context) (*Request, error) {
	source, ok := ctx.Value(sourceKey{}).(Source)
	if !ok {
		return nil, apierror.New(apierror.Internal, "The gateway lost its way.")
	}
	return source(ctx)
}

// guarded makes a panic an error: in a goroutine of our own it would end the process.
func guarded(work func() error) func() error {
	return func() (err error) {
		defer func() {
			if panicked := recover(); panicked != nil {
				err = apierror.Public(fmt.Errorf("panic: %v\n%s", panicked, debug.Stack()))
			}
		}()
		return work()
	}
}

// record returns the record of this id, known or not.
func (r *Request) record(t *boundType, id int64) *record {
	r.mu.Lock()
	defer r.mu.Unlock()
	return known(r.of(t, 1), id)
}

// of returns the records of a type; some more are to come. It is called under
// the lock.
func (r *Request) of(t *boundType, more int) map[int64]*record {
	records := r.records[t.entity.model]
	if records == nil {
		records = make(map[int64]*record, more)
		r.records[t.entity.model] = records
	}
	return records
}

func known(records map[int64]*record, id int64) *record {
	rec := records[id]
	if rec == nil {
		rec = &record{id: id}
		records[id] = rec
	}
	return rec
}

// remember adds the rows of an answer, n in all, to the identity map.
func (r *Request) remember(t *boundType, fields []string, groups [][]odoo.Row, n int) []*record {
	places := &layout{fields}
	out := make([]*record, 0, n)
	segments := make([]segment, n)
	r.mu.Lock()
	defer r.mu.Unlock()
	records := r.of(t, n)
	for _, rows := range groups {
		for _, row := range rows {
			s := &segments[len(out)]
			*s = segment{layout: places, values: row.Values}
			rec := known(records, row.ID)
			rec.add(s)
			out = append(out, rec)
		}
	}
	return out
}
