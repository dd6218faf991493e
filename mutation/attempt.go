package mutation

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"odoograph/apierror"
	"odoograph/idempotency"
	"odoograph/odoo"
	"odoograph/telemetry"
)

// odooLimit is how long Odoo may be at a change whose client is gone: it kills what
// takes longer than its limit_time_real, by default 2 minutes, and looks every so
// often.
const odooLimit = 150 * time.Second

// attempt is the right to make a change. Without an idempotency key it is nobody's
// business but the client's, and the methods do nothing.
type attempt struct {
	*idempotency.Attempt
	// settle is how long after its begin nothing of an attempt can go on in Odoo any
	// more.
	settle time.Duration
}

// answer is what is remembered of a change that was made: the records. What they
// look like is read again when the answer is asked for again.
type answer struct {
	IDs []int64 `json:"ids"`
}

// begin returns the attempt at the current mutation, or what it did when it was
// done before.
func (o *Operation) begin(ctx context.Context, input map[string]any) (attempt, *odoo.Saved, error) {
	field := graphql.GetFieldContext(ctx).Field
	request := idempotency.Request{Owner: o.owner, Key: o.key}
	if directive := field.Directives.ForName("idempotent"); directive != nil {
		request.Key, _ = directive.ArgumentMap(graphql.GetOperationContext(ctx).Variables)["key"].(string)
	} else if o.key != "" {
		// One key for all mutations of the request: each has its place.
		o.mu.Lock()
		request.Owner = fmt.Sprintf("%s/%d", o.owner, o.keyed)
		o.keyed++
		o.mu.Unlock()
	} else {
		return attempt{}, nil, nil
	}
	text, err := json.Marshal(map[string]any{"mutation": field.Name, "input": input})
	if err != nil {
		return attempt{}, nil, apierror.Public(err)
	}
	request.Fingerprint = sha256.Sum256(text)
	begun, known, err := o.service.answers.Begin(ctx, request)
	if known == nil {
		return attempt{begun, o.service.timeout + odooLimit}, nil, err
	}
	var done answer
	if err := json.Unmarshal(known.Body, &done); err != nil {
		return attempt{}, nil, apierror.Public(err)
	}
	return attempt{}, &odoo.Saved{IDs: done.IDs}, nil
}

// interrupted tells whether the change may have been made by an earlier attempt.
func (a attempt) interrupted() bool { return a.Attempt != nil && a.Interrupted }

// unsettled returns how long an earlier attempt may still go on, 0 if it cannot.
func (a attempt) unsettled() time.Duration { return max(0, a.settle-a.Age) }

// leased returns a context that ends when another attempt may begin.
func (a attempt) leased(ctx context.Context) (context.Context, context.CancelFunc) {
	if a.Attempt == nil {
		return ctx, func() {}
	}
	return a.WithLease(ctx)
}

// again says that the change is about to be made though an earlier attempt was
// interrupted.
func (a attempt) again(ctx context.Context) error {
	if !a.interrupted() {
		return nil
	}
	if err := a.Restart(ctx); err != nil {
		return apierror.Wrap(apierror.IdempotencyInProgress, "Another request with this idempotency key has taken over.", err)
	}
	return nil
}

// end remembers what became of the attempt, and returns the error that the client
// gets.
func (a attempt) end(ctx context.Context, saved *odoo.Saved, err error) error {
	unknown := errors.Is(err, odoo.ErrOutcomeUnknown)
	if unknown {
		err = lost(err, a.Attempt != nil)
	}
	if a.Attempt == nil {
		return err
	}
	var failed error
	switch {
	case saved != nil:
		body, _ := json.Marshal(answer{saved.IDs})
		failed = a.Finish(ctx, body)
	case unknown || a.Interrupted:
		failed = a.Interrupt(ctx)
	default:
		failed = a.Abandon(ctx)
	}
	if failed != nil { // the next attempt is interrupted then, and finds out
		telemetry.Note(ctx, "idempotency_failed", failed)
	}
	return err
}

// lost is the error of a change of which nobody knows whether it was made.
func lost(err error, keyed bool) error {
	e := apierror.Wrap(apierror.OutcomeUnknown, "The answer of Odoo was lost: nobody knows whether the change was made. Look before you repeat it.", err)
	if keyed {
		e.Message = "The answer of Odoo was lost: repeat the request with the same idempotency key, to learn whether the change was made."
		e.RetryAfter = time.Second
	}
	return e
}
