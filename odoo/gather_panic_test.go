package odoo

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"

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

// What is refused for the sake of one question is asked again for each; where
// that cannot be the reason, asking more often would make it worse.
func TestAMergedCallIsSplitOnlyIfOneQuestionMayBeToBlame(t *testing.T) {
	for code, calls := range map[apierror.Code]int{
		"":                               2, // the first, and one for the three that came meanwhile
		apierror.Forbidden:               5,
		apierror.UpstreamError:           5,
		apierror.Overloaded:              2,
		apierror.RateLimited:             2,
		apierror.UpstreamTimeout:         2,
		apierror.UpstreamUnavailable:     2,
		apierror.UpstreamUnauthenticated: 2,
	} {
		t.Run(string(code), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				release := make(chan bool)
				made := make(chan bool, 10)
				g := gatherer[int, int]{
					run: func(ctx context.Context, questions []int) ([]int, error) {
						<-release
						made <- true
						count(ctx, 0)
						if Tenant(ctx) != "shop" {
							t.Errorf("a call for %v in the name of %q", questions, Tenant(ctx))
						}
						if code != "" {
							return nil, apierror.New(code, "no")
						}
						return questions, nil
					},
					weight: func(int) int { return 1 },
				}
				var all sync.WaitGroup
				for i := range 4 {
					all.Go(func() {
						ctx, stats := WithStats(WithTenant(t.Context(), "shop"))
						_, err := g.ask(ctx, "kind", i)
						if apierror.CodeOf(err) != code {
							t.Errorf("%d: %v", i, err)
						}
						want := 1
						if i > 0 && calls > 2 {
							want = 2 // the merged one and its own
						}
						if stats.Calls() != want {
							t.Errorf("%d calls are counted for question %d, want %d", stats.Calls(), i, want)
						}
					})
					synctest.Wait()
				}
				close(release)
				all.Wait()
				if len(made) != calls {
					t.Errorf("%d calls, want %d", len(made), calls)
				}
			})
		})
	}
}
