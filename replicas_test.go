package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"odoograph/internal/freeport"
	"odoograph/internal/leak"
	"odoograph/odoo/odootest"
)

// redisServer is a Redis of this test's own, which it may kill.
type redisServer struct {
	t       *testing.T
	address string
	command *exec.Cmd
}

func (r *redisServer) start() {
	r.t.Helper()
	host, port, _ := strings.Cut(r.address, ":")
	r.command = exec.Command("redis-server", "--bind", host, "--port", port, "--save", "", "--appendonly", "no")
	if err := r.command.Start(); err != nil {
		r.t.Fatal(err)
	}
}

func (r *redisServer) kill() {
	_ = r.command.Process.Kill()
	_ = r.command.Wait()
}

// replica is a gateway in a process of its own.
type replica struct {
	url     string
	command *exec.Cmd
	log     *lines
	killed  atomic.Bool
}

// kill ends the process at once.
func (r *replica) kill() {
	r.killed.Store(true)
	_ = r.command.Process.Kill()
}

// lines is what a process writes; it may be read meanwhile.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(text []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(text)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// built makes the program, and returns where it is.
func built(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "odoograph")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}

// startReplica runs the program's command serve until the test ends.
func startReplica(t *testing.T, program string, environment []string) *replica {
	t.Helper()
	return startAt(t, freeport.Address(t), program, environment)
}

// startAt runs it at an address, and when the test ends looks through its log for what
// must not be told.
func startAt(t *testing.T, address, program string, environment []string) *replica {
	t.Helper()
	r := &replica{url: "http://" + address, log: &lines{}}
	r.command = exec.Command(program, "serve", "--addr", strings.TrimPrefix(r.url, "http://"), "--log-format", "json")
	r.command.Env = append(os.Environ(), environment...)
	r.command.Stderr = r.log
	if err := r.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = r.command.Process.Signal(syscall.SIGTERM)
		if err := r.command.Wait(); err != nil && !r.killed.Load() {
			t.Errorf("the replica ended with %v\n%s", err, r.log)
		}
		if found, line := leak.InLog(r.log.String(), secretsOf(environment)...); found != "" {
			t.Errorf("the log holds %q: %s", found, line)
		}
	})
	for range 200 {
		if response, err := http.Get(r.url + "/readyz"); err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return r
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("the replica does not get ready:\n%s", r.log)
	return nil
}

// secretsOf returns what the variables of an environment say that is secret. A word
// such as admin may be in a log for other reasons.
func secretsOf(environment []string) []string {
	var secrets []string
	secret := regexp.MustCompile("KEY|PASSWORD|SECRET")
	for _, variable := range environment {
		if name, value, _ := strings.Cut(variable, "="); secret.MatchString(name) && len(value) > 8 {
			secrets = append(secrets, value)
		}
	}
	return secrets
}

// ask sends a small query and returns the status of the answer.
func (r *replica) ask(ctx context.Context, key string) (int, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url+"/graphql", strings.NewReader(`{"query": "{ countries(first: 1) { nodes { code } } }"}`))
	if err != nil {
		return 0, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+key)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode >= 500 {
		err = errors.New(string(body))
	}
	return response.StatusCode, err
}

// Two replicas with one PostgreSQL and one Redis enforce one limit between them,
// a key that is revoked through one stops at the other, and a Redis that is
// killed under load costs no request.
func TestReplicas(t *testing.T) {
	database := os.Getenv("ODOOGRAPH_TEST_POSTGRES")
	if _, err := exec.LookPath("redis-server"); err != nil || database == "" {
		t.Skip("needs redis-server and an empty PostgreSQL database in ODOOGRAPH_TEST_POSTGRES")
	}
	redis := &redisServer{t: t, address: freeport.Address(t)}
	redis.start()
	t.Cleanup(redis.kill)
	standIn := odootest.Start(t, odootest.Options{})
	program := built(t)
	environment := []string{
		"ODOO_URL=" + standIn.URL(), "ODOO_DB=" + standIn.DB(), "ODOO_API_KEY=" + odootest.AdminKey, "ODOO_LOGIN=", "ODOO_PASSWORD=",
		"ODOOGRAPH_DATABASE=" + database, "ODOOGRAPH_REDIS_URL=redis://" + redis.address, "ODOOGRAPH_RATE_LIMIT=1000000", "ODOOGRAPH_COST_RESTORE=1000000",
	}
	keys := func(args ...string) string {
		command := exec.CommandContext(t.Context(), program, append([]string{"keys"}, args...)...)
		command.Env = append(os.Environ(), environment...)
		out, err := command.CombinedOutput()
		if err != nil {
			t.Fatalf("keys %v: %v\n%s", args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	replicas := []*replica{startReplica(t, program, environment), startReplica(t, program, environment)}

	t.Run("one limit", func(t *testing.T) {
		key := keys("create", "--name", "limited", "--scopes", "*", "--rate", "60", "--quiet")
		counts := map[int]int{}
		for i := range 200 {
			status, err := replicas[i%2].ask(t.Context(), key)
			if err != nil {
				t.Fatal(err)
			}
			counts[status]++
		}
		if counts[200] != 60 || counts[429] != 140 {
			t.Errorf("of 200 requests with a limit of 60: %v", counts)
		}
	})
	t.Run("revoked through one", func(t *testing.T) {
		key := keys("create", "--name", "revoked", "--scopes", "*", "--quiet")
		for _, r := range replicas {
			if status, err := r.ask(t.Context(), key); status != 200 {
				t.Fatal(status, err)
			}
		}
		keys("revoke", key[4:14])
		revoked := time.Now()
		for _, r := range replicas {
			for {
				status, err := r.ask(t.Context(), key)
				if err != nil {
					t.Fatal(err)
				}
				if status == 401 {
					break
				}
				if time.Since(revoked) > 2*time.Second {
					t.Fatal("the key is still good after two seconds")
				}
			}
		}
		t.Logf("both refuse the key after %v", time.Since(revoked))
	})
	t.Run("Redis is killed under load", func(t *testing.T) {
		key := keys("create", "--name", "busy", "--scopes", "*", "--quiet")
		ctx, stop := context.WithCancel(t.Context())
		var served, lost atomic.Int64
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				for ctx.Err() == nil {
					status, err := replicas[i%2].ask(context.WithoutCancel(ctx), key)
					if served.Add(1); err != nil || status != 200 {
						lost.Add(1)
						t.Errorf("status %d: %v", status, err)
					}
				}
			})
		}
		time.Sleep(time.Second)
		before := served.Load()
		redis.kill()
		time.Sleep(3 * time.Second)
		during := served.Load() - before
		redis.start()
		time.Sleep(3 * time.Second)
		stop()
		wg.Wait()
		t.Logf("%d requests, %d of them while Redis was away, %d lost", served.Load(), during, lost.Load())
		if during < before {
			t.Errorf("%d requests in 3 s without Redis, %d in 1 s with it", during, before)
		}
	})
	for _, r := range replicas {
		if text := r.log.String(); !regexp.MustCompile(`(?i)redis.*(away|memory|alone|itself)`).MatchString(text) {
			t.Errorf("the log does not say that Redis was away:\n%.2000s", text)
		}
	}
}
