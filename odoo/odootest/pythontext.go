package odootest

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// pythonFloat formats as repr does: the shortest text that reads back, always
// recognisable as a float.
func pythonFloat(f float64) string {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return strings.Replace(strconv.FormatFloat(f, 'g', -1, 64), "+Inf", "Infinity", 1)
	}
	if abs := math.Abs(f); abs != 0 && (abs < 1e-4 || abs >= 1e16) {
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	text := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return text
}

// pythonRepr formats a wire value as Python's repr does, for the texts of
// exceptions.
func pythonRepr(v any) string {
	switch v := v.(type) {
	case nil:
		return "None"
	case bool:
		if v {
			return "True"
		}
		return "False"
	case float64:
		return pythonFloat(v)
	case string:
		return pythonQuote(v)
	case []any:
		return "[" + reprItems(v) + "]"
	case dict:
		parts := make([]string, len(v))
		for i, m := range v {
			parts[i] = pythonQuote(m.key) + ": " + pythonRepr(m.value)
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return fmt.Sprint(v)
}

func reprItems(list []any) string {
	parts := make([]string, len(list))
	for i := range list {
		parts[i] = pythonRepr(list[i])
	}
	return strings.Join(parts, ", ")
}

// pythonTuple formats a list as a tuple.
func pythonTuple(list []any) string {
	if len(list) == 1 {
		return "(" + pythonRepr(list[0]) + ",)"
	}
	return "(" + reprItems(list) + ")"
}

func pythonQuote(s string) string {
	quote := "'"
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		quote = `"`
	}
	var b strings.Builder
	b.WriteString(quote)
	for _, r := range s {
		switch {
		case r == '\\' || string(r) == quote:
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == utf8.RuneError || r < 0x20:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String() + quote
}

// pythonType is the name of a value's type, as exceptions quote it.
func pythonType(v any) string {
	switch v.(type) {
	case nil:
		return "NoneType"
	case bool:
		return "bool"
	case int64:
		return "int"
	case float64:
		return "float"
	case string:
		return "str"
	case []any:
		return "list"
	}
	return "dict"
}
