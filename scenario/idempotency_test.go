package scenario

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const createOrder = `mutation($input: CreateSaleOrderInput!) { createSaleOrder(input: $input) { saleOrder { name clientReference lines { totalCount } } userErrors { field message code } } }`

// A change that is asked for again with its key is made once, and answered again.
func oneKeyOneChange(w *world) {
	key := "key " + stamp()
	reference := "O " + stamp()
	input := map[string]any{"partner": w.customer(), "clientReference": reference, "lines": []any{map[string]any{"product": map[string]any{"reference": w.products()[0]}}}}
	first := w.ask(createOrder, map[string]any{"input": input}, "Idempotency-Key", key)
	again := w.ask(createOrder, map[string]any{"input": input}, "Idempotency-Key", `"`+key+`"`) // as the draft specification writes it
	if len(first.Errors) > 0 || fmt.Sprint(first.Data) != fmt.Sprint(again.Data) {
		w.t.Fatalf("first %+v, then %+v", first, again)
	}
	if first.Extensions["idempotency"] != nil || fmt.Sprint(dig(again.Extensions, "idempotency.replayed")) != "[createSaleOrder]" {
		w.t.Errorf("which is the replay? first %v, then %v", first.Extensions, again.Extensions)
	}
	input["origin"] = "other"
	reused := w.ask(createOrder, map[string]any{"input": input}, "Idempotency-Key", key)
	if len(reused.Errors) != 1 || reused.Errors[0].Extensions["code"] != "IDEMPOTENCY_KEY_REUSED" {
		w.t.Errorf("a key of another change: %+v", reused)
	}
	if n := len(w.read(w.t, "sale.order", []any{[]any{"client_order_ref", "=", reference}}, "id", 0, "id")); n != 1 {
		w.t.Errorf("%d orders", n)
	}
	w.keysInDocuments()
	// What was refused was not done: the key is free for what is meant.
	key = "key " + stamp()
	input["partner"] = map[string]any{"databaseId": 999999}
	if refused := w.ask(createOrder, map[string]any{"input": input}, "Idempotency-Key", key); dig(refused.Data, "createSaleOrder.userErrors.0.code") != "NOT_FOUND" {
		w.t.Errorf("refused: %+v", refused)
	}
	input["partner"] = w.customer()
	if mended := w.ask(createOrder, map[string]any{"input": input}, "Idempotency-Key", key); dig(mended.Data, "createSaleOrder.saleOrder.name") == nil {
		w.t.Errorf("mended: %+v", mended)
	}
	for _, bad := range []string{strings.Repeat("x", 256), "käy"} {
		if a := w.ask(createOrder, map[string]any{"input": input}, "Idempotency-Key", bad); len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != "BAD_USER_INPUT" {
			w.t.Errorf("the key %.20s: %+v", bad, a)
		}
	}
}

// keysInDocuments has keys of single mutations, and one for several.
func (w *world) keysInDocuments() {
	w.t.Helper()
	name := "Twin " + stamp()
	document := `mutation($name: String!, $k: String!) {
	  a: createPartner(input: {name: $name}) @idempotent(key: $k) { partner { databaseId } }
	  b: createPartner(input: {name: $name}) { partner { databaseId } }
	}`
	variables := map[string]any{"name": name, "k": "k " + stamp()}
	first, again := w.get(document, variables), w.get(document, variables)
	if dig(first, "a.partner.databaseId") != dig(again, "a.partner.databaseId") || dig(first, "b.partner.databaseId") == dig(again, "b.partner.databaseId") {
		w.t.Errorf("the first mutation alone has a key: %v, then %v", first, again)
	}
	header := "h " + stamp()
	both := `mutation($name: String!) { a: createPartner(input: {name: $name}) { partner { databaseId } } b: createPartner(input: {name: $name}) { partner { databaseId } } }`
	first, again = w.get(both, variables, "Idempotency-Key", header), w.get(both, variables, "Idempotency-Key", header)
	if fmt.Sprint(first) != fmt.Sprint(again) || dig(first, "a.partner.databaseId") == dig(first, "b.partner.databaseId") {
		w.t.Errorf("one key for two mutations: %v, then %v", first, again)
	}
}

