package odoo

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// xmlAnswer is an answer as Odoo 14 writes it.
func xmlAnswer(value string) string {
	return "<?xml version='1.0'?>\n<methodResponse>\n<params>\n<param>\n" + value + "\n</param>\n</params>\n</methodResponse>\n"
}

func TestDecodeXMLRPC(t *testing.T) {
	tests := []struct {
		name, value string
		want        any
	}{
		{"int", "<value><int>-7</int></value>", json.Number("-7")},
		{"i8", "<value><i8>9007199254740993</i8></value>", json.Number("9007199254740993")},
		{"double", "<value><double>1.0</double></value>", json.Number("1.0")},
		{"large double", "<value><double>1e+16</double></value>", json.Number("1e+16")},
		{"small double", "<value><double>1e-05</double></value>", json.Number("1e-05")},
		{"false", "<value><boolean>0</boolean></value>", false},
		{"text", "<value><string> a&lt;b &amp; é\n</string></value>", " a<b & é\n"},
		{"no text", "<value><string></string></value>", ""},
		{"no value", "<value></value>", ""},
		{"nil", "<value><nil/></value>", nil},
		{"nil and no text", "<value><array><data>\n<value><nil/></value>\n<value><string></string></value>\n</data></array></value>", []any{nil, ""}},
		{"base64", "<value><base64>\naGVs\nbG8=\n</base64></value>", "aGVsbG8="},
		{"datetime", "<value><dateTime.iso8601>20261121T01:02:03</dateTime.iso8601></value>", "2026-11-21 01:02:03"},
		{"empty list", "<value><array><data>\n</data></array></value>", []any{}},
		{"empty struct", "<value><struct>\n</struct></value>", map[string]any{}},
		{"control characters", "<value><string>a\x01b\x1f</string></value>", "ab"},
		{"carriage return", "<value><string>a\r\nb\r</string></value>", "a\r\nb\r"},
		{
			"record",
			"<value><array><data>\n<value><struct>\n<member>\n<name>id</name>\n<value><int>1</int></value>\n</member>\n" +
				"<member>\n<name>country_id</name>\n<value><array><data>\n<value><int>233</int></value>\n<value><string>United States</string></value>\n</data></array></value>\n</member>\n</struct></value>\n</data></array></value>",
			[]any{map[string]any{"id": json.Number("1"), "country_id": []any{json.Number("233"), "United States"}}},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, isFault, err := decodeXMLRPC([]byte(xmlAnswer(test.value)))
			if diff := cmp.Diff(test.want, plain(got)); diff != "" || err != nil || isFault {
				t.Errorf("%v %v %s", err, isFault, diff)
			}
		})
	}
}

func TestDecodeXMLRPCRefused(t *testing.T) {
	deep := strings.Repeat("<value><array><data>", 1e6)
	closed := strings.Repeat("<value><array><data>", 2000) + strings.Repeat("</data></array></value>", 2000)
	tests := map[string]string{
		"nothing":            "",
		"no value":           "<methodResponse><params></params></methodResponse>",
		"text only":          "hello",
		"HTML":               "<!DOCTYPE html><html></html>",
		"comment":            xmlAnswer("<value><string>a<!-- -->b</string></value>"),
		"CDATA":              xmlAnswer("<value><string><![CDATA[a]]></string></value>"),
		"attribute":          xmlAnswer(`<value><string lang="en">a</string></value>`),
		"entity":             xmlAnswer("<value><string>&boom;</string></value>"),
		"element in a text":  xmlAnswer("<value><string>a<int>1</int>b</string></value>"),
		"nil in a text":      xmlAnswer("<value><string>a<nil/>b</string></value>"),
		"empty number":       xmlAnswer("<value><double> </double></value>"),
		"empty array":        xmlAnswer("<value><array></array></value>"),
		"no number":          xmlAnswer("<value><int>x</int></value>"),
		"huge number":        xmlAnswer("<value><int>99999999999999999999</int></value>"),
		"infinite":           xmlAnswer("<value><double>inf</double></value>"),
		"not a number":       xmlAnswer("<value><array><data><value><double>nan</double></value></data></array></value>"),
		"no name":            xmlAnswer("<value><struct><member><value><int>1</int></value></member></struct></value>"),
		"deep and open":      deep,
		"deep and closed":    xmlAnswer(closed),
		"wrong order":        "<value><int>1</value></int>",
		"unfinished tag":     "<methodResponse",
		"closed too often":   "<value></value></value>",
		"another charset":    `<?xml version="1.0" encoding="latin1"?><value><string>x</string></value>`,
		"invalid UTF-8":      xmlAnswer("<value><string>\xff</string></value>"),
		"control as entity":  xmlAnswer("<value><string>&#1;</string></value>"),
		"unclosed everthing": "<methodResponse><params><param><value><struct><member><name>a</name>",
	}
	for name, body := range tests {
		t.Run(name, func(t *testing.T) {
			if got, _, err := decodeXMLRPC([]byte(body)); err == nil {
				t.Errorf("decoded to %v", got)
			}
		})
	}
}

// The lexemes are what Python's repr writes.
func TestPythonFloat(t *testing.T) {
	tests := map[string]float64{
		"0.0": 0, "-0.0": math.Copysign(0, -1), "1.0": 1, "0.1": 0.1, "0.30000000000000004": 0.1 + 0.2 + 2e-17,
		"123456789.125": 123456789.125, "1000000000000000.0": 1e15, "9999999999999998.0": 9999999999999998,
		"1e+16": 1e16, "1.5e+300": 1.5e300, "0.0001": 1e-4, "1e-05": 1e-5, "-1.25e-07": -1.25e-7, "5e-324": 5e-324,
	}
	for want, f := range tests {
		got, err := pythonFloat(f)
		if err != nil || got.String() != want {
			t.Errorf("pythonFloat(%g) = %s, %v, want %s", f, got, err, want)
		}
		if back, err := strconv.ParseFloat(got.String(), 64); err != nil || back != f {
			t.Errorf("%s reads back as %g", got, back)
		}
		if !json.Valid([]byte(got)) {
			t.Errorf("%s is no JSON number", got)
		}
	}
}
