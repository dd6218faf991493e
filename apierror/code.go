package apierror

import (
	"cmp"
	"log/slog"
	"maps"
	"net/http"
	"slices"
)

// Code is the stable name of a kind of error, as GraphQL clients see it in
// extensions.code.
type Code string

// The codes. What each stands for is in the table below.
const (
	ParseFailed             Code = "GRAPHQL_PARSE_FAILED"
	ValidationFailed        Code = "GRAPHQL_VALIDATION_FAILED"
	BadUserInput            Code = "BAD_USER_INPUT"
	QueryTooComplex         Code = "QUERY_TOO_COMPLEX"
	MaxCostExceeded         Code = "MAX_COST_EXCEEDED"
	PersistedQueryNotFound  Code = "PERSISTED_QUERY_NOT_FOUND"
	DocumentNotTrusted      Code = "DOCUMENT_NOT_TRUSTED"
	Unauthenticated         Code = "UNAUTHENTICATED"
	Forbidden               Code = "FORBIDDEN"
	NotFound                Code = "NOT_FOUND"
	MethodNotAllowed        Code = "METHOD_NOT_ALLOWED"
	NotAcceptable           Code = "NOT_ACCEPTABLE"
	Conflict                Code = "CONFLICT"
	PreconditionFailed      Code = "PRECONDITION_FAILED"
	IdempotencyInProgress   Code = "IDEMPOTENCY_IN_PROGRESS"
	RequestTimeout          Code = "REQUEST_TIMEOUT"
	PayloadTooLarge         Code = "PAYLOAD_TOO_LARGE"
	UnsupportedMediaType    Code = "UNSUPPORTED_MEDIA_TYPE"
	BusinessRule            Code = "BUSINESS_RULE"
	IdempotencyKeyReused    Code = "IDEMPOTENCY_KEY_REUSED"
	RateLimited             Code = "RATE_LIMITED"
	ClientClosed            Code = "CLIENT_CLOSED_REQUEST"
	Internal                Code = "INTERNAL_SERVER_ERROR"
	Unsupported             Code = "UNSUPPORTED"
	UpstreamError           Code = "UPSTREAM_ERROR"
	UpstreamUnauthenticated Code = "UPSTREAM_UNAUTHENTICATED"
	Overloaded              Code = "OVERLOADED"
	UpstreamUnavailable     Code = "UPSTREAM_UNAVAILABLE"
	UpstreamTimeout         Code = "UPSTREAM_TIMEOUT"
	OutcomeUnknown          Code = "OUTCOME_UNKNOWN"
)

// Meaning is what a code stands for.
type Meaning struct {
	Status    int        // HTTP status (RFC 9110)
	Level     slog.Level // how loudly the log tells of it
	Retryable bool       // the same request may succeed later
	When      string     // what happened, for the developer of a client
	Do        string     // what that developer can do about it
}

// statusClientClosed is nginx's number for a client that left; nobody is there to read it.
const statusClientClosed = 499

