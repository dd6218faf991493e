package snippet

import (
	"testing"

	"odoograph/internal/markdown"
)

func TestMatch(t *testing.T) {
	for name, test := range map[string]struct {
		language, want, got string
		part, ok            bool
	}{
		"equal":            {"json", `{"a": [1, null, "b"]}`, `{"a":[1,null,"b"]}`, false, true},
		"another value":    {"json", `{"a": 1}`, `{"a": 2}`, false, false},
		"another type":     {"json", `{"a": "1"}`, `{"a": 1}`, false, false},
		"more members":     {"json", `{"a": 1}`, `{"a": 1, "b": 2}`, false, false},
		"part":             {"json", `{"a": {"b": 1}}`, `{"a": {"b": 1, "c": 2}, "d": 3}`, true, true},
		"part that lacks":  {"json", `{"a": 1}`, `{"b": 1}`, true, false},
		"anything":         {"json", `{"a": "…"}`, `{"a": {"b": 1}}`, false, true},
		"prefix":           {"json", `"ab…"`, `"abc"`, false, true},
		"another prefix":   {"json", `"ab…"`, `"acb"`, false, false},
		"middle":           {"json", `"a…c"`, `"abbc"`, false, true},
		"fewer items":      {"json", `[1, 2]`, `[1]`, true, false},
		"more items":       {"json", `[1]`, `[1, 2]`, true, false},
		"further items":    {"json", `[1, "…"]`, `[1, 2, 3]`, false, true},
		"no list":          {"json", `[]`, `{}`, false, false},
		"no object":        {"json", `{}`, `[]`, false, false},
		"extensions":       {"json", `{"data": {}}`, `{"data": {}, "extensions": {"cost": 1}}`, false, true},
		"extensions shown": {"json", `{"data": {}, "extensions": {"cost": 2}}`, `{"data": {}, "extensions": {"cost": 1}}`, false, false},
		"not JSON":         {"json", `{}`, `nothing`, false, false},
		"lines":            {"text", "a\nb", "a\r\nb  \n", false, true},
		"another line":     {"text", "a\nb", "a\nc", false, false},
		"a line more":      {"text", "a", "a\nb", false, false},
		"a line fewer":     {"text", "a\nb", "a", false, false},
		"lines left out":   {"text", "a\n…\nd", "a\nb\nc\nd", false, true},
		"and the end":      {"text", "a\n…", "a\nb\nc", false, true},
		"within a line":    {"text", "key … is made", "key abc is made", false, true},
		"part of lines":    {"text", "b\nd", "a\nb\nc\nd\ne", true, true},
		"out of order":     {"text", "d\nb", "a\nb\nc\nd", true, false},
		"nothing":          {"text", "", "\n", false, true},
	} {
		block := &markdown.Block{Language: test.language}
		if test.part {
			block.Words = []string{"part"}
		}
		if err := match(block, test.want, test.got); (err == nil) != test.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}
