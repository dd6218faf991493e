package endpoint

import (
	"mime"
	"strconv"
	"strings"
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
		q, named := qualityOf(media, ranges)
		if q > quality || q == quality && q > 0 && named {
			best, quality = media, q
		}
	}
	return best
}

// qualityOf returns what a client gives for a media type: the weight of the range
// that fits it best, and whether that range names it.
func qualityOf(media, ranges string) (quality float64, named bool) {
	closest := 0
	for part := range strings.SplitSeq(ranges, ",") {
		name, parameters, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		closeness := map[string]int{"*/*": 1, "application/*": 2, media: 3}[name]
		if charset, ok := parameters["charset"]; ok && !strings.EqualFold(charset, "utf-8") {
			continue
		}
		if closeness > closest {
			closest, quality = closeness, weightOf(parameters)
		}
	}
	return quality, closest == 3
}

func weightOf(parameters map[string]string) float64 {
	text, ok := parameters["q"]
	if !ok {
		return 1
	}
	q, err := strconv.ParseFloat(text, 64)
	if err != nil || q < 0 || q > 1 {
		return 0
	}
	return q
}
