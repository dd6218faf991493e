package diagnosis

import (
	"strings"

	"github.com/agnivade/levenshtein"
)

// nearest returns the name that was probably meant, "" if none is like it.
func nearest(given string, names []string) string {
	best, least := "", max(2, len(given)/3)+1
	for _, name := range names {
		if d := levenshtein.ComputeDistance(strings.ToLower(given), strings.ToLower(name)); d < least {
			best, least = name, d
		}
	}
	return best
}
