package odoo

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// plain is a wire tree with maps in place of objects.
func plain(tree any) any {
	switch v := tree.(type) {
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = plain(item)
		}
		return out
	case *Object:
		out := map[string]any{}
		for name, value := range v.All {
			out[name] = plain(value)
		}
		return out
	}
	return tree
}

// decodeAsGo is what encoding/json makes of a document.
func decodeAsGo(document []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(document))
	d.UseNumber()
	var tree any
	if err := d.Decode(&tree); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, io.ErrUnexpectedEOF
	}
	return tree, nil
}

var documents = []string{
	`null`, ` true `, `false`, `0`, `-0.5e+10`, `1E400`, `""`, `[]`, `{}`, "\t[1,\n2 , 3]\r",
	`[{"id": 1, "name": "a"}, {"id": 2, "name": "b"}, {"id": 3}, {"id": 4, "name": "d", "x": 1}, {"name": 1, "id": 2}, {}]`,
	`[{"a": {"b": 1}}, {"a": {"b": 2, "c": 3}}, {"a": {"c": 4}}]`,
	`{"a": 1, "b": 2, "a": 3}`, `[{"a": 1}, {"a": 1, "a": 2}, {"a": 3}]`,
	`[{"a\\": 1}, {"a\"": 2}]`, `[{"a\u0062": 1}, {"ab": 2}]`, `[{"a": 1}, {"a": 1, "b": 2}, {"a": 3, "c": 4}]`,
	`"\u00e9\ud83d\ude00\/\b\f\n\r\t\"\\"`, `"\ud83d"`, `"\ud83dx"`, `"\ud83d\u0041"`, `"\ude00"`, `"é😀"`, "\"a\xffb\xfe\xfe\"", "\"\\n\xff\"",
	// None of these is JSON.
	``, ` `, `nul`, `tru`, `[`, `[1`, `[1,`, `[1,]`, `[,]`, `[1 2]`, `{`, `{"a"`, `{"a":`, `{"a":1`, `{"a":1,`, `{"a":1,}`, `{1:2}`, `{"a" 1}`,
	`01`, `1.`, `.5`, `-`, `+1`, `1e`, `1e+`, `0x1`, `"`, `"\`, `"\u12`, `"\u12g4"`, `"\x"`, "\"\n\"", `"a"b`, `[] []`, `NaN`,
	strings.Repeat("[", 20000) + strings.Repeat("]", 20000),
}

func checkDecode(t *testing.T, document []byte) {
	t.Helper()
	want, wantErr := decodeAsGo(document)
	got, err := decodeJSON(document)
	if wantErr != nil && err == nil {
		t.Fatalf("%q should be refused: %v", document, wantErr)
	}
	if wantErr == nil && err != nil && !strings.Contains(err.Error(), errJSONDeep.Error()) {
		t.Fatalf("%q: %v", document, err)
	}
	if err == nil {
		if diff := cmp.Diff(want, plain(got)); diff != "" {
			t.Fatalf("%q: %s", document, diff)
		}
	}
}

func TestDecodeJSONReadsWhatGoReads(t *testing.T) {
	for _, document := range documents {
		checkDecode(t, []byte(document))
	}
}

func FuzzDecodeJSON(f *testing.F) {
	for _, document := range documents {
		f.Add([]byte(document))
	}
	f.Fuzz(checkDecode)
}

// Records share their names, and none may change those of another.
func TestObjectsDoNotShareWhatTheyAdd(t *testing.T) {
	tree, err := decodeJSON([]byte(`[{"a": 1, "b": 2}, {"a": 3}, {"a": 4, "c": 5}, {"a": 6, "b": 7}]`))
	if err != nil {
		t.Fatal(err)
	}
	list := tree.([]any)
	list[1].(*Object).set("x", json.Number("8"))
	want := []any{
		map[string]any{"a": json.Number("1"), "b": json.Number("2")}, map[string]any{"a": json.Number("3"), "x": json.Number("8")},
		map[string]any{"a": json.Number("4"), "c": json.Number("5")}, map[string]any{"a": json.Number("6"), "b": json.Number("7")},
	}
	if diff := cmp.Diff(any(want), plain(tree)); diff != "" {
		t.Error(diff)
	}
}
