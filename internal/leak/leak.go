// Package leak finds in what a gateway tells what must stay inside: secrets, and signs
// of Odoo's own code. Tests read logs and errors along with it. It imports nothing of
// the project.
package leak

import (
	"regexp"
	"strings"
)

// asked is what the client said in a line of a log: /../../etc/passwd for one.
var asked = regexp.MustCompile(`"path":"[^"]*"`)

// inside are whole API keys of the gateway, and tracebacks, files and statements.
var inside = regexp.MustCompile(`\bodg_\w{49}\b|Traceback|File \\?"|\.py\b|/(usr|var|opt|home|etc)/|\bSELECT .* FROM\b|\bINSERT INTO\b|LINE \d+:|psycopg2\.\w+\(`)

// Find returns what a text should not hold: one of the secrets, of which empty ones
// are none, or what nobody outside has to see. It returns "" if there is no such thing.
func Find(text string, secrets ...string) string {
	for _, secret := range secrets {
		if secret != "" && strings.Contains(text, secret) {
			return secret
		}
	}
	return inside.FindString(text)
}

// InLog looks through a log in JSON as Find does, and returns the first line that holds
// such a thing as well. Lines at DEBUG have the full text of Odoo's errors, for those who
// ask for it: they are left out.
func InLog(log string, secrets ...string) (found, line string) {
	for line := range strings.Lines(log) {
		if strings.Contains(line, `"level":"DEBUG"`) {
			continue
		}
		if found := Find(asked.ReplaceAllString(line, ""), secrets...); found != "" {
			return found, line
		}
	}
	return "", ""
}
