package mutation

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"odoograph/apierror"
	"odoograph/idempotency"
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

	mu       sync.Mutex
	keyed    int // mutations that used the key so far
	replayed []string
}

// Operation returns the operation of a request. The owner is whose idempotency
// keys they are; the key is that of the request, "" if it has none.
func (s *Service) Operation(owner, key string) *Operation {
	return &Operation{service: s, owner: owner, key: key}
}

// Replayed returns the response keys of those mutations that were done by an
// earlier request with the same idempotency key.
func (o *Operation) Replayed() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.replayed
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

// replay notes that the current mutation was done before.
func (o *Operation) replay(ctx context.Context) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.replayed = append(o.replayed, graphql.GetFieldContext(ctx).Field.Alias)
}
