package snippet_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"odoograph/internal/markdown"
	"odoograph/internal/snippet"
)

// built returns a runner with the program, which needs no interpreter but bash.
func built(t *testing.T) *snippet.Runner {
	t.Helper()
	for _, name := range []string{"bash", "curl"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("SKIP SKIP SKIP: there is no %s: the execution of blocks IS NOT TESTED", name)
		}
	}
	folder := t.TempDir()
	program := filepath.Join(folder, "odoograph")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "odoograph").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if err := os.WriteFile(filepath.Join(folder, "there.txt"), []byte("one\ntwo\nthree\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return &snippet.Runner{Program: program, Root: folder}
}

// fence writes a block: ~ stands for the fence, because Go's raw strings have none.
func fence(text string) *markdown.Document {
	return markdown.Parse("a.md", []byte(strings.ReplaceAll(text, "~", "```")))
}

// What is broken fails, with its line, and what is whole does not.
func TestBlocks(t *testing.T) {
	r := built(t)
	for name, test := range map[string]struct{ document, want string }{
		"no language":          {"~\nx\n~\n", "a.md:1: the block has no language"},
		"unknown language":     {"text\n\n~cobol\nx\n~\n", `a.md:3: nothing runs or parses a block of "cobol"`},
		"text that is none":    {"~text\nx\n~\n", "nothing runs or parses"},
		"indented":             {"text\n\n    x\n", "a.md:3: a block is made by a fence"},
		"no reason":            {"<!-- not run: -->\n~sh\nfalse\n~\n", "no reason"},
		"marked":               {"<!-- not run: it fails -->\n~sh\nfalse\n~\n", ""},
		"mark too far away":    {"<!-- not run: it fails -->\n\ntext\n\n~sh\nfalse\n~\n", "a.md:5: sh block"},
		"unknown word":         {"~sh anser\ntrue\n~\n", `"anser" after the fence`},
		"answer to nothing":    {"~json answer\n{}\n~\n", "answer of what"},
		"answer to what rests": {"~json\n{}\n~\n~json answer\n{}\n~\n", "answer of what"},
		"quoted":               {"<!-- from: there.txt -->\n~text\ntwo\nthree\n~\n", ""},
		"misquoted":            {"<!-- from: there.txt -->\n~text\none\nthree\n~\n", "does not have these lines"},

		"sh":                {"~sh\necho a; x=1\n~\n\n~text answer\na\n~\n\n~sh\ncd /; echo $x\n~\n~sh\ntest $PWD = / -a $x = 1\n~\n", ""},
		"sh fails":          {"~sh\nfalse\n~\n", "a.md:1: sh block: exit status 1"},
		"sh fails in a row": {"~sh\nfalse | true\ntrue\n~\n", "a.md:1: sh block"},
		"sh answers else":   {"~sh\necho a\n~\n~text answer\nb\n~\n", "a.md:1: sh block: the answer in line 4"},
		"before":            {"<!-- before: echo 1 >f -->\n~sh\ntest -s f\n~\n", ""},
		"home is empty":     {"~sh\nls ~/ $HOME | grep -v :\n~\n", "exit status"},
		"own server":        {"~sh\ngo run . demo --odoo-version 14 &\n~\n~sh\ncurl -sf http://127.0.0.1:8080/healthz >/dev/null\n~\n", ""},
		"bad server":        {"~sh\nodoograph demo --nonsense &\n~\n", "the gateway does not serve"},
		"own Odoo":          {"~sh\nexport ODOO_URL=https://erp.example.com ODOO_DB=production\nODOO_LOGIN=api@example.com ODOO_PASSWORD_FILE=/run/secrets/odoo odoograph check\n~\n", ""},
		"other tool":        {"~sh\ngo test ./...\n~\n", "only 'go run .'"},

		"graphql":            {"~graphql\nquery($n: Int!) { partners(first: $n) { nodes { name } } }\n~\n~json variables\n{\"n\": 1}\n~\n~json answer\n{\"data\": {\"partners\": {\"nodes\": [{\"name\": \"…\"}]}}}\n~\n", ""},
		"graphql fails":      {"~graphql\n{ nonsense }\n~\n", "GRAPHQL_VALIDATION_FAILED"},
		"user errors":        {"~graphql\nmutation { createPartner(input: {name: \"\"}) { userErrors { code } } }\n~\n", "BLANK"},
		"graphql shown fail": {"~graphql\n{ nonsense }\n~\n~json answer part\n{\"errors\": [{\"extensions\": {\"code\": \"GRAPHQL_VALIDATION_FAILED\"}}]}\n~\n", ""},
		"graphql, else":      {"~graphql\n{ countries(first: 1) { nodes { code } } }\n~\n~json answer\n{\"data\": {\"countries\": {\"nodes\": [{\"code\": \"XX\"}]}}}\n~\n", ".data.countries.nodes[0].code"},
		"schema":             {"~graphql schema\ntype A { b: Int }\n~\n", ""},
		"bad schema":         {"~graphql schema\ntype A { b }\n~\n", "a.md:1"},

		"http":       {"~http\nGET /healthz HTTP/1.1\nAccept: */*\n~\n~http answer part\nHTTP/1.1 200 OK\n~\n", ""},
		"http fails": {"~http\nGET /api/v1/partners HTTP/1.1\n~\n", "401"},

		"json":       {"~json file=a/b.json\n{}\n~\n~sh\ncat a/b.json\n~\n~json answer\n{}\n~\n", ""},
		"bad json":   {"~json\n{} {}\n~\n", "follows"},
		"toml":       {"~toml\na = 1\n~\n", ""},
		"bad toml":   {"~toml\na\n~\n", "a.md:1"},
		"yaml":       {"~yaml\na: [1]\n~\n", ""},
		"bad yaml":   {"~yaml\na: [1\n~\n", "a.md:1"},
		"ini":        {"~ini\n[Unit]\nA=b\n~\n", ""},
		"bad ini":    {"~ini\nA=b\n~\n", "no section"},
		"nginx":      {"~nginx\nserver {\n  listen 80; # all\n}\n~\n", ""},
		"bad nginx":  {"~nginx\nserver {\n  listen 80\n}\n~\n", "semicolon"},
		"open nginx": {"~nginx\nserver {\n~\n", "not closed"},
		"docker":     {"~dockerfile\nFROM scratch\nRUN a \\\n  b\n~\n", ""},
		"bad docker": {"~dockerfile\nFROM scratch\nRUM a\n~\n", "RUM"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report := r.Run(t.Context(), fence(test.document))
			switch {
			case test.want == "" && len(report.Failures) > 0:
				t.Error(report.Failures)
			case test.want != "" && (len(report.Failures) == 0 || !strings.Contains(report.Failures[0].Error(), test.want)):
				t.Errorf("%q is not in %v", test.want, report.Failures)
			}
		})
	}
}

// A document that needs an interpreter waits for the audit, but for what can be
// checked without.
func TestDocumentsThatWait(t *testing.T) {
	r := &snippet.Runner{}
	report := r.Run(t.Context(), fence("~sh\nfalse\n~\n~python\nexit(1)\n~\n~json\n{}\n~\n"))
	if report.Waiting != 2 || report.Parsed != 1 || report.Executed != 0 || report.Failures != nil {
		t.Errorf("%+v", report)
	}
	if report = r.Run(t.Context(), fence("~python\nexit(1)\n~\n~json\n{\n~\n")); len(report.Failures) != 1 {
		t.Errorf("%+v", report)
	}
}
