package odoo

import (
	"slices"

	"odoograph/apierror"
)

// Row is a record read. Values stand in the order of the fields asked for; a
// value that could not be decoded is an error. Requests share rows: nobody changes
// anything in them, nor in what their values and related records hold.
type Row struct {
	ID     int64
	Values []any
	// Related are the records that each of a Tree's branches leads to.
	Related [][]Row
}

// rows reads the records of an answer.
func (t *Tree) rows(records []any) ([]Row, error) { return newReader(t).rows(records) }

// reader reads records as a tree wants them. It is made for one answer, whose
// records all look alike.
type reader struct {
	tree     *Tree
	fields   []*Field
	branches []branchReader
	// The rest says where in records with these names the values of the fields
	// stand; -1 stands for a missing one.
	names  []string
	id     int
	values []int
}

// branchReader reads what one field of a record leads to.
type branchReader struct {
	reader
	field *Field
	limit int
	place int
}

func newReader(t *Tree) *reader {
	r := &reader{tree: t, id: -1, values: make([]int, len(t.Fields)), branches: make([]branchReader, len(t.Branches))}
	for _, name := range t.Fields {
		r.fields = append(r.fields, t.Model.Fields[name])
	}
	for i, branch := range t.Branches {
		r.branches[i] = branchReader{*newReader(branch.Tree), t.Model.Fields[branch.Field], branch.Limit, -1}
	}
	return r
}

// find learns where the fields stand in a record, which is where they stood in
// the one before.
func (r *reader) find(record *Object) {
	if len(record.names) > 0 && len(r.names) == len(record.names) && &r.names[0] == &record.names[0] {
		return
	}
	r.names = record.names
	r.id = slices.Index(r.names, "id")
	for i, name := range r.tree.Fields {
		r.values[i] = slices.Index(r.names, name)
	}
	for i, branch := range r.tree.Branches {
		r.branches[i].place = slices.Index(r.names, branch.Field)
	}
}

func (r *reader) rows(records []any) ([]Row, error) {
	rows := make([]Row, len(records))
	// One piece of memory each, instead of one for every record.
	values := make([]any, len(records)*len(r.fields))
	related := make([][]Row, len(records)*len(r.branches))
	for i, item := range records {
		record, ok := item.(*Object)
		if !ok {
			return nil, Unexpected("search_read", item)
		}
		rows[i].Values, values = values[:len(r.fields):len(r.fields)], values[len(r.fields):]
		rows[i].Related, related = related[:len(r.branches):len(r.branches)], related[len(r.branches):]
		if err := r.row(record, &rows[i]); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

func (r *reader) row(record *Object, row *Row) error {
	r.find(record)
	id, err := decodeInt(record.at(r.id))
	if err != nil {
		return Unexpected("search_read", record.at(r.id))
	}
	row.ID = id
	for i := range r.branches {
		branch := &r.branches[i]
		if branch.place < 0 {
			continue
		}
		if row.Related[i], record.values[branch.place], err = branch.split(record.values[branch.place]); err != nil {
			return err
		}
	}
	for i, field := range r.fields {
		if row.Values[i], err = field.decode(record.at(r.values[i])); err != nil {
			row.Values[i] = apierror.Wrap(apierror.UpstreamError, "Odoo holds a value here that does not fit its own type.", err)
		}
	}
	return nil
}

// split parts a relation's wire value into the records it leads to and the value
// that the field has without them.
func (b *branchReader) split(wire any) (related []Row, plain any, err error) {
	if record, ok := wire.(*Object); ok {
		related, err = b.rows([]any{record})
		return related, record.Get("id"), err
	}
	list, ok := wire.([]any)
	if !ok || !b.field.isToMany() {
		return nil, wire, nil
	}
	ids := make([]any, len(list))
	for i, item := range list {
		record, ok := item.(*Object)
		if !ok {
			return nil, nil, Unexpected("web_search_read", item)
		}
		ids[i] = record.Get("id")
	}
	if b.limit > 0 && len(list) > b.limit {
		list = list[:b.limit] // the others are there with their ids only
	}
	related, err = b.rows(list)
	return related, ids, err
}
