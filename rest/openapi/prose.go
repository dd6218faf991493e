package openapi

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"odoograph/internal/casing"
)

var (
	// graphqlName is a name that GraphQL writes differently from REST.
	graphqlName = regexp.MustCompile("`[a-z]+([A-Z][a-z]+)+`")
	// scopeNote is what the schema says of scopes: REST says it of whole operations.
	scopeNote = regexp.MustCompile(`\s*Needs the scope [^.]*\.`)
	// emptyNote is about a list that a query of a URL cannot give.
	emptyNote = regexp.MustCompile(`; an empty list matches nothing`)
	// referenceNote comes before what is said of a filter on a reference.
	referenceNote = regexp.MustCompile(`In a filter on something that refers to [^:]*: (\w)`)
)

// inREST writes a description of the schema with the names of REST.
func inREST(text string) string {
	text = scopeNote.ReplaceAllString(text, "")
	text = emptyNote.ReplaceAllString(text, "")
	text = referenceNote.ReplaceAllStringFunc(text, func(note string) string { return strings.ToUpper(note[len(note)-1:]) })
	text = graphqlName.ReplaceAllStringFunc(text, func(name string) string {
		if name == "`databaseId`" {
			return "`id`"
		}
		return "`" + casing.Snake(strings.Trim(name, "`")) + "`"
	})
	return strings.TrimSpace(text)
}

// paragraphs joins those that say something.
func paragraphs(texts ...string) string {
	var said []string
	for _, text := range texts {
		if text = strings.TrimSpace(text); text != "" {
			said = append(said, text)
		}
	}
	return strings.Join(said, "\n\n")
}

// listing writes "`a`, `b` and `c`".
func listing(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = "`" + name + "`"
	}
	last := len(quoted) - 1
	if last < 1 {
		return strings.Join(quoted, "")
	}
	return strings.Join(quoted[:last], ", ") + " and " + quoted[last]
}

// title begins a text with an upper-case letter.
func title(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// spoken is a snake_case name as people say it.
func spoken(name string) string { return strings.ReplaceAll(name, "_", " ") }
