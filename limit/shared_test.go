package limit

import (
	"bytes"
	"context"
	"log/slog"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
)

// journal is a log that can be read while it is written.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// expect compares how often the log told of a Redis that is away and of one that is back.
func (j *journal) expect(t *testing.T, away, back int) {
	t.Helper()
	text := j.String()
	if strings.Count(text, "Redis is away") != away || strings.Count(text, "Redis is back") != back {
		t.Errorf("want %d times away and %d times back in the log:\n%s", away, back, text)
	}
}

// sharedLimiter has patience with Redis where a test is not about time.
func sharedLimiter(t *testing.T, url string) (*Limiter, *journal) {
	t.Helper()
	return limiterWithPatience(t, url, 10*time.Second)
}

func limiterWithPatience(t *testing.T, url string, patience time.Duration) (*Limiter, *journal) {
	t.Helper()
	j := &journal{}
	s, err := newShared(url, slog.New(slog.NewTextHandler(j, nil)), patience)
	if err != nil {
		t.Fatal(err)
	}
	l := &Limiter{memory: newMemory(), shared: s}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l, j
}

// await waits for what happens in the background, over real connections.
func await(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within 10 s: %s", what)
		}
	}
}

// onRedis runs a test on a stand-in for Redis, and on the Redis that
// ODOOGRAPH_TEST_REDIS names, which it empties.
func onRedis(t *testing.T, f func(t *testing.T, url string)) {
	t.Helper()
	t.Run("stand-in", func(t *testing.T) {
		f(t, "redis://"+miniredis.RunT(t).Addr())
	})
	t.Run("Redis", func(t *testing.T) {
		url := os.Getenv("ODOOGRAPH_TEST_REDIS")
		if url == "" {
			t.Skip("ODOOGRAPH_TEST_REDIS holds no URL of a Redis")
		}
		flush(t, url)
		f(t, url)
	})
}

