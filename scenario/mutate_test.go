package scenario

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// stamp is a text that no other test has used.
func stamp() string { return strconv.FormatUint(rand.Uint64(), 36) }

// products returns the references of products that a test can sell.
func (w *world) products() []any {
	w.t.Helper()
	data := w.get(`{ products(first: 100, filter: {reference: {isNull: false}}) { nodes { reference priceUnit: listPrice } } }`, nil)
	var references []any
	for _, node := range dig(data, "products.nodes").([]any) {
		if reference := dig(node, "reference"); !slices.Contains(references, reference) {
			references = append(references, reference)
		}
	}
	if len(references) < 3 {
		w.t.Fatalf("products to sell: %v", references)
	}
	return references
}

// change sends a mutation with one field, which must not fail, and returns its
// payload.
func (w *world) change(name, selection string, input map[string]any, header ...string) map[string]any {
	w.t.Helper()
	query := fmt.Sprintf("mutation($input: %sInput!) { %s(input: $input) { %s userErrors { field message code currentUpdatedAt } } }",
		strings.ToUpper(name[:1])+name[1:], name, selection)
	payload := w.get(query, map[string]any{"input": input}, header...)[name].(map[string]any)
	for _, found := range payload["userErrors"].([]any) {
		w.inRequest(input, dig(found, "field").([]any))
	}
	return payload
}

// inRequest fails unless the path of a user error leads somewhere in the input.
func (w *world) inRequest(input map[string]any, path []any) {
	w.t.Helper()
	text, err := json.Marshal(map[string]any{"input": input})
	if err != nil {
		w.t.Fatal(err)
	}
	var at any
	if err := json.Unmarshal(text, &at); err != nil {
		w.t.Fatal(err)
	}
	for _, step := range path {
		switch inner := at.(type) {
		case map[string]any:
			next, ok := inner[step.(string)]
			if !ok {
				w.t.Fatalf("%v leads nowhere in %s", path, text)
			}
			at = next
		case []any:
			i, err := strconv.Atoi(step.(string))
			if err != nil || i >= len(inner) {
				w.t.Fatalf("%v leads nowhere in %s", path, text)
			}
			at = inner[i]
		default:
			w.t.Fatalf("%v leads nowhere in %s", path, text)
		}
	}
}

// done sends a mutation that must do its work, and returns the record.
func (w *world) done(name, noun, selection string, input map[string]any, header ...string) map[string]any {
	w.t.Helper()
	payload := w.change(name, noun+" { "+selection+" }", input, header...)
	if errs := payload["userErrors"].([]any); len(errs) > 0 {
		w.t.Fatalf("%s %v: %v", name, input, errs)
	}
	return payload[noun].(map[string]any)
}

// refused sends a mutation that must be refused for one reason.
func (w *world) refused(name, noun string, input map[string]any, code string, path ...any) map[string]any {
	w.t.Helper()
	payload := w.change(name, noun+" { id }", input)
	errs := payload["userErrors"].([]any)
	if len(errs) != 1 || dig(errs[0], "code") != code || !slices.Equal(dig(errs[0], "field").([]any), append([]any{"input"}, path...)) {
		w.t.Fatalf("%s %v: %v, want %s at %v", name, input, errs, code, path)
	}
	if payload[noun] != nil {
		w.t.Errorf("%s refused and answered %v", name, payload[noun])
	}
	return errs[0].(map[string]any)
}
