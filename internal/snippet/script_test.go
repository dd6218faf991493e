package snippet_test

import (
	"os"
	"strings"
	"testing"
)

// What is broken in code fails, too: `make audit` names the folder of the packages.
func TestScripts(t *testing.T) {
	packages := os.Getenv("ODOOGRAPH_GUIDES")
	if packages == "" {
		t.Skip("ODOOGRAPH_GUIDES is not set: make audit does that")
	}
	r := built(t)
	r.Packages = packages
	for name, test := range map[string]struct{ document, want string }{
		"js":             {"~js\nconsole.log(1)\n~\n~text answer\n1\n~\n", ""},
		"js fails":       {"~js\nthrow new Error('broken')\n~\n", "a.md:1: js block"},
		"js prints else": {"~js\nconsole.log(2)\n~\n~text answer\n1\n~\n", "the answer in line 4"},
		"imported":       {"~js file=a.js\nexport const a = 1;\nconsole.log('once');\n~\n~js\nimport { a } from './a.js';\nconsole.log(a);\n~\n~text answer\nonce\n1\n~\n", ""},
		"imported, else": {"~js file=a.js\nexport const b = 1;\n~\n~js\nimport { a } from './a.js';\nconsole.log(a);\n~\n", "No matching export"},
		"not imported":   {"~ts file=a.ts\nthrow new Error('broken')\n~\n", "line 1: exit status 1"},
		"types":          {"~ts\nconst a: string = 'a';\nconsole.log(a.length);\n~\n", ""},
		"wrong types":    {"~ts\nconst a: string = 1;\nconsole.log(a);\n~\n", "TS2322"},
		"page":           {"~tsx\nimport { createRoot } from 'react-dom/client';\nimport { useState } from 'react';\nfunction A() { const [n, more] = useState(0); return <><p>{n}</p><button onClick={() => more(n + 1)}>More</button></>; }\ncreateRoot(document.getElementById('root')!).render(<A />);\n~\n~text answer\n1\nMore\n~\n", ""},
		"exported":       {"~sh\nexport A=1\n~\n~ts\nconsole.log(process.env.A)\n~\n~text answer\n1\n~\n", ""},
		"packages":       {"~sh\nnpm install react@19 && npx tsc --version\n~\n", ""},
		"other packages": {"~sh\nnpm install left-pad\n~\n", "does not pin left-pad"},
		"other version":  {"~sh\nnpm install react@18\n~\n", "does not pin react@18"},
		"python":         {"~python file=a.py\nb = 1\n~\n~python\nimport a\nprint(a.b)\n~\n~text answer\n1\n~\n", ""},
		"python fails":   {"~python\nraise Exception('broken')\n~\n", "a.md:1: python block"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report := r.Run(t.Context(), fence(test.document))
			switch {
			case report.Waiting > 0:
				t.Skipf("SKIP SKIP SKIP: an interpreter is missing: %+v", report)
			case test.want == "" && len(report.Failures) > 0:
				t.Error(report.Failures)
			case test.want != "" && (len(report.Failures) == 0 || !strings.Contains(report.Failures[0].Error(), test.want)):
				t.Errorf("%q is not in %v", test.want, report.Failures)
			}
		})
	}
}
