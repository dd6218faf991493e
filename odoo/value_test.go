package odoo

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
)

func TestValuesAreDecodedByType(t *testing.T) {
	number := func(text string) json.Number { return json.Number(text) }
	exact := decimal.RequireFromString
	for _, test := range []struct {
		name, kind string
		wire, want any
	}{
		{"no text", "char", false, nil},
		{"null", "char", nil, nil},
		{"text", "char", "x", "x"},
		{"empty text", "char", "", ""},
		{"HTML", "html", "<p>x</p>", "<p>x</p>"},
		{"false is a boolean's value", "boolean", false, false},
		{"a missing boolean", "boolean", nil, false},
		{"true", "boolean", true, true},
		{"integer", "integer", number("7"), int64(7)},
		{"an integer that XML-RPC writes as a double", "integer", number("7.0"), int64(7)},
		{"money keeps its digits", "monetary", number("1234567890123.45"), exact("1234567890123.45")},
		{"a float's noise is the wire's", "float", number("0.30000000000000004"), exact("0.30000000000000004")},
		{"a float in Python's exponent form", "float", number("1e+16"), exact("10000000000000000")},
		{"no float", "float", false, nil},
		{"date", "date", "2026-11-21", Date("2026-11-21")},
		{"a date with a time of day", "date", "2026-11-21 10:00:00", Date("2026-11-21")},
		{"datetime is UTC", "datetime", "2026-11-21 09:30:00", time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC)},
		{"datetime with a fraction", "datetime", "2026-11-21 09:30:00.123456", time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC)},
		{"many2one", "many2one", []any{number("3"), "Belgium"}, Ref{3, "Belgium"}},
		{"many2one without name", "many2one", number("3"), Ref{ID: 3}},
		{"no many2one", "many2one", false, nil},
		{"one2many", "one2many", []any{number("3"), number("1")}, []int64{3, 1}},
		{"no many2many", "many2many", false, []int64{}},
		{"selection", "selection", "to invoice", "to invoice"},
		{"a selection with integer keys, up to 18", "selection", number("1"), "1"},
		{"binary", "binary", "aGk=", []byte("hi")},
		{"a structure that is declared binary", "binary", map[string]any{"a": true}, map[string]any{"a": true}},
		{"reference", "reference", "res.partner,7", "res.partner,7"},
		{"many2one_reference", "many2one_reference", number("7"), int64(7)},
		{"json", "json", map[string]any{"a": nil}, map[string]any{"a": nil}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := (&Field{Name: "f", Type: test.kind}).decode(test.wire)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestValuesThatDoNotFitTheirTypeAreErrors(t *testing.T) {
	for _, test := range []struct {
		kind string
		wire any
	}{
		{"char", true},
		{"char", []any{}},
		{"boolean", "true"},
		{"integer", "7"},
		{"integer", json.Number("7.5")},
		{"integer", json.Number("1e300")},
		{"float", "7.5"},
		{"date", "tomorrow"},
		{"datetime", "2026-11-21T09:30:00Z"},
		{"many2one", "Belgium"},
		{"many2one", []any{"x", "Belgium"}},
		{"many2one", []any{}},
		{"one2many", []any{"x"}},
		{"one2many", "x"},
		{"binary", "***"},
	} {
		if got, err := (&Field{Name: "f", Type: test.kind}).decode(test.wire); err == nil {
			t.Errorf("%s %v is read as %v", test.kind, test.wire, got)
		}
	}
}

func TestParsingOfWhatClientsWrite(t *testing.T) {
	for _, text := range []string{"1250.50", "-3", "0", "1e3", ".5"} {
		if _, err := ParseDecimal(text); err != nil {
			t.Error(err)
		}
	}
	for _, text := range []string{"", "x", "1_000", "1e999999999", "1e-999999999", "0x10", "NaN", "Infinity", "1,5", "00000000000000000000000000000000000000000000001"} {
		if d, err := ParseDecimal(text); err == nil {
			t.Errorf("%q is read as %v", text, d)
		}
	}
	for _, text := range []string{"", "2026-2-1", "2026-02-30", "21.11.2026", "2026-11-21T00:00:00Z"} {
		if d, err := ParseDate(text); err == nil {
			t.Errorf("%q is read as %v", text, d)
		}
	}
	got, err := ParseDateTime("2026-11-21T10:30:00+01:00")
	if want := time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC); err != nil || !got.Equal(want) {
		t.Errorf("got %v, %v; want %v", got, err, want)
	}
	for _, text := range []string{"", "2026-11-21", "2026-11-21 10:30:00", "2026-11-21T10:30:00"} {
		if d, err := ParseDateTime(text); err == nil {
			t.Errorf("%q is read as %v", text, d)
		}
	}
}

// See HTMLFromText: it is what was text before that is written as HTML today.
func TestTextFromHTML(t *testing.T) {
	for _, test := range []struct{ html, want string }{
		{"", ""},
		{"plain", "plain"},
		{"<p>one</p>", "one"},
		{"<p>one</p><p>two</p>", "one\ntwo"},
		{"one<br>two<BR/>three<br />four", "one\ntwo\nthree\nfour"},
		{"<div>one</div><ul><li>two</li><li>three</li></ul>", "one\ntwo\nthree"},
		{"<h1>Title</h1>text", "Title\ntext"},
		{`<a href="https://example.com/?a=1&amp;b=2">here</a> &amp; <b>there</b>`, "here & there"},
		{"1 &lt; 2 &gt; 0", "1 < 2 > 0"},
		{"&lt;b&gt;no tag&lt;/b&gt;", "<b>no tag</b>"},
		{"1 < 2", "1 < 2"},
		{"<p>a<br></p>", "a"},
		{"é &eacute; €", "é é €"},
	} {
		if got := TextFromHTML(test.html); got != test.want {
			t.Errorf("TextFromHTML(%q) = %q, want %q", test.html, got, test.want)
		}
	}
	for _, text := range []string{"", "one", "one\ntwo", "one\n\nthree", `<b> & "x" 'y'`, "&amp;"} {
		if got := TextFromHTML(HTMLFromText(text)); got != text {
			t.Errorf("%q came back as %q", text, got)
		}
	}
}
