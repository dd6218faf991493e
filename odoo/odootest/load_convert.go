package odootest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// convert reads a row and adds it to the batch. What it cannot read of the row it
// leaves out and tells.
func (l *loading) convert(at int, row any) error {
	cells, ok := row.([]any)
	if !ok {
		return raise("NotImplementedError", "the stand-in loads rows that are lists only")
	}
	rows := member{"rows", dict{{"from", int64(at)}, {"to", int64(at)}}}
	r := loadRow{info: dict{rows, {"record", int64(at)}}}
	for _, relational := range []bool{false, true} { // as Odoo takes them
		for i, column := range l.columns {
			f := column.field
			switch {
			case f != nil && f.relational() != relational || f == nil && relational:
			case i >= len(cells) && relational:
				return raise("IndexError", "list index out of range")
			case i >= len(cells):
			case f == nil:
				id, err := l.rowID(dict{rows}, at, cells[i])
				if err != nil {
					return err
				}
				r.id = id
			default:
				v, wrong, err := l.cell(f, cells[i])
				if err != nil {
					return err
				}
				if wrong != nil {
					l.tell(dict{rows}, at, f, wrong)
				}
				if wrong == nil || wrong.warning {
					r.vals.set(f.name, v)
				}
			}
		}
	}
	l.batch = append(l.batch, r)
	return nil
}

// A cellError is why a cell cannot be read, in Odoo's words with %(field)s for
// the field's label. A warning says what was taken instead.
type cellError struct {
	warning bool
	text    string
	more    any
}

func (l *loading) tell(base dict, at int, f *field, wrong *cellError) {
	kind := "error"
	if wrong.warning {
		kind = "warning"
	}
	message := append(base, member{"type", kind}, member{"record", int64(at)}, member{"field", f.name},
		member{"message", strings.ReplaceAll(wrong.text, "%(field)s", f.label)})
	if wrong.more != nil {
		message = append(message, member{"moreinfo", wrong.more})
	}
	if l.series >= v17 {
		message = append(message, member{"field_name", f.label})
	}
	l.note(message)
}

// rowID finds the record of a row, 0 for a new one. A record that is not there, or
// archived, or out of sight is an error, and the row goes on as a new one.
func (l *loading) rowID(base dict, at int, v any) (int64, error) {
	if !truthy(v) && l.series >= v17 {
		return 0, nil
	}
	var id int64
	switch v := v.(type) {
	case int64:
		id = v
	case bool:
		if v {
			id = 1
		}
	case string:
		var err error
		if id, err = strconv.ParseInt(strings.TrimSpace(v), 10, 64); err != nil {
			_, err := idText(v)
			return 0, err
		}
	default:
		return 0, raise("TypeError", "int() argument must be a string, a bytes-like object or a %s, not '%s'", l.pythonNumber(), pythonType(v))
	}
	found, err := l.findable(l.table, id)
	if err != nil || found {
		return id, err
	}
	l.note(append(base, member{"type", "error"}, member{"record", int64(at)}, member{"field", ".id"},
		member{"message", fmt.Sprintf("Unknown database identifier '%d'", id)}))
	return 0, nil
}

// findable tells whether a search of the caller finds a record.
func (l *loading) findable(t *table, id int64) (bool, error) {
	if l.broken {
		return false, &Exception{"psycopg2.errors.InFailedSqlTransaction",
			"current transaction is aborted, commands ignored until end of transaction block\n"}
	}
	if err := l.checkModel(t); err != nil {
		return false, err
	}
	r := t.rows[id]
	if r == nil || l.activeTest && t.fields["active"] != nil && t.get(r, "active") != true {
		return false, nil
	}
	rule, err := l.ruleOf(t)
	return err == nil && (rule == nil || rule(r)), err
}

