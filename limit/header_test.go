package limit

import (
	"net/http"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestWriteHeaders(t *testing.T) {
	for name, test := range map[string]struct {
		decision Decision
		want     map[string]string
	}{
		"allowed": {
			Decision{Allowed: true, Limit: 100, Window: time.Minute, Remaining: 50, Reset: 30 * time.Second},
			map[string]string{
				"RateLimit": `"default";r=50;t=30`, "RateLimit-Policy": `"default";q=100;w=60`,
				"X-RateLimit-Limit": "100", "X-RateLimit-Remaining": "50", "X-RateLimit-Reset": "946684830",
			},
		},
		"refused for a moment": {
			Decision{Limit: 1, Window: 500 * time.Millisecond, Reset: 1001 * time.Millisecond, RetryAfter: time.Millisecond},
			map[string]string{
				"RateLimit": `"default";r=0;t=2`, "RateLimit-Policy": `"default";q=1;w=1`,
				"X-RateLimit-Limit": "1", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "946684802",
				"Retry-After": "1",
			},
		},
		"refused for longer": {
			Decision{Limit: 5, Window: time.Hour, Remaining: 2, Reset: time.Hour, RetryAfter: 90*time.Second + 1},
			map[string]string{
				"RateLimit": `"default";r=2;t=3600`, "RateLimit-Policy": `"default";q=5;w=3600`,
				"X-RateLimit-Limit": "5", "X-RateLimit-Remaining": "2", "X-RateLimit-Reset": "946688400",
				"Retry-After": "91",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { // it is 946684800, the year 2000
				got, want := http.Header{}, http.Header{}
				test.decision.WriteHeaders(got)
				for field, value := range test.want {
					want.Set(field, value)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

func TestLastDecisionIsTold(t *testing.T) {
	h := http.Header{}
	Decision{Limit: 1, Window: time.Second}.WriteHeaders(h)
	Decision{Allowed: true, Limit: 9, Window: time.Second}.WriteHeaders(h)
	if h.Get("X-RateLimit-Limit") != "9" || h.Get("Retry-After") != "" {
		t.Error(h)
	}
}

func TestAddress(t *testing.T) {
	for _, test := range []struct{ addr, want string }{
		{"192.0.2.7", "address:192.0.2.7"},
		{"::ffff:192.0.2.7", "address:192.0.2.7"},
		{"2001:db8:1:2:3:4:5:6", "address:2001:db8:1:2::/64"},
		{"2001:db8:1:2::", "address:2001:db8:1:2::/64"},
		{"2001:db8:1:3::1", "address:2001:db8:1:3::/64"},
		{"fe80::1%eth0", "address:fe80::/64"},
		{"::1", "address:::/64"},
	} {
		if got := Address(netip.MustParseAddr(test.addr)); got != test.want {
			t.Errorf("%s: %s, want %s", test.addr, got, test.want)
		}
	}
	if got := Address(netip.Addr{}); got != "address:unknown" {
		t.Errorf("no address: %s", got)
	}
}
