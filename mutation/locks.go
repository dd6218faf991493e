package mutation

import (
	"context"
	"slices"
	"sync"

	"odoograph/odoo"
)

// locks let one change of a record at a time pass. Odoo would let the others fail
// and try again, each time slower.
type locks struct {
	mu   sync.Mutex
	held map[string]*lock
}

// lock is a record's: whoever takes the token out of the channel has it.
type lock struct {
	token chan struct{}
	users int // that have it or wait for it
}

// lock waits for the locks of all names, and returns how to give them back. The
// error tells that the time was over before.
func (l *locks) lock(ctx context.Context, names []string) (unlock func(), err error) {
	names = slices.Compact(slices.Sorted(slices.Values(names))) // in one order, so that nobody waits for each other
	var taken []func()
	unlock = func() {
		for _, release := range taken {
			release()
		}
	}
	for _, name := range names {
		release, err := l.take(ctx, name)
		if err != nil {
			unlock()
			return nil, err
		}
		taken = append(taken, release)
	}
	return unlock, nil
}

func (l *locks) take(ctx context.Context, name string) (release func(), err error) {
	l.mu.Lock()
	if l.held == nil {
		l.held = map[string]*lock{}
	}
	k := l.held[name]
	if k == nil {
		k = &lock{token: make(chan struct{}, 1)}
		k.token <- struct{}{}
		l.held[name] = k
	}
	k.users++
	l.mu.Unlock()
	leave := func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if k.users--; k.users == 0 {
			delete(l.held, name)
		}
	}
	select {
	case <-k.token:
		return func() { k.token <- struct{}{}; leave() }, nil
	case <-ctx.Done():
		leave()
		return nil, odoo.ContextError(ctx)
	}
}
