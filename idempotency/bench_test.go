package idempotency

import (
	"fmt"
	"sync/atomic"
	"testing"

	"odoograph/store/storetest"
)

// What a mutation costs more when it has an idempotency key, one at a time and
// many at once; and what a repetition costs.
func BenchmarkStore(b *testing.B) {
	for _, kind := range []struct {
		name string
		open func(testing.TB) string
	}{{"sqlite", storetest.SQLite}, {"postgres", storetest.Postgres}} {
		b.Run(kind.name, func(b *testing.B) {
			s := New(storetest.Open(b, kind.open(b)), Config{})
			defer s.Close()
			body := make([]byte, 1000)
			var last atomic.Int64
			once := func(b *testing.B) {
				attempt := expect(b, s, request(fmt.Sprint(last.Add(1)), "anything"), "new")
				must(b, attempt.Finish(b.Context(), body))
			}
			b.Run("one", func(b *testing.B) {
				for b.Loop() {
					once(b)
				}
			})
			b.Run("many", func(b *testing.B) {
				b.SetParallelism(16)
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						once(b)
					}
				})
			})
			b.Run("replay", func(b *testing.B) {
				for b.Loop() {
					if _, answer, err := s.Begin(b.Context(), request("1", "anything")); answer == nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}
