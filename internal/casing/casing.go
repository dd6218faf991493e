// Package casing turns the names of GraphQL into those of Odoo and REST, and back.
// It imports nothing of this module.
package casing

import (
	"strings"
	"unicode"
)

// Snake returns the snake_case of a camelCase name.
func Snake(name string) string {
	var b strings.Builder
	for _, r := range name {
		if unicode.IsUpper(r) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// Camel returns the camelCase of a snake_case name, in upper or lower case.
func Camel(name string) string {
	words := strings.Split(strings.ToLower(name), "_")
	for i, word := range words[1:] {
		if word != "" {
			runes := []rune(word)
			runes[0] = unicode.ToUpper(runes[0])
			words[i+1] = string(runes)
		}
	}
	return strings.Join(words, "")
}
