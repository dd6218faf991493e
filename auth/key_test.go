package auth

import (
	"testing"
	"time"
)

func TestScopes(t *testing.T) {
	for _, test := range []struct {
		held  []string
		scope string
		want  bool
	}{
		{nil, "partners:read", false},
		{[]string{"*"}, "partners:read", true},
		{[]string{"*"}, "introspection", true},
		{[]string{"partners:read"}, "partners:read", true},
		{[]string{"partners:read"}, "partners:readall", false},
		{[]string{"partners:*"}, "partners:read", true},
		{[]string{"partners:*"}, "partners", false},
		{[]string{"partners:*"}, "partnership:read", false},
		{[]string{"part*"}, "partners:read", false},
		{[]string{"orders:read", "partners:*"}, "partners:read", true},
		{[]string{""}, "partners:read", false},
	} {
		if got := (&Key{Scopes: test.held}).Has(test.scope); got != test.want {
			t.Errorf("%v has %s: %v", test.held, test.scope, got)
		}
	}
}

func TestStatus(t *testing.T) {
	now := newClock().at
	for want, key := range map[string]Key{
		"active":       {ExpiresAt: now.Add(15 * 24 * time.Hour)},
		"expires soon": {ExpiresAt: now.Add(13 * 24 * time.Hour)},
		"expired":      {ExpiresAt: now},
		"revoked":      {ExpiresAt: now, RevokedAt: now},
	} {
		if got := key.Status(now); got != want {
			t.Errorf("%s, not %s", got, want)
		}
	}
	if got := (&Key{}).Status(now); got != "active" {
		t.Errorf("a key for ever is %s", got)
	}
}

func TestParseExpiry(t *testing.T) {
	now := newClock().at
	for text, want := range map[string]time.Time{
		"90d":                       now.AddDate(0, 0, 90),
		"12h":                       now.Add(12 * time.Hour),
		"2027-12-31":                time.Date(2028, 1, 1, 0, 0, 0, 0, time.UTC),
		"2027-12-31T10:00:00+02:00": time.Date(2027, 12, 31, 8, 0, 0, 0, time.UTC),
	} {
		if got, err := ParseExpiry(text, now); err != nil || !got.Equal(want) {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "never", "90", "d", "9.5d", "999999999999d", "2027-02-30", "31.12.2027"} {
		if got, err := ParseExpiry(text, now); err == nil {
			t.Errorf("%s: %v", text, got)
		}
	}
}
