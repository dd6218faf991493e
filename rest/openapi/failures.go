package openapi

import (
	"math"
	"net/http"
	"slices"
	"strings"

	"odoograph/apierror"
	"odoograph/rest/contract"
)

// statusesOf are those of the errors that a route can answer with.
func statusesOf(r *contract.Route) []int {
	statuses := []int{400, 401, 403, 406, 429, 500, 501, 502, 503, 504}
	if len(r.Parameters) > 0 {
		statuses = append(statuses, 404)
	}
	if changes(r.Method) {
		statuses = append(statuses, 408, 409, 413, 422)
	}
	if r.Body != nil {
		statuses = append(statuses, 415)
	}
	if r.Conditional {
		statuses = append(statuses, 412)
	}
	slices.Sort(statuses)
	return statuses
}

// failure refers to the answer with the errors of a status.
func (b *builder) failure(status int) string {
	name := strings.ReplaceAll(http.StatusText(status), " ", "")
	return component(b, "responses", b.components.Responses, name, func() *Response {
		r := &Response{}
		plain := &Media{Schema: b.schema("Error", b.errorSchema)}
		problem := &Media{Schema: b.schema("Problem", b.problemSchema)}
		var lines []string
		waits := false
		for _, code := range apierror.Codes() {
			if code.Meaning().Status != status || !code.InREST() {
				continue
			}
			lines = append(lines, "- `"+code.REST()+"`: "+code.Meaning().When)
			waits = waits || code.Meaning().Retryable
			plain.Examples.Set(code.REST(), b.example(code.REST(), func() any { return errorExample(code) }))
			problem.Examples.Set(code.REST(), b.example(code.REST()+"_PROBLEM", func() any { return problemExample(code) }))
		}
		var further []string
		switch status {
		case http.StatusUnauthorized:
			further = append(further, "WWW-Authenticate")
		case http.StatusUnsupportedMediaType:
			further = append(further, "Accept-Post", "Accept-Patch")
		}
		if waits {
			further = append(further, "Retry-After")
		}
		r.Description, r.Headers = strings.Join(lines, "\n"), b.headers(further...)
		r.Content = Ordered[*Media]{{"application/json", plain}, {"application/problem+json", problem}}
		return r
	})
}

// errorSchema is an error in the form that clients get without asking.
func (b *builder) errorSchema() *Schema {
	s := &Schema{Type: "object", Description: "Why a request failed.", Required: []string{"error", "code", "request_id"}}
	s.Properties.Set("error", described(text(longestAnswered, anyText), "What is wrong, for people."))
	b.errorMembers(s, "fields")
	return s
}

// problemSchema is an error as RFC 9457 has it.
func (b *builder) problemSchema() *Schema {
	least, most := http.StatusBadRequest, 599
	s := &Schema{Type: "object", Description: "Why a request failed (RFC 9457).", Required: []string{"type", "title", "status", "detail", "code", "request_id"}}
	s.Properties.Set("type", &Schema{Type: "string", Format: "uri", MaxLength: longestName, Description: "The code as a URI."})
	s.Properties.Set("title", described(text(longestName, anyText), "The kind of error."))
	s.Properties.Set("status", described(whole(least, most), "The HTTP status."))
	s.Properties.Set("detail", described(text(longestAnswered, anyText), "What is wrong, for people."))
	b.errorMembers(s, "errors")
	return s
}

// errorMembers are what both forms of an error have.
func (b *builder) errorMembers(s *Schema, fields string) {
	s.Properties.Set("code", described(text(longestName, codeText), "The code to decide by. There may be new ones: treat them by their status."))
	s.Properties.Set("request_id", described(text(longestName, anyText), "The id under which the log of the gateway has the request."))
	s.Properties.Set(fields, &Schema{
		Type: "array", MaxItems: mostWarnings, Description: "The parts of the request at fault, where there are some.",
		Items: b.schema("FieldError", func() *Schema {
			s := &Schema{Type: "object", Description: "What is wrong with a part of the request.", Required: []string{"field", "message"}}
			s.Properties.Set("field", described(text(longestHeader, anyText), "The parameter, or the member of the body: `lines.0.product`."))
			s.Properties.Set("message", described(text(longestAnswered, anyText), "What is wrong, for people."))
			return s
		}),
	})
	s.Properties.Set("retry_after", described(whole(1, math.MaxInt32), "How many seconds to wait, where the gateway knows."))
}
