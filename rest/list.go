package rest

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"

	"odoograph/graph/relay"
	"odoograph/rest/contract"
)

// listMedia are the media types of a list; all but the first are exports.
var listMedia = []string{mediaJSON, mediaCSV, mediaNDJSON}

// list answers with a page of records: by its number, or from a cursor on.
func (h *handler) list(ctx context.Context, w http.ResponseWriter, r *http.Request, path map[string]any, q *query) error {
	media, err := negotiate(r, listMedia...)
	if err != nil {
		return err
	}
	if media != mediaJSON {
		return h.export(w, r, path, q, media)
	}
	if q.list.Cursors {
		return badParameter("with_cursor", "Only CSV and NDJSON have a cursor for each record; JSON has them in `pagination`.")
	}
	if err := q.place(); err != nil {
		return err
	}
	result, warnings, err := h.ask(ctx, w, Execution{Call: h.route.List(q.record, path, q.list), Headers: r.Header})
	if err != nil {
		return err
	}
	records, err := h.route.ReadRecords(result.Data, q.record, ",")
	if err != nil {
		return err
	}
	if records.Missing {
		return h.nothing(warnings)
	}
	pagination, links := q.pagination(records)
	body := append([]byte(`{"data":[`), records.Items...)
	body = append(append(body, `],"pagination":`...), pagination...)
	body = append(append(body, member(warnings)...), '}')
	for _, link := range links {
		w.Header().Add("Link", link.header(r))
	}
	if !notModified(w, r, tagOf("", body)) {
		write(w, http.StatusOK, mediaJSON, body)
	}
	return nil
}

// A cursor of the API says which way to go from a cursor of GraphQL.
const (
	forward  = "n" // to the next records
	backward = "p" // to the previous ones
)

// place says where in the list the page lies.
func (q *query) place() error {
	if !q.walking {
		q.number = max(1, q.number)
		q.list.Total = true
		if q.number > 1 {
			q.list.After = relay.AtOffset((q.number-1)*q.list.Size - 1)
		}
		return nil
	}
	return q.resume()
}

// resume reads the cursor that the client gives.
func (q *query) resume() error {
	if q.cursor == "" {
		return nil
	}
	switch direction, cursor := q.cursor[:1], q.cursor[1:]; direction {
	case forward:
		q.list.After = cursor
	case backward:
		q.list.Before = cursor
	default:
		return badParameter("cursor", "This is not a cursor of this server: take it from the header Link or from `pagination`.")
	}
	return nil
}

// link is a related page (RFC 8288).
type link struct {
	rel, parameter, value string
}

// header writes the link: the URL of the request with one parameter changed.
func (l link) header(r *http.Request) string {
	values := r.URL.Query()
	values.Set(l.parameter, l.value)
	return "<" + r.URL.Path + "?" + values.Encode() + `>; rel="` + l.rel + `"`
}

// pagination is the member of an answer that says where its page lies, and the
// links to the pages around it.
func (q *query) pagination(records *contract.Records) ([]byte, []link) {
	if q.walking {
		return q.walk(records.Info)
	}
	size := q.list.Size
	pages := (records.Total + size - 1) / size
	links := []link{{"first", "page", "1"}}
	if q.number > 1 {
		links = append(links, link{"prev", "page", strconv.Itoa(max(1, min(q.number-1, pages)))})
	}
	if q.number < pages {
		links = append(links, link{"next", "page", strconv.Itoa(q.number + 1)})
	}
	links = append(links, link{"last", "page", strconv.Itoa(max(1, pages))})
	text, _ := json.Marshal(struct { // of numbers, which cannot fail
		Page  int `json:"page"`
		Limit int `json:"limit"`
		Total int `json:"total"`
		Pages int `json:"pages"`
	}{q.number, size, records.Total, pages})
	return text, links
}

// walk is the pagination of a walk by cursor, which counts nothing.
func (q *query) walk(info contract.PageInfo) ([]byte, []link) {
	var out struct {
		Limit int     `json:"limit"`
		Next  *string `json:"next"`
		Prev  *string `json:"prev"`
	}
	out.Limit = q.list.Size
	links := []link{{"first", "cursor", ""}}
	if info.HasPreviousPage && info.StartCursor != "" {
		cursor := backward + info.StartCursor
		out.Prev = &cursor
		links = append(links, link{"prev", "cursor", cursor})
	}
	if info.HasNextPage && info.EndCursor != "" {
		cursor := forward + info.EndCursor
		out.Next = &cursor
		links = append(links, link{"next", "cursor", cursor})
	}
	text, _ := json.Marshal(out) // of texts, which cannot fail
	return text, links
}
