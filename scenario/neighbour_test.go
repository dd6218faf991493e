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
	mu             sync.Mutex
	took           []time.Duration
	hostile, other int // answers to the bad one: 200, and all others
}

// TestHostileNeighbour measures what a client with a valid key that sends
// ten times of what it may does to another key's requests.
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
// without, and returns how long they took.
func (n *neighbours) phase(t *testing.T, length time.Duration, hostile bool) []time.Duration {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), length)
	defer stop()
	n.took = nil
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for j := i; ctx.Err() == nil; j += 4 {
				start := time.Now()
				status := n.ask(t, n.good, fmt.Sprintf(`{ saleOrder(databaseId: %d) { name amountTotal partner { name } lines { nodes { name quantity } } } }`, j%1000+1))
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
	if hostile {
		n.attack(ctx, t, &wg)
	}
	wg.Wait()
	return n.took
}

// attack sends a thousand dear requests a minute where a hundred are allowed.
func (n *neighbours) attack(ctx context.Context, t *testing.T, wg *sync.WaitGroup) {
	tick := time.NewTicker(60 * time.Millisecond)
	defer tick.Stop()
	for i := 0; ; i++ {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		wg.Go(func() {
			status := n.ask(t, n.bad, fmt.Sprintf(`{ saleOrders(first: 100, filter: {databaseId: {gt: %d}}) { totalCount nodes { name partner { name country { name } } lines { nodes { name product { name } } } } } }`, i))
			n.mu.Lock()
			defer n.mu.Unlock()
			if status == http.StatusOK {
				n.hostile++
			} else {
				n.other++
			}
		})
	}
}

func (n *neighbours) ask(t *testing.T, key, query string) int {
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		t.Error(err)
		return 0
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, n.url, bytes.NewReader(body))
	if err != nil {
		t.Error(err)
		return 0
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+key)
	response, err := n.client.Do(request)
	if err != nil {
		t.Error(err)
		return 0
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		t.Error(err)
	}
	return response.StatusCode
}

func percentile(all []time.Duration, p int) time.Duration {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	return sorted[(len(sorted)-1)*p/100]
}
