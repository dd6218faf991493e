package endpoint_test

import (
	"io"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"odoograph/auth"
	"odoograph/endpoint"
)

// Who goes on asking when it is refused for its limits gives way in Odoo to those who
// keep to theirs. Who waits as it is told does not.
func TestWhoDoesNotWaitGivesWay(t *testing.T) {
	odoo := slowOdoo(t, 0, 0)
	d := newDoorsBefore(t, odoo, io.Discard, func(o *endpoint.Options) {
		o.Defaults = auth.Limits{Requests: 1_000_000, CostCapacity: 1_000_000, CostRestore: 1_000_000}
	})
	good, bad := d.key(auth.Key{Scopes: []string{"*"}}), d.key(auth.Key{Scopes: []string{"*"}, Limits: auth.Limits{CostCapacity: 150, CostRestore: 200}})
	const dear = `{ saleOrders(first: 100) { nodes { name } } }`
	d.ask(orders, "X-API-Key", good) // so that all is known of Odoo
	odoo.SetLatency(20 * time.Millisecond)
	var working sync.WaitGroup
	var done atomic.Bool
	working.Go(func() {
		for !done.Load() {
			d.ask(orders, "X-API-Key", good)
		}
	})
	defer func() { done.Store(true); working.Wait() }()
	const slow = 500 * time.Millisecond
	// ask asks until so many are refused or an answer was slow, and returns how long the
	// slowest took.
	ask := func(refusals int) (slowest time.Duration) {
		for refusals > 0 && slowest < slow {
			start := time.Now()
			switch answer := d.ask(dear, "X-API-Key", bad); answer.code() {
			case "":
				slowest = max(slowest, time.Since(start))
			case "RATE_LIMITED":
				refusals--
				if refusals == 0 {
					time.Sleep(time.Duration(answer.answer.Errors[0].Extensions.RetryAfterMs) * time.Millisecond)
				}
			default:
				t.Fatal(answer.text)
			}
		}
		return slowest
	}
	for range 5 {
		if took := ask(1); took > slow {
			t.Errorf("%v for one that waits as it is told", took)
		}
	}
	if took := ask(5000); took < slow {
		t.Errorf("%v for one that goes on asking", took)
	}
}
