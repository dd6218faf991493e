package diagnosis

import (
	"encoding/json"
	"fmt"
)

// Level says how much a finding matters.
type Level string

// The levels. An error keeps the gateway, or a part of what it serves, from
// working; a warning will do so one day or is unsafe; a note is worth knowing.
const (
	OK      Level = "ok"
	Note    Level = "note"
	Warning Level = "warning"
	Error   Level = "error"
)

// Finding is what one check found.
type Finding struct {
	// Check is the name of the check, the same in all versions: "odoo-url".
	Check string `json:"check"`
	Level Level  `json:"level"`
	// Found is what there is, Cause why, and Fix what to do next, each a sentence
	// or two. Cause and Fix are empty where there is nothing to say.
	Found string `json:"found"`
	Cause string `json:"cause,omitempty"`
	Fix   string `json:"fix,omitempty"`
}

// Report is what all checks found, in the order in which they depend on each other.
type Report struct{ Findings []Finding }

// Count returns how many findings have a level.
func (r Report) Count(level Level) int {
	n := 0
	for _, f := range r.Findings {
		if f.Level == level {
			n++
		}
	}
	return n
}

// Fine tells whether there is no error.
func (r Report) Fine() bool { return r.Count(Error) == 0 }

// MarshalJSON writes the report with its sums. Fields may come to be added to this
// form; none is taken away.
func (r Report) MarshalJSON() ([]byte, error) {
	findings := r.Findings
	if findings == nil {
		findings = []Finding{}
	}
	return json.Marshal(struct {
		OK       bool      `json:"ok"`
		Errors   int       `json:"errors"`
		Warnings int       `json:"warnings"`
		Findings []Finding `json:"findings"`
	}{r.Fine(), r.Count(Error), r.Count(Warning), findings})
}

// Unreadable is the report on a configuration that cannot even be read.
func Unreadable(err error) Report {
	return Report{[]Finding{{
		Check: "configuration", Level: Error, Found: "the configuration cannot be read", Cause: err.Error(),
		Fix: "correct the setting that is named here; odoograph check --help lists all of them",
	}}}
}

func ok(check, format string, args ...any) Finding {
	return Finding{Check: check, Level: OK, Found: fmt.Sprintf(format, args...)}
}

// notTried are the findings of checks for which something is missing.
func notTried(because string, checks ...string) []Finding {
	findings := make([]Finding, len(checks))
	for i, check := range checks {
		findings[i] = Finding{Check: check, Level: Note, Found: "not tried, because " + because}
	}
	return findings
}

// hasError tells whether one of the findings is an error.
func hasError(findings []Finding) bool { return !Report{findings}.Fine() }
