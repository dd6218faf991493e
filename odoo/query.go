package odoo

import (
	"context"
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

// SearchRead returns the records of the page with these fields.
func (s *Session) SearchRead(ctx context.Context, q Query, fields []string) ([]Row, error) {
	call, err := s.readCall(ctx, q, fields)
	if err != nil || q.Limit == 0 {
		return nil, err
	}
	tree := &Tree{Model: q.Model, Fields: fields}
	p, err := s.shared(ctx, q, tree, call, func(ctx context.Context) (page, error) { return s.readPage(ctx, q.Model, fields, call) })
	return p.rows, err
}

func (s *Session) readCall(ctx context.Context, q Query, fields []string) (Call, error) {
	call, err := s.searchCall(ctx, q, "search_read")
	if err != nil {
		return Call{}, err
	}
	// No fields at all would mean all of them to Odoo.
	call.Args["fields"] = anySlice(append([]string{"id"}, fields...))
	return call, nil
}

func (s *Session) readPage(ctx context.Context, m *Model, fields []string, call Call) (page, error) {
	result, err := s.Do(ctx, call)
	if err != nil {
		return page{}, err
	}
	list, ok := result.([]any)
	if !ok {
		return page{}, Unexpected(call.Method, result)
	}
	rows, err := (&Tree{Model: m, Fields: fields}).rows(list)
	return page{rows: rows}, err
}

// Search returns the ids of the page.
func (s *Session) Search(ctx context.Context, q Query) ([]int64, error) {
	call, err := s.searchCall(ctx, q, "search")
	if err != nil || q.Limit == 0 {
		return nil, err
	}
	return s.ids(ctx, call)
}

func (s *Session) ids(ctx context.Context, call Call) ([]int64, error) {
	result, err := s.Do(ctx, call)
	if err != nil {
		return nil, err
	}
	ids, err := decodeIDs(result)
	if err != nil {
		return nil, Unexpected(call.Method, result)
	}
	return ids, nil
}

// Count returns how many records the domain of the query matches.
func (s *Session) Count(ctx context.Context, q Query) (int, error) {
	domain, err := s.compile(ctx, q.Model, q.Domain)
	if err != nil {
		return 0, err
	}
	call := Call{Model: q.Model.Name, Method: "search_count", Args: map[string]any{"domain": domain}, Positional: []string{"domain"}}
	p, err := s.shared(ctx, q, &Tree{Model: q.Model}, call, func(ctx context.Context) (page, error) {
		result, err := s.Do(ctx, call)
		if err != nil {
			return page{}, err
		}
		n, err := decodeInt(result)
		if err != nil {
			return page{}, Unexpected(call.Method, result)
		}
		return page{total: int(n)}, nil
	})
	return p.total, err
}

// searchCall checks a query and says it to Odoo. The domain goes by position: up
// to 16 Odoo has another name for it.
func (s *Session) searchCall(ctx context.Context, q Query, method string) (Call, error) {
	domain, err := s.compile(ctx, q.Model, q.Domain)
	if err != nil {
		return Call{}, err
	}
	order, err := q.order()
	if err != nil {
		return Call{}, err
	}
	if q.Offset < 0 || q.Limit < 0 {
		return Call{}, apierror.BadInput("first", "A page cannot start or end before the list does.")
	}
	return Call{Model: q.Model.Name, Method: method, Positional: []string{"domain"}, Args: map[string]any{
		"domain": append(domain, q.within...), "order": order, "offset": q.Offset, "limit": q.Limit,
	}}, nil
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
