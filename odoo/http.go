package odoo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"odoograph/apierror"
)

// defaultMaxBytes bounds one answer of Odoo, after decompression.
const defaultMaxBytes = 64 << 20

// firstRead is what is set aside for an answer before any of it arrived, however
// large it says it is.
const firstRead = 1 << 20

// A wire carries bytes to one Odoo server and back. It is safe for concurrent use.
type wire struct {
	base     string // address of Odoo without a slash at its end
	database string
	queue    *queue
	timeout  time.Duration // of one exchange
	http     *http.Client
	maxBytes int64

	databaseCookie *databaseCookie
}

// newWire returns a wire to the Odoo at base.
func newWire(base *url.URL, cfg Config) *wire {
	maxBytes := cfg.MaxResponseBytes
	if maxBytes <= 0 {
		maxBytes = defaultMaxBytes
	}
	return &wire{
		base:     strings.TrimRight(base.String(), "/"),
		database: cfg.Database,
		queue:    newQueue(cfg.MaxConns, cfg.QueueTimeout),
		timeout:  cfg.Timeout,
		http:     newHTTPClient(cfg.MaxConns),
		maxBytes: maxBytes,

		databaseCookie: &databaseCookie{},
	}
}

// newHTTPClient returns a client that opens at most maxConns connections to a
// host; requests beyond that wait, bounded by their context. The queue lets no
// more in; this also holds while a connection of a call that was given up closes.
//
// It has no timeout of its own, the context's deadline is the only one, and no
// HTTP/2, whose one connection would make maxConns meaningless.
func newHTTPClient(maxConns int) *http.Client {
	dialer := &net.Dialer{Timeout: 5 * time.Second, KeepAlive: 15 * time.Second}
	return &http.Client{
		Transport: &http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			DialContext:           dialer.DialContext,
			MaxConnsPerHost:       maxConns,
			MaxIdleConns:          maxConns,
			MaxIdleConnsPerHost:   maxConns,
			IdleConnTimeout:       30 * time.Second,
			TLSHandshakeTimeout:   5 * time.Second,
			ExpectContinueTimeout: time.Second,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// A request is one HTTP request to Odoo. A request without a body is a GET.
type request struct {
	path        string
	contentType string
	body        []byte
	bearer      string // API key for the Authorization header, if any
	web         bool   // of a web session, or to open one
	cookie      string // value of session_id, if any

	// secret is what must not appear in an error even if Odoo repeats it, and
	// uid the user who asks, 0 before sign-in.
	secret string
	uid    int64
}

// An answer is what Odoo said to a request.
type answer struct {
	request     request
	database    string
	status      int
	contentType string
	retryAfter  string
	date        string
	cookie      string // value of session_id, if it was set
	body        []byte
}

// exchange sends a request and returns the answer, whatever its status unless
// that is a redirect. All that goes to Odoo goes through here.
func (w *wire) exchange(ctx context.Context, r request) (answer, error) {
	if r.web {
		return w.inTurn(ctx, r)
	}
	r.cookie = w.databaseCookie.get()
	a, err := w.inTurn(ctx, r)
	if err == nil {
		w.renewDatabase(ctx, r.cookie, a.cookie)
	}
	return a, err
}

// inTurn makes an exchange when the queue has a slot for it. The slot is free
// again before the answer is decoded.
func (w *wire) inTurn(ctx context.Context, r request) (answer, error) {
	start := time.Now()
	leave, err := w.queue.enter(ctx, "user "+strconv.FormatInt(r.uid, 10))
	countWait(ctx, time.Since(start))
	if err != nil {
		return answer{}, err
	}
	defer leave()
	start = time.Now()
	a, err := w.send(ctx, r)
	count(ctx, time.Since(start))
	return a, err
}

// send makes an exchange in the time that is set for one.
func (w *wire) send(ctx context.Context, r request) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, w.timeout)
	defer cancel()
	hr, err := w.newRequest(ctx, r)
	if err != nil {
		return answer{}, apierror.Wrap(apierror.Internal, "The request to Odoo could not be built.", err)
	}
	resp, err := w.http.Do(hr)
	if err != nil {
		return answer{}, networkError(ctx, err)
	}
	defer resp.Body.Close()

	a := answer{
		request:     r,
		database:    w.database,
		status:      resp.StatusCode,
		contentType: resp.Header.Get("Content-Type"),
		retryAfter:  resp.Header.Get("Retry-After"),
		date:        resp.Header.Get("Date"),
		cookie:      sessionCookie(resp),
	}
	if a.status >= 300 && a.status < 400 {
		to := bounded(a.redact(resp.Header.Get("Location")), 200)
		text := fmt.Sprintf("HTTP status %d to %q", a.status, to)
		return a, apierror.Wrap(apierror.UpstreamError, msgRedirect, cause{
			brief: brief(text), detail: text, refused: true, reply: &Reply{Status: a.status, ContentType: a.contentType, Location: to},
		})
	}
	if a.body, err = w.readBody(resp); err != nil {
		return answer{}, bodyError(ctx, err)
	}
	return a, nil
}

func (w *wire) newRequest(ctx context.Context, r request) (*http.Request, error) {
	method := http.MethodPost
	var body io.Reader = bytes.NewReader(r.body)
	if r.body == nil {
		method, body = http.MethodGet, nil
	}
	hr, err := http.NewRequestWithContext(ctx, method, w.base+r.path, body)
	if err != nil {
		return nil, err
	}
	if !r.web && w.database != "" {
		// Without the header Odoo 19 lists its databases, on a connection of its
		// own, before it does anything else. Older versions ignore it. A web session
		// names the database itself, and with the header none can be opened.
		hr.Header.Set("X-Odoo-Database", w.database)
	}
	hr.Header.Set("User-Agent", "odoograph")
	if traceparent := trace(ctx); traceparent != "" {
		hr.Header.Set("Traceparent", traceparent)
	}
	if r.contentType != "" {
		hr.Header.Set("Content-Type", r.contentType)
	}
	if r.cookie != "" {
		hr.AddCookie(&http.Cookie{Name: sessionCookieName, Value: r.cookie})
	}
	if r.bearer != "" {
		hr.Header.Set("Authorization", "Bearer "+r.bearer)
	}
	return hr, nil
}

// sessionCookieName is the cookie that names an Odoo web session.
const sessionCookieName = "session_id"

func sessionCookie(resp *http.Response) string {
	for _, cookie := range resp.Cookies() {
		if cookie.Name == sessionCookieName {
			return cookie.Value
		}
	}
	return ""
}

var errTooLarge = errors.New("answer too large")

func (w *wire) readBody(resp *http.Response) ([]byte, error) {
	if resp.ContentLength > w.maxBytes {
		return nil, fmt.Errorf("%w: %d bytes announced, %d allowed", errTooLarge, resp.ContentLength, w.maxBytes)
	}
	var buf bytes.Buffer
	buf.Grow(int(min(max(resp.ContentLength, 0)+bytes.MinRead, firstRead)))
	if _, err := buf.ReadFrom(io.LimitReader(resp.Body, w.maxBytes+1)); err != nil {
		return nil, err
	}
	if int64(buf.Len()) > w.maxBytes {
		return nil, fmt.Errorf("%w: more than %d bytes", errTooLarge, w.maxBytes)
	}
	return buf.Bytes(), nil
}
