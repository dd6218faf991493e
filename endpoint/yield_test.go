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

// Who is refused for its limits gives way in Odoo to those who keep to theirs.
func TestWhoIsRefusedGivesWay(t *testing.T) {
	odoo := slowOdoo(t, 0, 0)
	d := newDoorsBefore(t, odoo, io.Discard, func(o *endpoint.Options) {
		o.Defaults = auth.Limits{Requests: 1_000_000, CostCapacity: 1_000_000, CostRestore: 1_000_000}
	})
	good, bad := d.key(auth.Key{Scopes: []string{"*"}}), d.key(auth.Key{Scopes: []string{"*"}, Limits: auth.Limits{CostCapacity: 150, CostRestore: 1000}})
	const dear = `{ saleOrders(first: 100) { nodes { name } } }`
	d.ask(orders, "X-API-Key", good) // so that all is known of Odoo
	odoo.SetLatency(20 * time.Millisecond)
	took := func() time.Duration {
		start := time.Now()
		if got := d.ask(dear, "X-API-Key", bad); got.code() != "" {
			t.Fatal(got.text)
		}
		return time.Since(start)
	}
	var working sync.WaitGroup
	var done atomic.Bool
	working.Go(func() {
		for !done.Load() {
			d.ask(orders, "X-API-Key", good)
		}
	})
	within := took()
	var refused atomic.Int64
	var burst sync.WaitGroup
	for range 4 { // for one of which there are points
		burst.Go(func() {
			if d.ask(dear, "X-API-Key", bad).code() == "RATE_LIMITED" {
				refused.Add(1)
			}
		})
	}
	burst.Wait()
	if refused.Load() == 0 {
		t.Fatal("none was refused")
	}
	time.Sleep(150 * time.Millisecond) // there are enough points again
	beyond := took()
	done.Store(true)
	working.Wait()
	if beyond < 500*time.Millisecond || within > beyond/2 {
		t.Errorf("%v within its limits, %v after it was refused", within, beyond)
	}
}