// cell reads a cell for a field. An empty one is false, whatever the field.
func (l *loading) cell(f *field, v any) (any, *cellError, error) {
	if !truthy(v) {
		return false, nil, nil
	}
	if f.textual() {
		return v, nil, nil
	}
	text, isText := v.(string)
	switch {
	case f.kind == "many2one":
		return l.cellTarget(f, v)
	case f.kind == "integer", f.numeric():
		return l.cellNumber(f, v)
	case !isText && f.kind == "many2many":
		return nil, nil, raise("AttributeError", "'%s' object has no attribute 'split'", pythonType(v))
	case !isText:
		return nil, nil, raise("AttributeError", "'%s' object has no attribute 'lower'", pythonType(v))
	case f.kind == "boolean":
		value, wrong := l.cellBoolean(text)
		return value, wrong, nil
	case f.kind == "selection":
		value, wrong := l.cellKey(f, text)
		return value, wrong, nil
	}
	ids := []any{}
	for part := range strings.SplitSeq(text, ",") {
		id, wrong, err := l.cellTarget(f, part)
		if wrong != nil || err != nil {
			return nil, wrong, err
		}
		ids = append(ids, id)
	}
	return []any{[]any{cmdSet, false, ids}}, nil, nil
}

// cellBoolean reads a word. Other words count as yes, up to 14 with a warning.
func (l *loading) cellBoolean(text string) (bool, *cellError) {
	word := strings.ToLower(text)
	if isFalse(word) || slices.Contains([]string{"1", "true", "yes"}, word) {
		return !isFalse(word), nil
	}
	wrong := &cellError{text: "Unknown value '" + text + "' for boolean field '%(field)s'", more: "Use '1' for yes and '0' for no"}
	if l.series < v17 {
		wrong.warning = true
		wrong.text += ", assuming 'yes'"
	}
	return true, wrong
}

func isFalse(word string) bool {
	return slices.Contains([]string{"", "0", "false", "no"}, strings.ToLower(word))
}

// cellKey reads a key of a selection or its label, since 17 whatever the case.
func (l *loading) cellKey(f *field, text string) (any, *cellError) {
	same := func(a, b string) bool { return a == b }
	if l.series >= v17 {
		same = strings.EqualFold
	}
	labels := []any{}
	for _, o := range f.options {
		if same(text, o.key) || same(text, o.label) {
			return o.key, nil
		}
		labels = append(labels, o.label)
	}
	return nil, &cellError{text: "Value '" + text + "' not found in selection field '%(field)s'", more: labels}
}

func (l *loading) cellNumber(f *field, v any) (any, *cellError, error) {
	text, isText := v.(string)
	if !isText {
		return v, nil, nil
	}
	text = strings.TrimSpace(text)
	if f.kind == "integer" {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return n, nil, nil
		}
		return nil, &cellError{text: pythonQuote(v.(string)) + " does not seem to be an integer for field '%(field)s'"}, nil
	}
	if n, err := strconv.ParseFloat(text, 64); err == nil {
		return n, nil, nil
	}
	return nil, &cellError{text: pythonQuote(v.(string)) + " does not seem to be a number for field '%(field)s'"}, nil
}

// cellTarget reads the id of a related record. Up to 16 it must be one that a
// search finds; a text that is no number then fails in the database.
func (l *loading) cellTarget(f *field, v any) (any, *cellError, error) {
	text, isText := v.(string)
	if isText && isFalse(text) {
		return false, nil, nil
	}
	id, isID := v.(int64)
	if isText {
		var err error
		if id, err = strconv.ParseInt(strings.TrimSpace(text), 10, 64); err != nil {
			l.broken = l.series < v17
			return nil, &cellError{text: "Invalid database id '" + text + "' for the field '%(field)s'", more: l.possible(f)}, nil
		}
	} else if !isID {
		return nil, nil, raise("NotImplementedError", "the stand-in loads no %s as an id", pythonType(v))
	}
	co := l.comodel(f)
	found := co.rows[id] != nil
	if l.series < v17 {
		var err error
		if found, err = l.findable(co, id); err != nil {
			return nil, nil, err
		}
	}
	if found {
		return id, nil, nil
	}
	return nil, &cellError{text: fmt.Sprintf("No matching record found for database id '%v' in field '%%(field)s'", v), more: l.possible(f)}, nil
}

// possible is the action that shows the values that a field can have.
func (l *loading) possible(f *field) dict {
	mode := "list,form"
	if l.series < 18 {
		mode = "tree,form"
	}
	return dict{
		{"name", "Possible Values"}, {"type", "ir.actions.act_window"}, {"target", "new"}, {"view_mode", mode},
		{"views", []any{[]any{false, "list"}, []any{false, "form"}}}, {"context", dict{{"create", false}}},
		{"help", "See all possible values"}, {"res_model", "ir.model.data"},
		{"domain", []any{[]any{"model", "=", f.relation}}},
	}
}
