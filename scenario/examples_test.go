package scenario

import (
	"strings"

	"odoograph/pages"
)

// Every query that the reference shows is answered by this Odoo as it stands there,
// without errors.
func referenceExamples(w *world) {
	examples, err := pages.Examples()
	if err != nil {
		w.t.Fatal(err)
	}
	for field, all := range examples {
		if !strings.HasPrefix(field, "Query.") {
			continue // changes are only validated: an Odoo need not have what they change
		}
		for _, example := range all {
			if answer := w.ask(example.Text, nil); len(answer.Errors) > 0 {
				w.t.Errorf("%s: %+v", example.Name, answer.Errors)
			}
		}
	}
}
