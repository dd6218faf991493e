package rest

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"

	"odoograph/rest/contract"
)

// cursorColumn is what the cursor of a record is called in an export.
const cursorColumn = "cursor"

// rows writes the records of an export.
type rows interface {
	write(*contract.Records) error
}

func newRows(w io.Writer, media string, q *query) rows {
	if media == mediaNDJSON {
		return &lines{w: w}
	}
	table := &table{out: w, record: q.record, cursors: q.list.Cursors}
	table.w = csv.NewWriter(&table.buffer)
	table.w.UseCRLF = true // RFC 4180
	return table
}

// lines are NDJSON: an object on each line.
type lines struct {
	w      io.Writer
	buffer bytes.Buffer
}

func (l *lines) write(records *contract.Records) error {
	l.buffer.Reset()
	i := 0
	for record := range bytes.SplitSeq(records.Items, []byte("\n")) {
		if len(record) == 0 {
			continue // of an empty page
		}
		if i < len(records.Cursors) {
			cursor, err := json.Marshal(forward + records.Cursors[i])
			if err != nil {
				return err
			}
			l.buffer.Write(record[:len(record)-1])
			l.buffer.WriteString(`,"` + cursorColumn + `":`)
			l.buffer.Write(cursor)
			l.buffer.WriteByte('}')
		} else {
			l.buffer.Write(record)
		}
		l.buffer.WriteByte('\n')
		i++
	}
	_, err := l.w.Write(l.buffer.Bytes())
	return err
}

// table is CSV with a line of names.
type table struct {
	out     io.Writer
	buffer  bytes.Buffer // of a page, so that it is sent at once
	w       *csv.Writer
	record  *contract.Value
	cursors bool
	begun   bool
	cells   []string
}

func (t *table) write(records *contract.Records) error {
	if !t.begun {
		t.begun = true
		names := t.record.Columns()
		if t.cursors {
			names = append(names, cursorColumn)
		}
		if err := t.w.Write(names); err != nil {
			return err
		}
	}
	i := 0
	for record := range bytes.SplitSeq(records.Items, []byte("\n")) {
		if len(record) == 0 {
			continue // of an empty page
		}
		cells, err := t.record.Cells(t.cells[:0], record)
		if err != nil {
			return err
		}
		if i < len(records.Cursors) {
			cells = append(cells, forward+records.Cursors[i])
		}
		t.cells = cells
		if err := t.w.Write(cells); err != nil {
			return err
		}
		i++
	}
	t.w.Flush()
	_, err := t.buffer.WriteTo(t.out)
	return err
}
