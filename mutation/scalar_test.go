package mutation

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"odoograph/loaders"
	"odoograph/odoo"
)

// What Odoo would take for something else, or change without a word, does not get
// there.
func TestScalarOf(t *testing.T) {
	number := func(text string) json.Number { return json.Number(text) }
	moment := time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC)
	char := odoo.Field{Type: "char"}
	for _, test := range []struct {
		scalar string
		odoo   odoo.Field
		given  any
		want   any
		code   UserErrorCode
	}{
		{"Boolean", odoo.Field{Type: "boolean"}, true, true, ""},
		{"Boolean", odoo.Field{Type: "boolean"}, false, false, ""},
		{"Boolean", odoo.Field{Type: "boolean"}, nil, nil, Blank},
		{"Boolean", odoo.Field{Type: "boolean"}, "false", nil, Invalid},
		{"Boolean", odoo.Field{Type: "boolean"}, 0, nil, Invalid},

		{"Int", odoo.Field{Type: "integer"}, number("7"), int64(7), ""},
		{"Int", odoo.Field{Type: "integer"}, int64(-7), int64(-7), ""},
		{"Int", odoo.Field{Type: "integer"}, number("2147483647"), int64(2147483647), ""},
		{"Int", odoo.Field{Type: "integer"}, number("2147483648"), nil, Invalid},
		{"Int", odoo.Field{Type: "integer"}, number("-2147483649"), nil, Invalid},
		{"Int", odoo.Field{Type: "integer"}, number("1.5"), nil, Invalid},
		{"Int", odoo.Field{Type: "integer"}, true, nil, Invalid},
		{"Int", odoo.Field{Type: "integer"}, nil, nil, Blank},

		{"Decimal", odoo.Field{Type: "float"}, "1.50", number("1.5"), ""},
		{"Decimal", odoo.Field{Type: "float"}, number("2"), number("2"), ""},
		{"Decimal", odoo.Field{Type: "float"}, nil, nil, Blank},
		{"Decimal", odoo.Field{Type: "float"}, true, nil, Invalid},
		{"Decimal", odoo.Field{Type: "float"}, "", nil, Invalid},

		{"Date", odoo.Field{Type: "date"}, "2026-02-28", "2026-02-28", ""},
		{"Date", odoo.Field{Type: "date"}, nil, false, ""},
		{"Date", odoo.Field{Type: "date"}, "2026-02-29", nil, Invalid},
		{"Date", odoo.Field{Type: "date"}, "2026-02-28T00:00:00Z", nil, Invalid},
		{"Date", odoo.Field{Type: "date"}, "0000-01-01", nil, Invalid}, // Python has no year 0
		{"Date", odoo.Field{Type: "date"}, "", nil, Invalid},
		{"Date", odoo.Field{Type: "date"}, 20260228, nil, Invalid},

		{"DateTime", odoo.Field{Type: "datetime"}, "2026-11-21T09:30:00Z", moment, ""},
		{"DateTime", odoo.Field{Type: "datetime"}, "2026-11-21T10:30:00+01:00", moment, ""},
		{"DateTime", odoo.Field{Type: "datetime"}, "2026-11-21 09:30:00", nil, Invalid},
		{"DateTime", odoo.Field{Type: "datetime"}, "0001-01-01T00:00:00+14:00", nil, Invalid},
		{"DateTime", odoo.Field{Type: "datetime"}, "9999-12-31T23:00:00-02:00", nil, Invalid},

		{"String", char, "a", "a", ""},
		{"String", char, " a ", " a ", ""},
		{"String", char, "", false, ""},
		{"String", char, nil, false, ""},
		{"String", odoo.Field{Type: "char", Required: true}, "", nil, Blank},
		{"String", char, "a\x00b", nil, Invalid},
		{"String", char, "\xff", nil, Invalid},
		{"String", char, 5, nil, Invalid},
		{"String", char, []any{"a"}, nil, Invalid},
		{"String", char, map[string]any{"a": 1}, nil, Invalid},
		{"String", odoo.Field{Type: "selection", Selection: []string{"en_US"}}, "en_US", "en_US", ""},
		{"String", odoo.Field{Type: "selection", Selection: []string{"en_US"}}, "xx_XX", nil, Invalid},

		{"HTML", odoo.Field{Type: "html"}, "<p>a</p>", "<p>a</p>", ""},
		{"HTML", odoo.Field{Type: "text"}, "<p>a</p><p>b</p>", "a\nb", ""}, // up to 14
	} {
		got, problem := scalarOf(&loaders.Field{Odoo: &test.odoo, Scalar: test.scalar}, test.given)
		var code UserErrorCode
		if problem != nil {
			code = problem.code
			if problem.text == "" {
				t.Errorf("%s %#v: no words for what is wrong", test.scalar, test.given)
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" || code != test.code {
			t.Errorf("%s %#v: %s, want %s %s", test.scalar, test.given, code, test.code, diff)
		}
	}
}

func TestDecimalOf(t *testing.T) {
	for text, want := range map[string]string{
		"0": "0", "-0": "0", "0.00": "0", "12.50": "12.5", "-3": "-3", "1e3": "1000", "1E-3": "0.001", ".5": "0.5", "007": "7",
		"123456789012345": "123456789012345", "1234567890.12345": "1234567890.12345", "0.000000123456789012345": "0.000000123456789012345",
		"100000000000000000000": "100000000000000000000",
		"1234567890123456":      "", "0.1234567890123456": "", "1e30": "", "1e-30": "", "1e999999999": "",
		"": "", "NaN": "", "Infinity": "", "1_000": "", "1,5": "", " 1": "", "0x10": "", "1e": "", "--1": "",
		strings.Repeat("1", 1000): "",
	} {
		got, problem := decimalOf(text)
		switch {
		case want == "" && (problem == nil || problem.code != Invalid || got != nil):
			t.Errorf("%.50q is taken for %v", text, got)
		case want != "" && (problem != nil || got != json.Number(want)):
			t.Errorf("%q: %v, %+v, want %s", text, got, problem, want)
		}
	}
}