// A change that has begun goes on to its end when its client leaves, and the client
// finds it done when it comes back.
func leavingIsNoWayBack(w *world) {
	const query = `mutation($r: String!) { createPartner(input: {name: "Left alone", reference: $r}) { partner { databaseId } } }`
	reference := "L " + stamp()
	w.get(`{ viewer { login } }`, nil) // signs in
	w.proxy.fail(func(rw http.ResponseWriter, r *http.Request) {
		time.Sleep(300 * time.Millisecond)
		w.proxy.forward.ServeHTTP(rw, r)
	})
	defer w.proxy.fail(nil)
	ctx, cancel := context.WithTimeout(w.t.Context(), 100*time.Millisecond)
	defer cancel()
	body, _ := json.Marshal(map[string]any{"query": query, "variables": map[string]any{"r": reference}})
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, w.gateway.URL+"/graphql", bytes.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+plainKey)
	request.Header.Set("Idempotency-Key", reference)
	if response, err := w.gateway.Client().Do(request); err == nil {
		_ = response.Body.Close()
		w.t.Fatal("the client did not leave")
	}
	var again answer
	for range 50 {
		again = w.ask(query, map[string]any{"r": reference}, "Idempotency-Key", reference)
		if len(again.Errors) == 0 {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	found := w.read(w.t, "res.partner", []any{[]any{"ref", "=", reference}}, "id", 0, "id")
	if len(found) != 1 || found[0]["id"] != dig(again.Data, "createPartner.partner.databaseId") || again.Extensions["idempotency"] == nil {
		w.t.Errorf("%d partners; answered %+v", len(found), again)
	}
}

// Where the network loses every tenth answer after Odoo did its work, those who
// repeat their requests with their keys and references make one order each.
func lostAnswers(w *world) {
	const clients = 200
	customer, product, batch := w.customer(), w.products()[0], stamp()
	var cut, changes atomic.Int64
	w.proxy.fail(func(rw http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		w.proxy.forward.ServeHTTP(answer, r)
		if rand.N(10) == 0 { //nolint:gosec // no secret
			cut.Add(1)
			panic(http.ErrAbortHandler)
		}
		for name, values := range answer.Header() {
			rw.Header()[name] = values
		}
		rw.WriteHeader(answer.Code)
		_, _ = rw.Write(answer.Body.Bytes())
	})
	defer w.proxy.fail(nil)
	var group sync.WaitGroup
	slots := make(chan struct{}, 16)
	for i := range clients {
		group.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			reference := fmt.Sprintf("%s/%d", batch, i)
			input := map[string]any{"partner": customer, "clientReference": reference, "lines": []any{map[string]any{"product": map[string]any{"reference": product}}}}
			var a answer
			for range 50 {
				changes.Add(1)
				a = w.ask(createOrder, map[string]any{"input": input}, "Idempotency-Key", "key of "+reference)
				if len(a.Errors) == 0 && dig(a.Data, "createSaleOrder.saleOrder.clientReference") == reference {
					return
				}
				time.Sleep(50 * time.Millisecond)
			}
			w.t.Errorf("%s: no answer in 50 tries, but %+v", reference, a.Errors)
		})
	}
	group.Wait()
	w.proxy.fail(nil)
	orders := w.read(w.t, "sale.order", []any{[]any{"client_order_ref", "like", batch + "/"}}, "id", 0, "client_order_ref")
	references := map[any]bool{}
	for _, order := range orders {
		references[order["client_order_ref"]] = true
	}
	if len(orders) != clients || len(references) != clients || cut.Load() < clients/20 {
		w.t.Errorf("%d orders with %d references; %d answers were lost", len(orders), len(references), cut.Load())
	}
	w.t.Logf("%d clients, %d requests, %d answers of Odoo lost, %d orders", clients, changes.Load(), cut.Load(), len(orders))
}
