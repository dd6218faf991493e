package odootest

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

var (
	scripts = regexp.MustCompile(`(?is)<(script|style)\b.*?</(script|style)>`)
	hasTag  = regexp.MustCompile(`^\s*<\w`)
)

// storedHTML cleans HTML as far as tests need it: scripts are cut out and bare
// text becomes a paragraph.
func storedHTML(v any) (any, error) {
	text, err := storedText(v)
	s, ok := text.(string)
	if !ok || err != nil || s == "" {
		return text, err
	}
	if _, isText := v.(string); !isText {
		return "<p>Unknown error when sanitizing</p>", nil
	}
	s = scripts.ReplaceAllString(s, "")
	switch {
	case strings.TrimSpace(s) == "":
		return "", nil
	case hasTag.MatchString(s):
		return s, nil
	}
	return "<p>" + s + "</p>", nil
}

// storedDate looks at the first ten characters and forgets the rest.
func storedDate(v any) (any, error) {
	text, ok := v.(string)
	switch {
	case !truthy(v):
		return nil, nil
	case !ok:
		return nil, raise("TypeError", "'%s' object is not subscriptable", pythonType(v))
	}
	if len(text) > 10 {
		text = text[:10]
	}
	day, err := parseTime(text, "%Y-%m-%d")
	if err != nil {
		return nil, err
	}
	return day.Format(time.DateOnly), nil
}

// storedDatetime reads a time with as much of the format as the text is long. A
// zone or a T is refused.
func storedDatetime(v any) (any, error) {
	text, ok := v.(string)
	switch {
	case !truthy(v):
		return nil, nil
	case !ok:
		return nil, raise("TypeError", "object of type '%s' has no len()", pythonType(v))
	}
	const format = "%Y-%m-%d %H:%M:%S"
	end := len(text) - 2
	if end < 0 { // a slice that ends before its start counts from the end
		end += len(format)
	}
	moment, err := parseTime(text, format[:min(end, len(format))])
	if err != nil {
		return nil, err
	}
	return moment.Format(time.DateTime), nil
}

// directives are what a date is made of, as Python's strptime has them.
var directives = map[byte]string{'Y': `(\d{4})`, 'm': `(1[0-2]|0[1-9]|[1-9])`, 'd': `(3[01]|[12]\d|0[1-9]|[1-9])`,
	'H': `(2[0-3]|[01]\d|\d)`, 'M': `([0-5]\d|\d)`, 'S': `(6[01]|[0-5]\d|\d)`}

// parseTime is Python's strptime with its complaints.
func parseTime(text, format string) (time.Time, error) {
	var pattern strings.Builder
	pattern.WriteByte('^')
	var keys []byte
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			pattern.WriteString(regexp.QuoteMeta(format[i : i+1]))
			continue
		}
		if i++; i == len(format) {
			return time.Time{}, raise("ValueError", "stray %% in format '%s'", format)
		}
		pattern.WriteString(directives[format[i]])
		keys = append(keys, format[i])
	}
	match := regexp.MustCompile(pattern.String()).FindStringSubmatch(text)
	if match == nil {
		return time.Time{}, raise("ValueError", "time data %s does not match format '%s'", pythonQuote(text), format)
	}
	if rest := text[len(match[0]):]; rest != "" {
		return time.Time{}, raise("ValueError", "unconverted data remains: %s", rest)
	}
	part := map[byte]int{'Y': 1900, 'm': 1, 'd': 1}
	for i, key := range keys {
		var n int
		_, _ = fmt.Sscanf(match[i+1], "%d", &n) // the pattern let only digits in
		part[key] = n
	}
	moment := time.Date(part['Y'], time.Month(part['m']), part['d'], part['H'], part['M'], part['S'], 0, time.UTC)
	if moment.Day() != part['d'] {
		return time.Time{}, raise("ValueError", "day is out of range for month")
	}
	return moment, nil
}
