package pages

import (
	"html"
	"html/template"
	"regexp"
	"strings"
)

// prose makes HTML of the little Markdown that descriptions and the changelog have:
// paragraphs, headings, lists, `code`, which leads to what it names, and **emphasis**.
type prose struct {
	// leads tells whether the reference has an element of this name.
	leads func(name string) bool
}

func (p prose) html(text string) template.HTML {
	var out strings.Builder
	for block := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		block = strings.TrimSpace(block)
		switch {
		case block == "":
		case strings.HasPrefix(block, "## "):
			title, rest, _ := strings.Cut(block, "\n")
			out.WriteString("<h3>" + p.inline(title[3:]) + "</h3>" + string(p.html(rest)))
		case strings.HasPrefix(block, "- "):
			out.WriteString("<ul>")
			for item := range strings.SplitSeq(strings.TrimPrefix(block, "- "), "\n- ") {
				out.WriteString("<li>" + p.inline(item) + "</li>")
			}
			out.WriteString("</ul>")
		default:
			out.WriteString("<p>" + p.inline(block) + "</p>")
		}
	}
	return template.HTML(out.String()) //nolint:gosec // all that was written into it is escaped
}

var strong = regexp.MustCompile(`\*\*([^*]+)\*\*`)

// inline renders the text of one block, in which every second part between backticks
// is code.
func (p prose) inline(text string) string {
	var out strings.Builder
	parts := strings.Split(text, "`")
	for i, part := range parts {
		escaped := html.EscapeString(part)
		switch {
		case i%2 == 0:
			out.WriteString(strong.ReplaceAllString(escaped, "<strong>$1</strong>"))
		case i == len(parts)-1: // nothing closes it
			out.WriteString("`" + escaped)
		case p.leads(part):
			out.WriteString(`<a href="#` + escaped + `"><code>` + escaped + "</code></a>")
		default:
			out.WriteString("<code>" + escaped + "</code>")
		}
	}
	return out.String()
}

// policyNotes is the paragraph that the published descriptions end with; the
// reference shows what it says apart.
var policyNotes = regexp.MustCompile(`(?:^|\n\n)(?:Needs the scope |At most \d+ times in |Costs \d+ points)[^\n]*$`)

func withoutPolicy(description string) string {
	return policyNotes.ReplaceAllString(strings.TrimSpace(description), "")
}
