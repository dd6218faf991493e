package odoo

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// reads merges what concurrent requests of one user read of one model by id.
type reads = gatherer[reading, []Row]

// reading is a question for records by their ids.
type reading struct {
	session *Session
	ids     []int64
	where   Domain
	tree    *Tree
}

// lists lets concurrent requests of one user that ask for the same page share it.
type lists = gatherer[listing, page]

type listing func(context.Context) (page, error)

type page struct {
	rows  []Row
	total int
}

// ReadTree returns those of the records with these ids that meet the condition
// and that the user may see, in no particular order, with all that the tree
// wants where the session CanNest, and without its branches elsewhere. Concurrent
// reads of one model are merged.
func (s *Session) ReadTree(ctx context.Context, ids []int64, where Domain, tree *Tree) ([]Row, error) {
	if !s.CanNest() {
		tree = &Tree{Model: tree.Model, Fields: tree.Fields}
	}
	condition, err := s.compile(ctx, tree.Model, where)
	if err != nil {
		return nil, err
	}
	ask := func(ids []int64) ([]Row, error) {
		return s.client.reads.ask(ctx, s.kind("read", tree.Model.Name, condition), reading{s, ids, where, tree})
	}
	if s.keeps(where, tree) {
		return s.client.reference.records(s.kind("record", tree.Model.Name, condition, tree), ids, ask)
	}
	return ask(ids)
}

// listTogether runs the query that all of these ask for.
func listTogether(ctx context.Context, same []listing) ([]page, error) {
	p, err := same[0](ctx)
	return slices.Repeat([]page{p}, len(same)), err
}

// shared runs a query, or waits for the same one of somebody else. Reference data
// it takes from the cache.
func (s *Session) shared(ctx context.Context, q Query, tree *Tree, call Call, run listing) (page, error) {
	// The tree too: what it asks for may be the same, but in another order.
	kind := s.kind(call, tree)
	ask := func(run listing) (page, error) { return s.client.lists.ask(ctx, kind, run) }
	if s.keeps(q.Domain, tree) {
		return s.client.reference.list(kind, run, ask)
	}
	return ask(run)
}

// kind names what may share a call or its answer: the same words of the same
// user since the same sign-in, in the same language, with the same companies.
func (s *Session) kind(parts ...any) string {
	text, err := json.Marshal(parts)
	if err != nil {
		panic(err) // calls are made of JSON
	}
	return fmt.Sprintf("%d %s %v %s", s.signIn, s.lang, s.user.Companies, text)
}

// readTogether makes one call for several readings of one kind.
func readTogether(ctx context.Context, questions []reading) ([][]Row, error) {
	first := questions[0]
	tree := first.tree
	var ids []int64
	for _, q := range questions {
		ids = append(ids, q.ids...)
		tree = tree.merged(q.tree)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	m := tree.Model
	query := Query{
		Model: m, Order: []Order{{Field: "id"}}, Limit: len(ids),
		Domain: And(Where([]Step{{m, "id"}}, In, anySlice(ids)), first.where),
	}
	rows, err := first.session.readPlainly(ctx, query, tree)
	if err != nil {
		return nil, err
	}
	if len(questions) == 1 {
		return [][]Row{rows}, nil
	}
	byID := make(map[int64]Row, len(rows))
	for _, row := range rows {
		byID[row.ID] = row
	}
	answers := make([][]Row, len(questions))
	for i, q := range questions {
		for _, id := range q.ids {
			if row, ok := byID[id]; ok {
				answers[i] = append(answers[i], row)
			}
		}
		answers[i] = q.tree.project(tree, answers[i])
	}
	return answers, nil
}

// readPlainly makes a call of its own.
func (s *Session) readPlainly(ctx context.Context, q Query, tree *Tree) ([]Row, error) {
	if s.CanNest() {
		call, err := s.treeCall(ctx, q, tree, false)
		if err != nil {
			return nil, err
		}
		p, err := s.treePage(ctx, tree, call)
		return p.rows, err
	}
	call, err := s.readCall(ctx, q, tree.Fields)
	if err != nil {
		return nil, err
	}
	p, err := s.readPage(ctx, q.Model, tree.Fields, call)
	return p.rows, err
}

// merged returns a tree that wants what either of two wants.
func (t *Tree) merged(other *Tree) *Tree {
	if t == other {
		return t
	}
	out := &Tree{Model: t.Model, Fields: slices.Clone(t.Fields), Branches: map[string]Branch{}}
	for _, field := range other.Fields {
		if !slices.Contains(out.Fields, field) {
			out.Fields = append(out.Fields, field)
		}
	}
	maps.Copy(out.Branches, t.Branches)
	for field, branch := range other.Branches {
		known, ok := out.Branches[field]
		if !ok {
			out.Branches[field] = branch
			continue
		}
		limit := max(known.Limit, branch.Limit)
		if known.Limit == 0 || branch.Limit == 0 {
			limit = 0
		}
		out.Branches[field] = Branch{known.merged(branch.Tree), limit}
	}
	return out
}

// project returns rows of a merged tree as those of this one of its parts.
func (t *Tree) project(merged *Tree, rows []Row) []Row {
	places := make([]int, len(t.Fields))
	for i, field := range t.Fields {
		places[i] = slices.Index(merged.Fields, field)
	}
	out := make([]Row, len(rows))
	for i, row := range rows {
		out[i] = Row{ID: row.ID, Values: make([]any, len(places)), Related: map[string][]Row{}}
		for j, place := range places {
			out[i].Values[j] = row.Values[place]
		}
		for field, branch := range t.Branches {
			out[i].Related[field] = branch.project(merged.Branches[field].Tree, row.Related[field])
		}
	}
	return out
}
