package settings

import (
	"fmt"
	"os"
	"strings"

	"github.com/agnivade/levenshtein"
)

// near is how many letters of a name may be wrong for a suggestion.
const near = 3

// suggestion returns "; did you mean ...?", or "" if nothing is near.
func suggestion(name string, known map[string]bool) string {
	if found := nearest(strings.ReplaceAll(strings.ToLower(name), "_", "-"), known, near); found != "" {
		return fmt.Sprintf("; did you mean %q?", found)
	}
	return "; all settings are in docs/configuration.md and odoograph serve --help"
}

// nearest returns the known name with the fewest letters that differ, "" if those
// are more than at most.
func nearest(name string, known map[string]bool, atMost int) string {
	found, distance := "", atMost+1
	for candidate, is := range known {
		if d := levenshtein.ComputeDistance(name, candidate); is && (d < distance || d == distance && candidate < found) {
			found, distance = candidate, d
		}
	}
	return found
}

// CheckEnvironment refuses variables that are almost named like a setting: what is
// mistyped would otherwise count for nothing. Others may be there: a cluster sets
// variables of its own for each service, named after it.
func CheckEnvironment() error {
	known := map[string]bool{"ODOOGRAPH_CONFIG": true}
	for _, s := range Settings() {
		known[s.Env] = true
	}
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		if known[name] || !strings.HasPrefix(name, "ODOO_") && !strings.HasPrefix(name, "ODOOGRAPH_") {
			continue
		}
		if meant := nearest(name, known, 2); meant != "" {
			return fmt.Errorf("there is no setting %s in the environment; did you mean %s?", name, meant)
		}
	}
	return nil
}
