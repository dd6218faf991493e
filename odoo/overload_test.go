package odoo

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"odoograph/apierror"
)

// slow is an Odoo of version 19 that takes a time for every answer. It is for
// use under synctest.
type slow time.Duration

func (s slow) RoundTrip(r *http.Request) (*http.Response, error) {
	select {
	case <-time.After(time.Duration(s)):
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	body := `{"jsonrpc": "2.0", "result": true}`
	if r.URL.Path == "/web/version" {
		body = `{"version": "19.0"}`
	}
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)),
	}, nil
}

// slowly returns a session with an Odoo that makes one call at a time.
func slowly(t *testing.T, takes time.Duration) *Session {
	t.Helper()
	client, err := New(Config{
		URL: "http://odoo.test", Database: "shop", MaxConns: 1, Timeout: 20 * time.Second, QueueTimeout: 30 * time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	client.wire.http = &http.Client{Transport: slow(takes)}
	client.server = &discovered{}
	return &Session{client: client, transport: newJSONRPC(client.wire), as: testUser}
}

func TestWaitingTakesNothingOfACallsTime(t *testing.T) {
	for _, test := range []struct {
		name   string
		takes  time.Duration
		code   apierror.Code
		ends   time.Duration // of the second call
		calls  int
		waited time.Duration
	}{
		{"two calls that together take more than one may", 15 * time.Second, "", 30 * time.Second, 1, 15 * time.Second},
		{"two calls that take more than one may", time.Minute, apierror.UpstreamTimeout, 40 * time.Second, 1, 20 * time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				session := slowly(t, test.takes)
				start := time.Now()
				go func() { _, _ = session.Do(t.Context(), anyCall) }()
				synctest.Wait()
				ctx, stats := WithStats(t.Context())
				_, err := session.Do(ctx, anyCall)
				if apierror.CodeOf(err) != test.code || time.Since(start) != test.ends {
					t.Errorf("%v after %v", err, time.Since(start))
				}
				if stats.Calls() != test.calls || stats.Waited() != test.waited || stats.Time() != test.ends-test.waited {
					t.Errorf("counted %d calls that took %v and waited %v", stats.Calls(), stats.Time(), stats.Waited())
				}
			})
		})
	}
}

func TestACallThatIsTurnedAwayWasNeverMade(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		session := slowly(t, 0)
		leave, err := session.client.wire.queue.enter(t.Context(), "somebody else")
		if err != nil {
			t.Fatal(err)
		}
		ctx, stats := WithStats(t.Context())
		_, err = session.Do(ctx, anyCall)
		wantError(t, err, apierror.Overloaded)
		if stats.Calls() != 0 || stats.Waited() != 30*time.Second {
			t.Errorf("counted %d calls that waited %v", stats.Calls(), stats.Waited())
		}
		wantError(t, session.client.Ping(t.Context()), apierror.Overloaded)
		if session.client.server == nil {
			t.Error("the server is doubted though it was not asked")
		}

		session.client.server = nil // as at the start
		_, err = session.client.discover(t.Context())
		wantError(t, err, apierror.Overloaded)
		leave()
		if _, err := session.client.discover(t.Context()); err != nil {
			t.Errorf("a failure is remembered that was none of the server: %v", err)
		}
	})
}

// Signing in is for all, so it waits in the line of none of them.
func TestSigningInWaitsInNobodysLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		session := slowly(t, time.Second)
		client := session.client
		greedy, giveUp := context.WithCancel(WithTenant(t.Context(), "greedy"))
		defer giveUp()
		for range maxWaitingOfOne + 1 {
			go func() { _, _ = session.Do(greedy, anyCall) }()
		}
		synctest.Wait()
		client.server = nil
		start := time.Now()
		// This Odoo refuses everybody's password; that it was asked is enough.
		_, err := client.Session(greedy, Credential{Login: "admin", Password: "admin"})
		wantError(t, err, apierror.UpstreamUnauthenticated)
		// Two calls, each after the one under way and one whose turn it was.
		if took := time.Since(start); took > 6*time.Second {
			t.Errorf("signing in took %v", took)
		}
	})
}

func TestAnOverloadIsToldInTheLogAlone(t *testing.T) {
	e := overloaded(errors.New("tenant 192.0.2.7"))
	if strings.Contains(e.Message, "192") || !strings.Contains(e.Error(), "192") || e.Code.Meaning().Status != http.StatusServiceUnavailable {
		t.Errorf("%+v", e)
	}
}
