package endpoint

import (
	"strings"

	"odoograph/internal/message"
)

// The media types of an answer.
const (
	mediaGraphQL = "application/graphql-response+json"
	mediaJSON    = "application/json"
)

// negotiate returns the media type of the answer to a request with these Accept
// headers, "" if there is none. Of equals it takes the one that GraphQL over HTTP
// made, whose statuses tell more; whoever names neither gets plain JSON.
func negotiate(accept []string) string {
	ranges := strings.Join(accept, ",")
	if strings.TrimSpace(ranges) == "" {
		return mediaJSON
	}
	best, quality := "", 0.0
	for _, media := range []string{mediaJSON, mediaGraphQL} {
		q, named := message.Quality(media, ranges)
		if q > quality || q == quality && q > 0 && named {
			best, quality = media, q
		}
	}
	return best
}
