package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"odoograph/internal/freeport"
	"odoograph/odoo/odootest"
)

// killer passes on what a gateway sends to Odoo, and kills the gateway when Odoo
// has committed so many changes and before the gateway knows.
type killer struct {
	*httptest.Server
	armed   atomic.Bool
	changes atomic.Int64 // to wait for
	kill    func()       // set before armed
}

func newKiller(t *testing.T, to string) *killer {
	t.Helper()
	address, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	forward := httputil.NewSingleHostReverseProxy(address)
	k := &killer{}
	k.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		answer := httptest.NewRecorder()
		forward.ServeHTTP(answer, r)
		if strings.Contains(r.URL.Path, "/web_save") && k.armed.Load() {
			if k.changes.Add(-1) == 0 {
				k.kill()
			}
			<-r.Context().Done() // the gateway is gone
			panic(http.ErrAbortHandler)
		}
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	}))
	t.Cleanup(k.Close)
	return k
}

// When the gateway is killed after Odoo committed and before it could remember so,
// a request that is repeated with its idempotency key is not done again: with a
// reference its record is found, and without one the client learns that nobody knows.
func TestKilledBetweenCommitAndRecord(t *testing.T) {
	standIn := odootest.Start(t, odootest.Options{})
	between := newKiller(t, standIn.URL())
	program := built(t)
	environment := []string{
		"ODOO_URL=" + between.URL, "ODOO_DB=" + standIn.DB(), "ODOO_API_KEY=" + odootest.AdminKey, "ODOO_LOGIN=", "ODOO_PASSWORD=",
		"ODOOGRAPH_DATABASE=" + filepath.Join(t.TempDir(), "odoograph.db"), "ODOOGRAPH_REDIS_URL=",
	}
	keys := exec.CommandContext(t.Context(), program, "keys", "create", "--name", "shop", "--scopes", "*", "--quiet")
	keys.Env = append(os.Environ(), environment...)
	out, err := keys.Output()
	if err != nil {
		t.Fatal(err)
	}
	client := shop{key: strings.TrimSpace(string(out))}
	address := freeport.Address(t)
	first := startAt(t, address, program, environment)
	customer := standIn.Find("res.partner", "is_company", true)
	requests := map[string]string{
		"order with a reference": fmt.Sprintf(`mutation { done: createSaleOrder(input: {partner: {databaseId: %d}, clientReference: "killed"}) { record: saleOrder { clientReference } userErrors { message } } }`, customer),
		"partner without one":    `mutation { done: createPartner(input: {name: "Killed"}) { record: partner { name } userErrors { message } } }`,
		"change of a partner":    fmt.Sprintf(`mutation { done: updatePartner(input: {partner: {databaseId: %d}, city: "Killed"}) { record: partner { city } userErrors { message } } }`, customer),
	}
	if answer := client.ask(first.url, `{ viewer { login } }`, "none"); answer.Errors != nil {
		t.Fatal(answer)
	}
	between.changes.Store(int64(len(requests)))
	between.kill = first.kill
	between.armed.Store(true)
	var group sync.WaitGroup
	for name, query := range requests {
		group.Go(func() {
			if answer := client.ask(first.url, query, name); answer.failed == nil {
				t.Errorf("%s: %+v from a gateway that was killed", name, answer)
			}
		})
	}
	group.Wait()
	between.armed.Store(false)
	second := startAt(t, address, program, environment)
	answers := map[string]shopAnswer{}
	for name, query := range requests {
		deadline := time.Now().Add(30 * time.Second)
		for {
			answers[name] = client.ask(second.url, query, name)
			code := answers[name].code()
			if code != "IDEMPOTENCY_IN_PROGRESS" || time.Now().After(deadline) {
				break
			}
			time.Sleep(200 * time.Millisecond) // the lease of the killed one runs
		}
	}
	for name, want := range map[string]string{"order with a reference": `{"clientReference":"killed"}`, "change of a partner": `{"city":"Killed"}`} {
		if got := string(answers[name].Data.Done.Record); got != want {
			t.Errorf("%s: %+v", name, answers[name])
		}
	}
	if lost := answers["partner without one"]; lost.code() != "OUTCOME_UNKNOWN" || !strings.Contains(lost.Errors[0].Message, "use a new key") {
		t.Errorf("partner without a reference: %+v", lost)
	}
	for model, condition := range map[string][2]string{"sale.order": {"client_order_ref", "killed"}, "res.partner": {"name", "Killed"}} {
		n := 0
		for _, id := range standIn.IDs(model) {
			if value, err := standIn.Get(model, id, condition[0]); err == nil && value == condition[1] {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%d of %s", n, model)
		}
	}
	if again := client.ask(second.url, requests["order with a reference"], "order with a reference"); again.replayed != "true" || string(again.Data.Done.Record) != `{"clientReference":"killed"}` {
		t.Errorf("once more: %+v", again)
	}
}

// shop is a client.
type shop struct{ key string }

type shopAnswer struct {
	Data struct {
		Done struct{ Record json.RawMessage }
	}
	Errors []struct {
		Message    string
		Extensions struct{ Code string }
	}
	replayed string
	failed   error
}

func (a shopAnswer) code() string {
	if len(a.Errors) == 0 {
		return ""
	}
	return a.Errors[0].Extensions.Code
}

func (s shop) ask(url, query, idempotencyKey string) (a shopAnswer) {
	body, _ := json.Marshal(map[string]string{"query": query})
	request, err := http.NewRequest(http.MethodPost, url+"/graphql", bytes.NewReader(body))
	if err != nil {
		return shopAnswer{failed: err}
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+s.key)
	request.Header.Set("Idempotency-Key", idempotencyKey)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return shopAnswer{failed: err}
	}
	defer response.Body.Close()
	a.failed = json.NewDecoder(response.Body).Decode(&a)
	a.replayed = response.Header.Get("Idempotency-Replayed")
	return a
}
