package idempotency

import (
	"bytes"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"odoograph/apierror"
	"odoograph/store"
	"odoograph/store/storetest"
)

// fill adds finished keys of an owner, which expire at a time, with one answer each.
func fill(t *testing.T, s *Store, owner string, n int, expires time.Time, answer []byte) {
	t.Helper()
	_, err := s.db.Exec(`
		INSERT INTO idempotency_keys (owner, client_key, fingerprint, attempt, interrupted, lease_until, finished_at, omitted, answer, expires_at)
		WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < $1)
		SELECT $2, 'filled ' || n, $3, '', FALSE, 0, 1, FALSE, $3, $4 FROM numbers`, n, owner, answer, expires.UnixMilli())
	must(t, err)
}

func count(t *testing.T, s *Store) (n int) {
	t.Helper()
	must(t, s.db.QueryRow("SELECT COUNT(*) FROM idempotency_keys").Scan(&n))
	return n
}

func TestAnswersAreBounded(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, database string) {
		s := open(t, database, newClock())
		for _, test := range []struct {
			size    int
			omitted bool
		}{{0, false}, {maxAnswer, false}, {maxAnswer + 1, true}} {
			r := request(fmt.Sprint(test.size), "anything")
			body := bytes.Repeat([]byte{0, 255}, test.size/2+1)[:test.size]
			must(t, expect(t, s, r, "new").Finish(t.Context(), body))
			_, answer, err := s.Begin(t.Context(), r)
			if err != nil || answer.Omitted != test.omitted || bytes.Equal(answer.Body, body) == test.omitted {
				t.Errorf("an answer of %d bytes: %d bytes, omitted %v, %v", test.size, len(answer.Body), answer.Omitted, err)
			}
		}
	})
}

// An owner whose answers take up much is told that later ones were not kept.
func TestTheAnswersOfAnOwnerAreBounded(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, database string) {
		c := newClock()
		s := open(t, database, c)
		fill(t, s, "shop", 3, c.at.Add(time.Hour), make([]byte, 10))
		fill(t, s, "other", 3, c.at.Add(time.Hour), make([]byte, 10))
		s.full(t.Context(), "shop")
		if got := *s.quota.of("shop"); got.keys != 3 || got.bytes != 30 {
			t.Errorf("counted %+v", got)
		}
		s.quota.set("shop", 3, maxBytes-10) // as if they were larger
		for i, omitted := range []bool{false, true} {
			r := request(fmt.Sprint(i), "anything")
			must(t, expect(t, s, r, "new").Finish(t.Context(), make([]byte, 6)))
			if _, answer, err := s.Begin(t.Context(), r); err != nil || answer.Omitted != omitted {
				t.Errorf("answer %d: omitted %v, %v", i, answer.Omitted, err)
			}
		}
	})
}

// An owner that has used up its keys gets no new one until it is counted anew and
// has fewer. Those it has go on, and so do other owners.
func TestTheKeysOfAnOwnerAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, store.Memory, nil)
		s.now = time.Now
		fill(t, s, "shop", 1, time.Now(), []byte("expired"))
		must(t, expect(t, s, request("last but one", "anything"), "new").Interrupt(t.Context()))
		s.quota.set("shop", maxKeys-1, 0) // as if it had so many
		expect(t, s, request("last", "anything"), "new")
		_, _, err := s.Begin(t.Context(), request("too many", "anything"))
		if e := apierror.Public(err); e.Code != apierror.RateLimited || e.RetryAfter == 0 {
			t.Errorf("beyond the last: %v", err)
		}
		expect(t, s, request("filled 1", "anything"), "RATE_LIMITED") // which is as good as swept
		expect(t, s, request("last", "anything"), underWay)
		expect(t, s, request("last", "something else"), reused)
		must(t, expect(t, s, request("last but one", "anything"), "interrupted").Finish(t.Context(), []byte("done")))
		expect(t, s, request("last but one", "anything"), "done")
		other := request("too many", "anything")
		other.Owner = "somebody else"
		expect(t, s, other, "new")
		time.Sleep(recountFull)
		expect(t, s, request("too many", "anything"), "new")
	})
}

func TestExpiredKeysAreSwept(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, database string) {
		c := newClock()
		s := open(t, database, c)
		fill(t, s, "shop", 2*sweepBatch+1, c.at, []byte("expired"))
		fill(t, s, "other", 10, c.at.Add(time.Millisecond), []byte("not yet"))
		must(t, s.sweep(t.Context()))
		if n := count(t, s); n != 10 {
			t.Errorf("%d keys are left", n)
		}
		c.advance(time.Millisecond)
		must(t, s.sweep(t.Context()))
		if n := count(t, s); n != 0 {
			t.Errorf("%d keys are left", n)
		}
	})
}

// A key that somebody takes again while the sweep looks at it stays.
func TestTheSweepSparesWhatIsTakenAgain(t *testing.T) {
	c := newClock()
	s := open(t, storetest.Postgres(t), c) // SQLite lets one write at a time
	fill(t, s, "shop", 1, c.at, []byte("expired"))
	tx, err := s.db.Begin()
	must(t, err)
	_, err = tx.Exec("UPDATE idempotency_keys SET expires_at = $1", c.at.Add(time.Hour).UnixMilli())
	must(t, err)
	swept := make(chan error)
	go func() { swept <- s.sweep(t.Context()) }()
	for waiting := 0; waiting == 0; {
		must(t, s.db.QueryRow("SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%DELETE FROM idempotency_keys%' AND pid <> pg_backend_pid()").Scan(&waiting))
	}
	must(t, tx.Commit())
	must(t, <-swept)
	if n := count(t, s); n != 1 {
		t.Errorf("%d keys are left", n)
	}
}

func TestSweepingInTheBackground(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := New(storetest.Open(t, store.Memory), Config{Now: time.Now})
		defer s.Close()
		fill(t, s, "shop", 3*sweepBatch, time.Now(), []byte("expired"))
		time.Sleep(2 * sweepEvery)
		synctest.Wait()
		if n := count(t, s); n != 0 {
			t.Errorf("%d keys are left", n)
		}
	})
}
