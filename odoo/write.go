package odoo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http/httptrace"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"odoograph/apierror"
)

// Write is one change of records of a model. Odoo makes it wholly or not at all.
type Write struct {
	Model *Model
	// IDs are the records to change; nil creates records.
	IDs []int64
	// Values are those of each record to create, or the one set for the records to
	// change, as Odoo's create and write take them: see Session.Save.
	Values []map[string]any
}

// Saved is what a Write left behind.
type Saved struct {
	IDs []int64
	// Rows are what the tree wanted of the records, in the order of IDs, and nil
	// where Odoo does not say with the write: they have to be read then.
	Rows []Row
}

// ErrOutcomeUnknown is in the chain of an error of a write of which nobody knows
// whether Odoo made it: the answer was lost. All other errors of a write mean that
// it left nothing behind.
var ErrOutcomeUnknown = errors.New("nobody knows whether Odoo made the change")

// Save creates or changes records in one transaction. Odoo 17 and later answer
// with what the tree wants of them at once.
//
// Values are written as Odoo reads them: a reference is an id or false, a list of
// records is a list of commands. Odoo checks little: what does not fit it changes
// or ignores without a word, so that the caller has to know the fields' types.
//
// A change that Odoo rolled back because another transaction was in its way is
// tried again; nothing else is. See ErrOutcomeUnknown.
func (s *Session) Save(ctx context.Context, w Write, tree *Tree) (*Saved, error) {
	if !s.can.Specify {
		return s.saveOnly(ctx, w)
	}
	saved, err := s.saveAndRead(ctx, w, s.within(tree))
	if apierror.CodeOf(err) == apierror.Forbidden && (len(tree.Fields) > 0 || len(tree.Branches) > 0) {
		// It may be the reading alone that was refused, and with it all was undone.
		if saved, err = s.saveAndRead(ctx, w, &Tree{Model: tree.Model}); err == nil {
			saved.Rows = nil
		}
	}
	return saved, err
}

// saveAndRead is Odoo's web_save, of 17 and later.
func (s *Session) saveAndRead(ctx context.Context, w Write, tree *Tree) (*Saved, error) {
	var values any = w.Values[0]
	if w.IDs == nil && len(w.Values) > 1 {
		values = anySlice(w.Values)
	}
	result, err := s.Change(ctx, Call{
		Model: w.Model.Name, Method: "web_save", IDs: w.IDs, OnNone: w.IDs == nil,
		Args: map[string]any{"vals": values, "specification": tree.specification()},
	})
	if err != nil {
		return nil, err
	}
	records, ok := result.([]any)
	if !ok || len(records) != max(len(w.IDs), len(w.Values)) {
		return nil, lost(Unexpected("web_save", result))
	}
	rows, err := tree.rows(records)
	if err != nil {
		return nil, lost(err)
	}
	saved := &Saved{Rows: rows}
	for _, row := range rows {
		saved.IDs = append(saved.IDs, row.ID)
	}
	return saved, nil
}

// saveOnly is Odoo's create or write.
func (s *Session) saveOnly(ctx context.Context, w Write) (*Saved, error) {
	if w.IDs != nil {
		_, err := s.Change(ctx, Call{
			Model: w.Model.Name, Method: "write", IDs: w.IDs, Positional: []string{"vals"}, Args: map[string]any{"vals": w.Values[0]},
		})
		if err != nil {
			return nil, err
		}
		return &Saved{IDs: w.IDs}, nil
	}
	result, err := s.Change(ctx, Call{
		Model: w.Model.Name, Method: "create", Positional: []string{"vals_list"}, Args: map[string]any{"vals_list": anySlice(w.Values)},
	})
	if err != nil {
		return nil, err
	}
	ids, err := decodeIDs(result)
	if err != nil || len(ids) != len(w.Values) {
		return nil, lost(Unexpected("create", result))
	}
	return &Saved{IDs: ids}, nil
}

const (
	// maxTries is how often a change is tried that Odoo rolls back for the sake of
	// others; Odoo itself has tried five times whenever it says so.
	maxTries = 4
	// firstPause is how long the second try waits, about; each further one twice as
	// long.
	firstPause = 50 * time.Millisecond
)

// Change makes a call that changes something, as Save does. A context that ends
// while Odoo is at it leaves the outcome open: a caller whose client may leave
// gives it a context of its own.
func (s *Session) Change(ctx context.Context, call Call) (any, error) {
	pause := firstPause
	for try := 1; ; try++ {
		sent := &sentMark{}
		result, err := s.Do(sent.watch(ctx), call)
		switch {
		case err == nil:
			return result, nil
		case !rolledBack(err) && sent.any():
			return nil, lost(err)
		case apierror.CodeOf(err) != apierror.Conflict || try == maxTries:
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(pause + rand.N(pause)): //nolint:gosec // no secret
		}
		pause *= 2
	}
}

// lost marks an error as one that leaves the outcome open.
func lost(err error) error {
	e := *apierror.Public(err)
	e.Cause = fmt.Errorf("%w: %w", ErrOutcomeUnknown, err)
	return &e
}

// unspeakable are the complaints of Python that it cannot put a result into words.
var unspeakable = []string{"cannot marshal", "exceeds XML-RPC limits", "not JSON serializable"}

// rolledBack tells whether Odoo itself said that a call failed: it undoes then what
// the call did. Two kinds of failure, though, may come when all is committed: that
// of a result that cannot be put into words, and that of the database, which may
// be lost before it confirms, or when Odoo tells other workers of the change.
func rolledBack(err error) bool {
	c, ok := errors.AsType[cause](err)
	switch {
	case !ok:
		return false
	case c.name == "":
		return c.refused
	case strings.HasPrefix(c.name, "psycopg2.") && faultCodes[c.name] == apierror.UpstreamUnavailable:
		return false
	}
	return !slices.ContainsFunc(unspeakable, func(complaint string) bool { return strings.Contains(c.brief, complaint) })
}

// sentMark remembers whether anything of a call went to Odoo.
type sentMark struct{ sent atomic.Bool }

type sentKey struct{}

func (m *sentMark) watch(ctx context.Context) context.Context {
	ctx = context.WithValue(ctx, sentKey{}, m)
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { m.sent.Store(true) }})
}

func (m *sentMark) any() bool { return m.sent.Load() }

// notBegun says that what was sent so far is not of the call: Odoo has not begun it.
func notBegun(ctx context.Context) {
	if mark, ok := ctx.Value(sentKey{}).(*sentMark); ok {
		mark.sent.Store(false)
	}
}
