package odoo

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"odoograph/apierror"
)

type leaf [3]any

func TestArgument(t *testing.T) {
	brussels := time.FixedZone("", 3600)
	tests := []struct{ in, want any }{
		{nil, nil},
		{7, int64(7)},
		{uint8(7), json.Number("7")},
		{1.5, 1.5},
		{json.Number("1.10"), json.Number("1.10")},
		{"é", "é"},
		{[]byte("hi"), "aGk="},
		{time.Date(2026, 11, 21, 1, 2, 3, 9, brussels), "2026-11-21 00:02:03"},
		{[]int64{1}, []any{int64(1)}},
		{[]string{"a"}, []any{"a"}},
		{map[string]any{"a": []any{1}}, map[string]any{"a": []any{int64(1)}}},
		{[]leaf{{"id", "in", []int{1}}}, []any{[]any{"id", "in", []any{json.Number("1")}}}},
	}
	for _, test := range tests {
		got, err := argument(test.in)
		if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
			t.Errorf("argument(%v): %v %s", test.in, err, diff)
		}
	}
}

func TestArgumentRefused(t *testing.T) {
	tests := []struct {
		in   any
		want apierror.Code
	}{
		{"a\x00b", apierror.BadUserInput},
		{"\xff", apierror.BadUserInput},
		{[]string{"\xff"}, apierror.BadUserInput},
		{[]any{map[string]any{"a\x00": 1}}, apierror.BadUserInput},
		{map[string]any{"a": "\x00"}, apierror.BadUserInput},
		{math.NaN(), apierror.BadUserInput},
		{math.Inf(-1), apierror.BadUserInput},
		{func() {}, apierror.Internal},
	}
	for _, test := range tests {
		_, err := argument(test.in)
		wantError(t, err, test.want)
	}
}

func TestXMLArgument(t *testing.T) {
	tests := []struct{ in, want any }{
		{nil, false},
		{[]any{nil, map[string]any{"<&>": nil}}, []any{false, map[string]any{"&lt;&amp;&gt;": false}}},
		{json.Number("12"), int64(12)},
		{json.Number("-0.5"), -0.5},
		{json.Number("1e3"), 1000.0},
		{"tab\tline\r\n", "tab\tline\r\n"},
	}
	for _, test := range tests {
		got, err := xmlArgument(test.in)
		if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
			t.Errorf("xmlArgument(%v): %v %s", test.in, err, diff)
		}
	}
	for _, bad := range []any{"\x01", "a\x1bb", "\uffff", json.Number("1e999"), json.Number("x"), []any{"\x02"}, map[string]any{"\x03": 1}} {
		_, err := xmlArgument(bad)
		wantError(t, err, apierror.BadUserInput)
	}
}
