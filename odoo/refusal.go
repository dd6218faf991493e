package odoo

import (
	"errors"
	"regexp"
	"strings"
)

// RefusalKind is what kind of rule of Odoo's a change broke.
type RefusalKind int

// The kinds. Odoo says which only in part, and the older it is the less.
const (
	// Rule is a business rule: Odoo does not do this now, whatever the values.
	Rule RefusalKind = iota
	// Invalid is a value, or several together, that Odoo does not accept.
	Invalid
	// Taken is a value that another record has and that no two may have.
	Taken
	// Blank is a value that is missing and must not be.
	Blank
	// Dangling is a reference to a record that is not there.
	Dangling
	// InUse is the deletion of a record that others refer to.
	InUse
)

// Refusal is what Odoo says of a change that it refused, besides the message.
type Refusal struct {
	Kind RefusalKind
	// Names are the technical names in it, in the order in which they stand there:
	// of fields, and of constraints, which have the names of fields in them.
	Names []string
}

// RefusalOf returns what Odoo said of a change that it refused (BUSINESS_RULE or
// NOT_FOUND), and false for other errors.
func RefusalOf(err error) (Refusal, bool) {
	c, ok := errors.AsType[cause](err)
	if !ok || c.refusal == nil {
		return Refusal{}, false
	}
	return *c.refusal, true
}

// What is the same in all languages: names, and PostgreSQL's own messages, which
// newer versions of Odoo show in tracebacks.
var (
	technicalName = regexp.MustCompile(`\(([a-z][a-z0-9_]*)\)|\b([a-z][a-z0-9_]*_fkey)\b`)
	violatedKey   = regexp.MustCompile(`psycopg2\.errors\.(\w+)Violation: (?s:.*?)\n?DETAIL:  Key \(([a-z][a-z0-9_]*)\)=`)
	violation     = regexp.MustCompile(`psycopg2\.errors\.(\w+)Violation: `)
	missingRecord = regexp.MustCompile(`\(.*: [a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+\(\d+,\), .*: \d+\)`)
)

var violations = map[string]RefusalKind{
	"Unique": Taken, "NotNull": Blank, "Check": Invalid, "ForeignKey": Dangling, "Exclusion": Taken,
}

// refusal reads an exception that refused a change.
func (f fault) refusal() *Refusal {
	r := &Refusal{Kind: Rule}
	if strings.HasSuffix(f.name, "ValidationError") {
		r.Kind = Invalid
	}
	if key := violatedKey.FindStringSubmatch(f.debug); key != nil {
		r.Kind, r.Names = violations[key[1]], append(r.Names, key[2])
	} else if of := violation.FindStringSubmatch(f.debug); of != nil {
		r.Kind = violations[of[1]]
	}
	for _, match := range technicalName.FindAllStringSubmatch(f.text, -1) {
		r.Names = append(r.Names, match[1]+match[2])
		if match[2] != "" && (r.Kind == Invalid || r.Kind == Rule) { // 14 has no more than this
			r.Kind = Dangling
		}
	}
	// XML-RPC does not say that it is a MissingError.
	if strings.HasSuffix(f.name, "MissingError") || missingRecord.MatchString(f.text) {
		r.Kind = Dangling
	}
	if r.Kind == Dangling && strings.Contains(f.debug, "is still referenced from table") {
		r.Kind = InUse
	}
	return r
}
