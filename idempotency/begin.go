package idempotency

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"time"

	"odoograph/apierror"
)

const (
	// beginPatience bounds how long Begin waits for a database that fails.
	beginPatience = 2 * time.Second
	// maxLooks is how often Begin looks at a key that changes hands as it looks.
	maxLooks = 10
	// progressPause is when to ask again for the answer of a request under way.
	progressPause = time.Second

	msgReused      = "This idempotency key was used for another request; make a new key for each request."
	msgInProgress  = "A request with this idempotency key is still under way; repeat this one later."
	msgUnavailable = "The gateway cannot reach its database, so that it did nothing; try again later."
)

// Begin returns an Attempt when the work is to be done, or the Answer when it
// was done before. The caller must end the Attempt: with Finish, Abandon or
// Interrupt. An error is one of
//
//   - BAD_USER_INPUT for a key that is none,
//   - IDEMPOTENCY_KEY_REUSED for a key of another request,
//   - IDEMPOTENCY_IN_PROGRESS while another Attempt holds the key,
//   - RATE_LIMITED when the owner has about 100,000 keys of the last 24 hours,
//   - UPSTREAM_UNAVAILABLE when the database does not answer within 2 seconds,
//
// and the work must not be done then.
func (s *Store) Begin(ctx context.Context, r Request) (*Attempt, *Answer, error) {
	if err := r.check(); err != nil {
		return nil, nil, err
	}
	full := s.full(ctx, r.Owner)
	a := &Attempt{store: s, request: r, id: rand.Text(), lost: make(chan struct{})}
	for range maxLooks {
		if !full {
			started := time.Now()
			taken, err := a.take(ctx)
			if err != nil {
				return nil, nil, unavailable(err)
			}
			if taken {
				s.hold(a, started)
				return a, nil, nil
			}
		}
		found, err := s.look(ctx, r)
		switch {
		case err != nil:
			return nil, nil, unavailable(err)
		case found == nil && full:
			return nil, nil, tooMany()
		case found == nil || found.fingerprintIs(r) && found.free:
			full = false // the key came free just now, or is not a new one: take it
		case !found.fingerprintIs(r):
			return nil, nil, &apierror.Error{Code: apierror.IdempotencyKeyReused, Message: msgReused, Field: "idempotencyKey"}
		case found.answer != nil:
			return nil, found.answer, nil
		default:
			return nil, nil, inProgress()
		}
	}
	return nil, nil, inProgress()
}

// take tries to make the key the attempt's, in one statement: a key that is new,
// that has expired, or that an attempt of the same request left behind. Of a key
// left behind the time stays when its work was begun; if nobody said when, it
// may have been just now.
func (a *Attempt) take(ctx context.Context) (taken bool, err error) {
	statement := a.store.sql(`
		INSERT INTO idempotency_keys AS k (owner, client_key, fingerprint, attempt, interrupted, lease_until, finished_at, omitted, expires_at, begun_at)
		VALUES ($1, $2, $3, $4, FALSE, :now + :lease, 0, FALSE, :now + :keep, :now)
		ON CONFLICT (owner, client_key) DO UPDATE SET
			fingerprint = excluded.fingerprint, attempt = excluded.attempt,
			interrupted = CASE WHEN k.expires_at <= :now THEN FALSE WHEN k.attempt = excluded.attempt THEN k.interrupted ELSE TRUE END,
			begun_at = CASE WHEN k.expires_at <= :now OR k.begun_at = 0 OR k.attempt = excluded.attempt AND NOT k.interrupted THEN :now ELSE k.begun_at END,
			lease_until = excluded.lease_until, finished_at = 0, omitted = FALSE, answer = NULL, expires_at = excluded.expires_at
		WHERE k.expires_at <= :now
			OR k.finished_at = 0 AND k.fingerprint = excluded.fingerprint AND (k.lease_until <= :now OR k.attempt = excluded.attempt)
		RETURNING interrupted, :now - begun_at`)
	err = persist(ctx, beginPatience, func(ctx context.Context) error {
		var age int64
		err := a.store.db.QueryRowContext(ctx, statement, a.request.Owner, a.request.Key, a.request.Fingerprint[:], a.id).Scan(&a.Interrupted, &age)
		a.Age = time.Duration(max(age, 0)) * time.Millisecond // less if the clock was set back
		taken = err == nil
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return taken, err
}

// found is what the database knows of a key.
type found struct {
	fingerprint []byte
	free        bool    // nobody holds the key any more
	answer      *Answer // nil while there is none
}

func (f *found) fingerprintIs(r Request) bool { return bytes.Equal(f.fingerprint, r.Fingerprint[:]) }

// look returns what is known of a key, nil if nothing.
func (s *Store) look(ctx context.Context, r Request) (*found, error) {
	var f *found
	statement := s.sql(`
		SELECT fingerprint, finished_at = 0 AND lease_until <= :now, finished_at, omitted, answer
		FROM idempotency_keys WHERE owner = $1 AND client_key = $2 AND expires_at > :now`)
	err := persist(ctx, beginPatience, func(ctx context.Context) error {
		f = &found{}
		var finished int64
		var answer Answer
		err := s.db.QueryRowContext(ctx, statement, r.Owner, r.Key).Scan(&f.fingerprint, &f.free, &finished, &answer.Omitted, &answer.Body)
		if errors.Is(err, sql.ErrNoRows) {
			f = nil
			return nil
		}
		if err == nil && finished != 0 {
			answer.At = time.UnixMilli(finished).UTC()
			f.answer = &answer
		}
		return err
	})
	return f, err
}

func inProgress() error {
	return &apierror.Error{Code: apierror.IdempotencyInProgress, Message: msgInProgress, RetryAfter: progressPause}
}

func unavailable(err error) error {
	return apierror.Wrap(apierror.UpstreamUnavailable, msgUnavailable, err)
}
