package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"unicode/utf8"

	"odoograph/apierror"
	"odoograph/internal/message"
	"odoograph/rest/contract"
)

// one answers with a record.
func (h *handler) one(ctx context.Context, w http.ResponseWriter, r *http.Request, path map[string]any, q *query) error {
	if _, err := negotiate(r, mediaJSON); err != nil {
		return err
	}
	result, warnings, err := h.ask(ctx, w, Execution{Call: h.route.One(q.record, path), Headers: r.Header})
	if err != nil {
		return err
	}
	record, err := h.route.ReadRecord(result.Data, q.record)
	if err != nil {
		return err
	}
	if record.JSON == nil {
		return h.nothing(warnings)
	}
	body := single(record, warnings)
	lastModified(w.Header(), record.Version)
	if !notModified(w, r, tagOf(record.Version, body)) {
		write(w, http.StatusOK, mediaJSON, body)
	}
	return nil
}

// single is the answer with one record.
func single(record *contract.Record, warnings []warning) []byte {
	body := append([]byte(`{"data":`), record.JSON...)
	return append(append(body, member(warnings)...), '}')
}

// change makes a change and answers with the record that it left behind.
func (h *handler) change(ctx context.Context, w http.ResponseWriter, r *http.Request, path map[string]any, q *query) error {
	if _, err := negotiate(r, mediaJSON); err != nil {
		return err
	}
	body, err := h.body(w, r)
	if err != nil {
		return err
	}
	version := ""
	if h.route.Conditional {
		if version, err = conditionOf(r.Header); err != nil {
			return err
		}
	}
	result, warnings, err := h.ask(ctx, w, Execution{Call: h.route.Change(q.record, path, body, version), Headers: r.Header})
	if err != nil {
		return err
	}
	record, err := h.route.ReadRecord(result.Data, q.record)
	switch {
	case err != nil:
		return err
	case len(record.UserErrors) > 0:
		return h.refusal(record.UserErrors)
	}
	h.locate(w.Header(), r, record)
	if record.JSON == nil { // changed, and then not to be seen any more
		record.JSON = []byte("null")
	}
	answer := single(record, warnings)
	lastModified(w.Header(), record.Version)
	w.Header().Set("ETag", tagOf(record.Version, answer))
	if preference(r.Header, "return") == "minimal" {
		w.Header().Set("Preference-Applied", "return=minimal")
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	write(w, h.route.Status, mediaJSON, answer)
	return nil
}

// locate tells where a new record is.
func (h *handler) locate(header http.Header, r *http.Request, record *contract.Record) {
	if h.route.Status == http.StatusCreated && len(h.route.Parameters) == 0 && record.ID != "" {
		header.Set("Location", r.URL.Path+"/"+record.ID)
	}
}

// body reads the body of a change.
func (h *handler) body(w http.ResponseWriter, r *http.Request) (map[string]any, error) {
	text, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, message.Unread(err)
	}
	empty := len(bytes.TrimSpace(text)) == 0
	if h.route.Body == nil {
		if !empty && string(bytes.TrimSpace(text)) != "{}" {
			return nil, apierror.New(apierror.BadUserInput, "This route takes no body.")
		}
		return nil, nil
	}
	if err := checkContent(w, r); err != nil {
		return nil, err
	}
	var value any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if !utf8.Valid(text) || decoder.Decode(&value) != nil || decoder.More() {
		return nil, apierror.New(apierror.BadUserInput, "The body must be a JSON object in UTF-8.")
	}
	if _, ok := value.(map[string]any); !ok {
		return nil, apierror.New(apierror.BadUserInput, "The body must be a JSON object.")
	}
	out, faults := h.route.Body.Read(value)
	switch len(faults) {
	case 0:
		body, _ := out.(map[string]any)
		return body, nil
	case 1:
		return nil, badParameter(faults[0].Field, faults[0].Message)
	}
	return nil, refuse("Several members of the body cannot be used: `fields` names them.", faults)
}
