package odoo

import (
	"context"
	"encoding/json"
	"strings"

	"odoograph/apierror"
)

// Query says which records of a model are wanted, in which order.
type Query struct {
	Model  *Model
	Domain Domain
	Order  []Order
	// Offset and Limit cut a page out of the list. A limit of 0 is an empty page:
	// Odoo itself would take it for no limit at all.
	Offset, Limit int
	within        []any // further conditions as Odoo reads them: see Seek
}

// Order is one key of the order of a list.
type Order struct {
	Field string
	Desc  bool
}

// Row is a record read. Values stand in the order of the fields asked for; a
// value that could not be decoded is an error.
type Row struct {
	ID     int64
	Values []any
	// Related are the records that a Tree's branches lead to, by field.
	Related map[string][]Row
}

// SearchRead returns the records of the page with these fields.
func (s *Session) SearchRead(ctx context.Context, q Query, fields []string) ([]Row, error) {
	domain, order, err := s.prepare(ctx, q)
	if err != nil || q.Limit == 0 {
		return nil, err
	}
	call := searchCall(q.Model, "search_read", domain, order, q.Offset, q.Limit)
	// No fields at all would mean all of them to Odoo.
	call.Args["fields"] = anySlice(append([]string{"id"}, fields...))
	result, err := s.Do(ctx, call)
	if err != nil {
		return nil, err
	}
	list, ok := result.([]any)
	if !ok {
		return nil, unexpected(call.Method, result)
	}
	rows := make([]Row, len(list))
	for i, item := range list {
		record, _ := item.(map[string]any)
		if rows[i], err = q.Model.row(record, fields); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

func (m *Model) row(record map[string]any, fields []string) (Row, error) {
	id, err := decodeInt(record["id"])
	if err != nil {
		return Row{}, unexpected("search_read", record["id"])
	}
	row := Row{ID: id, Values: make([]any, len(fields))}
	for i, name := range fields {
		value, err := m.Fields[name].decode(record[name])
		if err != nil {
			row.Values[i] = apierror.Wrap(apierror.UpstreamError, "Odoo holds a value here that does not fit its own type.", err)
			continue
		}
		row.Values[i] = value
	}
	return row, nil
}

// Search returns the ids of the page.
func (s *Session) Search(ctx context.Context, q Query) ([]int64, error) {
	domain, order, err := s.prepare(ctx, q)
	if err != nil || q.Limit == 0 {
		return nil, err
	}
	return s.ids(ctx, q.Model, domain, order, q.Offset, q.Limit)
}

func (s *Session) ids(ctx context.Context, m *Model, domain []any, order string, offset, limit int) ([]int64, error) {
	result, err := s.Do(ctx, searchCall(m, "search", domain, order, offset, limit))
	if err != nil {
		return nil, err
	}
	ids, err := decodeIDs(result)
	if err != nil {
		return nil, unexpected("search", result)
	}
	return ids, nil
}

// Count returns how many records the domain of the query matches.
func (s *Session) Count(ctx context.Context, q Query) (int, error) {
	domain, err := s.compile(ctx, q.Model, q.Domain)
	if err != nil {
		return 0, err
	}
	result, err := s.Do(ctx, Call{Model: q.Model.Name, Method: "search_count",
		Args: map[string]any{"domain": domain}, Positional: []string{"domain"}})
	if err != nil {
		return 0, err
	}
	if _, ok := result.(json.Number); !ok {
		return 0, unexpected("search_count", result)
	}
	n, err := decodeInt(result)
	return int(n), err
}

// prepare checks a query and returns its domain and order as Odoo reads them.
func (s *Session) prepare(ctx context.Context, q Query) (domain []any, order string, err error) {
	if domain, err = s.compile(ctx, q.Model, q.Domain); err != nil {
		return nil, "", err
	}
	domain = append(domain, q.within...)
	if order, err = q.order(); err != nil {
		return nil, "", err
	}
	if q.Offset < 0 || q.Limit < 0 {
		return nil, "", apierror.BadInput("first", "A page cannot start or end before the list does.")
	}
	return domain, order, nil
}

// searchCall gives the domain by position: up to 16 Odoo has another name for it.
func searchCall(m *Model, method string, domain []any, order string, offset, limit int) Call {
	return Call{Model: m.Name, Method: method, Positional: []string{"domain"}, Args: map[string]any{
		"domain": domain, "order": order, "offset": offset, "limit": limit,
	}}
}

// order returns the order as Odoo reads it, made total by the id: Odoo gives
// rows that compare equal in any order, so that pages would repeat or miss them.
func (q Query) order() (string, error) {
	var keys []string
	for _, o := range q.Order {
		field := q.Model.Fields[o.Field]
		if field == nil || !field.Sortable {
			return "", apierror.BadInput("orderBy", "This Odoo cannot order by "+o.Field+".")
		}
		if o.Desc {
			keys = append(keys, o.Field+" desc")
		} else {
			keys = append(keys, o.Field)
		}
		if o.Field == "id" {
			return strings.Join(keys, ", "), nil
		}
	}
	return strings.Join(append(keys, "id"), ", "), nil
}
