package odootest

import (
	"strings"
	"unicode/utf8"
)

// likeMatcher returns the test of one of like, ilike, =like and =ilike. In the
// pattern, % stands for any text, _ for any letter, and \ takes that meaning
// away. like and ilike look for the pattern anywhere in the text. Accents count:
// PostgreSQL's unaccent is not installed.
func likeMatcher(oper, pattern string) func(string) bool {
	exact, fold := strings.HasPrefix(oper, "="), strings.HasSuffix(oper, "ilike")
	if fold {
		pattern = strings.ToLower(pattern)
	}
	if !exact {
		pattern = "%" + pattern + "%"
	}
	return func(text string) bool {
		if fold {
			text = strings.ToLower(text)
		}
		return like(text, pattern)
	}
}

func like(text, pattern string) bool {
	for pattern != "" {
		p, size := utf8.DecodeRuneInString(pattern)
		pattern = pattern[size:]
		if p == '%' {
			return likeAnywhere(text, pattern)
		}
		if text == "" {
			return false
		}
		r, width := utf8.DecodeRuneInString(text)
		text = text[width:]
		if p == '_' {
			continue
		}
		if p == '\\' && pattern != "" {
			p, size = utf8.DecodeRuneInString(pattern)
			pattern = pattern[size:]
		}
		if p != r {
			return false
		}
	}
	return text == ""
}

// likeAnywhere matches a pattern that a % stood in front of.
func likeAnywhere(text, pattern string) bool {
	if pattern == "" {
		return true
	}
	// The usual pattern is plain text up to the next %: skip to where it occurs.
	if end := strings.IndexAny(pattern, `%_\`); end > 0 && pattern[end] == '%' {
		at := strings.Index(text, pattern[:end])
		return at >= 0 && like(text[at+end:], pattern[end:])
	}
	for {
		if like(text, pattern) {
			return true
		}
		if text == "" {
			return false
		}
		_, width := utf8.DecodeRuneInString(text)
		text = text[width:]
	}
}
