package idempotency

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"odoograph/store"
)

const (
	// keepFor is how long an answer is given again, and how long an interrupted
	// attempt is remembered.
	keepFor = 24 * time.Hour
	// lease is how long an attempt is believed to go on that nobody hears of.
	lease = 15 * time.Second
	// renewEvery leaves time for two renewals that fail.
	renewEvery = lease / 3
	// ownLease is the lease as its holder counts it: over before it is.
	ownLease = lease - lease/10
)

// Config is what a Store is made of.
type Config struct {
	// Log hears of leases that are lost and of a database that cannot be swept;
	// nil for nobody.
	Log *slog.Logger
	// Now is the clock, for tests; nil for the database's, which all share.
	Now func() time.Time
}

// Store remembers the answers. It is safe for concurrent use.
type Store struct {
	db    *store.DB
	log   *slog.Logger
	now   func() time.Time // nil for the database's clock
	quota quota

	mu       sync.Mutex
	attempts map[*Attempt]struct{} // those whose lease is renewed

	stop    context.CancelFunc
	stopped sync.WaitGroup
}

// New returns a Store on a database, which stays the caller's. Close it first.
func New(db *store.DB, config Config) *Store {
	s := newIdle(db, config)
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	s.stopped.Go(func() { s.keepRenewing(ctx) })
	s.stopped.Go(func() { s.keepSweeping(ctx) })
	return s
}

// newIdle returns a Store that renews and sweeps when told to.
func newIdle(db *store.DB, config Config) *Store {
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	return &Store{db: db, log: config.Log, now: config.Now, attempts: map[*Attempt]struct{}{}, stop: func() {}}
}

// Close ends what runs in the background. Leases are not renewed any more, so
// end the attempts before.
func (s *Store) Close() {
	s.stop()
	s.stopped.Wait()
}

// sql fills in the times of a statement: :now, :lease and :keep, in milliseconds.
func (s *Store) sql(statement string) string {
	now := s.db.Clock()
	if s.now != nil {
		now = fmt.Sprint(s.now().UnixMilli())
	}
	return strings.NewReplacer(
		":now", now, ":lease", fmt.Sprint(lease.Milliseconds()), ":keep", fmt.Sprint(keepFor.Milliseconds()),
	).Replace(statement)
}

// persist does something until it succeeds or the patience ends. Each statement
// that is done so may be done twice: a connection that breaks does not tell
// whether it was. It does not end with the client's request, for a client that
// leaves must not make the outcome unknown.
func persist(ctx context.Context, patience time.Duration, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	for pause := 20 * time.Millisecond; ; pause *= 2 {
		err := do(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return store.Explain(err)
		case <-time.After(pause):
		}
	}
}
