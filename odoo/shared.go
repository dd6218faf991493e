package odoo

import (
	"context"
	"encoding/json"
	"fmt"
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
	tree  *Tree // that the rows are of
	rows  []Row
	total int
}

// ReadTree returns those of the records with these ids that meet the condition
// and that the user may see, in no particular order, with all that the tree
// wants where the session CanNest, and without its branches elsewhere. Concurrent
// reads of one model are merged.
func (s *Session) ReadTree(ctx context.Context, ids []int64, where Domain, tree *Tree) ([]Row, error) {
	tree = s.within(tree)
	condition, err := s.compile(ctx, tree.Model, where)
	if err != nil {
		return nil, err
	}
	ask := func(ids []int64) ([]Row, error) {
		return s.client.reads.ask(ctx, s.lane(ctx, "read", tree.Model.Name, condition), reading{s, ids, where, tree})
	}
	if s.keeps(ctx, where, tree) {
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
// it takes from the cache. The rows are those of the page's tree, which may name
// the fields in another order.
func (s *Session) shared(ctx context.Context, q Query, tree *Tree, call Call, run listing) (page, error) {
	ask := func(run listing) (page, error) { return s.client.lists.ask(ctx, s.lane(ctx, call), run) }
	if s.keeps(ctx, q.Domain, tree) {
		return s.client.reference.list(s.kind(call), run, ask)
	}
	return ask(run)
}

// lane names what may share a call: what is of one kind and of one tenant.
// Whoever joined the call of another tenant would wait in the other's line, and
// be turned away with it.
func (s *Session) lane(ctx context.Context, parts ...any) string {
	return fmt.Sprintf("%q %s", Tenant(ctx), s.kind(parts...))
}

// kind names what has the same answer: the same words of the same user since the
// same sign-in, in the same language, with the same companies.
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
	call, err := s.treeCall(ctx, q, tree, false)
	if err != nil {
		return nil, err
	}
	p, err := s.treePage(ctx, tree, call)
	return p.rows, err
}

// merged returns a tree that wants what either of two wants.
func (t *Tree) merged(other *Tree) *Tree {
	if t == other {
		return t
	}
	out := &Tree{Model: t.Model, Fields: slices.Clone(t.Fields), Branches: slices.Clone(t.Branches)}
	for _, field := range other.Fields {
		if !slices.Contains(out.Fields, field) {
			out.Fields = append(out.Fields, field)
		}
	}
	for _, branch := range other.Branches {
		i := out.branch(branch.Field)
		if i < 0 {
			out.Branches = append(out.Branches, branch)
			continue
		}
		known := &out.Branches[i]
		limit := max(known.Limit, branch.Limit)
		if known.Limit == 0 || branch.Limit == 0 {
			limit = 0
		}
		known.Limit, known.Tree = limit, known.merged(branch.Tree)
	}
	return out
}

// branch returns the place of a field's branch, -1 if it has none.
func (t *Tree) branch(field string) int {
	return slices.IndexFunc(t.Branches, func(b Branch) bool { return b.Field == field })
}

// project returns rows of a merged tree as those of this one of its parts.
func (t *Tree) project(merged *Tree, rows []Row) []Row {
	if t == merged {
		return rows
	}
	values, branches := make([]int, len(t.Fields)), make([]int, len(t.Branches))
	for i, field := range t.Fields {
		values[i] = slices.Index(merged.Fields, field)
	}
	for i, branch := range t.Branches {
		branches[i] = merged.branch(branch.Field)
	}
	out := make([]Row, len(rows))
	for i, row := range rows {
		out[i] = Row{ID: row.ID, Values: make([]any, len(values)), Related: make([][]Row, len(branches))}
		for j, place := range values {
			out[i].Values[j] = row.Values[place]
		}
		for j, place := range branches {
			out[i].Related[j] = t.Branches[j].project(merged.Branches[place].Tree, row.Related[place])
		}
	}
	return out
}
