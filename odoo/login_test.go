package odoo

import (
	"testing"
	"time"
)

// Odoo locks everybody out for a minute after five refusals in a row that come
// less than a minute apart. The guard must never let that happen, whatever
// credentials are tried, and must let a good one in soon.
func TestGuardStaysBelowTheCoolDown(t *testing.T) {
	now := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	g := loginGuard{now: func() time.Time { return now }}
	key := func(i int) credentialKey { return credentialKey{byte(i), byte(i >> 8)} }

	refusals, last := 0, time.Time{}
	for i := range 3000 {
		k := key(i % 300) // 300 wrong credentials, tried over and over, one each second
		now = now.Add(time.Second)
		if g.allow(k, true) != nil {
			continue
		}
		if refusals >= 5 && now.Sub(last) < time.Minute {
			t.Fatalf("after %d refusals Odoo is asked again %v later", refusals, now.Sub(last))
		}
		g.failed(k, true)
		refusals++
		last = now
	}
	if refusals < 10 {
		t.Errorf("only %d tries in 3000 s: a mended credential would wait for ever", refusals)
	}
	now = last.Add(quiet)
	good := key(1000)
	if err := g.allow(good, true); err != nil {
		t.Errorf("a good credential has to wait: %v", err)
	}
	g.succeeded(good, true)
	if err := g.allow(key(1001), true); err != nil {
		t.Errorf("after a success Odoo counts from zero: %v", err)
	}
}

func TestGuardDoublesTheWaitOfOneCredential(t *testing.T) {
	now := time.Unix(0, 0)
	g := loginGuard{now: func() time.Time { return now }}
	var k credentialKey
	for _, want := range []time.Duration{quiet, 2 * quiet, 4 * quiet} {
		if err := g.allow(k, true); err != nil {
			t.Fatal(err)
		}
		g.failed(k, true)
		now = now.Add(want - time.Second)
		if g.allow(k, true) == nil {
			t.Errorf("tried again before %v", want)
		}
		now = now.Add(time.Second)
	}
}

// Whoever presents wrong keys over JSON-2, which Odoo does not count, delays
// nobody else; each of those keys waits all the same.
func TestGuardOfKeysThatOdooDoesNotCount(t *testing.T) {
	g := loginGuard{now: func() time.Time { return time.Unix(0, 0) }}
	for i := range 100 {
		g.failed(credentialKey{byte(i)}, false)
	}
	if err := g.allow(credentialKey{200}, true); err != nil {
		t.Errorf("a password has to wait for wrong keys: %v", err)
	}
	if g.allow(credentialKey{7}, false) == nil {
		t.Error("a wrong key may be tried again at once")
	}
}
