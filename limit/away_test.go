package limit

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"odoograph/internal/freeport"
)

// inTime is what a call may take: the patience with Redis, and what a loaded
// machine that looks for data races adds.
const inTime = patience + 700*time.Millisecond

// mortal runs a Redis that may die and come back: its address stays its own.
func mortal(t *testing.T) *miniredis.Miniredis {
	t.Helper()
	server := miniredis.NewMiniRedis()
	if err := server.StartAddr(freeport.Address(t)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return server
}

// Redis dies and comes back under load: every call gets its decision in time, the
// log tells of each once, and afterwards the replicas share again.
func TestRedisDiesUnderLoad(t *testing.T) {
	server := mortal(t)
	one, oneLog := sharedLimiter(t, "redis://"+server.Addr())
	two, twoLog := sharedLimiter(t, "redis://"+server.Addr())

	var calls, slowest atomic.Int64
	load, stop := context.WithCancel(t.Context())
	var group sync.WaitGroup
	for i := range 32 {
		l, bucket := one, fmt.Sprintf("key:%d", i%8)
		if i%2 == 1 {
			l = two
		}
		group.Go(func() {
			for load.Err() == nil {
				start := time.Now()
				d := l.Count(load, bucket, Rate{1000, time.Minute}, 1)
				if d.Limit != 1000 || !d.Allowed && d.RetryAfter <= 0 {
					t.Errorf("no decision: %+v", d)
				}
				took := int64(time.Since(start))
				for old := slowest.Load(); took > old && !slowest.CompareAndSwap(old, took); old = slowest.Load() {
				}
				calls.Add(1)
				time.Sleep(time.Millisecond)
			}
		})
	}
	for range 2 {
		await(t, "shared", func() bool { return one.Shared() && two.Shared() })
		time.Sleep(100 * time.Millisecond)
		server.Close()
		await(t, "away", func() bool { return !one.Shared() && !two.Shared() })
		time.Sleep(100 * time.Millisecond)
		if err := server.Restart(); err != nil {
			t.Fatal(err)
		}
		await(t, "shared again", func() bool { return one.Shared() && two.Shared() })
	}
	stop()
	group.Wait()

	t.Logf("%d calls, the slowest took %v", calls.Load(), time.Duration(slowest.Load()))
	if time.Duration(slowest.Load()) > inTime {
		t.Errorf("a call took %v", time.Duration(slowest.Load()))
	}
	oneLog.expect(t, 2, 2)
	twoLog.expect(t, 2, 2)
	rate := Rate{10, time.Hour}
	if got := allowed(t, one, "key:new", rate, 6) + allowed(t, two, "key:new", rate, 6); got != 10 {
		t.Errorf("after the return %d are allowed between them", got)
	}
}

// While Redis is away each replica enforces the limits by itself.
func TestWithoutRedisEachReplicaLimits(t *testing.T) {
	server := mortal(t)
	url := "redis://" + server.Addr()
	server.Close()
	one, j := sharedLimiter(t, url)
	two, _ := sharedLimiter(t, url)
	for _, l := range []*Limiter{one, two} {
		if got := allowed(t, l, "key:a", Rate{5, time.Hour}, 20); got != 5 || l.Shared() {
			t.Errorf("allowed %d, shared %v", got, l.Shared())
		}
		if _, _, ok := l.Spend(t.Context(), "key:a", Budget{10, 1}, 9); !ok {
			t.Error("nothing to spend")
		}
		if _, wait, ok := l.Spend(t.Context(), "key:a", Budget{10, 1}, 9); ok || wait == 0 {
			t.Errorf("spent twice, or wait %v", wait)
		}
	}
	if err := server.Restart(); err != nil {
		t.Fatal(err)
	}
	await(t, "shared", one.Shared)
	j.expect(t, 1, 1)
}

// A Redis that takes connections and never answers costs those requests that ask
// it first their patience, and all that come later nothing.
func TestRedisThatNeverAnswers(t *testing.T) {
	server := miniredis.RunT(t)
	stuck := stall(t, server.Addr())
	l, j := limiterWithPatience(t, "redis://"+stuck.addr, patience)
	if !l.Shared() {
		t.Fatal("not shared at first")
	}
	stuck.stuck.Store(true)
	start := time.Now()
	var group sync.WaitGroup
	for range 300 { // more than there are connections
		group.Go(func() { l.Count(t.Context(), "key:a", Rate{5, time.Hour}, 1) })
	}
	group.Wait()
	if took := time.Since(start); took < patience/2 || took > inTime {
		t.Errorf("the first calls took %v", took)
	}
	start = time.Now()
	allowed(t, l, "key:a", Rate{5, time.Hour}, 1000)
	if took := time.Since(start); took > patience/2 {
		t.Errorf("a thousand later calls took %v", took)
	}
	stuck.stuck.Store(false)
	await(t, "shared again", l.Shared)
	j.expect(t, 1, 1)
}

// stalled passes connections on to a server, and answers to none while stuck.
type stalled struct {
	addr  string
	stuck atomic.Bool
}

func stall(t *testing.T, server string) *stalled {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	s := &stalled{addr: listener.Addr().String()}
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go s.pass(client, server)
		}
	}()
	return s
}

