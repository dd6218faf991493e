package endpoint

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"odoograph/apierror"
)

// reply is the answer to one request.
type reply struct {
	status   int
	media    string
	allow    string // the methods, where the method was wrong
	response *graphql.Response
}

// mustShow tells whether a status is for more than the developer of the client:
// load balancers, retries and monitoring look for it. Other errors of a
// well-formed request have the status 200 in plain JSON, as clients of old expect.
func mustShow(status int) bool {
	switch status {
	case http.StatusUnauthorized, http.StatusMethodNotAllowed, http.StatusTooManyRequests, statusOf(apierror.ClientClosed):
		return true
	}
	return status >= http.StatusInternalServerError
}

func statusOf(code apierror.Code) int { return code.Meaning().Status }

// codeOf returns the code of a presented error.
func codeOf(err *gqlerror.Error) apierror.Code {
	code, _ := err.Extensions["code"].(apierror.Code)
	return code
}

// answered is the reply of an operation: 200 if it ran, and what its first error
// means if it did not.
func answered(media string, response *graphql.Response) reply {
	out := reply{status: http.StatusOK, media: media, response: response}
	if response.Data != nil || len(response.Errors) == 0 {
		return out
	}
	if status := statusOf(codeOf(response.Errors[0])); media == mediaGraphQL || mustShow(status) {
		out.status = status
	}
	return out
}

// write sends the reply. The data are sent as they are, not marshalled again.
func (out reply) write(w http.ResponseWriter) {
	if _, replayed := out.response.Extensions[replayedExtension]; replayed {
		w.Header().Set(replayedHeader, "true")
	}
	var head, tail []byte
	separator := "{"
	if len(out.response.Errors) > 0 {
		errs, err := json.Marshal(out.response.Errors)
		if err != nil { // an extension that is no JSON
			errs = []byte(`[{"message":"Something went wrong in the gateway.","extensions":{"code":"INTERNAL_SERVER_ERROR"}}]`)
		}
		head = append(append(head, `{"errors":`...), errs...)
		separator = ","
	}
	if out.response.Data != nil {
		head = append(append(head, separator...), `"data":`...)
		separator = ","
	}
	if extensions, err := json.Marshal(out.response.Extensions); err == nil && len(out.response.Extensions) > 0 {
		tail = append(append(append(tail, separator...), `"extensions":`...), extensions...)
	}
	tail = append(tail, '}')

	out.setHeader(w.Header(), len(head)+len(out.response.Data)+len(tail))
	w.WriteHeader(out.status)
	for _, part := range [][]byte{head, out.response.Data, tail} {
		if _, err := w.Write(part); err != nil {
			return // the client left
		}
	}
}

func (out reply) setHeader(header http.Header, length int) {
	header.Set("Content-Type", out.media+"; charset=utf-8")
	header.Set("Content-Length", strconv.Itoa(length))
	switch out.status {
	case http.StatusMethodNotAllowed:
		header.Set("Allow", out.allow)
	case http.StatusUnauthorized:
		header.Set("WWW-Authenticate", "Bearer")
	case http.StatusUnsupportedMediaType:
		header.Set("Accept-Post", mediaJSON)
		header.Set("Accept-Encoding", "identity")
	}
	if out.response.Data == nil && len(out.response.Errors) > 0 {
		if ms, ok := out.response.Errors[0].Extensions["retryAfterMs"].(int64); ok {
			wait := time.Duration(ms) * time.Millisecond
			header.Set("Retry-After", strconv.Itoa(int((wait+time.Second-1)/time.Second)))
		}
	}
}
