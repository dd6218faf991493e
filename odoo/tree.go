package odoo

import (
	"context"
	"slices"
)

// Tree is what is wanted of records of a model, and of the records they refer to.
type Tree struct {
	// Model is no part of the JSON that tells trees apart (Session.kind): where they
	// hang on says it.
	Model  *Model `json:"-"`
	Fields []string
	// Branches are the relational fields whose records are wanted too, each once;
	// they need not be among Fields.
	Branches []Branch
}

// Branch is a relational field in a Tree.
type Branch struct {
	Field string
	*Tree
	// Limit bounds the records of a to-many field that are read; their ids come all
	// the same. 0 means no bound.
	Limit int
}

// SearchTree reads a page of records in one call, with all that the tree wants
// where the session CanNest, and without its branches elsewhere. The total is how
// many records the query matches without Offset and Limit; without count it is not
// to be relied on.
//
// Odoo refuses the call as a whole (FORBIDDEN) when the user may not read one of
// the records that a many2one leads to.
func (s *Session) SearchTree(ctx context.Context, q Query, tree *Tree, count bool) (rows []Row, total int, err error) {
	tree = s.within(tree)
	call, err := s.treeCall(ctx, q, tree, count)
	if err != nil || q.Limit == 0 {
		return nil, 0, err
	}
	p, err := s.shared(ctx, q, tree, call, func(ctx context.Context) (page, error) { return s.treePage(ctx, tree, call) })
	if err != nil {
		return nil, 0, err
	}
	if count && len(p.rows) == 0 && q.Offset > 0 {
		p.total, err = s.Count(ctx, q) // past the end Odoo says 0
	}
	// Who asked first may have named the same fields in another order.
	return tree.project(p.tree, p.rows), p.total, err
}

// within returns what of the tree this Odoo reads in one call.
func (s *Session) within(tree *Tree) *Tree {
	if s.CanNest() || len(tree.Branches) == 0 {
		return tree
	}
	return &Tree{Model: tree.Model, Fields: tree.Fields}
}

func (s *Session) treeCall(ctx context.Context, q Query, tree *Tree, count bool) (Call, error) {
	switch {
	case !s.can.Specify:
		call, err := s.readCall(ctx, q, slices.Sorted(slices.Values(tree.Fields)))
		if count {
			call.Method = "web_search_read" // the same, with the number of all records
		}
		return call, err
	case !count && len(tree.Branches) == 0: // the same for less
		call, err := s.readCall(ctx, q, slices.Sorted(slices.Values(tree.Fields)))
		if err == nil {
			call.Args["load"] = false // no names of what the records refer to
		}
		return call, err
	}
	call, err := s.searchCall(ctx, q, "web_search_read")
	if err != nil {
		return Call{}, err
	}
	call.Args["specification"] = tree.specification()
	if !count {
		call.Args["count_limit"] = 1 // Odoo counts whenever a page is full
	}
	return call, nil
}

func (s *Session) treePage(ctx context.Context, tree *Tree, call Call) (page, error) {
	result, err := s.Do(ctx, call)
	if err != nil {
		return page{}, err
	}
	records, ok := result.([]any) // of search_read
	length := int64(-1)
	if answer, is := result.(*Object); is {
		records, ok = answer.Get("records").([]any)
		if length, err = decodeInt(answer.Get("length")); err != nil {
			return page{}, Unexpected(call.Method, result)
		}
	}
	if !ok {
		return page{}, Unexpected(call.Method, result)
	}
	rows, err := tree.rows(records)
	return page{tree, rows, int(length)}, err
}

// Derives tells whether a new record gets by itself what follows from its other
// fields: see Capabilities.
func (s *Session) Derives() bool { return s.can.Derives }

// CanNest tells whether this Odoo reads records and those they refer to in one call.
func (s *Session) CanNest() bool { return s.can.Nest }

// specification writes the tree as Odoo's web_read takes it (17 and later).
func (t *Tree) specification() map[string]any {
	spec := map[string]any{"id": map[string]any{}}
	for _, field := range t.Fields {
		spec[field] = map[string]any{}
	}
	for _, branch := range t.Branches {
		inner := branch.specification()
		if branch.showsNamesOnly() {
			// Odoo reads the display name past all access rights; any other field is
			// checked.
			inner["create_date"] = map[string]any{}
		}
		nested := map[string]any{"fields": inner}
		if branch.Limit > 0 {
			nested["limit"] = branch.Limit
		}
		spec[branch.Field] = nested
	}
	return spec
}

func (t *Tree) showsNamesOnly() bool {
	for _, field := range t.Fields {
		if field != "id" && field != "display_name" {
			return false
		}
	}
	return len(t.Branches) == 0
}
