package odoo

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"odoograph/apierror"
)

// What a client reads when Odoo refuses or fails, except for business rules,
// whose text Odoo wrote for people.
const (
	msgUnauthenticated = "Odoo refused the credential."
	msgCoolDown        = "Odoo refuses every sign-in for a minute because too many failed."
	msgForbidden       = "The user is not allowed to do this in Odoo."
	msgNotFound        = "The record does not exist in Odoo or has been deleted."
	msgConflict        = "Another transaction is changing the same records; try again."
	msgBusinessRule    = "A business rule of Odoo refused the operation."
	msgNoDatabase      = "Odoo cannot reach its database at the moment."
	msgFailed          = "Odoo failed to process the request."
)

// maxRuleText bounds the text of a business rule, in bytes.
const maxRuleText = 2000

// A fault is an exception that Odoo raised, in whichever protocol it arrived.
type fault struct {
	name   string // Python class with its module: "odoo.exceptions.UserError"
	status int    // HTTP status where the protocol uses it (JSON-2), else 0
	text   string // its message
	debug  string // its traceback
}

// isUnknownModel tells whether a call of a method that every model has failed
// because there is no such model. The older protocols answer as for a business
// rule, JSON-2 and web sessions as for a page that does not exist, web sessions
// of 14 with Python's own error.
func isUnknownModel(err error) bool {
	c, ok := errors.AsType[cause](err)
	return ok && c.name != "" && (c.name == "werkzeug.exceptions.NotFound" || c.name == "KeyError" || apierror.CodeOf(err) == apierror.BusinessRule)
}

// faultCodes says what Odoo's exceptions mean. The class decides and never the
// text, which is translated. Classes that are not here are failures.
//
// A violated UNIQUE, CHECK, NOT NULL or foreign key arrives as ValidationError.
var faultCodes = map[string]apierror.Code{
	"odoo.exceptions.AccessDenied":           apierror.UpstreamUnauthenticated,
	sessionExpiredName:                       apierror.UpstreamUnauthenticated,
	"werkzeug.exceptions.Unauthorized":       apierror.UpstreamUnauthenticated,
	"odoo.exceptions.AccessError":            apierror.Forbidden,
	"odoo.exceptions.MissingError":           apierror.NotFound,
	"odoo.exceptions.UserError":              apierror.BusinessRule,
	"odoo.exceptions.ValidationError":        apierror.BusinessRule,
	"odoo.exceptions.RedirectWarning":        apierror.BusinessRule,
	"odoo.exceptions.Warning":                apierror.BusinessRule, // 14
	"odoo.exceptions.except_orm":             apierror.BusinessRule, // 14
	"odoo.exceptions.LockError":              apierror.Conflict,     // 19
	"odoo.exceptions.ConcurrencyError":       apierror.Conflict,     // 19
	"psycopg2.errors.SerializationFailure":   apierror.Conflict,
	"psycopg2.errors.DeadlockDetected":       apierror.Conflict,
	"psycopg2.errors.LockNotAvailable":       apierror.Conflict,
	"psycopg2.errors.QueryCanceled":          apierror.UpstreamTimeout,
	"psycopg2.OperationalError":              apierror.UpstreamUnavailable,
	"psycopg2.InterfaceError":                apierror.UpstreamUnavailable,
	"psycopg2.errors.AdminShutdown":          apierror.UpstreamUnavailable,
	"psycopg2.errors.CrashShutdown":          apierror.UpstreamUnavailable,
	"psycopg2.errors.CannotConnectNow":       apierror.UpstreamUnavailable,
	"psycopg2.errors.TooManyConnections":     apierror.UpstreamUnavailable,
	"psycopg2.pool.PoolError":                apierror.UpstreamUnavailable,
	"werkzeug.exceptions.ServiceUnavailable": apierror.UpstreamUnavailable,
}

// faultMessages are the public sentences of the codes in faultCodes.
var faultMessages = map[apierror.Code]string{
	apierror.UpstreamUnauthenticated: msgUnauthenticated,
	apierror.Forbidden:               msgForbidden,
	apierror.NotFound:                msgNotFound,
	apierror.Conflict:                msgConflict,
	apierror.UpstreamTimeout:         msgTimeout,
	apierror.UpstreamUnavailable:     msgNoDatabase,
	apierror.UpstreamError:           msgFailed,
}

// fault returns the error for an exception of Odoo. This is the only place that
// decides what Odoo's exceptions mean.
func (a answer) fault(f fault) *apierror.Error {
	raised := a.raised(f)
	e := apierror.Wrap(f.code(), "", raised)
	e.Message = faultMessages[e.Code]
	switch e.Code {
	case apierror.UpstreamUnauthenticated:
		// The one text that is looked at: it comes untranslated, since there is
		// no user yet whose language would be known.
		if strings.Contains(f.text, "Too many login failures") {
			e.Code, e.Message, e.RetryAfter = apierror.RateLimited, msgCoolDown, time.Minute
			raised.err = ErrCoolDown
			e.Cause = raised
		}
	case apierror.BusinessRule:
		e.Message = f.ruleText()
		fallthrough
	case apierror.NotFound:
		if f.aboutUser(a.request.uid) {
			e.Code, e.Message = apierror.UpstreamUnauthenticated, msgUnauthenticated
		}
	case apierror.Conflict:
		e.RetryAfter = time.Second
	case apierror.UpstreamUnavailable:
		if strings.Contains(f.text, `database "`+a.database+`" does not exist`) {
			e.Message = msgDatabase
		}
	}
	return e
}

func (f fault) code() apierror.Code {
	if code, ok := faultCodes[f.name]; ok {
		return code
	}
	// A class of some Odoo app. UserError and what derives from it, unless it
	// says otherwise, has the status 422; so has a call that does not fit the
	// method's signature, which is the gateway's own fault.
	switch {
	case f.status == http.StatusUnauthorized:
		return apierror.UpstreamUnauthenticated
	case f.status == http.StatusUnprocessableEntity && f.name != "werkzeug.exceptions.UnprocessableEntity":
		return apierror.BusinessRule
	}
	return apierror.UpstreamError
}

// aboutUser tells whether a missing record is the very user that asks: that is
// how Odoo refuses a user who was deleted since sign-in.
func (f fault) aboutUser(uid int64) bool {
	return uid != 0 && strings.Contains(f.text, "res.users("+strconv.FormatInt(uid, 10)+",)")
}

// ruleText is the text of a business rule for the client.
func (f fault) ruleText() string {
	text := strings.TrimSpace(f.text)
	if message, ok := redirectText(text); ok {
		text = message
	}
	if text == "" {
		return msgBusinessRule
	}
	return bounded(text, maxRuleText)
}

// raised is the exception as the cause of an error. The end of a traceback tells
// more than its beginning.
func (a answer) raised(f fault) cause {
	name, text, debug := bounded(f.name, 100), a.redact(f.text), a.redact(f.debug)
	detail := name + ": " + bounded(text, maxCause/2)
	if room := maxCause - len(detail); room > 0 && debug != "" {
		detail += "\n" + strings.ToValidUTF8(debug[max(0, len(debug)-room):], "")
	}
	c := cause{name: f.name, brief: name + ": " + brief(text), detail: detail}
	if code := f.code(); code == apierror.BusinessRule || code == apierror.NotFound {
		c.refusal = f.refusal()
	}
	return c
}
