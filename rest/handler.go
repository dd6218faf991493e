package rest

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"odoograph/apierror"
	"odoograph/rest/contract"
)

// handler serves one route.
type handler struct {
	*API
	route      *contract.Route
	prefix     string // of the version: "/api/v1"
	parameters parameters
}

// serve answers a request.
func (h *handler) serve(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), h.Timeout)
	defer cancel()
	h.announce(w.Header())
	path, err := h.pathOf(r)
	if err != nil {
		WriteError(w, r, err)
		return
	}
	q, err := h.queryOf(r)
	if err != nil {
		WriteError(w, r, err)
		return
	}
	switch h.route.Kind {
	case contract.List:
		err = h.list(ctx, w, r, path, q)
	case contract.One:
		err = h.one(ctx, w, r, path, q)
	case contract.Change:
		err = h.change(ctx, w, r, path, q)
	}
	if err != nil {
		WriteError(w, r, err)
	}
}

// announce says what the document says of the route's end.
func (h *handler) announce(header http.Header) {
	header.Add("Vary", "Accept, Accept-Language, Authorization, X-Api-Key")
	if !h.route.Deprecated.IsZero() {
		header.Set("Deprecation", "@"+strconv.FormatInt(h.route.Deprecated.Unix(), 10)) // RFC 9745
	}
	if !h.route.Sunset.IsZero() {
		header.Set("Sunset", h.route.Sunset.UTC().Format(http.TimeFormat)) // RFC 8594
	}
	if h.route.Successor != "" {
		header.Add("Link", "<"+h.route.Successor+`>; rel="successor-version"`) // RFC 5829
	}
}

// ask executes a call, and returns its data, or why there are none. What the Odoo
// user may not see is null, and a warning tells of it.
func (h *handler) ask(ctx context.Context, w http.ResponseWriter, e Execution) (*Result, []warning, error) {
	result := h.Execute(ctx, e)
	if result.Language != "" {
		w.Header().Set("Content-Language", result.Language)
	}
	if result.Replayed {
		w.Header().Set("Idempotency-Replayed", "true")
	}
	var warnings []warning
	for _, err := range result.Errors {
		code, _ := err.Extensions["code"].(apierror.Code)
		undone := h.route.Kind == contract.Change && len(err.Path) < 2 // rather than not to be seen
		if code != apierror.Forbidden || len(result.Data) == 0 || len(err.Path) == 0 || undone {
			return nil, nil, h.problem(err)
		}
		warnings = append(warnings, warningOf(err))
	}
	if n, ok := result.Extensions["omittedErrors"].(int64); ok {
		warnings = append(warnings, warning{Code: apierror.Forbidden.REST(), Message: fmt.Sprintf("%d further parts are null for such a reason.", n)})
	}
	return result, warnings, nil
}

// nothing is the error where there is no record, or the reason for it in the warnings.
func (h *handler) nothing(warnings []warning) error {
	if len(warnings) > 0 {
		return apierror.New(apierror.Forbidden, warnings[0].Message)
	}
	return apierror.New(apierror.NotFound, "There is no such "+h.route.Noun+", or the caller may not see it.")
}

// notModified answers a read whose client has the answer already; it returns whether
// it did.
func notModified(w http.ResponseWriter, r *http.Request, tag string) bool {
	w.Header().Set("ETag", tag)
	w.Header().Set("Cache-Control", "private, no-cache") // to be asked for again each time
	if seen := matching(r.Header.Values("If-None-Match"), tag); seen != "" {
		w.Header().Set("ETag", seen)
		w.WriteHeader(http.StatusNotModified)
		return true
	}
	return false
}

// write sends a body.
func write(w http.ResponseWriter, status int, media string, body []byte) {
	w.Header().Set("Content-Type", media)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// lastModified tells when a record was last changed.
func lastModified(h http.Header, version string) {
	if at, err := time.Parse(time.RFC3339Nano, version); err == nil {
		h.Set("Last-Modified", at.UTC().Format(http.TimeFormat))
	}
}
