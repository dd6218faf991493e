package rest

import (
	"mime"
	"net/http"
	"slices"
	"strings"

	"odoograph/apierror"
	"odoograph/internal/message"
)

// The media types of the API.
const (
	mediaJSON    = "application/json"
	mediaProblem = "application/problem+json" // RFC 9457
	mediaMerge   = "application/merge-patch+json"
	mediaCSV     = "text/csv"             // RFC 4180
	mediaNDJSON  = "application/x-ndjson" // a record in JSON on each line
	mediaYAML    = "application/yaml"     // RFC 9512
)

// acceptPatch are the media types of a body of PATCH.
const acceptPatch = mediaJSON + ", " + mediaMerge

// negotiate returns the media type of the answer: the one of those offered that the
// client likes best (RFC 9110, section 12.5.1), the first of equals.
func negotiate(r *http.Request, offered ...string) (string, error) {
	accept := strings.Join(r.Header.Values("Accept"), ",")
	if strings.TrimSpace(accept) == "" {
		return offered[0], nil
	}
	best, weight := "", 0.0
	for _, media := range offered {
		if q, _ := message.Quality(media, accept); q > weight {
			best, weight = media, q
		}
	}
	if best == "" {
		return "", apierror.New(apierror.NotAcceptable, "Here the answers are "+strings.Join(offered, ", ")+": accept one of them.")
	}
	return best, nil
}

// wantsProblem tells whether a client asks for errors as RFC 9457 has them.
func wantsProblem(h http.Header) bool {
	q, named := message.Quality(mediaProblem, strings.Join(h.Values("Accept"), ","))
	return named && q > 0
}

// preference returns what a client prefers (RFC 7240): "minimal" of return=minimal.
func preference(h http.Header, name string) string {
	for part := range strings.SplitSeq(strings.Join(h.Values("Prefer"), ","), ",") {
		part, _, _ = strings.Cut(part, ";")
		key, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		if strings.EqualFold(strings.TrimSpace(key), name) {
			return strings.Trim(strings.TrimSpace(value), `"`)
		}
	}
	return ""
}

// checkContent refuses a body of a media type that the route does not take.
func checkContent(w http.ResponseWriter, r *http.Request) error {
	allowed := []string{mediaJSON}
	if r.Method == http.MethodPatch {
		allowed = append(allowed, mediaMerge)
	}
	name, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	charset, given := parameters["charset"]
	if err != nil || !slices.Contains(allowed, name) || given && !strings.EqualFold(charset, "utf-8") {
		if r.Method == http.MethodPatch {
			w.Header().Set("Accept-Patch", acceptPatch)
		} else {
			w.Header().Set("Accept-Post", mediaJSON)
		}
		return apierror.New(apierror.UnsupportedMediaType, "Send the body as JSON, with `Content-Type: application/json`.")
	}
	if coding := r.Header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		w.Header().Set("Accept-Encoding", "identity") // RFC 9110, section 12.5.3
		return apierror.New(apierror.UnsupportedMediaType, "The body must not be compressed: send it without `Content-Encoding`.")
	}
	return nil
}
