package auth

import (
	"strings"
	"testing"
)

func TestTokensHaveTheirForm(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		id := newID()
		token, made := newToken(id)
		if len(token) != 53 || !strings.HasPrefix(token, "odg_"+id+"_") || seen[token] {
			t.Fatal(token)
		}
		seen[token] = true
		if read, err := parseToken(token); err != nil || read != made {
			t.Fatal(token, err)
		}
	}
}

// Scanners compute the checksum themselves, so it may never change.
func TestTheChecksumIsFixed(t *testing.T) {
	for text, want := range map[string]string{
		"":                      "000000",
		"123456789":             "3jZRME", // CRC-32 0xCBF43926
		"odg_0123456789_secret": "3Ck6kM",
	} {
		if got := checksum(text); got != want {
			t.Errorf("checksum(%q) = %s, not %s", text, got, want)
		}
	}
}

func TestNoiseIsNoKey(t *testing.T) {
	token, _ := newToken(newID())
	flipped := func(i int) string {
		b := []byte(token)
		if b[i]++; b[i] > 'z' {
			b[i] = '0'
		}
		return string(b)
	}
	noise := []string{
		"", "x", "odg_", "odg_demo", token[:52], token + "x", " " + token, "tooshort-for-a-key", strings.Repeat("x", 257),
		"a legacy key with blanks in it", "a-legacy-key-with-ümlauts-in-it", "a-legacy-key-with-a\x00zero-in-it", strings.ToUpper(token[:4]) + " " + token,
	}
	for i := range token {
		noise = append(noise, flipped(i))
	}
	for _, text := range noise {
		if p, err := parseToken(text); err == nil && !p.legacy {
			t.Errorf("%q is taken for a key", text)
		}
	}
	if _, err := parseToken("a-legacy-key-of-20-c"); err != nil {
		t.Error(err)
	}
}

func FuzzParseToken(f *testing.F) {
	token, _ := newToken("0123456789")
	f.Add(token)
	f.Add("odg_0123456789_")
	f.Add("a-legacy-key-of-20-characters")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := parseToken(text)
		if err == nil && (len(p.id) != idLength || !isBase62(p.id)) {
			t.Errorf("%q has the id %q", text, p.id)
		}
	})
}
