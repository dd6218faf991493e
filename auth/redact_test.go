package auth

import (
	"errors"
	"io"
	"strings"
	"testing"
)

func TestRedacting(t *testing.T) {
	token, _ := newToken("abcDEF0123")
	for line, want := range map[string]string{
		"path=/x\n":                         "path=/x\n",
		"path=/" + token + "?x\n":           "path=/odg_abcDEF0123_[redacted]?x\n",
		token + " " + token[:20] + "\n":     "odg_abcDEF0123_[redacted] odg_abcDEF0123_[redacted]\n",
		"key=abcDEF0123 odg_demo odg_x_y\n": "key=abcDEF0123 odg_demo odg_x_y\n",
	} {
		var out strings.Builder
		if n, err := io.WriteString(Redacting(&out), line); n != len(line) || err != nil || out.String() != want {
			t.Errorf("%q: %q, %d, %v", line, out.String(), n, err)
		}
	}
	failing, w := io.Pipe()
	_ = failing.CloseWithError(errors.New("full"))
	if _, err := io.WriteString(Redacting(w), token); err == nil {
		t.Error("what cannot be written is no error")
	}
}
