package scenario

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"odoograph/auth"
	"odoograph/odoo"
)

// neighbours are two keys of one gateway: one within its limits, one far beyond.
type neighbours struct {
	url            string
	client         *http.Client
	good, bad      string
	orders         []int // that there are
	mu             sync.Mutex
	took           []time.Duration
	hostile, other int // answers to the bad one: 200, and all others
}

// TestHostileNeighbour measures what a client with a valid key that sends
// ten times of what it may does to another key's requests. It wants an Odoo with
// several workers: one without works on one thing at a time.
func TestHostileNeighbour(t *testing.T) {
	if os.Getenv("ODOO_URL") == "" || testing.Short() {
		t.Skip("set ODOO_URL, ODOO_DB, ODOO_LOGIN, ODOO_PASSWORD and ODOO_API_KEY to measure with a genuine Odoo")
	}
	tg := target{url: os.Getenv("ODOO_URL"), db: os.Getenv("ODOO_DB"), admin: odoo.Credential{Login: os.Getenv("ODOO_LOGIN"), Password: os.Getenv("ODOO_PASSWORD")}}
	log := slog.New(slog.DiscardHandler)
	keys := newKeys(t, log)
	gateway := httptest.NewServer(tg.handler(t, tg.url, keys, options{maxConns: 2}, log))
	defer gateway.Close()
	create := func(name string, limits auth.Limits) string {
		token, _, err := keys.Create(t.Context(), auth.Key{Name: name, Scopes: []string{"*"}, Limits: limits}, odoo.Credential{})
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	n := &neighbours{
		url: gateway.URL + "/graphql", client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}},
		good: create("good", unlimited), bad: create("bad", auth.Limits{Requests: 100, CostCapacity: 50_000, CostRestore: 2_000}),
	}
	n.findOrders(t)
	n.phase(t, 3*time.Second, false) // warms up
	var quiet, loud []time.Duration
	for range 3 { // in turns, so that whatever else the machine does hits both
		quiet = append(quiet, n.phase(t, 12*time.Second, false)...)
		loud = append(loud, n.phase(t, 12*time.Second, true)...)
	}
	before, after := percentile(quiet, 99), percentile(loud, 99)
	ratio := float64(after) / float64(before)
	t.Logf("p50 %v and %v, p99 %v and %v: %.2f times; %d and %d requests; the hostile one got %d answers and %d refusals",
		percentile(quiet, 50), percentile(loud, 50), before, after, ratio, len(quiet), len(loud), n.hostile, n.other)
	if sent := n.hostile + n.other; sent < 500 { // in 36 s, where 60 are allowed
		t.Errorf("the hostile one sent %d requests: it is not far beyond its limits", sent)
	}
	if ratio > 1.25 {
		t.Errorf("the 99th percentile is %.2f times what it is without the hostile one", ratio)
	}
}

// phase sends the good one's requests for some time, with the bad one's or
// without, and returns how long they took. The bad one begins before: until it is
// refused for the first time, it is a client within its limits.
func (n *neighbours) phase(t *testing.T, length time.Duration, hostile bool) []time.Duration {
	t.Helper()
	attacking, end := context.WithCancel(t.Context())
	var attack, good sync.WaitGroup
	if hostile {
		beyond := make(chan struct{})
		attack.Go(func() { n.attack(attacking, t, beyond) })
		<-beyond
	}
	n.took = nil
	ctx, stop := context.WithTimeout(t.Context(), length)
	defer stop()
	for i := range 4 {
		good.Go(func() {
			for j := i; ctx.Err() == nil; j += 4 {
				start := time.Now()
				status := n.ask(t, n.good, fmt.Sprintf(`{ saleOrder(databaseId: %d) { name amountTotal partner { name } lines { nodes { name quantity } } } }`, n.orders[j%len(n.orders)]))
				if took := time.Since(start); ctx.Err() == nil {
					n.mu.Lock()
					n.took = append(n.took, took)
					n.mu.Unlock()
				}
				if status != http.StatusOK {
					t.Errorf("the good one got %d", status)
				}
			}
		})
	}
	good.Wait()
	end()
	attack.Wait()
	return n.took
}

// attack sends a thousand dear requests a minute where a hundred are allowed. It
// closes beyond when it is refused for the first time.
func (n *neighbours) attack(ctx context.Context, t *testing.T, beyond chan<- struct{}) {
	tick := time.NewTicker(60 * time.Millisecond)
	defer tick.Stop()
	var wg sync.WaitGroup
	var refused sync.Once
	for i := 0; ctx.Err() == nil; i++ {
		select {
		case <-ctx.Done():
		case <-tick.C:
			wg.Go(func() {
				status := n.ask(t, n.bad, fmt.Sprintf(`{ saleOrders(first: 100, filter: {databaseId: {gt: %d}}) { totalCount nodes { name partner { name country { name } } lines { nodes { name product { name } } } } } }`, i))
				n.mu.Lock()
				defer n.mu.Unlock()
				if status == http.StatusOK {
					n.hostile++
				} else {
					n.other++
					refused.Do(func() { close(beyond) })
				}
			})
		}
	}
	wg.Wait()
}

// findOrders looks which orders there are, a thousand of them at most.
func (n *neighbours) findOrders(t *testing.T) {
	t.Helper()
	for len(n.orders) < 1000 {
		after := 0
		if len(n.orders) > 0 {
			after = n.orders[len(n.orders)-1]
		}
		var found struct {
			Data struct {
				SaleOrders struct{ Nodes []struct{ DatabaseID int } }
			}
		}
		_, body := n.send(t, n.good, fmt.Sprintf(`{ saleOrders(first: 100, filter: {databaseId: {gt: %d}}) { nodes { databaseId } } }`, after))
		if err := json.Unmarshal(body, &found); err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		for _, order := range found.Data.SaleOrders.Nodes {
			n.orders = append(n.orders, order.DatabaseID)
		}
		if len(found.Data.SaleOrders.Nodes) < 100 {
			break
		}
	}
	if len(n.orders) < 100 {
		t.Fatalf("there are %d orders: too few to be a measure", len(n.orders))
	}
}

func (n *neighbours) ask(t *testing.T, key, query string) int {
	status, _ := n.send(t, key, query)
	return status
}

// send sends a query and returns status and body of the answer.
func (n *neighbours) send(t *testing.T, key, query string) (int, []byte) {
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		t.Error(err)
		return 0, nil
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, n.url, bytes.NewReader(body))
	if err != nil {
		t.Error(err)
		return 0, nil
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+key)
	response, err := n.client.Do(request)
	if err != nil {
		t.Error(err)
		return 0, nil
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Error(err)
	}
	return response.StatusCode, answer
}

func percentile(all []time.Duration, p int) time.Duration {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	return sorted[(len(sorted)-1)*p/100]
}
