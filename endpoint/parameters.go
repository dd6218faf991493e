package endpoint

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"odoograph/apierror"
	"odoograph/document"
	"odoograph/internal/message"
)

// parameters are those of a well-formed GraphQL request.
type parameters struct {
	document      document.Request
	operationName string
	variables     map[string]any
	extensions    map[string]any
}

// maxNesting bounds how deep the JSON of a request nests.
const maxNesting = 20

// readQuery reads the parameters of a GET request.
func readQuery(r *http.Request) (*parameters, *apierror.Error) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, apierror.Wrap(apierror.BadUserInput, "The query string of the URL cannot be read.", err)
	}
	members := map[string]json.RawMessage{}
	for name := range values {
		text := values.Get(name)
		switch {
		case !utf8.ValidString(text):
			return nil, apierror.New(apierror.BadUserInput, "The query string of the URL is not UTF-8.")
		case text == "":
		case name == "variables", name == "extensions":
			if problem := checkText([]byte(text)); problem != nil {
				return nil, problem
			}
			if !json.Valid([]byte(text)) {
				return nil, apierror.BadInput(name, "`"+name+"` is not JSON.")
			}
			members[name] = json.RawMessage(text)
		default:
			members[name], _ = json.Marshal(text) // a string cannot fail
		}
	}
	return readMembers(members)
}

// readBody reads the parameters of a POST request. A body must say that it is
// JSON: a web page of another origin cannot send that without being asked first,
// as it could a form. (GET needs no such care: it changes nothing, its answer
// stays hidden from other origins, and a browser adds no API key by itself.)
func readBody(r *http.Request) (*parameters, *apierror.Error) {
	if problem := checkContent(r.Header); problem != nil {
		return nil, problem
	}
	if r.ContentLength > message.MaxBody {
		return nil, message.TooLarge(nil)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, message.Unread(err)
	}
	body = bytes.TrimLeft(body, " \t\r\n")
	if len(body) > 0 && body[0] == '[' {
		return nil, apierror.New(apierror.BadUserInput, "Batches are not served: send each operation in a request of its own.")
	}
	if problem := checkText(body); problem != nil {
		return nil, problem
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(body, &members); err != nil || members == nil {
		return nil, apierror.Wrap(apierror.BadUserInput, "The body must be a JSON object.", err)
	}
	return readMembers(members)
}

// checkContent tells whether the body is plain JSON.
func checkContent(header http.Header) *apierror.Error {
	media, options, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil || media != mediaJSON {
		return apierror.New(apierror.UnsupportedMediaType, "The body must be JSON: send `Content-Type: application/json`.")
	}
	if charset, ok := options["charset"]; ok && !strings.EqualFold(charset, "utf-8") {
		return apierror.New(apierror.UnsupportedMediaType, "The body must be in UTF-8.")
	}
	if coding := header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return apierror.New(apierror.UnsupportedMediaType, "The body must not be compressed: send it without `Content-Encoding`.")
	}
	return nil
}

// checkText tells whether a text can be read as JSON: in UTF-8, which the decoder
// would repair, and not nested too deep. What a text holds is never repeated in an
// error: it may be a secret.
func checkText(text []byte) *apierror.Error {
	if !utf8.Valid(text) {
		return apierror.New(apierror.BadUserInput, "The request is not in UTF-8.")
	}
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case !quoted && (c == '{' || c == '['):
			if depth++; depth > maxNesting {
				return apierror.New(apierror.BadUserInput, "The JSON of a request may nest 20 levels deep at most.")
			}
		case !quoted && (c == '}' || c == ']'):
			depth--
		}
	}
	return nil
}

// readMembers reads what a GET and a POST request have in common. Members that
// GraphQL over HTTP does not know are left alone, as it demands.
func readMembers(members map[string]json.RawMessage) (*parameters, *apierror.Error) {
	p := &parameters{}
	var relayID string
	for _, member := range []struct {
		name, kind string
		target     any
	}{
		{"query", "a string", &p.document.Text},
		{"operationName", "a string", &p.operationName},
		{"documentId", "a string", &p.document.ID},
		{"doc_id", "a string", &relayID},
		{"variables", "an object", &p.variables},
		{"extensions", "an object", &p.extensions},
	} {
		if raw := members[member.name]; raw != nil && decode(raw, member.target) != nil {
			return nil, apierror.BadInput(member.name, "`"+member.name+"` must be "+member.kind+".")
		}
	}
	if p.document.ID == "" {
		p.document.ID = relayID
	}
	if problem := p.readPersisted(); problem != nil {
		return nil, problem
	}
	switch {
	case p.document.Text != "" && p.document.ID != "":
		return nil, apierror.BadInput("documentId", "A request has either a `query` or a `documentId`, not both.")
	case p.document == document.Request{}:
		return nil, apierror.BadInput("query", "The request has no `query`: a GraphQL document.")
	}
	return p, nil
}

// decode reads JSON with its numbers as they are written.
func decode(raw json.RawMessage, target any) error {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	return decoder.Decode(target)
}

// readPersisted reads the extension of Apollo's persisted queries.
func (p *parameters) readPersisted() *apierror.Error {
	extension, ok := p.extensions["persistedQuery"]
	if !ok || extension == nil {
		return nil
	}
	persisted, _ := extension.(map[string]any)
	hash, _ := persisted["sha256Hash"].(string)
	if hash == "" || persisted["version"] != json.Number("1") {
		return apierror.BadInput("extensions.persistedQuery", "`extensions.persistedQuery` must be like {\"version\": 1, \"sha256Hash\": \"…\"}.")
	}
	p.document.Hash = hash
	return nil
}
