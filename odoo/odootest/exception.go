package odootest

import (
	"fmt"
	"strings"
)

// An Exception is a Python exception as Odoo raises it. Tests make one for
// Fault.Exception; each protocol tells it in its own way.
type Exception struct {
	// Class is the qualified name: "odoo.exceptions.AccessError", "builtins.ValueError".
	Class string
	// Message is the text. A RedirectWarning, which comes with an action and the
	// label of a button, gets those of the list of users.
	Message string
}

// arguments are those that the exception was raised with.
func (e *Exception) arguments() []any {
	if e.Class == classRedirectWarning {
		return []any{e.Message, dict{{"type", "ir.actions.act_window"}, {"res_model", "res.users"}}, "Go to users", nil}
	}
	return []any{e.Message}
}

// text is Python's str() of the exception, which Odoo's own answers make of all
// arguments, one a line.
func (e *Exception) text() string {
	var lines []string
	for _, a := range e.arguments() {
		if s, ok := a.(string); ok {
			lines = append(lines, s)
		} else {
			lines = append(lines, pythonRepr(a))
		}
	}
	return strings.Join(lines, "\n")
}

// Error returns the class and the text.
func (e *Exception) Error() string { return e.Class + ": " + e.Message }

// The classes that Odoo itself raises.
const (
	classAccessDenied     = "odoo.exceptions.AccessDenied"
	classAccessError      = "odoo.exceptions.AccessError"
	classMissingError     = "odoo.exceptions.MissingError"
	classUserError        = "odoo.exceptions.UserError"
	classValidationError  = "odoo.exceptions.ValidationError"
	classRedirectWarning  = "odoo.exceptions.RedirectWarning"
	classLockError        = "odoo.exceptions.LockError"
	classSessionExpired   = "odoo.http.SessionExpiredException"
	classNotFound         = "werkzeug.exceptions.NotFound"
	classUnprocessable    = "werkzeug.exceptions.UnprocessableEntity"
	classBadRequest       = "werkzeug.exceptions.BadRequest"
	classUnauthorized     = "werkzeug.exceptions.Unauthorized"
	classOperationalError = "psycopg2.OperationalError"
)

// AccessError is what Odoo raises when the user lacks a right.
func AccessError(message string) *Exception { return &Exception{classAccessError, message} }

// MissingError is what Odoo raises when a record is gone.
func MissingError(message string) *Exception { return &Exception{classMissingError, message} }

// UserError is what Odoo raises when a business rule forbids something.
func UserError(message string) *Exception { return &Exception{classUserError, message} }

// ValidationError is what Odoo raises when a constraint does not hold.
func ValidationError(message string) *Exception { return &Exception{classValidationError, message} }

// AccessDenied is what Odoo raises when a password is wrong.
func AccessDenied() *Exception { return &Exception{classAccessDenied, "Access Denied"} }

// SerializationFailure is what Odoo raises when two transactions stood in each
// other's way five times.
func SerializationFailure() *Exception {
	return &Exception{"psycopg2.errors.SerializationFailure", "could not serialize access due to concurrent update\n"}
}

func raise(class, format string, args ...any) *Exception {
	if !strings.Contains(class, ".") {
		class = "builtins." + class
	}
	return &Exception{class, fmt.Sprintf(format, args...)}
}

// sqlError is an exception of PostgreSQL with the statement it quotes.
func sqlError(class, message, statement string) *Exception {
	return &Exception{"psycopg2.errors." + class, message + "\nLINE 1: ..." + statement + "\n             ^\n"}
}

// faultCode is the code of XML-RPC's second version. Odoo does not tell most
// classes apart there.
func (e *Exception) faultCode() int64 {
	switch e.Class {
	case classAccessError:
		return 4
	case classAccessDenied:
		return 3
	case classUserError, classValidationError, classMissingError, classRedirectWarning, classLockError:
		return 2
	}
	return 1
}

// httpStatus is the status that JSON-2 answers with.
func (e *Exception) httpStatus() int {
	switch e.Class {
	case classAccessError, classAccessDenied:
		return 403
	case classMissingError, classNotFound:
		return 404
	case classLockError:
		return 409
	case classUserError, classValidationError, classUnprocessable:
		return 422
	case classUnauthorized:
		return 401
	case classBadRequest:
		return 400
	}
	return 500
}

// traceback is the text that Odoo hands to clients with an exception: file
// names, lines and all.
func (e *Exception) traceback(s series, entry string) string {
	if e.Class == classAccessDenied && s >= v19 {
		return classAccessDenied + ": " + e.Message + "\n"
	}
	class := strings.TrimPrefix(e.Class, "builtins.")
	dispatch := `  File "/usr/lib/python3/dist-packages/odoo/service/model.py", line 41, in dispatch
    res = fn(db, uid, *params)
`
	if s >= v19 {
		dispatch = `  File "/usr/lib/python3/dist-packages/odoo/service/model.py", line 133, in dispatch
    res = execute_cr(cr, uid, model, method_, args, kw)
          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
`
	}
	return "Traceback (most recent call last):\n" +
		`  File "/usr/lib/python3/dist-packages/odoo/` + entry + "\n" +
		"    result = dispatch_rpc(service, method, params)\n" +
		dispatch + class + ": " + e.Message + "\n"
}
