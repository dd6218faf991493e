package idempotency

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"odoograph/store"
	"odoograph/store/storetest"
)

// childDatabase makes a process of this test a gateway on the database it names.
const childDatabase = "ODOOGRAPH_TEST_IDEMPOTENCY_DATABASE"

// TestChild is no test of its own: it is the gateway that others kill.
func TestChild(t *testing.T) {
	database := os.Getenv(childDatabase)
	if database == "" {
		t.Skip("runs in a process of its own")
	}
	db, err := store.Open(t.Context(), store.Config{Database: database})
	if err != nil {
		t.Fatal(err)
	}
	s := New(db, Config{})
	must(t, expect(t, s, request("finished", "anything"), "new").Finish(t.Context(), []byte("before the end")))
	expect(t, s, request("at work", "anything"), "new")
	fmt.Println("Odoo has committed")
	<-context.Background().Done() // until it is killed
}

// A gateway is killed after Odoo has done the work and before the answer is
// remembered: whoever repeats the request learns that something is amiss, and
// what had been finished before is there.
func TestAGatewayThatIsKilled(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, database string) {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestChild$")
		child.Env = append(os.Environ(), childDatabase+"="+database)
		child.Stderr = os.Stderr
		out, err := child.StdoutPipe()
		must(t, err)
		must(t, child.Start())
		line, _ := bufio.NewReader(out).ReadString('\n')
		if !strings.Contains(line, "committed") {
			t.Fatalf("the gateway says %q", line)
		}
		must(t, child.Process.Kill())
		if err := child.Wait(); err == nil {
			t.Fatal("the gateway was not killed")
		}
		s := newIdle(storetest.Open(t, database), Config{}) // by the clock of the database
		expect(t, s, request("at work", "anything"), underWay)
		expect(t, s, request("finished", "anything"), "before the end")
		s.now = func() time.Time { return time.Now().Add(time.Hour) }
		expect(t, s, request("finished", "anything"), "before the end")
		second := expect(t, s, request("at work", "anything"), "interrupted")
		expect(t, s, request("at work", "anything"), underWay)
		must(t, second.Finish(t.Context(), []byte("found out")))
		expect(t, s, request("at work", "anything"), "found out")
	})
}
