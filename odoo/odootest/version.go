package odootest

import (
	"fmt"
	"strconv"
	"strings"
)

// A series is the major version that the stand-in poses as.
type series int

const (
	v14 series = 14
	v17 series = 17
	v19 series = 19
)

// name is the text of the version: "19.0".
func (s series) name() string { return strconv.Itoa(int(s)) + ".0" }

// info is the answer's version_info.
func (s series) info() []any {
	return []any{int64(s), int64(0), int64(0), "final", int64(0), ""}
}

// A span is a range of versions: "14-16", "17+", "-18"; the zero span is all.
type span struct{ from, to series }

func (v span) has(s series) bool {
	return s >= v.from && (v.to == 0 || s <= v.to)
}

// parseSpan reads a span; ok is false when the text is not one.
func parseSpan(text string) (v span, ok bool) {
	from, to, found := strings.Cut(text, "-")
	if cut, plus := strings.CutSuffix(text, "+"); plus {
		from, to, found = cut, "", true
	}
	if !found {
		return v, false
	}
	if _, err := fmt.Sscanf(from+" "+to, "%d %d", &v.from, &v.to); err == nil {
		return v, true
	}
	if n, err := strconv.Atoi(from); err == nil && to == "" {
		return span{from: series(n)}, true
	}
	if n, err := strconv.Atoi(to); err == nil && from == "" {
		return span{to: series(n)}, true
	}
	return span{}, false
}
