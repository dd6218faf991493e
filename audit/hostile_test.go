package audit

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"odoograph/apierror"
	"odoograph/internal/leak"
	"odoograph/odoo/odootest"
)

// gateway is a running program.
type gateway struct {
	address string
	command *exec.Cmd
	ended   chan error
}

// start builds the program and runs its demo.
func start(t *testing.T) *gateway {
	t.Helper()
	program := filepath.Join(t.TempDir(), "odoograph")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "..").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	g := &gateway{command: exec.Command(program, "demo", "--addr", "127.0.0.1:0", "--log-format", "json", "--rate-limit", "1000000", "--cost-restore", "1000000"), ended: make(chan error, 1)}
	log, err := g.command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := g.command.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(log)
	for g.address == "" {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatalf("the gateway does not start: %v", err)
		}
		if found := regexp.MustCompile(`http://([^/"]+)/graphql`).FindStringSubmatch(line); found != nil {
			g.address = found[1]
		}
	}
	go func() {
		for {
			line, err := lines.ReadString('\n')
			if found, line := leak.InLog(line, odootest.AdminKey); found != "" {
				t.Errorf("the log holds %q: %s", found, line)
			}
			if err != nil {
				break
			}
		}
		g.ended <- g.command.Wait()
	}()
	t.Cleanup(func() {
		_ = g.command.Process.Signal(syscall.SIGTERM)
		select {
		case err := <-g.ended:
			if err != nil {
				t.Errorf("the gateway ended with %v", err)
			}
		case <-time.After(15 * time.Second):
			t.Error("the gateway does not stop")
			_ = g.command.Process.Kill()
		}
	})
	return g
}

// resident returns the memory of the program in MiB.
func (g *gateway) resident(t *testing.T) float64 {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", g.command.Process.Pid))
	if err != nil {
		t.Skipf("SKIP: no memory figures here: %v", err)
	}
	found := regexp.MustCompile(`VmRSS:\s+(\d+) kB`).FindSubmatch(status)
	kilobytes, _ := strconv.ParseFloat(string(found[1]), 64)
	return kilobytes / 1024
}

