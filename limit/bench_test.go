package limit

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"
)

var (
	manyRate   = Rate{maxRequests, time.Minute}
	manyBudget = Budget{maxPoints, maxPoints}
)

// hot returns a limiter and the names of 10,000 buckets.
func hot(b *testing.B, url string) (*Limiter, []string) {
	b.Helper()
	l, err := New(Config{RedisURL: url})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { l.Close() })
	if url != "" && !l.Shared() {
		b.Fatal("Redis is away")
	}
	buckets := make([]string, 10_000)
	for i := range buckets {
		buckets[i] = fmt.Sprintf("key:%05d", i)
	}
	return l, buckets
}

func BenchmarkMemory(b *testing.B) {
	benchmarkCalls(b, "")
}

func BenchmarkRedis(b *testing.B) {
	url := os.Getenv("ODOOGRAPH_TEST_REDIS")
	if url == "" {
		b.Skip("ODOOGRAPH_TEST_REDIS holds no URL of a Redis")
	}
	benchmarkCalls(b, url)
}

func benchmarkCalls(b *testing.B, url string) {
	b.Helper()
	l, buckets := hot(b, url)
	ctx := context.Background()
	calls := map[string]func(bucket string){
		"Count":   func(bucket string) { l.Count(ctx, bucket, manyRate, 1) },
		"Refused": func(bucket string) { l.Count(ctx, bucket, Rate{0, time.Minute}, 1) },
		"Spend":   func(bucket string) { l.Spend(ctx, bucket, manyBudget, 10) },
	}
	for _, name := range []string{"Count", "Refused", "Spend"} {
		call := calls[name]
		b.Run(name+"/one bucket", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				call(buckets[0])
			}
		})
		b.Run(name+"/10000 buckets in parallel", func(b *testing.B) {
			b.ReportAllocs()
			b.SetParallelism(16)
			b.RunParallel(func(pb *testing.PB) {
				for i := 0; pb.Next(); i++ {
					call(buckets[i*7919%len(buckets)])
				}
			})
		})
	}
}
