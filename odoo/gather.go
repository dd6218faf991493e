package odoo

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"odoograph/apierror"
)

// gatherer merges calls that are asked for while another one of their kind is
// under way: when that returns, all that waited go as one. An idle server is not
// delayed, no answer is older than its request, and the busier it gets the more
// requests share a call.
//
// Clients that ask again and again would fall into two halves, one waiting while
// the other is served. So a call that served several lets them come back for a
// moment before the next one goes, as PostgreSQL does with commit_delay and
// commit_siblings.
type gatherer[Q, A any] struct {
	// run makes one call for several questions and answers each of them.
	run func(context.Context, []Q) ([]A, error)
	// weight is how much of a call a question takes, out of maxWeight.
	weight func(Q) int

	mu    sync.Mutex
	lanes map[string]*lane[Q, A] // those with a call under way
}

// maxWeight bounds what one merged call asks for.
const maxWeight = 1000

const (
	// siblings is how many a call must have served for the next one to be delayed.
	siblings = 4
	// delayShare and maxDelay bound the delay, as a share of the time that the call
	// took and as such.
	delayShare = 2
	maxDelay   = 10 * time.Millisecond
)

// lane is what waits for the call under way.
type lane[Q, A any] struct {
	waiting []*asker[Q, A]
	// expected is how many a delayed call waits for, and full is closed when they
	// are there; 0 and nil while none is delayed.
	expected int
	full     chan struct{}
}

// asker is one who waits for an answer.
type asker[Q, A any] struct {
	ctx      context.Context //nolint:containedctx // of the request that waits
	question Q
	answer   A
	err      error
	done     chan struct{}
}

// ask returns the answer to a question. Questions of one kind can share a call.
func (g *gatherer[Q, A]) ask(ctx context.Context, kind string, question Q) (A, error) {
	g.mu.Lock()
	if g.lanes == nil {
		g.lanes = map[string]*lane[Q, A]{}
	}
	l := g.lanes[kind]
	if l == nil {
		l = &lane[Q, A]{}
		g.lanes[kind] = l
		g.mu.Unlock()
		answers, err := g.safely(ctx, []Q{question})
		g.next(kind, l)
		if err != nil {
			return *new(A), err
		}
		return answers[0], nil
	}
	a := &asker[Q, A]{ctx: ctx, question: question, done: make(chan struct{})}
	l.waiting = append(l.waiting, a)
	if l.full != nil && len(l.waiting) >= l.expected {
		close(l.full)
		l.full = nil
	}
	g.mu.Unlock()
	select {
	case <-a.done:
		return a.answer, a.err
	case <-ctx.Done():
		return *new(A), ContextError(ctx) // a.answer may be written just now
	}
}

// safely runs a call. A panic must not end the process, which a goroutine of our
// own would, nor keep others waiting for ever.
func (g *gatherer[Q, A]) safely(ctx context.Context, questions []Q) (answers []A, err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			err = apierror.Public(fmt.Errorf("panic: %v\n%s", panicked, debug.Stack()))
		}
	}()
	return g.run(ctx, questions)
}

// next starts a call for those who wait, or closes the lane.
func (g *gatherer[Q, A]) next(kind string, l *lane[Q, A]) {
	g.mu.Lock()
	defer g.mu.Unlock()
	// Who has left meanwhile is not asked for.
	l.waiting = slices.DeleteFunc(l.waiting, func(a *asker[Q, A]) bool { return a.ctx.Err() != nil })
	if len(l.waiting) == 0 {
		delete(g.lanes, kind)
		return
	}
	n := g.fits(l)
	batch := slices.Clone(l.waiting[:n])
	l.waiting = slices.Delete(l.waiting, 0, n)
	go func() {
		start := time.Now()
		g.serve(batch)
		if len(batch) >= siblings {
			g.delay(l, len(batch), min(time.Since(start)/delayShare, maxDelay))
		}
		g.next(kind, l)
	}()
}

// fits is how many of those who wait one call can serve.
func (g *gatherer[Q, A]) fits(l *lane[Q, A]) (n int) {
	weight := 0
	for n < len(l.waiting) && (n == 0 || weight+g.weight(l.waiting[n].question) <= maxWeight) {
		weight += g.weight(l.waiting[n].question)
		n++
	}
	return n
}

// delay waits until those who were just served ask again.
func (g *gatherer[Q, A]) delay(l *lane[Q, A], served int, longest time.Duration) {
	full := make(chan struct{})
	g.mu.Lock()
	if g.fits(l) < len(l.waiting) {
		g.mu.Unlock()
		return // more wait than one call can serve
	}
	l.expected, l.full = len(l.waiting)+served, full
	g.mu.Unlock()
	timer := time.NewTimer(longest)
	defer timer.Stop()
	select {
	case <-full:
	case <-timer.C:
		g.mu.Lock()
		l.full = nil
		g.mu.Unlock()
	}
}

// serve answers a batch. What Odoo refuses to all together it is asked one by
// one, if the refusal can be due to one of the questions.
func (g *gatherer[Q, A]) serve(batch []*asker[Q, A]) {
	ctx, cancel := together(batch)
	ctx, stats := WithStats(ctx) // of all, not only of the asker whose context it builds on
	questions := make([]Q, len(batch))
	for i, a := range batch {
		questions[i] = a.question
	}
	answers, err := g.safely(ctx, questions)
	cancel()
	for _, a := range batch {
		stats.addTo(a.ctx)
	}
	if err != nil && len(batch) > 1 && dueToQuestion(err) {
		var all sync.WaitGroup
		for _, a := range batch {
			all.Go(func() { g.serveAlone(a) })
		}
		all.Wait()
		return
	}
	for i, a := range batch {
		if a.err = err; err == nil {
			a.answer = answers[i]
		}
		close(a.done)
	}
}

// dueToQuestion tells whether another question may fare better. Where Odoo is
// down, busy or does not take the credential, asking more often makes it worse.
func dueToQuestion(err error) bool {
	switch apierror.CodeOf(err) {
	case apierror.UpstreamUnavailable, apierror.UpstreamTimeout, apierror.UpstreamUnauthenticated,
		apierror.RateLimited, apierror.Overloaded, apierror.ClientClosed:
		return false
	}
	return true
}

func (g *gatherer[Q, A]) serveAlone(a *asker[Q, A]) {
	defer close(a.done)
	answers, err := g.safely(a.ctx, []Q{a.question})
	if a.err = err; err == nil {
		a.answer = answers[0]
	}
}

// together returns a context that ends when the last of the askers has left. The
// call is made in the name of the first of them.
func together[Q, A any](batch []*asker[Q, A]) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(batch[0].ctx))
	var mu sync.Mutex
	left := len(batch)
	stops := make([]func() bool, len(batch))
	for i, a := range batch {
		stops[i] = context.AfterFunc(a.ctx, func() {
			mu.Lock()
			defer mu.Unlock()
			if left--; left == 0 {
				cancel()
			}
		})
	}
	return ctx, func() {
		for _, stop := range stops {
			stop()
		}
		cancel()
	}
}
