package scenario

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// judged is a transport that holds what comes to the contracts, where there are some.
// Bodies that are not JSON are free text to the document, and may be long streams:
// of these it takes the head alone. It tells report what is wrong.
func judged(report func(format string, args ...any), contracts []*contract, next http.RoundTripper) http.RoundTripper {
	if len(contracts) == 0 {
		return next
	}
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		response, err := next.RoundTrip(r)
		i := slices.IndexFunc(contracts, func(c *contract) bool { return strings.HasPrefix(r.URL.EscapedPath(), c.base+"/") })
		if err != nil || i < 0 || r.Method == http.MethodHead || r.Method == http.MethodOptions {
			return response, err
		}
		c := contracts[i]
		e := exchange{method: r.Method, path: strings.TrimPrefix(r.URL.EscapedPath(), c.base), status: response.StatusCode}
		if response.StatusCode < 400 {
			if e.request, err = sent(r); err != nil {
				return nil, err
			}
			e.path += "?" + r.URL.RawQuery
		}
		var body []byte
		if kind, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type")); kind == "application/json" || strings.HasSuffix(kind, "+json") {
			whole := response.Body
			body, err = io.ReadAll(whole)
			response.Body = readCloser{io.MultiReader(bytes.NewReader(body), iotest.ErrReader(cmp.Or(err, io.EOF))), whole}
			if err != nil {
				return response, nil // the client is to see how it breaks
			}
		}
		e.answer = message{response.Header, body}
		found, err := c.prism.violations(e)
		if err != nil || len(found) > 0 {
			report("%s %s: %d is not what the document says: %v %v\n%.1000s", r.Method, r.URL, response.StatusCode, found, err, body)
		}
		return response, nil
	})
}

// sent is what a request that was sent carried.
func sent(r *http.Request) (message, error) {
	m := message{header: r.Header}
	if r.GetBody == nil {
		return m, nil
	}
	body, err := r.GetBody()
	if err != nil {
		return m, err
	}
	defer func() { _ = body.Close() }()
	m.body, err = io.ReadAll(body)
	return m, err
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

type readCloser struct {
	io.Reader
	io.Closer
}

// TestJudgedClients sees that a client gets what the gateway sent, and that what is
// wrong is told.
func TestJudgedClients(t *testing.T) {
	program := os.Getenv("ODOOGRAPH_PRISM")
	if program == "" {
		t.Skip("set ODOOGRAPH_PRISM to the program prism")
	}
	c, err := openContract(program, []byte(toyDocument), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	answers := map[string]string{
		"/api/v1/partners/1": ` {"data" : {"id":1}} `,
		"/api/v1/partners/2": `{"data": {"id": "two"}}`,
		"/graphql":           `{"data": 1}`,
	}
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.Header.Get("Accept-Encoding") != "gzip" {
			_, _ = io.WriteString(w, answers[r.URL.Path])
			return
		}
		w.Header().Set("Content-Encoding", "gzip")
		packed := gzip.NewWriter(w)
		_, _ = io.WriteString(packed, answers[r.URL.Path])
		_ = packed.Close()
	}))
	defer gateway.Close()

	var told []string
	report := func(format string, args ...any) { told = append(told, fmt.Sprintf(format, args...)) }
	plain := &http.Transport{DisableCompression: true}
	for _, transport := range []http.RoundTripper{http.DefaultTransport, plain} { // the first asks for gzip
		told = nil
		client := &http.Client{Transport: judged(report, []*contract{c}, transport)}
		for path, want := range answers {
			response, err := client.Get(gateway.URL + path)
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(response.Body)
			if err != nil || string(got) != want {
				t.Errorf("%s: %q, %v; want %q", path, got, err, want)
			}
			_ = response.Body.Close()
		}
		if len(told) != 1 || !strings.Contains(told[0], "/partners/2") || !strings.Contains(told[0], "data.id must be integer") {
			t.Errorf("told %q", told)
		}
	}
}
