package scenario

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
)

// The functions here say what the contract makes of Odoo's values. They are
// written anew on purpose: the tests must not share the gateway's own opinion.

// orNull is what a field without value reads as.
func orNull(v any) any {
	if v == false || v == "" {
		return nil
	}
	return v
}

// amount is a number as a Decimal.
func amount(t *testing.T, v any) any {
	t.Helper()
	d, err := decimal.NewFromString(v.(json.Number).String())
	if err != nil {
		t.Fatal(err)
	}
	return d.String()
}

// moment is a naive UTC time as a DateTime.
func moment(v any) any {
	if v == false {
		return nil
	}
	return strings.Replace(v.(string), " ", "T", 1) + "Z"
}

// ref is the id of a many2one value, 0 for none.
func ref(v any) json.Number {
	if pair, ok := v.([]any); ok {
		return pair[0].(json.Number)
	}
	return "0"
}

// dig follows a dotted path into an answer: "nodes.0.name".
func dig(v any, path string) any {
	for key := range strings.SplitSeq(path, ".") {
		switch at := v.(type) {
		case map[string]any:
			v = at[key]
		case []any:
			var i int
			if err := json.Unmarshal([]byte(key), &i); err != nil || i >= len(at) {
				return nil
			}
			v = at[i]
		default:
			return nil
		}
	}
	return v
}

// column collects one value of every item of a list.
func column(list any, path string) []any {
	items, _ := list.([]any)
	out := make([]any, len(items))
	for i, item := range items {
		out[i] = dig(item, path)
	}
	return out
}
