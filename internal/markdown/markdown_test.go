package markdown_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"odoograph/internal/markdown"
)

func TestParse(t *testing.T) {
	got := markdown.Parse("a.md", []byte("# The `go` tool, & more\n\n"+
		"See [that](b.md#x)\nand\n[this](#again) ![a](c.png).\n\n## Again\n\n"+
		"<!-- not run: for\n  a reason -->\n```sh answer part\necho 1\n\necho 2\n```\n\n"+
		"- item\n\n  <!-- above -->\n  ```json\n  {}\n  ```\n\n## Again\n\n```\n```\n\n"+
		"<!-- far -->\n\nbetween\n\n```ts file=a.ts\n```\n\n    indented\n\n| a | b |\n|---|---|\n| [c](d.md) | |\n"))
	want := &markdown.Document{
		Path: "a.md",
		Blocks: []markdown.Block{
			{Line: 11, Language: "sh", Words: []string{"answer", "part"}, Text: "echo 1\n\necho 2\n", Comment: "not run: for\n  a reason"},
			{Line: 20, Language: "json", Words: []string{}, Text: "{}\n", Comment: "above"},
			{Line: 26},
			{Line: 33, Language: "ts", Words: []string{"file=a.ts"}},
			{Line: 36, Text: "indented\n", Indented: true},
		},
		Links:   []markdown.Link{{3, "b.md#x"}, {5, "#again"}, {5, "c.png"}, {40, "d.md"}},
		Anchors: map[string]bool{"the-go-tool--more": true, "again": true, "again-1": true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
