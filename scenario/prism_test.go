package scenario

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"odoograph/internal/freeport"
)

// exchange is what the gateway answered to a request.
type exchange struct {
	method, path string  // the path as the document has it
	request      message // empty if the gateway refused it: wrong ones are sent on purpose
	status       int
	answer       message
}

type message struct {
	header http.Header
	body   []byte
}

// prism is the validating proxy of that name. It stands beside the exchange and
// not within it: prism answers HEAD with 500 and 501 with an example, never answers
// a body that is no JSON, and writes all JSON anew. What the gateway answered is
// therefore recorded first and handed to prism afterwards, from an upstream that
// repeats records. So one process serves every gateway, and the clients see what
// they see without it.
type prism struct {
	url     string
	client  *http.Client
	alive   io.Closer // prism ends when this closes, or is forgotten
	release func()    // of its port, which is its own until then
	last    atomic.Int64
	records sync.Map // of exchanges by the number that recordHeader carries
}

// recordHeader names a record in prism's request to the upstream and marks what the
// upstream answered: prism's own failures lack it.
const recordHeader = "X-Record"

// startPrism starts the program at this place with a document. It ends with the
// tests: the shell beside it reads from a pipe that the death of this process closes.
func startPrism(program, document string) (*prism, error) {
	program, err := exec.LookPath(program)
	if err != nil {
		return nil, err
	}
	p := &prism{client: &http.Client{Timeout: time.Minute, Transport: &http.Transport{IdleConnTimeout: time.Second}}}
	address, release, err := freeport.Reserve(context.Background()) // prism takes a port by number only
	if err != nil {
		return nil, err
	}
	p.release = release
	_, port, _ := strings.Cut(address, ":")
	upstream := httptest.NewServer(http.HandlerFunc(p.repeat))
	p.url = "http://" + address

	var said strings.Builder
	command := exec.Command("sh", "-c", `"$0" "$@" & read -r _; kill $!`,
		program, "proxy", document, upstream.URL, "--port", port, "--cors", "false", "--verboseLevel", "fatal")
	command.Stderr = &said
	if p.alive, err = command.StdinPipe(); err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		if connection, err := net.Dial("tcp", address); err == nil {
			return p, connection.Close()
		}
		if time.Now().After(deadline) {
			return nil, errors.New("prism does not start: " + said.String())
		}
	}
}

// repeat is the upstream.
func (p *prism) repeat(w http.ResponseWriter, r *http.Request) {
	id := r.Header.Get(recordHeader)
	v, ok := p.records.Load(id)
	if !ok {
		http.NotFound(w, r)
		return
	}
	e := v.(exchange)
	maps.Copy(w.Header(), e.answer.header)
	w.Header().Del("Content-Length")
	w.Header().Set(recordHeader, id)
	if e.status/100 == 3 { // prism would follow it
		w.Header().Del("Location")
	}
	w.WriteHeader(seenStatus(e.status))
	_, _ = w.Write(e.answer.body)
}

// seenStatus is the status that prism gets to see: it answers 501 with an example
// of its own, so the document and the exchange call it by another number.
func seenStatus(status int) int {
	if status == http.StatusNotImplemented {
		return notImplemented
	}
	return status
}

const notImplemented = 599

// violations tells where an exchange is not what the document says.
func (p *prism) violations(e exchange) ([]string, error) {
	id := strconv.FormatInt(p.last.Add(1), 10)
	p.records.Store(id, e)
	defer p.records.Delete(id)
	request, err := http.NewRequest(e.method, p.url+e.path, bytes.NewReader(e.request.body))
	if err != nil {
		return nil, err
	}
	maps.Copy(request.Header, e.request.header)
	request.Header.Set(recordHeader, id)
	response, err := p.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	said, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	if response.Header.Get(recordHeader) != id || response.StatusCode != seenStatus(e.status) {
		return nil, fmt.Errorf("prism fails at %s %s: %d %s", e.method, e.path, response.StatusCode, said)
	}
	return readViolations(response.Header.Get("Sl-Violations"), e.status), nil
}

// readViolations reads prism's header. A request that the gateway took is to be one
// that the document tells of; of the others the answer alone is looked at.
func readViolations(header string, status int) []string {
	if header == "" {
		return nil
	}
	var all []struct {
		Location []string `json:"location"`
		Message  string   `json:"message"`
	}
	if err := json.Unmarshal([]byte(header), &all); err != nil {
		return []string{header} // prism cuts it off at 8 KB
	}
	var found []string
	for _, v := range all {
		if status < 400 || len(v.Location) > 0 && v.Location[0] == "response" {
			found = append(found, strings.Join(v.Location, ".")+": "+v.Message)
		}
	}
	return found
}