// flush empties Redis, of its scripts as well.
func flush(t *testing.T, url string) {
	t.Helper()
	c := directly(t, url)
	if err := c.FlushAll(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	if err := c.ScriptFlush(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
}

func directly(t *testing.T, url string) *redis.Client {
	t.Helper()
	options, err := redis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	c := redis.NewClient(options)
	t.Cleanup(func() { c.Close() })
	return c
}

func TestReplicasShareOneLimit(t *testing.T) {
	onRedis(t, func(t *testing.T, url string) {
		one, _ := sharedLimiter(t, url)
		two, _ := sharedLimiter(t, url)
		rate := Rate{200, time.Hour}
		var group sync.WaitGroup
		var got atomic.Int64
		for _, l := range []*Limiter{one, two} {
			for range 10 {
				group.Go(func() { got.Add(int64(allowed(t, l, "key:a", rate, 30))) })
			}
		}
		group.Wait()
		if got.Load() != 200 {
			t.Errorf("allowed %d", got.Load())
		}
		if d := one.Peek(t.Context(), "key:a", rate); d.Allowed || d.RetryAfter <= 0 || d.RetryAfter > 2*time.Hour {
			t.Errorf("after: %+v", d)
		}
		if got := allowed(t, two, "key:b", rate, 5); got != 5 || !one.Shared() || !two.Shared() {
			t.Errorf("another key: allowed %d", got)
		}
	})
}

func TestReplicasShareOneBudget(t *testing.T) {
	onRedis(t, func(t *testing.T, url string) {
		one, _ := sharedLimiter(t, url)
		two, _ := sharedLimiter(t, url)
		budget := Budget{Capacity: 1000, Restore: 1}
		start := time.Now()
		var group sync.WaitGroup
		var spent atomic.Int64
		for _, l := range []*Limiter{one, two} {
			for range 10 {
				group.Go(func() {
					for range 30 {
						if _, _, ok := l.Spend(t.Context(), "key:a", budget, 3); ok {
							spent.Add(3)
						}
						if _, _, ok := l.Spend(t.Context(), "key:a", budget, 2); ok {
							l.Refund(t.Context(), "key:a", budget, 2)
						}
					}
				})
			}
		}
		group.Wait()
		most := 1000 + int64(time.Since(start)/time.Second) + 1
		if spent.Load() < 990 || spent.Load() > most {
			t.Errorf("spent %d of %d", spent.Load(), most)
		}
		_, wait, ok := two.Spend(t.Context(), "key:a", budget, 500)
		if ok || wait < 450*time.Second || wait > 500*time.Second {
			t.Errorf("500 more: %v, wait %v", ok, wait)
		}
		if got := one.Refund(t.Context(), "key:a", budget, 5000); got.CurrentlyAvailable != 1000 {
			t.Errorf("all given back: %+v", got)
		}
	})
}

// The scripts decide as the code does in memory, at every time.
func TestRedisDecidesAsMemoryDoes(t *testing.T) {
	server := miniredis.RunT(t)
	l, _ := sharedLimiter(t, "redis://"+server.Addr())
	random := rand.New(rand.NewPCG(7, 8))
	now := time.UnixMicro(1_800_000_000_000_000)
	rate, budget := Rate{20, 7 * time.Second}, Budget{Capacity: 100, Restore: 7}
	model, last := tally{window: rate.Window.Milliseconds()}, int64(0)
	var owes debt
	for i := range 1000 {
		now = now.Add(time.Duration(random.IntN(2_000_000)) * time.Microsecond)
		server.SetTime(now)

		switch index := now.UnixMilli() / model.window; index {
		case last:
		case last + 1:
			model.current, model.previous = 0, model.current
		default:
			model.current, model.previous = 0, 0
		}
		last, model.elapsed = now.UnixMilli()/model.window, now.UnixMilli()%model.window
		n := random.IntN(8)
		fits := model.allows(n, rate.Requests)
		if fits {
			model.current += int64(n)
		}
		if got, want := l.Count(t.Context(), "key:a", rate, n), decide(rate, n, model, fits); got != want {
			t.Fatalf("call %d: %+v, want %+v", i, got, want)
		}

		budget.Restore = 1 + i/100
		points := int64(random.IntN(50)-15) * micro
		owed := owes.left(now.UnixMicro())
		ok := budget.allows(owed, points)
		if ok {
			owed = max(owed+points, 0)
		}
		owes = debt{owed: owed, at: now.UnixMicro(), restore: int64(budget.Restore)}
		if gotOwed, gotOK := l.charge(t.Context(), "key:a", budget, points); gotOwed != owed || gotOK != ok {
			t.Fatalf("charge %d: %d, %v; want %d, %v", i, gotOwed, gotOK, owed, ok)
		}
	}
	if !l.Shared() {
		t.Error("not shared")
	}
}

// Nothing stays in Redis for ever.
func TestKeysExpire(t *testing.T) {
	onRedis(t, func(t *testing.T, url string) {
		l, _ := sharedLimiter(t, url)
		budget := Budget{Capacity: 1000, Restore: 10}
		for range 3 {
			l.Count(t.Context(), "key:a", Rate{2, time.Minute}, 1)
			l.Spend(t.Context(), "key:a", budget, 400)
			l.Spend(t.Context(), "key:b", budget, 10)
			l.Refund(t.Context(), "key:b", budget, 10)
			l.Peek(t.Context(), "key:c", Rate{2, time.Minute})
		}
		c := directly(t, url)
		longest := map[string]time.Duration{
			"odoograph:rate:60000:key:a": 2 * time.Minute,
			"odoograph:rate:1000:probe":  2 * time.Second,
			"odoograph:budget:key:a":     81 * time.Second,
		}
		for _, key := range c.Keys(t.Context(), "*").Val() {
			ttl := c.PTTL(t.Context(), key).Val()
			if most := longest[key]; ttl <= 0 || ttl > most {
				t.Errorf("%s expires in %v, of at most %v", key, ttl, most)
			}
		}
	})
}

func TestFlushedRedisBeginsAnew(t *testing.T) {
	onRedis(t, func(t *testing.T, url string) {
		l, j := sharedLimiter(t, url)
		for range 3 {
			if got := allowed(t, l, "key:a", Rate{3, time.Hour}, 5); got != 3 {
				t.Errorf("allowed %d", got)
			}
			if _, _, ok := l.Spend(t.Context(), "key:a", Budget{10, 1}, 10); !ok {
				t.Error("the budget is not full")
			}
			flush(t, url)
		}
		j.expect(t, 0, 0)
	})
}

// roundTrips counts what a client sends.
type roundTrips struct{ atomic.Int64 }

func (r *roundTrips) DialHook(next redis.DialHook) redis.DialHook { return next }

func (r *roundTrips) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		r.Add(1)
		return next(ctx, cmd)
	}
}

func (r *roundTrips) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		r.Add(1)
		return next(ctx, cmds)
	}
}

func TestEachCallIsOneRoundTrip(t *testing.T) {
	l, _ := sharedLimiter(t, "redis://"+miniredis.RunT(t).Addr())
	rate, budget := Rate{10, time.Hour}, Budget{100, 1}
	l.Spend(t.Context(), "key:a", budget, 1) // Redis learns the script
	var trips roundTrips
	l.shared.client.Load().AddHook(&trips)
	for name, call := range map[string]func(){
		"Count":  func() { l.Count(t.Context(), "key:a", rate, 6) }, // refused at the second time
		"Peek":   func() { l.Peek(t.Context(), "key:a", rate) },
		"Spend":  func() { l.Spend(t.Context(), "key:a", budget, 60) },
		"Refund": func() { l.Refund(t.Context(), "key:a", budget, 10) },
	} {
		trips.Store(0)
		call()
		call()
		if got := trips.Load(); got != 2 {
			t.Errorf("%s: %d round trips in two calls", name, got)
		}
	}
}

func TestMalformedURLs(t *testing.T) {
	for _, url := range []string{
		"localhost:6379", "http://:s3cret@localhost", "redis://:s3cret@localhost:port", "redis://:s3cret/x@localhost:6379",
		"redis://:s3cret@localhost/zero", "redis://:s3cret%zz@localhost", "redis://:s3cret@localhost?what=ever", ":s3cret", " ",
	} {
		_, err := New(Config{RedisURL: url})
		if err == nil || strings.Contains(err.Error(), "s3cret") || !strings.Contains(err.Error(), "redis://") {
			t.Errorf("%q: %v", url, err)
		}
	}
}