var meanings = map[Code]Meaning{
	ParseFailed: {
		http.StatusBadRequest, slog.LevelInfo, false,
		"The document is not GraphQL.", "Correct the syntax at the place that `locations` gives.",
	},
	ValidationFailed: {
		http.StatusBadRequest, slog.LevelInfo, false,
		"The document does not fit the schema.", "Compare it with the schema; the message names the field, argument or type.",
	},
	BadUserInput: {
		http.StatusBadRequest, slog.LevelInfo, false,
		"A variable, argument or parameter has a value that is not allowed.", "Correct what `field` names; the message says what is allowed.",
	},
	QueryTooComplex: {
		http.StatusBadRequest, slog.LevelInfo, false,
		"The document is beyond a limit on its form: tokens, depth, aliases, directives or fields.", "Split the document; the message names the limit.",
	},
	MaxCostExceeded: {
		http.StatusBadRequest, slog.LevelInfo, false,
		"The operation may cost more than the key's budget ever holds.", "Ask for fewer records (`first`) or fewer nested lists; `extensions.cost` has the figures.",
	},
	PersistedQueryNotFound: {
		http.StatusBadRequest, slog.LevelInfo, true,
		"The gateway does not know a document by this hash.", "Send the document together with its hash once; Apollo's and urql's clients do so by themselves.",
	},
	DocumentNotTrusted: {
		http.StatusForbidden, slog.LevelInfo, false,
		"The key may send documents of the gateway's manifest only.", "Have the document added to the manifest.",
	},
	Unauthenticated: {
		http.StatusUnauthorized, slog.LevelWarn, false,
		"There is no valid API key in the request.", "Send `Authorization: Bearer <key>`; ask the operator for a new key if this one was revoked or has expired.",
	},
	Forbidden: {
		http.StatusForbidden, slog.LevelInfo, false,
		"The key lacks a scope, or Odoo does not let its user do this.", "The message names the scope to ask the operator for.",
	},
	NotFound: {
		http.StatusNotFound, slog.LevelInfo, false,
		"What the request names does not exist, or the caller may not see it.", "Check the id or the path.",
	},
	MethodNotAllowed: {
		http.StatusMethodNotAllowed, slog.LevelInfo, false,
		"The HTTP method does not fit: mutations need POST.", "Use a method that the header `Allow` names.",
	},
	NotAcceptable: {
		http.StatusNotAcceptable, slog.LevelInfo, false,
		"The gateway has no answer in a media type that `Accept` names.", "Accept `application/graphql-response+json` or `application/json`.",
	},
	Conflict: {
		http.StatusConflict, slog.LevelInfo, true,
		"Another change to the same record came first.", "Read the record again and repeat the request.",
	},
	PreconditionFailed: {
		http.StatusPreconditionFailed, slog.LevelInfo, false,
		"The record is not in the version that `If-Match` names.", "Read the record again and repeat the request with its new `ETag`.",
	},
	IdempotencyInProgress: {
		http.StatusConflict, slog.LevelInfo, true,
		"A request with the same idempotency key is still under way.", "Wait for `retryAfterMs` and repeat the request with the same key: its answer comes then.",
	},
	RequestTimeout: {
		http.StatusRequestTimeout, slog.LevelInfo, true,
		"The body of the request did not arrive in time.", "Repeat the request over a better connection, or send less.",
	},
	PayloadTooLarge: {
		http.StatusRequestEntityTooLarge, slog.LevelInfo, false,
		"The body of the request is larger than the gateway takes.", "Send less; the message names the limit.",
	},
	UnsupportedMediaType: {
		http.StatusUnsupportedMediaType, slog.LevelInfo, false,
		"The body of the request is not JSON.", "Send `Content-Type: application/json`.",
	},
	BusinessRule: {
		http.StatusUnprocessableEntity, slog.LevelInfo, false,
		"A rule of the company's Odoo refuses this.", "Show the message to the user: it is Odoo's own.",
	},
	IdempotencyKeyReused: {
		http.StatusUnprocessableEntity, slog.LevelInfo, false,
		"The idempotency key was used for another request in the last 24 hours.", "Make a new key for each request, and use it again only to repeat that same request.",
	},
	RateLimited: {
		http.StatusTooManyRequests, slog.LevelInfo, true,
		"The key or address has used up its requests, its cost budget or its idempotency keys.", "Wait for `retryAfterMs`; ask for less at once.",
	},
	ClientClosed: {
		statusClientClosed, slog.LevelInfo, true,
		"The client left before the answer was ready.", "Repeat the request.",
	},
	Internal: {
		http.StatusInternalServerError, slog.LevelError, false,
		"A fault of the gateway.", "Tell the operator the `requestId`: the log has the details.",
	},
	Unsupported: {
		http.StatusNotImplemented, slog.LevelWarn, false,
		"This Odoo lacks the module or version that the request needs.", "Leave out what the message names, or have the operator install it.",
	},
	UpstreamError: {
		http.StatusBadGateway, slog.LevelError, false,
		"Odoo answered with an error of its own.", "Tell the operator the `requestId`.",
	},
	UpstreamUnauthenticated: {
		http.StatusBadGateway, slog.LevelError, false,
		"Odoo does not accept the user behind the key.", "Tell the operator: the Odoo user's password or API key was changed, expired or removed.",
	},
	Overloaded: { // the gateway turns calls away itself, before Odoo would drop them
		http.StatusServiceUnavailable, slog.LevelWarn, true,
		"Too many requests wait for Odoo.", "Wait for `retryAfterMs` and repeat the request.",
	},
	UpstreamUnavailable: {
		http.StatusServiceUnavailable, slog.LevelError, true,
		"Odoo, or the gateway's own database, cannot be reached.", "Repeat the request later.",
	},
	UpstreamTimeout: {
		http.StatusGatewayTimeout, slog.LevelError, true,
		"Odoo did not answer in time.", "Repeat the request later, or ask for less at once.",
	},
	OutcomeUnknown: {
		http.StatusGatewayTimeout, slog.LevelWarn, false,
		"A change was sent to Odoo and its answer was lost: nobody knows whether it was made.",
		"With an idempotency key repeat the request with the same key: the answer says what became of it. Without one look for the change before you repeat it.",
	},
}

// Meaning returns what the code stands for; an unknown code means what Internal means.
func (c Code) Meaning() Meaning {
	if m, ok := meanings[c]; ok {
		return m
	}
	return meanings[Internal]
}

// inREST are the names that clients of the REST API have always known codes by,
// where those are not the names of GraphQL.
var inREST = map[Code]string{Unauthenticated: "UNAUTHORIZED", BadUserInput: "VALIDATION_ERROR", Internal: "INTERNAL_ERROR"}

// REST returns the name of the code in the REST API.
func (c Code) REST() string {
	if name, ok := inREST[c]; ok {
		return name
	}
	return string(c)
}

// aboutDocuments are the codes of faults in GraphQL documents, which clients of the
// REST API do not send.
var aboutDocuments = []Code{ParseFailed, ValidationFailed, QueryTooComplex, PersistedQueryNotFound, DocumentNotTrusted}

// InREST tells whether clients of the REST API can meet the code.
func (c Code) InREST() bool { return !slices.Contains(aboutDocuments, c) }

// Codes returns all codes by their status, then by name.
func Codes() []Code {
	return slices.SortedFunc(maps.Keys(meanings), func(a, b Code) int {
		return cmp.Or(cmp.Compare(meanings[a].Status, meanings[b].Status), cmp.Compare(a, b))
	})
}
