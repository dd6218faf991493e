package scenario

import (
	"bytes"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"odoograph/odoo/odootest"
)

// instant answers what Odoo once answered to the same words, at once.
func instant(b *testing.B, odoo string) *httptest.Server {
	b.Helper()
	var known sync.Map
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		key := r.Method + r.URL.Path + string(body)
		answer, ok := known.Load(key)
		if !ok {
			answer = ask(r, odoo, body)
			known.Store(key, answer)
		}
		response, _ := answer.(*httptest.ResponseRecorder)
		header := w.Header()
		maps.Copy(header, response.Header())
		header.Set("Content-Length", strconv.Itoa(response.Body.Len()))
		_, _ = w.Write(response.Body.Bytes())
	}))
	b.Cleanup(server.Close)
	return server
}

func ask(r *http.Request, odoo string, body []byte) *httptest.ResponseRecorder {
	request, _ := http.NewRequestWithContext(r.Context(), r.Method, odoo+r.URL.Path, bytes.NewReader(body))
	request.Header = r.Header
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer response.Body.Close()
	recorder := httptest.NewRecorder()
	maps.Copy(recorder.Header(), response.Header)
	_, _ = io.Copy(recorder, response.Body)
	return recorder
}

// What the gateway itself costs: Odoo's answers are there at once.
func BenchmarkQueries(b *testing.B) {
	server := odootest.Start(b, odootest.Options{Partners: 1000, Orders: 200})
	tg := standIn(server, "")
	tg.url = instant(b, server.URL()).URL
	log := slog.New(slog.DiscardHandler)
	w := tg.handler(b, tg.url, newKeys(b, log), options{}, log)
	for _, bench := range []struct{ name, query string }{
		{"50 orders", `{"query": "{ saleOrders(first: 50) { nodes { name state amountTotal currency { name } partner { name email country { code name } } lines { nodes { name quantity priceUnit product { name } } } } pageInfo { hasNextPage endCursor } totalCount } }"}`},
		{"one partner", `{"query": "{ partner(databaseId: 7) { name email phone country { code } } }"}`},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			start := processorTime()
			defer func() {
				b.ReportMetric(float64((processorTime()-start).Microseconds())/float64(b.N), "cpu-µs/op")
			}()
			for b.Loop() {
				request := httptest.NewRequest(http.MethodPost, "http://localhost/graphql", bytes.NewReader([]byte(bench.query)))
				request.Header.Set("Content-Type", "application/json")
				request.Header.Set("Authorization", "Bearer "+plainKey)
				recorder := httptest.NewRecorder()
				w.ServeHTTP(recorder, request)
				if recorder.Code != http.StatusOK || bytes.Contains(recorder.Body.Bytes(), []byte(`"errors"`)) {
					b.Fatal(recorder.Body.String())
				}
			}
		})
	}
}

// processorTime is what this process has used of all processors. Unlike the
// time on the clock it does not depend on what else the machine does.
func processorTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