func (s *stalled) pass(client net.Conn, server string) {
	defer client.Close()
	upstream, err := net.Dial("tcp", server)
	if err != nil {
		return
	}
	defer upstream.Close()
	copyTo := func(to, from net.Conn) {
		buffer := make([]byte, 4096)
		for {
			n, err := from.Read(buffer)
			if err != nil {
				return
			}
			if !s.stuck.Load() {
				_, _ = to.Write(buffer[:n])
			}
		}
	}
	go copyTo(upstream, client)
	copyTo(client, upstream)
}

// A Redis that answers but does not count is as good as none: it does not come
// back before it counts, however well it answers PING.
func TestRedisThatRefuses(t *testing.T) {
	for name, message := range map[string]string{
		"full":      "OOM command not allowed when used memory > 'maxmemory'.",
		"read-only": "READONLY You can't write against a read only replica.",
		"loading":   "LOADING Redis is loading the dataset in memory",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := miniredis.RunT(t)
			l, j := sharedLimiter(t, "redis://"+server.Addr())
			server.SetError(message)
			if got := allowed(t, l, "key:a", Rate{5, time.Hour}, 20); got != 5 || l.Shared() {
				t.Errorf("allowed %d, shared %v", got, l.Shared())
			}
			time.Sleep(askEvery + askEvery/4) // it is asked once and refuses
			j.expect(t, 1, 0)
			server.SetError("")
			await(t, "shared again", l.Shared)
			j.expect(t, 1, 1)
			if code, _, _ := strings.Cut(message, " "); !strings.Contains(j.String(), code) {
				t.Errorf("the log does not say why:\n%s", j)
			}
		})
	}
}

// A wrong password is the operator's to find in the log, without the password.
func TestWrongPassword(t *testing.T) {
	for _, credentials := range []string{":s3cret-wrong", "somebody:s3cret-wrong", ""} {
		server := miniredis.RunT(t)
		server.RequireAuth("s3cret-right")
		l, j := sharedLimiter(t, "redis://"+credentials+"@"+server.Addr())
		if got := allowed(t, l, "key:a", Rate{5, time.Hour}, 20); got != 5 || l.Shared() {
			t.Errorf("%q: allowed %d, shared %v", credentials, got, l.Shared())
		}
		await(t, "a line in the log", func() bool { return j.String() != "" })
		j.expect(t, 1, 0)
		if text := j.String(); strings.Contains(text, "s3cret") ||
			!strings.Contains(text, "WRONGPASS") && !strings.Contains(text, "NOAUTH") {
			t.Errorf("%q: the log says\n%s", credentials, text)
		}
	}
	server := miniredis.RunT(t)
	server.RequireAuth("p@ss/word")
	if l, j := sharedLimiter(t, "redis://:p%40ss%2Fword@"+server.Addr()+"/3"); !l.Shared() {
		t.Errorf("the right password is refused:\n%s", j)
	}
}

// Over TLS as well: a certificate that nobody vouches for is a Redis that is away.
func TestTLS(t *testing.T) {
	certified := httptest.NewTLSServer(nil)
	defer certified.Close()
	server, err := miniredis.RunTLS(&tls.Config{Certificates: certified.TLS.Certificates})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	url := "rediss://" + server.Addr()
	trusting, _ := sharedLimiter(t, url+"?skip_verify=true")
	await(t, "shared", trusting.Shared)
	l, j := sharedLimiter(t, url)
	await(t, "a line in the log", func() bool { return j.String() != "" })
	if l.Shared() {
		t.Error("shared over a certificate that nobody vouches for")
	}
}

// A client that has left says nothing of Redis.
func TestClientThatLeaves(t *testing.T) {
	l, j := sharedLimiter(t, "redis://"+miniredis.RunT(t).Addr())
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if d := l.Count(gone, "key:a", Rate{5, time.Hour}, 1); !d.Allowed || !l.Shared() {
		t.Errorf("%+v, shared %v", d, l.Shared())
	}
	j.expect(t, 0, 0)
}

func TestClosedSharedLimiterGoesOnDeciding(t *testing.T) {
	for _, away := range []bool{false, true} {
		server := miniredis.RunT(t)
		l, _ := sharedLimiter(t, "redis://"+server.Addr())
		if away {
			server.Close()
			l.Count(t.Context(), "key:a", Rate{2, time.Hour}, 1)
		}
		for range 2 {
			if err := l.Close(); err != nil {
				t.Error(err)
			}
		}
		if got := allowed(t, l, "key:b", Rate{2, time.Hour}, 5); got != 2 || l.Shared() {
			t.Errorf("allowed %d, shared %v", got, l.Shared())
		}
	}
}
