package idempotency

import (
	"context"
	"crypto/sha256"
	"sync"
	"testing"
	"time"

	"odoograph/apierror"
	"odoograph/store/storetest"
)

// clock is a clock that tests set.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// open opens a Store that renews and sweeps when told to, on connections of its
// own, for the time of a test. With a nil clock it uses the database's.
func open(t testing.TB, database string, c *clock) *Store {
	t.Helper()
	config := Config{}
	if c != nil {
		config.Now = c.now
	}
	return newIdle(storetest.Open(t, database), config)
}

// request is what "shop" asks with a key.
func request(key, asked string) Request {
	return Request{Owner: "shop", Key: key, Fingerprint: sha256.Sum256([]byte(asked))}
}

// begin is what came of a Begin, in one word: new, interrupted, the body of the
// answer, or the code of the error.
func begin(t testing.TB, s *Store, r Request) (*Attempt, string) {
	t.Helper()
	attempt, answer, err := s.Begin(context.Background(), r)
	switch {
	case err != nil && attempt == nil && answer == nil:
		return nil, string(apierror.CodeOf(err))
	case err == nil && attempt == nil && answer != nil:
		return nil, string(answer.Body)
	case err == nil && attempt != nil && answer == nil && attempt.Interrupted:
		return attempt, "interrupted"
	case err == nil && attempt != nil && answer == nil:
		return attempt, "new"
	default:
		t.Errorf("Begin returned %v, %v, %v", attempt, answer, err)
		return nil, "nonsense"
	}
}

// expect begins and complains of an outcome that is not wanted.
func expect(t testing.TB, s *Store, r Request, want string) *Attempt {
	t.Helper()
	attempt, got := begin(t, s, r)
	if got != want {
		t.Fatalf("Begin of %q: %s, want %s", r.Key, got, want)
	}
	return attempt
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

const (
	reused   = "IDEMPOTENCY_KEY_REUSED"
	underWay = "IDEMPOTENCY_IN_PROGRESS"
)
