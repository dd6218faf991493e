package apierror

import (
	"log/slog"
	"net/http"
)

// Code is the stable name of a kind of error, as GraphQL clients see it in
// extensions.code.
type Code string

// The codes. Their HTTP status and log level stand in the table below.
const (
	ParseFailed             Code = "GRAPHQL_PARSE_FAILED"
	ValidationFailed        Code = "GRAPHQL_VALIDATION_FAILED"
	BadUserInput            Code = "BAD_USER_INPUT"
	Unauthenticated         Code = "UNAUTHENTICATED"
	Forbidden               Code = "FORBIDDEN"
	NotFound                Code = "NOT_FOUND"
	Conflict                Code = "CONFLICT"
	BusinessRule            Code = "BUSINESS_RULE"
	RateLimited             Code = "RATE_LIMITED"
	ClientClosed            Code = "CLIENT_CLOSED_REQUEST"
	Internal                Code = "INTERNAL_SERVER_ERROR"
	Unsupported             Code = "UNSUPPORTED"
	UpstreamError           Code = "UPSTREAM_ERROR"
	UpstreamUnauthenticated Code = "UPSTREAM_UNAUTHENTICATED"
	UpstreamUnavailable     Code = "UPSTREAM_UNAVAILABLE"
	UpstreamTimeout         Code = "UPSTREAM_TIMEOUT"
	Overloaded              Code = "OVERLOADED"
)

// Meaning is what a code stands for outside GraphQL.
type Meaning struct {
	Status    int        // HTTP status (RFC 9110)
	Level     slog.Level // how loudly the log tells of it
	Retryable bool       // the same request may succeed later
}

var meanings = map[Code]Meaning{
	ParseFailed:      {http.StatusBadRequest, slog.LevelInfo, false},
	ValidationFailed: {http.StatusBadRequest, slog.LevelInfo, false},
	BadUserInput:     {http.StatusBadRequest, slog.LevelInfo, false},
	Unauthenticated:  {http.StatusUnauthorized, slog.LevelWarn, false},
	Forbidden:        {http.StatusForbidden, slog.LevelInfo, false},
	NotFound:         {http.StatusNotFound, slog.LevelInfo, false},
	Conflict:         {http.StatusConflict, slog.LevelInfo, true},
	BusinessRule:     {http.StatusUnprocessableEntity, slog.LevelInfo, false},
	RateLimited:      {http.StatusTooManyRequests, slog.LevelInfo, true},
	// 499 is nginx's number for a client that left; nobody is there to read it.
	ClientClosed:            {499, slog.LevelInfo, true},
	Internal:                {http.StatusInternalServerError, slog.LevelError, false},
	Unsupported:             {http.StatusNotImplemented, slog.LevelWarn, false},
	UpstreamError:           {http.StatusBadGateway, slog.LevelError, false},
	UpstreamUnauthenticated: {http.StatusBadGateway, slog.LevelError, false},
	UpstreamUnavailable:     {http.StatusServiceUnavailable, slog.LevelError, true},
	UpstreamTimeout:         {http.StatusGatewayTimeout, slog.LevelError, true},
	// The gateway turns calls away itself, before Odoo would drop them.
	Overloaded: {http.StatusServiceUnavailable, slog.LevelWarn, true},
}

// Meaning returns what the code stands for; an unknown code means what Internal means.
func (c Code) Meaning() Meaning {
	if m, ok := meanings[c]; ok {
		return m
	}
	return meanings[Internal]
}
