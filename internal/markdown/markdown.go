// Package markdown reads documents: their code blocks, headings and links. It
// imports goldmark.
package markdown

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// Document is what a document holds besides its prose.
type Document struct {
	// Path is that of the file, as it is shown.
	Path   string
	Blocks []Block
	Links  []Link
	// Anchors are the names of the headings, as GitHub makes them.
	Anchors map[string]bool
}

// Block is a code block.
type Block struct {
	Line int
	// Language is the first word after the fence, Words are the others.
	Language string
	Words    []string
	Text     string
	// Comment is the HTML comment just above.
	Comment string
	// Indented tells that spaces make the block, and no fence.
	Indented bool
}

// Link is a link or image to elsewhere.
type Link struct {
	Line   int
	Target string
}

// Parse reads a document.
func Parse(path string, source []byte) *Document {
	r := reader{source: source, document: &Document{Path: path, Anchors: map[string]bool{}}, seen: map[string]int{}}
	root := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(source))
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			r.read(n)
		}
		return ast.WalkContinue, nil
	})
	return r.document
}

// reader gathers what a document holds.
type reader struct {
	source   []byte
	document *Document
	seen     map[string]int // headings by their anchors
	line     int            // of the block that is read
}

func (r *reader) read(n ast.Node) {
	if n.Type() == ast.TypeBlock && n.Lines() != nil && n.Lines().Len() > 0 {
		r.line = r.lineAt(n.Lines().At(0).Start)
	}
	switch n := n.(type) {
	case *ast.FencedCodeBlock:
		r.document.Blocks = append(r.document.Blocks, r.fenced(n))
	case *ast.CodeBlock:
		r.document.Blocks = append(r.document.Blocks, Block{Line: r.line, Text: string(n.Lines().Value(r.source)), Indented: true})
	case *ast.Heading:
		r.anchor(n)
	case *ast.Link:
		r.link(n, n.Destination)
	case *ast.Image:
		r.link(n, n.Destination)
	}
}

func (r *reader) fenced(n *ast.FencedCodeBlock) Block {
	block := Block{Line: r.lineAt(n.Pos()), Text: string(n.Lines().Value(r.source)), Comment: r.comment(n)}
	if n.Info == nil {
		return block
	}
	if words := strings.Fields(string(n.Info.Segment.Value(r.source))); len(words) > 0 {
		block.Language, block.Words = words[0], words[1:]
	}
	return block
}

// comment returns the text of the HTML comment that stands before a node.
func (r *reader) comment(n ast.Node) string {
	html, ok := n.PreviousSibling().(*ast.HTMLBlock)
	if !ok {
		return ""
	}
	content := string(html.Lines().Value(r.source))
	if html.HasClosure() {
		content += string(html.ClosureLine.Value(r.source))
	}
	content, ok = strings.CutPrefix(strings.TrimSpace(content), "<!--")
	if !ok {
		return ""
	}
	return strings.TrimSpace(strings.TrimSuffix(content, "-->"))
}

// anchor takes a heading's name: its letters, digits, hyphens and underscores in
// lower case, with hyphens for spaces, and numbered where it comes again.
func (r *reader) anchor(n *ast.Heading) {
	var name strings.Builder
	for _, c := range strings.ToLower(r.plain(n)) {
		switch {
		case c == ' ':
			name.WriteByte('-')
		case c == '-', c == '_', unicode.IsLetter(c), unicode.IsDigit(c):
			name.WriteRune(c)
		}
	}
	base := name.String()
	anchor := base
	if again := r.seen[base]; again > 0 {
		anchor = fmt.Sprintf("%s-%d", base, again)
	}
	r.seen[base]++
	r.document.Anchors[anchor] = true
}

// plain is the text of a node without its form.
func (r *reader) plain(n ast.Node) string {
	var all strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if leaf, ok := n.(*ast.Text); ok && entering {
			all.Write(leaf.Value(r.source))
		}
		return ast.WalkContinue, nil
	})
	return all.String()
}

func (r *reader) link(n ast.Node, target []byte) {
	line := r.line
	if first, ok := n.FirstChild().(*ast.Text); ok {
		line = r.lineAt(first.Segment.Start)
	}
	r.document.Links = append(r.document.Links, Link{line, string(target)})
}

func (r *reader) lineAt(offset int) int { return 1 + bytes.Count(r.source[:offset], []byte("\n")) }
