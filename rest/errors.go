package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"strconv"

	"odoograph/apierror"
	"odoograph/rest/contract"
	"odoograph/telemetry"
)

// problem is an error that names several members of a request.
type problem struct {
	public *apierror.Error
	fields []contract.Fault
}

// Error implements error.
func (p *problem) Error() string { return p.public.Error() }

// Unwrap returns the error without the members.
func (p *problem) Unwrap() error { return p.public }

// refuse is a problem with members of a request.
func refuse(message string, fields []contract.Fault) error {
	return &problem{apierror.New(apierror.BadUserInput, message), fields}
}

// badParameter refuses a parameter of the query or path, or a header.
func badParameter(name, message string) error {
	return refuse("`"+name+"`: "+message, []contract.Fault{{Field: name, Message: message}})
}

// legacyError is an error as the API's clients have always known it.
type legacyError struct {
	Error      string       `json:"error"`
	Code       string       `json:"code"`
	RequestID  string       `json:"request_id"`
	Fields     []fieldError `json:"fields,omitempty"`
	RetryAfter int          `json:"retry_after,omitempty"`
}

// problemDetails is an error as RFC 9457 has it.
type problemDetails struct {
	Type       string       `json:"type"`
	Title      string       `json:"title"`
	Status     int          `json:"status"`
	Detail     string       `json:"detail"`
	Code       string       `json:"code"`
	RequestID  string       `json:"request_id"`
	Errors     []fieldError `json:"errors,omitempty"`
	RetryAfter int          `json:"retry_after,omitempty"`
}

type fieldError struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// WriteError answers a request with an error, in the form that the client asks for.
func WriteError(w http.ResponseWriter, r *http.Request, err error) {
	public := apierror.Public(err)
	telemetry.AddError(r.Context(), public.Code)
	status := public.Code.Meaning().Status
	if status == 499 { // nobody is there to read it
		status = http.StatusServiceUnavailable
	}
	out := legacyError{Error: public.Message, Code: public.Code.REST(), RequestID: telemetry.RequestID(r.Context())}
	if detailed, ok := errors.AsType[*problem](err); ok {
		for _, f := range detailed.fields {
			out.Fields = append(out.Fields, fieldError{f.Field, f.Message})
		}
	} else if public.Field != "" {
		out.Fields = []fieldError{{public.Field, public.Message}}
	}
	h := w.Header()
	if public.RetryAfter > 0 {
		out.RetryAfter = max(1, int(math.Ceil(public.RetryAfter.Seconds())))
		h.Set("Retry-After", strconv.Itoa(out.RetryAfter))
	}
	var body any = out
	media := mediaJSON
	if wantsProblem(r.Header) {
		media = mediaProblem
		body = problemDetails{
			Type: "urn:odoograph:error:" + out.Code, Title: http.StatusText(status), Status: status, Detail: out.Error,
			Code: out.Code, RequestID: out.RequestID, Errors: out.Fields, RetryAfter: out.RetryAfter,
		}
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // the words have < and >, and no browser reads them as HTML
	if err := encoder.Encode(body); err != nil {
		text.WriteString(`{"error":"Internal server error","code":"INTERNAL_ERROR"}`)
	}
	text.Truncate(len(bytes.TrimRight(text.Bytes(), "\n"))) // which no other answer ends with
	h.Del("ETag")
	h.Del("Last-Modified")
	h.Set("Content-Type", media)
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Length", strconv.Itoa(text.Len()))
	w.WriteHeader(status)
	_, _ = w.Write(text.Bytes())
}
