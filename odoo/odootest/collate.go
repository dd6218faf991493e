package odootest

import (
	"cmp"
	"strings"
	"unicode"
)

// A collated text compares close to how PostgreSQL compares under en_US: first
// without case, spaces and punctuation, then as written. Accented Latin letters
// stand with their base letter.
type collated struct{ primary, text string }

func collationKey(text string) collated {
	plain := true
	for i := range len(text) {
		if c := text[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			plain = false
			break
		}
	}
	if plain {
		return collated{text, text}
	}
	var b strings.Builder
	b.Grow(len(text))
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(baseLetter(unicode.ToLower(r)))
		}
	}
	return collated{b.String(), text}
}

const (
	accented = "àáâãäåçèéêëìíîïñòóôõöøùúûüýÿšžčřěůłńśźżąęćđ"
	unmarked = "aaaaaaceeeeiiiinoooooouuuuyyszcreulnszzaecd"
)

var baseLetters = func() map[rune]rune {
	table := map[rune]rune{}
	for i, r := range []rune(accented) {
		table[r] = rune(unmarked[i])
	}
	return table
}()

func baseLetter(r rune) rune {
	if r < 0x80 {
		return r
	}
	if base, ok := baseLetters[r]; ok {
		return base
	}
	return r
}

func (c collated) compare(other collated) int {
	if order := strings.Compare(c.primary, other.primary); order != 0 {
		return order
	}
	// Small letters stand before capitals: the reverse of their codes.
	return strings.Compare(other.text, c.text)
}

// isDate tells whether a text is a day or a moment, rather than a name with a hyphen.
func isDate(text string) bool {
	return len(text) >= len("2006-01-02") && text[4] == '-' && text[7] == '-' && text[0] <= '9'
}

// compareValues orders two values of one field.
func compareValues(a, b any) int {
	switch a := a.(type) {
	case string:
		if b, ok := b.(string); ok {
			if isDate(a) && isDate(b) { // which compare as text
				return strings.Compare(a, b)
			}
			return collationKey(a).compare(collationKey(b))
		}
	case collated:
		if b, ok := b.(collated); ok {
			return a.compare(b)
		}
	case int64:
		switch b := b.(type) {
		case int64:
			return cmp.Compare(a, b)
		case float64:
			return cmp.Compare(float64(a), b)
		}
	case float64:
		if b, ok := b.(float64); ok {
			return cmp.Compare(a, b)
		}
	case bool:
		if b, ok := b.(bool); ok && a != b {
			if a {
				return 1
			}
			return -1
		}
	}
	return 0
}