// exchange sends bytes over a connection of their own and returns the answer, nil
// if the gateway closed without one.
func (g *gateway) exchange(h hostile) (*http.Response, []byte, error) {
	connection, err := net.Dial("tcp", g.address)
	if err != nil {
		return nil, nil, err
	}
	defer connection.Close()
	_ = connection.SetDeadline(time.Now().Add(30 * time.Second))
	sent := make(chan struct{})
	go func() { // an answer may come before all is sent
		defer close(sent)
		_, _ = connection.Write(h.bytes)
		if h.cut {
			_ = connection.(*net.TCPConn).CloseWrite()
		}
	}()
	answers := bufio.NewReader(connection)
	response, err := http.ReadResponse(answers, &http.Request{Method: h.method})
	if err == nil && response.StatusCode == http.StatusContinue {
		response, err = http.ReadResponse(answers, &http.Request{Method: h.method})
	}
	if err != nil {
		if timeout, ok := err.(net.Error); ok && timeout.Timeout() {
			return nil, nil, fmt.Errorf("no answer: %w", err)
		}
		return nil, nil, nil
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil && response.Header.Get("X-Request-Id") == "" {
		return nil, nil, nil // the gateway hung up on what was no HTTP
	}
	return response, body, err
}

// judge tells what is wrong with an answer. Those without a request's id come from
// Go's HTTP server: the request was not HTTP.
func judge(h hostile, response *http.Response, body []byte) error {
	if response == nil || response.Header.Get("X-Request-Id") == "" {
		return nil
	}
	if response.StatusCode >= 500 {
		return fmt.Errorf("status %d", response.StatusCode)
	}
	isGraphQL := strings.Contains(response.Header.Get("Content-Type"), "json")
	if !isGraphQL || h.method == http.MethodHead {
		if h.kind == "POST" || h.kind == "GET" && strings.HasPrefix(h.target, "/graphql?") && h.method == http.MethodGet {
			return fmt.Errorf("status %d is no JSON but %q", response.StatusCode, response.Header.Get("Content-Type"))
		}
		return nil
	}
	var answer struct {
		Data   json.RawMessage
		Errors []struct {
			Message    string
			Extensions struct{ Code apierror.Code }
		}
		Status string // of the health routes
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return err
	}
	for _, e := range answer.Errors {
		if found := leak.Find(e.Message, odootest.AdminKey); found != "" {
			return fmt.Errorf("an error holds %q", found)
		}
		if code := e.Extensions.Code; code == "" || code == apierror.Internal {
			return fmt.Errorf("an error has the code %q", code)
		}
	}
	if len(answer.Errors) > 10 || answer.Data == nil && answer.Errors == nil && answer.Status == "" {
		return fmt.Errorf("%d errors, and data %.50s", len(answer.Errors), answer.Data)
	}
	return nil
}

// storm sends so many requests, several at once, and counts the answers.
func (g *gateway) storm(t *testing.T, seed uint64, n int) map[string]int {
	t.Helper()
	const connections = 8
	var mu sync.Mutex
	counts := map[string]int{}
	var all sync.WaitGroup
	for worker := range connections {
		all.Go(func() {
			for i := worker; i < n; i += connections {
				h := generator{rand.New(rand.NewPCG(seed, uint64(i)))}.request()
				response, body, err := g.exchange(h)
				if err == nil {
					err = judge(h, response, body)
				}
				status := "closed"
				if response != nil {
					status = strconv.Itoa(response.StatusCode)
				}
				mu.Lock()
				counts[h.kind+" "+status]++
				mu.Unlock()
				if err != nil {
					t.Errorf("seed %d, request %d: %v\nrequest: %.600q\nanswer: %.600s", seed, i, err, h.bytes, body)
				}
			}
		})
	}
	all.Wait()
	return counts
}

// settled returns the memory of the program once it is idle and, if it takes more
// than so much, has had the time to collect what is left: Go does that within two
// minutes by itself.
func (g *gateway) settled(t *testing.T, enough float64) float64 {
	t.Helper()
	least := g.resident(t)
	for i := 0; i < 12 || least > enough && i < 600; i++ {
		time.Sleep(250 * time.Millisecond)
		least = min(least, g.resident(t))
	}
	return least
}

// No request, whatever it is, makes the gateway fail, end, or keep memory.
func TestHostileRequests(t *testing.T) {
	n := 10_000
	if testing.Short() {
		n = 500
	}
	g := start(t)
	g.storm(t, 1, max(n/2, 3000)) // what is kept on purpose, documents for one, is kept by now
	before := g.settled(t, math.Inf(1))
	began := time.Now()
	counts := g.storm(t, 2, n)
	took := time.Since(began)
	after := g.settled(t, before*1.2)
	t.Logf("%d requests in %v, %.0f MiB before, %.0f MiB after; %v", n, took.Round(time.Millisecond), before, after, counts)
	if after > before*1.2 {
		t.Errorf("the gateway takes %.0f MiB, and took %.0f MiB before", after, before)
	}
	if took > time.Minute {
		t.Errorf("took %v", took)
	}
	g.mustAnswer(t)
}

func (g *gateway) mustAnswer(t *testing.T) {
	t.Helper()
	response, body, err := g.exchange(hostile{method: "POST", bytes: []byte("POST /graphql HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer odg_demo\r\nContent-Type: application/json\r\nContent-Length: 27\r\n\r\n" + `{"query": "{ __typename }"}`)})
	if err != nil || response == nil || !bytes.HasPrefix(body, []byte(`{"data":{"__typename":"Query"}`)) {
		t.Errorf("the gateway does not answer any more: %v %s", err, body)
	}
}

// Connections that are slow, or end early, or speak no HTTP, are closed and do not
// keep others from being served.
func TestHostileConnections(t *testing.T) {
	g := start(t)
	var all sync.WaitGroup
	for name, text := range map[string]string{
		"nothing": "", "half a line": "POST /gra", "half of the headers": "POST /graphql HTTP/1.1\r\nHost: localhost\r\nX-",
		"no HTTP": "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "another protocol": "SSH-2.0-x\r\n\r\n", "a version to come": "GET / HTTP/9.9\r\n\r\n",
		"no host": "GET /graphql HTTP/1.1\r\n\r\n", "endless headers": "GET / HTTP/1.1\r\n" + strings.Repeat("X-Y: z\r\n", 20_000),
		"two lengths": "POST /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	} {
		all.Go(func() {
			connection, err := net.Dial("tcp", g.address)
			if err != nil {
				t.Error(err)
				return
			}
			defer connection.Close()
			_ = connection.SetDeadline(time.Now().Add(20 * time.Second))
			_, _ = io.WriteString(connection, text)
			answer, err := io.ReadAll(connection)
			if timeout, ok := err.(net.Error); ok && timeout.Timeout() {
				t.Errorf("%s: the connection is still open", name)
			}
			if len(answer) > 0 && !bytes.HasPrefix(answer, []byte("HTTP/1.1 4")) && !bytes.HasPrefix(answer, []byte("HTTP/1.1 505")) {
				t.Errorf("%s: %.100s", name, answer)
			}
		})
	}
	g.mustAnswer(t)
	all.Wait()
	g.mustAnswer(t)
}
