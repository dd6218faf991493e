package odoo

import (
	"context"
	"testing"

	"odoograph/apierror"
)

func TestAPanicIsAnErrorAndHoldsNobodyUp(t *testing.T) {
	g := gatherer[int, int]{
		run:    func(context.Context, []int) ([]int, error) { panic("odd") },
		weight: func(int) int { return 1 },
	}
	for range 3 {
		if _, err := g.ask(t.Context(), "kind", 1); apierror.CodeOf(err) != apierror.Internal {
			t.Errorf("%v", err)
		}
	}
}

func TestAMergedCallIsBounded(t *testing.T) {
	entered, release := make(chan int, 10), make(chan bool)
	g := gatherer[int, int]{
		run: func(_ context.Context, questions []int) ([]int, error) {
			entered <- len(questions)
			<-release
			return questions, nil
		},
		weight: func(n int) int { return n },
	}
	answers := make(chan int, 10)
	ask := func(n int) {
		answer, err := g.ask(t.Context(), "kind", n)
		if err != nil {
			t.Error(err)
		}
		answers <- answer
	}
	go ask(1)
	<-entered
	for range 5 {
		go ask(maxWeight / 2)
	}
	go ask(3 * maxWeight) // more than a call may hold goes alone
	for {
		g.mu.Lock()
		waiting := len(g.lanes["kind"].waiting)
		g.mu.Unlock()
		if waiting == 6 {
			break
		}
	}
	close(release)
	for range 7 {
		<-answers
	}
	close(entered)
	for n := range entered {
		if n > 2 {
			t.Errorf("%d heavy questions in one call", n)
		}
	}
}
