package scenario

import (
	"odoograph/playground"
)

// Every example of the playground answers on this Odoo as it stands there, with data
// and without errors, and says what it took.
func playgroundExamples(w *world) {
	for _, example := range playground.Examples() {
		var found any
		if example.Before != "" {
			found = w.get(example.Before, nil)
		}
		variables, err := example.Fill(found)
		if err != nil {
			w.t.Errorf("%s: %v", example.Name, err)
			continue
		}
		answer := w.ask(example.Query, variables, "Odoograph-Trace", "1")
		if len(answer.Errors) > 0 {
			w.t.Errorf("%s: %+v", example.Name, answer.Errors)
			continue
		}
		for name, value := range answer.Data.(map[string]any) {
			w.checkExample(example.Name, name, value)
		}
		for _, extension := range []string{"cost", "trace"} {
			if answer.Extensions[extension] == nil {
				w.t.Errorf("%s: there is no extensions.%s", example.Name, extension)
			}
		}
	}
}

// checkExample tells whether a root field of an example shows something. What a
// mutation made goes when the test ends.
func (w *world) checkExample(example, name string, value any) {
	field, ok := value.(map[string]any)
	if !ok {
		w.t.Errorf("%s: %s is %v", example, name, value)
		return
	}
	if nodes, list := field["nodes"].([]any); list && len(nodes) == 0 {
		w.t.Errorf("%s: %s is empty", example, name)
	}
	if problems, changes := field["userErrors"].([]any); changes && len(problems) > 0 {
		w.t.Errorf("%s: %v", example, problems)
	}
	for model, record := range map[string]any{"res.partner": field["partner"], "sale.order": field["saleOrder"]} {
		if made, ok := record.(map[string]any); ok {
			id := intOf(made["databaseId"])
			w.t.Cleanup(func() { w.unlink(w.t, model, id) })
		}
	}
}
