package relay

import (
	"cmp"
	"context"
	"fmt"

	"odoograph/apierror"
)

// The sizes of pages.
const (
	DefaultPageSize = 20
	MaxPageSize     = 100
)

// Page is the part of a list that a client asks for with first, after, last and before.
type Page struct {
	First, Last   *int
	After, Before string
	// Most is how large the page may be; MaxPageSize if zero.
	Most int
}

// Check refuses page arguments that make no sense, with BAD_USER_INPUT.
func (p Page) Check() error {
	if p.First != nil && p.Last != nil {
		return apierror.BadInput("last", "Give either first or last, not both.")
	}
	most := cmp.Or(p.Most, MaxPageSize)
	for name, n := range map[string]*int{"first": p.First, "last": p.Last} {
		if n != nil && (*n < 0 || *n > most) {
			return apierror.BadInput(name, fmt.Sprintf("%s must be from 0 to %d, not %d.", name, most, *n))
		}
	}
	return nil
}

// Window is a range of positions of a list.
type Window struct {
	Offset, Limit int
	// FromEnd tells that the window is the last Limit items at or after Offset,
	// so that the length of the list must be known first: see Fix.
	FromEnd bool
}

// Window returns the positions that the page covers in a list of this scope.
func (p Page) Window(scope Scope) (Window, error) {
	if err := p.Check(); err != nil {
		return Window{}, err
	}
	start, end := 0, -1
	after, err := scope.Place("after", p.After)
	if err != nil {
		return Window{}, err
	}
	before, err := scope.Place("before", p.Before)
	if err != nil {
		return Window{}, err
	}
	if after != nil {
		start = after.Offset + 1
	}
	if before != nil {
		end = before.Offset
	}
	size := DefaultPageSize
	switch {
	case p.First != nil:
		size = *p.First
	case p.Last != nil && end < 0:
		return Window{Offset: start, Limit: *p.Last, FromEnd: true}, nil
	case p.Last != nil:
		start, size = max(start, end-*p.Last), *p.Last
	}
	if end >= 0 {
		size = max(0, min(size, end-start))
	}
	return Window{Offset: start, Limit: size}, nil
}

// Fix returns the window in a list whose length is known now.
func (w Window) Fix(length int) Window {
	if w.FromEnd {
		start := max(w.Offset, length-w.Limit)
		w = Window{Offset: start, Limit: w.Limit}
	}
	w.Offset = min(w.Offset, length)
	w.Limit = min(w.Limit, length-w.Offset)
	return w
}

// Size returns how many items the page may have.
func (p Page) Size() int {
	switch {
	case p.First != nil:
		return *p.First
	case p.Last != nil:
		return *p.Last
	}
	return DefaultPageSize
}

type mostKey struct{}

// WithMaxPageSize returns a context in which the pages of root lists may be of this
// size: for what the gateway asks itself.
func WithMaxPageSize(ctx context.Context, most int) context.Context {
	return context.WithValue(ctx, mostKey{}, most)
}

// MaxPageSizeOf returns how large the pages of root lists may be.
func MaxPageSizeOf(ctx context.Context) int {
	if most, ok := ctx.Value(mostKey{}).(int); ok {
		return most
	}
	return MaxPageSize
}
