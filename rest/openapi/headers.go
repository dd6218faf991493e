package openapi

import (
	"math"
	"net/http"

	"odoograph/rest/contract"
)

const (
	// longestHeader and the other bounds are there because linters ask for them: each
	// is beyond what is met.
	longestHeader = 8192
	longestCursor = 8192
	longestName   = 200
	mostWarnings  = 1000
	// codeText is the pattern of codes.
	codeText = `^[A-Z][A-Z_]*$`
)

// headers are those that every answer has, and these.
func (b *builder) headers(names ...string) Ordered[*Header] {
	var out Ordered[*Header]
	for _, name := range append([]string{"Access-Control-Allow-Origin", "X-Request-Id", "RateLimit", "RateLimit-Policy", "Cache-Control", "Vary"}, names...) {
		out.Set(name, &Header{Ref: component(b, "headers", b.components.Headers, name, func() *Header { return headers[name]() })})
	}
	return out
}

// readHeaders are those of answers that read.
func readHeaders(r *contract.Route, further string) []string {
	return append([]string{"ETag", "Content-Language", further}, endHeaders(r)...)
}

// changeHeaders are those of answers to changes.
func changeHeaders(r *contract.Route) []string {
	names := append([]string{"Idempotency-Replayed"}, endHeaders(r)...)
	if creates(r) {
		names = append(names, "Location")
	}
	return names
}

// creates tells whether a route makes a record that has a path of its own.
func creates(r *contract.Route) bool {
	return r.Status == http.StatusCreated && len(r.Parameters) == 0
}

// endHeaders are those of routes that are to go.
func endHeaders(r *contract.Route) []string {
	var names []string
	if !r.Deprecated.IsZero() {
		names = append(names, "Deprecation")
	}
	if !r.Sunset.IsZero() {
		names = append(names, "Sunset")
	}
	return names
}

// headers are made anew for each document, which is then its owner's.
var headers = map[string]func() *Header{
	"Access-Control-Allow-Origin": said("The web site whose pages may read the answer, for browsers.", "https://shop.example.com"),
	"X-Request-Id":                said("The id under which the log of the gateway has the request.", exampleRequest),
	"RateLimit":                   said("How many requests are left, `r`, and in how many seconds there are more, `t`.", `"default";r=99;t=42`),
	"RateLimit-Policy":            said("How many requests are allowed, `q`, in how many seconds, `w`.", `"default";q=100;w=60`),
	"Cache-Control":               said("Who may keep the answer, and how long (RFC 9111).", "private, no-cache"),
	"ETag":                        said("The version of the answer, for `If-None-Match` and `If-Match`.", exampleTag),
	"Last-Modified":               said("When the record was last changed.", exampleDate),
	"Content-Language":            said("The language of the texts.", "en-US"),
	"Vary":                        said("What in the request the answer depends on.", "Accept, Accept-Language, Authorization, X-API-Key"),
	"Link":                        said("The pages around this one: first, prev, next and last (RFC 8288).", `</api/v1/partners?page=3&limit=20>; rel="next"`),
	"Location":                    said("Where the new record is.", "/api/v1/partners/42"),
	"Idempotency-Replayed":        said("`true` if the change was made by an earlier request with the same key.", "true"),
	"Preference-Applied":          said("The preference of `Prefer` that was followed.", "return=minimal"),
	"Deprecation":                 said("Since when the route is deprecated (RFC 9745).", "@1767225600"),
	"Sunset":                      said("When the route ends (RFC 8594).", "Thu, 31 Dec 2026 00:00:00 GMT"),
	"WWW-Authenticate":            said("How to authenticate (RFC 9110).", `Bearer realm="odoograph"`),
	"Accept-Post":                 said("The media types that a body of POST may have.", "application/json"),
	"Accept-Patch":                said("The media types that a body of PATCH may have (RFC 5789).", "application/json, application/merge-patch+json"),
	"Retry-After": func() *Header {
		s := whole(1, math.MaxInt32)
		s.Examples = []any{exampleWait}
		return &Header{Description: "How many seconds to wait.", Schema: s}
	},
}

func said(description, example string) func() *Header {
	return func() *Header {
		s := text(longestHeader, anyText)
		s.Examples = []any{example}
		return &Header{Description: description, Schema: s}
	}
}
