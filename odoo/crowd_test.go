package odoo_test

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"odoograph/odoo"
	"odoograph/odoo/odootest"
)

// Two hundred different queries at once: Odoo never has more of them than it
// was said to take, and all of them are answered.
func TestACrowdIsServedInTheSlotsThereAre(t *testing.T) {
	standIn := odootest.New(odootest.Options{})
	var inside, most atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for n := inside.Add(1); ; {
			if m := most.Load(); n <= m || most.CompareAndSwap(m, n) {
				break
			}
		}
		defer inside.Add(-1)
		standIn.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	client, err := odoo.New(odoo.Config{URL: server.URL, Database: standIn.DB(), MaxConns: 2, QueueTimeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	session := open(t, client, admin)
	partner, err := session.Model(t.Context(), "res.partner", []string{"name"})
	if err != nil {
		t.Fatal(err)
	}
	standIn.Reset()
	standIn.SetLatency(time.Millisecond) // a call that is over at once is never beside another
	var all sync.WaitGroup
	for i := range 200 {
		all.Go(func() {
			query := odoo.Query{Model: partner, Offset: i % 5, Limit: 1 + i/5}
			rows, err := session.SearchRead(odoo.WithTenant(t.Context(), string(rune('a'+i%3))), query, []string{"name"})
			if err != nil || len(rows) == 0 {
				t.Errorf("query %d: %d rows, %v", i, len(rows), err)
			}
		})
	}
	all.Wait()
	if n := len(standIn.Calls()); n != 200 || most.Load() != 2 {
		t.Errorf("%d calls, %d of them at once", n, most.Load())
	}
}
