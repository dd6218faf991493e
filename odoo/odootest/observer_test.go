package odootest_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// An observer runs a script of changes on a server and notes what it answers,
// in words that any two servers can have in common: the script's own records
// appear by the labels it gave them.
type observer struct {
	t       *testing.T
	e       *endpoint
	version int
	prefix  string // of names, so that the records can be found again
	labels  map[float64]string
	notes   []string
}

// name makes a name of the script's own.
func (o *observer) name(text string) string { return o.prefix + text }

// v picks the value for 14 or for later versions.
func (o *observer) v(old, new string) string { return pick(o.version < 17, old, new) }

// unit and taxes are what the version calls a line's unit and taxes.
func (o *observer) unit() string  { return pick(o.version < 19, "product_uom", "product_uom_id") }
func (o *observer) taxes() string { return pick(o.version < 19, "tax_id", "tax_ids") }

// add creates a record that a script needs.
func (o *observer) add(label, model string, vals keys) float64 {
	o.t.Helper()
	id, ok := o.e.result(o.t, "admin", model, "create", list{vals}, nil).(float64)
	if !ok {
		o.t.Fatalf("create of %s returned no id", model)
	}
	o.labels[id] = label
	return id
}

// find looks for a record that both servers have.
func (o *observer) find(label, model string, domain ...any) float64 {
	o.t.Helper()
	id, _ := o.e.resolve(o.t, found{model, domain}).(float64)
	o.labels[id] = label
	return id
}

// foreign looks for a record that both servers have, under an id of each.
func (o *observer) foreign(model string, domain ...any) float64 {
	id := o.find("", model, domain...)
	delete(o.labels, id)
	return id
}

// do makes a call and notes the answer; it returns the result.
func (o *observer) do(what, model, method string, args ...any) any {
	o.t.Helper()
	return o.doAs("admin", what, model, method, args, nil)
}

func (o *observer) doAs(login, what, model, method string, args list, kwargs keys) any {
	o.t.Helper()
	answer := o.e.call(o.t, login, model, method, args, kwargs)
	o.notes = append(o.notes, what+": "+o.outcome(answer))
	return answer.body["result"]
}

// outcome is an answer in one line.
func (o *observer) outcome(answer reply) string {
	failure, failed := answer.body["error"].(map[string]any)
	if !failed {
		result, ok := answer.body["result"]
		if !ok {
			return "no result"
		}
		if id, ok := result.(float64); ok && o.labels[id] == "" {
			return "id"
		}
		return o.text(result)
	}
	data := failure["data"].(map[string]any)
	message := data["message"].(string)
	if strings.HasPrefix(data["name"].(string), "psycopg2") {
		message, _, _ = strings.Cut(message, "\n")
	}
	return strings.TrimPrefix(data["name"].(string), "odoo.exceptions.") + " " + fmt.Sprintf("%q", o.neutral(message))
}

// neutral takes out of a message what differs from server to server.
func (o *observer) neutral(message string) string {
	message = strings.ReplaceAll(message, o.prefix, "")
	message = strings.ReplaceAll(message, "done, cancel", "cancel, done") // a set of Python's
	message = regexp.MustCompile(`'?\d+'?,\)|id=\d+|User: \d+|S\d{5}`).ReplaceAllString(message, "#")
	message = regexp.MustCompile(`(Sorry, |User: )[^(\n]*\(`).ReplaceAllString(message, "$1 (")
	message = regexp.MustCompile(`(?s)(active users : ).*`).ReplaceAllString(message, "$1 #")
	return message
}

// see notes fields of a record, as an administrator reads them.
func (o *observer) see(model string, id any, fields ...string) {
	o.t.Helper()
	records, _ := o.e.result(o.t, "admin", model, "read", list{list{id}, fields}, nil).([]any)
	if len(records) == 0 {
		o.notes = append(o.notes, "  gone")
		return
	}
	var parts []string
	for _, f := range fields {
		parts = append(parts, f+"="+o.text(records[0].(map[string]any)[f]))
	}
	o.notes = append(o.notes, "  "+strings.Join(parts, " "))
}

// text shows a value: the script's records by label, others as "other".
func (o *observer) text(v any) string {
	switch v := v.(type) {
	case []any:
		if len(v) == 2 {
			if name, ok := v[1].(string); ok {
				return o.label(v[0], strings.ReplaceAll(name, o.prefix, ""))
			}
		}
		var parts []string
		for _, item := range v {
			if d, ok := item.(map[string]any); ok {
				parts = append(parts, o.text(d))
				continue
			}
			parts = append(parts, o.label(item, ""))
		}
		return "[" + strings.Join(parts, " ") + "]"
	case map[string]any:
		if _, ok := v["id"]; ok {
			v["id"] = o.label(v["id"], "")
		}
		for key, item := range v {
			switch item := item.(type) {
			case []any:
				v[key] = o.text(item)
			case map[string]any:
				v[key] = json.RawMessage(o.text(item))
			}
		}
	}
	raw, err := json.Marshal(v)
	if err != nil {
		o.t.Fatal(err)
	}
	return strings.ReplaceAll(string(raw), o.prefix, "")
}

func (o *observer) label(id any, name string) string {
	n, ok := id.(float64)
	switch {
	case !ok:
		return fmt.Sprint(id)
	case o.labels[n] != "":
		return o.labels[n]
	case name != "":
		return "other"
	}
	return "new"
}
