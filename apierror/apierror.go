// Package apierror holds the product's one error type and the one table that
// says what each error code means on every transport. Every other package may
// import it; it imports none of them.
package apierror

//go:generate go run ../internal/errordoc ../docs/errors.md

import (
	"errors"
	"time"
)

// Error is an error that a client may see. Code and Message are public; Cause
// is for the log alone and never leaves the process.
type Error struct {
	// Code is the stable, machine-readable name of what went wrong.
	Code Code
	// Message is one English sentence for the developer of the client.
	Message string
	// Field names the argument or input field at fault, if one is: "filter.email".
	Field string
	// RetryAfter is how long to wait before trying again, zero when unknown.
	RetryAfter time.Duration
	// Cause is what really happened. It may hold secrets of the upstream.
	Cause error
}

// New returns an error with a public message.
func New(code Code, message string) *Error { return &Error{Code: code, Message: message} }

// Wrap returns an error with a public message and a private cause.
func Wrap(code Code, message string, cause error) *Error {
	return &Error{Code: code, Message: message, Cause: cause}
}

// BadInput returns a BAD_USER_INPUT error about the named argument or input field.
func BadInput(field, message string) *Error {
	return &Error{Code: BadUserInput, Message: message, Field: field}
}

// Error implements error. It includes the cause, so it is text for the log.
func (e *Error) Error() string {
	text := string(e.Code) + ": " + e.Message
	if e.Cause != nil {
		text += ": " + e.Cause.Error()
	}
	return text
}

// Unwrap returns the private cause.
func (e *Error) Unwrap() error { return e.Cause }

// CodeOf returns the code of the first Error in err's chain, Internal for any
// other error and "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return Internal
}

// Public returns the first Error in err's chain, or one that says nothing about
// what went wrong: any other error's text may hold secrets.
func Public(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return Wrap(Internal, "Something went wrong in the gateway. Its log has the details under this request's id.", err)
}
