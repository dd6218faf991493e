package mutation

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"odoograph/apierror"
	"odoograph/idempotency"
	"odoograph/odoo"
)

// Service holds what all mutations of a gateway have in common. It is safe for
// concurrent use.
type Service struct {
	locks   locks
	answers *idempotency.Store
	timeout time.Duration
}

// New returns the service. Answers are remembered in the store; each mutation may
// take so long.
func New(answers *idempotency.Store, timeout time.Duration) *Service {
	return &Service{answers: answers, timeout: timeout}
}

// Operation is one GraphQL operation with mutations. Its mutations run one after
// the other.
type Operation struct {
	service *Service
	owner   string
	key     string

	mu     sync.Mutex
	keyed  int // mutations that used the key so far
	report Report
}

// Report is what became of the mutations of an operation, each by the key that it
// has in the response.
type Report struct {
	// Replayed are those that an earlier request with the same idempotency key did.
	Replayed []string
	// Changed are the others that did their work, with the ids of the records, and
	// Refused those that did not, with the codes of their user errors.
	Changed, Refused []string
}

// Operation returns the operation of a request. The owner is whose idempotency
// keys they are; the key is that of the request, "" if it has none.
func (s *Service) Operation(owner, key string) *Operation {
	return &Operation{service: s, owner: owner, key: key}
}

// Report returns what became of the mutations so far.
func (o *Operation) Report() Report {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.report
}

type contextKey struct{}

// NewContext returns a context in which mutations are of the operation.
func NewContext(ctx context.Context, o *Operation) context.Context {
	return context.WithValue(ctx, contextKey{}, o)
}

func fromContext(ctx context.Context) (*Operation, error) {
	o, ok := ctx.Value(contextKey{}).(*Operation)
	if !ok {
		return nil, apierror.Wrap(apierror.Internal, "The gateway lost its way.", errors.New("mutation: no operation"))
	}
	return o, nil
}

// detached returns a context for a mutation: the client's leaving does not end it,
// since what Odoo was asked to do cannot be taken back.
func (o *Operation) detached(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), o.service.timeout)
}

// tell notes what became of the current mutation.
func (o *Operation) tell(ctx context.Context, replayed bool, saved *odoo.Saved, refused []UserError) {
	name := graphql.GetFieldContext(ctx).Field.Alias
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case replayed:
		o.report.Replayed = append(o.report.Replayed, name)
	case saved != nil:
		o.report.Changed = append(o.report.Changed, fmt.Sprint(name, " ", saved.IDs))
	default:
		codes := make([]UserErrorCode, len(refused))
		for i, err := range refused {
			codes[i] = err.Code
		}
		o.report.Refused = append(o.report.Refused, fmt.Sprint(name, " ", codes))
	}
}
