package odoo

import (
	"errors"
	"net"
	"net/url"
	"regexp"
	"strings"
)

// A cause is what went wrong between here and Odoo. Its text is fit for any log;
// tracebacks, statements, addresses and paths are in the details alone.
type cause struct {
	name   string // of Odoo's exception, "" if it is none
	brief  string
	detail string
	err    error // of Go, if there is one
	// refused tells of an answer without an exception that Odoo, or what stands
	// before it, did not let the call in.
	refused bool
	refusal *Refusal // of a business rule, else nil
	reply   *Reply   // of HTTP that is not an answer of Odoo's, else nil
}

func (c cause) Error() string { return c.brief }

func (c cause) Unwrap() error { return c.err }

// Detail returns all that is known of why a call to Odoo failed, for whoever
// looks for a fault in Odoo: traceback, SQL and all. It is not for everyday logs.
func Detail(err error) string {
	if c, ok := errors.AsType[cause](err); ok {
		return c.detail
	}
	return ""
}

// maxBrief bounds the text of a cause.
const maxBrief = 300

var scrubbed = []struct {
	pattern *regexp.Regexp
	with    string
}{
	{regexp.MustCompile(`\bhttps?://\S+`), "[url]"},
	{regexp.MustCompile(`\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH|LINE \d+:) .*`), "[sql]"},
	{regexp.MustCompile(`\[[0-9a-fA-F:.%]+\](:\d+)?|\b\d{1,3}(\.\d{1,3}){3}(:\d+)?\b`), "[address]"},
	{regexp.MustCompile(`(/[\w.@+-]+){2,}/?`), "[path]"},
}

// brief makes of a text of Odoo's or of the network's one line that can be in any log.
func brief(text string) string {
	line, _, more := strings.Cut(strings.TrimSpace(text), "\n")
	for _, s := range scrubbed {
		line = s.pattern.ReplaceAllString(line, s.with)
	}
	if line = bounded(line, maxBrief); more {
		line += " …"
	}
	return line
}

// networkCause is an error of the network without the address of Odoo.
func networkCause(err error) error {
	inner := err
	if of, ok := errors.AsType[*url.Error](inner); ok {
		inner = of.Err
	}
	text := inner.Error()
	if of, ok := errors.AsType[*net.DNSError](inner); ok {
		text = "look-up of Odoo's name: " + of.Err
	} else if of, ok := errors.AsType[*net.OpError](inner); ok {
		text = of.Op + ": " + of.Err.Error()
	}
	return cause{brief: brief(text), detail: err.Error(), err: err}
}
