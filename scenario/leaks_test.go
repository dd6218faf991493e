package scenario

import (
	"encoding/json"
	"net/url"
	"strings"
	"sync"
	"testing"

	"odoograph/internal/leak"
)

// leaks reads along with all that a gateway logs and all errors that it answers,
// and fails the test when something is in them that must stay inside.
type leaks struct {
	t       *testing.T
	secrets []string

	mu   sync.Mutex
	done bool
}

func (tg target) newLeaks(t *testing.T, address string) *leaks {
	l := &leaks{t: t, secrets: []string{tg.admin.APIKey, tg.demo.APIKey, host(t, tg.url), host(t, address)}}
	t.Cleanup(func() { l.mu.Lock(); l.done = true; l.mu.Unlock() })
	return l
}

func host(t *testing.T, address string) string {
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Host
}

// Write takes lines of the log.
func (l *leaks) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.done {
		return len(line), nil
	}
	l.check("the log", string(line))
	if !strings.Contains(string(line), "level=INFO") {
		l.t.Output().Write(line)
	}
	return len(line), nil
}

// inErrors takes the body of an answer.
func (l *leaks) inErrors(body []byte) {
	var answer struct {
		Errors json.RawMessage `json:"errors"`
	}
	if err := json.Unmarshal(body, &answer); err == nil {
		l.check("an error", string(answer.Errors))
	}
}

func (l *leaks) check(where, text string) {
	if found := leak.Find(text, l.secrets...); found != "" {
		l.t.Errorf("%s holds %q: %s", where, found, text)
	}
}
