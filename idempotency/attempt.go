package idempotency

import (
	"context"
	"errors"
	"time"
)

// endPatience bounds how long the end of an attempt waits for a database that
// fails. It is shorter than what is left of a lease that was renewed in time.
const endPatience = 5 * time.Second

// ErrSuperseded says that an attempt lost its lease and that its key is another
// attempt's now, or nobody's.
var ErrSuperseded = errors.New("the lease of this attempt was over, and its idempotency key is another's now")

// ErrLeaseLost is why the context of WithLease ends when the lease may be over.
var ErrLeaseLost = errors.New("the lease of this attempt may be over, and its work may be begun again elsewhere")

var errEnded = errors.New("this attempt has ended before")

// Attempt is the right to do the work of a request. Its holder does the work
// and then calls Finish, Abandon or Interrupt; the first of them counts, and
// Abandon and Interrupt do nothing after it, so that
//
//	defer attempt.Interrupt(ctx)
//
// is right for every way out that does not know better.
type Attempt struct {
	// Interrupted says that an attempt before this one ended without a word: its
	// work may have been done, or not, or may even be under way in Odoo. Do it
	// again only when it is known that it was not done.
	Interrupted bool
	// Age is how long ago, by the database's clock, an attempt before this one may
	// have begun the work last: when it had its Begin, or called Restart. It is 0
	// unless Interrupted. Work that Odoo ends within a time is over when the Age
	// and what has passed since are longer.
	Age time.Duration

	store   *Store
	request Request
	id      string
	ended   bool          // guarded by store.mu
	timer   *time.Timer   // ends the lease when it is not renewed
	lost    chan struct{} // closed when the lease may be over
}

// WithLease returns a context that ends when the lease may be over and another
// attempt may begin: do the work in it. The caller must call cancel when done.
// context.Cause is ErrLeaseLost then, and not when a client leaves.
func (a *Attempt) WithLease(ctx context.Context) (leased context.Context, cancel context.CancelFunc) {
	leased, end := context.WithCancelCause(ctx)
	go func() {
		select {
		case <-a.lost:
			end(ErrLeaseLost)
		case <-leased.Done():
		}
	}()
	return leased, func() { end(nil) }
}

// Restart says that an Interrupted attempt is about to do the work itself: for
// the attempts after it Age counts from now. The work must not begin when it
// fails. Any other attempt counts as begun by its Begin, and calls Restart if it
// was kept waiting before its work. An error is ErrSuperseded, when another
// attempt has the key or nobody, or one of the database. It goes on when ctx is
// cancelled, for at most 2 seconds.
func (a *Attempt) Restart(ctx context.Context) error {
	if a.store.released(a) {
		return errEnded
	}
	changed, err := a.change(ctx, beginPatience, `
		UPDATE idempotency_keys SET begun_at = :now
		WHERE owner = $1 AND client_key = $2 AND attempt = $3 AND expires_at > :now`)
	if err == nil && !changed {
		return ErrSuperseded
	}
	return err
}

// Finish says that the work is done and remembers what it was answered, which
// may also be an error that is to be given again. It goes on when ctx is
// cancelled, as the work is done, for at most 5 seconds. An error is
// ErrSuperseded, when another attempt has the key and the answer was not kept, or
// one of the database: then nobody knows whether it was, and if not, the next
// attempt is Interrupted.
func (a *Attempt) Finish(ctx context.Context, body []byte) error {
	omitted := !a.store.quota.mayKeep(a.request.Owner, len(body))
	if body == nil {
		body = []byte{} // which is an answer, too
	}
	if omitted {
		body = nil
	}
	changed, err := a.end(ctx, `
		UPDATE idempotency_keys SET lease_until = 0, finished_at = :now, omitted = $4, answer = $5, expires_at = :now + :keep
		WHERE owner = $1 AND client_key = $2 AND attempt = $3`, omitted, body)
	if err == nil && !changed {
		return ErrSuperseded
	}
	return err
}

// Abandon says that the work surely did not happen: the key is as if it had
// never been used, unless another attempt has it already. It goes on when ctx is
// cancelled, for at most 5 seconds. After an error, which is one of the database,
// the next attempt may be Interrupted.
func (a *Attempt) Abandon(ctx context.Context) error {
	return a.endWithout(ctx, `DELETE FROM idempotency_keys WHERE owner = $1 AND client_key = $2 AND attempt = $3 AND finished_at = 0`)
}

// Interrupt says that nobody knows whether the work happened: the next attempt
// is Interrupted, and need not wait for the lease to end. It goes on when ctx is
// cancelled, for at most 5 seconds.
func (a *Attempt) Interrupt(ctx context.Context) error {
	return a.endWithout(ctx, `
		UPDATE idempotency_keys SET lease_until = 0
		WHERE owner = $1 AND client_key = $2 AND attempt = $3 AND finished_at = 0`)
}

// endWithout ends the attempt without an answer, unless it has ended before.
func (a *Attempt) endWithout(ctx context.Context, statement string) error {
	if _, err := a.end(ctx, statement); !errors.Is(err, errEnded) {
		return err
	}
	return nil
}

// end ends the attempt with a statement, and tells whether it was still the
// holder of its key.
func (a *Attempt) end(ctx context.Context, statement string, args ...any) (changed bool, err error) {
	if !a.store.release(a) {
		return false, errEnded
	}
	return a.change(ctx, endPatience, statement, args...)
}

// change changes the key of the attempt, and tells whether there was one to change.
func (a *Attempt) change(ctx context.Context, patience time.Duration, statement string, args ...any) (changed bool, err error) {
	args = append([]any{a.request.Owner, a.request.Key, a.id}, args...)
	statement = a.store.sql(statement)
	err = persist(ctx, patience, func(ctx context.Context) error {
		result, err := a.store.db.ExecContext(ctx, statement, args...)
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		changed = n > 0
		return err
	})
	return changed, err
}
