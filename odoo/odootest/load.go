package odootest

import "strings"

// load creates and changes records from rows of texts, as an import does: all or
// none. What is wrong with them it tells in messages.
func (c *call) load() (any, error) {
	columns, err := c.loadColumns()
	if err != nil {
		return nil, err
	}
	rows, ok := c.args["data"].([]any)
	if !ok {
		return nil, raise("TypeError", "object of type '%s' has no len()", pythonType(c.args["data"]))
	}
	e := *c.env
	e.bareChecks = true
	l := &loading{env: &e, table: c.table, columns: columns, messages: []any{}}
	start := l.undo.mark()
	for i, row := range rows {
		if err := l.convert(i, row); err != nil {
			return nil, err
		}
	}
	ids := any(l.save(start))
	if l.failed {
		l.undo.rollback(start)
		ids = false
	}
	return dict{{"ids", ids}, {"messages", l.messages}, {"nextrow", int64(0)}}, nil
}

// A loadColumn is a column of the rows: a field, or nil for the records' own ids.
type loadColumn struct {
	field *field
}

// loadColumns reads the names of the columns: of plain fields, ".id" and, for the
// ids of related records, "<field>/.id".
func (c *call) loadColumns() ([]loadColumn, error) {
	names, err := c.names("fields")
	if err != nil {
		return nil, err
	}
	columns := make([]loadColumn, len(names))
	for i, name := range names {
		first, sub, _ := strings.Cut(name, "/")
		f := c.table.fields[first]
		columns[i].field = f
		switch {
		case name == ".id":
		case f == nil && c.series < v17:
			return nil, raise("KeyError", "%s", first)
		case f == nil:
			return nil, raise("ValueError", "Invalid field name %s", pythonQuote(first))
		case first == "id", f.kind == "one2many", f.relational() != (sub == ".id"), f.kind == "date", f.kind == "datetime":
			return nil, raise("NotImplementedError", "the stand-in loads no column %s", name)
		}
	}
	return columns, nil
}

// A loading is a load that goes on.
type loading struct {
	*env
	table    *table
	columns  []loadColumn
	batch    []loadRow
	messages []any
	failed   bool
	// broken tells that a query has failed: until the end PostgreSQL answers no other.
	broken bool
}

// A loadRow is a row as it is written: to the record of the id, or to a new one.
type loadRow struct {
	id   int64
	vals dict
	info dict
}

// note adds a message, of which an error fails the load.
func (l *loading) note(message dict) {
	if kind, _ := message.get("type"); kind == "error" {
		l.failed = true
	}
	l.messages = append(l.messages, message)
}
