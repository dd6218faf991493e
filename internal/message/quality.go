// Package message reads what HTTP requests say that is not of one API alone. It
// imports package apierror.
package message

import (
	"mime"
	"strconv"
	"strings"
)

// Quality returns what a client gives for a media type in an Accept header (RFC
// 9110, section 12.5.1): the weight of the range that fits it best, and whether that
// range names it.
func Quality(media, accept string) (weight float64, named bool) {
	kind, _, _ := strings.Cut(media, "/")
	closest := 0
	for part := range strings.SplitSeq(accept, ",") {
		name, parameters, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		closeness := map[string]int{"*/*": 1, kind + "/*": 2, media: 3}[name]
		if charset, ok := parameters["charset"]; ok && !strings.EqualFold(charset, "utf-8") {
			continue
		}
		if closeness > closest {
			closest, weight = closeness, weightOf(parameters)
		}
	}
	return weight, closest == 3
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
