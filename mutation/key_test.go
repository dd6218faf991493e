package mutation

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"odoograph/loaders"
)

// Several mutations of a document may have one variable: what it holds is part of
// their fingerprints, and stays as the client wrote it.
func TestKeyLeavesTheInputAsItIs(t *testing.T) {
	given := map[string]any{"id": nil, "databaseId": 5, "name": nil}
	c := &change{}
	k := c.key(loaders.Type{}, given, argument, nil)
	if k.id != 5 || k.name != "databaseId" || len(c.errors) > 0 {
		t.Errorf("%+v, %v", k, c.errors)
	}
	if diff := cmp.Diff(map[string]any{"id": nil, "databaseId": 5, "name": nil}, given); diff != "" {
		t.Error(diff)
	}
}

func TestLineIsOfTheOrder(t *testing.T) {
	known := []int64{5, 6}
	for name, test := range map[string]struct {
		id   int
		gone bool // that it is no line any more is taken
		want int64
		code UserErrorCode
	}{
		"a line":                           {id: 5, want: 5},
		"of another order":                 {id: 7, code: NotFound},
		"removed, where that was the wish": {id: 7, gone: true},
		"named before":                     {id: 6, code: Invalid},
	} {
		c := &change{lines: []int64{6}}
		got := c.line(loaders.Type{}, map[string]any{"databaseId": test.id}, argument, known, test.gone)
		var code UserErrorCode
		if len(c.errors) > 0 {
			code = c.errors[0].Code
		}
		if got != test.want || code != test.code {
			t.Errorf("%s: %d, %v, want %d, %s", name, got, c.errors, test.want, test.code)
		}
	}
}
