package odoo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"odoograph/apierror"
)

var record = flag.Bool("record", false, "write the answers of the live Odoo to testdata/answers")

// liveWire returns a wire to the Odoo of the environment, with admin's credential.
func liveWire(t *testing.T) (*wire, Credential) {
	t.Helper()
	if os.Getenv("ODOO_URL") == "" {
		t.Skip("ODOO_URL is not set")
	}
	base, err := url.Parse(os.Getenv("ODOO_URL"))
	if err != nil {
		t.Fatal(err)
	}
	w := newWire(base, Config{Database: os.Getenv("ODOO_DB"), Timeout: time.Minute, MaxConns: 2, QueueTimeout: time.Minute})
	t.Cleanup(w.http.CloseIdleConnections)
	return w, Credential{
		Login:    os.Getenv("ODOO_LOGIN"),
		Password: os.Getenv("ODOO_PASSWORD"),
		APIKey:   os.Getenv("ODOO_API_KEY"),
	}
}

func liveContext(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// liveTransports returns the transports that the server has, and its version.
func liveTransports(t *testing.T, w *wire) ([]transport, string) {
	t.Helper()
	d, err := w.discover(liveContext(t))
	if err != nil {
		t.Fatal(err)
	}
	web := newWebSession(w)
	_, cred := liveWire(t)
	if uid, err := web.login(liveContext(t), cred); err != nil || uid == 0 {
		t.Fatal(uid, err)
	}
	all := []transport{newJSONRPC(w), newXMLRPC(w), web}
	if d.version.Major >= 19 {
		all = append(all, newJSON2(w))
	}
	return all, strconv.Itoa(d.version.Major)
}

func TestLiveVersion(t *testing.T) {
	w, _ := liveWire(t)
	d, err := w.discover(liveContext(t))
	if err != nil {
		t.Fatal(err)
	}
	if d.version.Major < 14 || d.version.String() == "" || (d.version.Major < 19) != (d.protocol == jsonRPCName) {
		t.Errorf("discovered %+v", d)
	}
}

func TestLiveLogin(t *testing.T) {
	w, cred := liveWire(t)
	all, _ := liveTransports(t, w)
	for _, transport := range all {
		t.Run(transport.name(), func(t *testing.T) {
			uid, err := transport.login(liveContext(t), cred)
			if err != nil || uid != 2 {
				t.Errorf("login returned %d, %v", uid, err)
			}
		})
	}
}

// A key that is not a password, and the key of another user, do not run into
// Odoo's login cool-down on JSON-2.
func TestLiveLoginRefused(t *testing.T) {
	w, cred := liveWire(t)
	if _, version := liveTransports(t, w); version == "14" {
		t.Skip("no JSON-2")
	}
	for _, cred := range []Credential{{APIKey: "wrong"}, {}, {APIKey: "two\nlines"}} {
		uid, err := newJSON2(w).login(liveContext(t), cred)
		if err != nil || uid != 0 {
			t.Errorf("login of %q returned %d, %v", cred.Login, uid, err)
		}
	}
	if uid, err := newJSON2(w).login(liveContext(t), Credential{Login: "demo", APIKey: cred.APIKey}); !errors.Is(err, ErrOtherUser) || uid != 0 {
		t.Errorf("login with the key of another user returned %d, %v", uid, err)
	}
}

// TestLiveCases makes every call on every transport. The results must be equal.
func TestLiveCases(t *testing.T) {
	w, cred := liveWire(t)
	all, version := liveTransports(t, w)
	for _, c := range wireCases {
		var results []any
		for _, transport := range all {
			if !c.runsOn(version, transport.name()) {
				continue
			}
			t.Run(c.name+"/"+transport.name(), func(t *testing.T) {
				if c.needs != nil {
					needed, err := newJSONRPC(w).call(liveContext(t), identity{2, cred}, *c.needs)
					if err != nil || len(needed.([]any)) == 0 {
						t.Skip("the data for this case is not there", err)
					}
				}
				result, err := callLive(t, w, transport, c, cred)
				if code := apierror.CodeOf(err); code != c.code(transport.name()) {
					t.Fatalf("got %v, want code %q", err, c.code(transport.name()))
				}
				if err == nil {
					results = append(results, result)
				}
			})
		}
		for _, result := range results {
			if diff := cmp.Diff(plain(results[0]), plain(result)); diff != "" {
				t.Errorf("%s: results differ between transports: %s", c.name, diff)
			}
		}
	}
}

// TestLiveResults reads all kinds of values. The wire trees must be equal.
func TestLiveResults(t *testing.T) {
	w, cred := liveWire(t)
	all, _ := liveTransports(t, w)
	read := func(model string, fields ...string) Call {
		return Call{
			Model: model, Method: "search_read",
			Args:       map[string]any{"domain": []any{}, "fields": fields, "limit": 20, "order": "id"},
			Positional: []string{"domain", "fields"},
			Context:    map[string]any{"lang": "en_US", "active_test": false},
		}
	}
	calls := []Call{
		read("res.partner", "name", "comment", "image_128", "partner_latitude", "child_ids", "write_date", "color"),
		read("product.product", "list_price", "standard_price", "weight", "taxes_id", "default_code", "currency_id", "product_tmpl_id"),
		read("sale.order", "amount_total", "date_order", "validity_date", "state", "note", "order_line"),
		read("res.currency", "rounding", "rate", "active", "symbol"),
		read("res.country", "address_format", "phone_code"),
		{
			Model: "res.partner", Method: "fields_get",
			Args: map[string]any{"attributes": []string{"type", "string", "relation", "required", "selection", "searchable"}},
		},
		{
			Model: "sale.order", Method: "search_count",
			Args:       map[string]any{"domain": []any{"|", []any{"amount_total", ">", 100.5}, []any{"partner_id", "=", nil}}},
			Positional: []string{"domain"},
		},
	}
	for _, c := range calls {
		var first any
		for _, transport := range all {
			result, err := transport.call(liveContext(t), identity{2, cred}, c)
			if err != nil {
				// A field that this version does not have fails everywhere alike.
				if code := apierror.CodeOf(err); code != apierror.UpstreamError {
					t.Errorf("%s %s: %v", transport.name(), c.Model, err)
				}
				result = nil
			}
			if transport == all[0] {
				first = result
				t.Logf("%s.%s: error %v", c.Model, c.Method, apierror.CodeOf(err))
			} else if diff := cmp.Diff(plain(first), plain(result)); diff != "" {
				t.Errorf("%s of %s on %s differs: %.2000s", c.Method, c.Model, transport.name(), diff)
			}
		}
	}
}

// TestLiveTexts writes and reads what XML has trouble with, and null.
func TestLiveTexts(t *testing.T) {
	w, cred := liveWire(t)
	all, _ := liveTransports(t, w)
	as := identity{2, cred}
	result, err := all[0].call(liveContext(t), as, Call{
		Model: "res.partner", Method: "create", Positional: []string{"vals_list"},
		Args: map[string]any{"vals_list": map[string]any{
			"name": "wire <&> test", "ref": "a\x01b", "street": "", "street2": "x\r\ny\rz", "city": " é ", "zip": "1",
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	id, _ := result.(json.Number).Int64()
	defer func() {
		if _, err := all[0].call(liveContext(t), as, Call{Model: "res.partner", Method: "unlink", IDs: []int64{id}}); err != nil {
			t.Error(err)
		}
	}()
	fields := []string{"name", "ref", "street", "street2", "city", "zip"}
	for _, transport := range all {
		t.Run(transport.name(), func(t *testing.T) {
			c := write("res.partner", id, map[string]any{"zip": nil, "city": " é ", "street2": "x\r\ny\rz"})
			if _, err := transport.call(liveContext(t), as, c); err != nil {
				t.Fatal(err)
			}
			got, err := transport.call(liveContext(t), as, Call{
				Model: "res.partner", Method: "read", IDs: []int64{id}, Args: map[string]any{"fields": fields},
			})
			want := map[string]any{
				"id": result, "name": "wire <&> test", "ref": "a\x01b", "street": "", "street2": "x\r\ny\rz",
				"city": " é ", "zip": false,
			}
			if transport.name() == xmlRPCName {
				want["ref"] = "ab"
			}
			if diff := cmp.Diff([]any{want}, plain(got)); diff != "" || err != nil {
				t.Errorf("%v %s", err, diff)
			}
		})
	}
}

func callLive(t *testing.T, w *wire, transport transport, c wireCase, cred Credential) (any, error) {
	t.Helper()
	other := *w
	if c.database != "" {
		other.database = c.database
	}
	_, version := liveTransports(t, w)
	other.http = &http.Client{Transport: recorder{t, c.name, version, transport.name()}}
	as := identity{uid: 2, cred: cred}
	switch c.as {
	case "demo":
		cred := Credential{Login: "demo", Password: "demo"}
		uid, err := newJSONRPC(w).login(liveContext(t), cred)
		if err != nil {
			t.Fatal(err)
		}
		as = identity{uid, cred}
	case "nobody":
		as.uid = 99999
	case "wrong":
		as.cred = Credential{Login: cred.Login, Password: "wrong", APIKey: "wrong"}
	}
	return transportOf(&other, transport.name()).call(liveContext(t), as, c.call)
}

func transportOf(w *wire, name string) transport {
	switch name {
	case json2Name:
		return newJSON2(w)
	case xmlRPCName:
		return newXMLRPC(w)
	}
	return newJSONRPC(w)
}

// sourceLine is a line of Odoo's source in a traceback, in XML or escaped in JSON.
var sourceLine = regexp.MustCompile(`\n {4}[^\n<]*|\\n {4}(?:[^"\\]|\\[^n])*`)

// withoutSource leaves the lines of source out of a traceback: they are Odoo's.
func withoutSource(body string) string {
	if !strings.Contains(body, "Traceback") {
		return body
	}
	return sourceLine.ReplaceAllString(body, "")
}

// recorder keeps the answer to the last request of a case when -record is set.
type recorder struct {
	t                        *testing.T
	name, version, transport string
}

func (r recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil || !*record {
		return resp, err
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(body))

	all := map[string]recording{}
	path := recordingPath(r.version, r.transport)
	if text, err := os.ReadFile(path); err == nil {
		if err := json.Unmarshal(text, &all); err != nil {
			r.t.Fatal(err)
		}
	}
	all[r.name] = recording{resp.StatusCode, resp.Header.Get("Content-Type"), withoutSource(string(body))}
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(all); err != nil {
		r.t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(path, text.Bytes(), 0o644); err != nil {
		r.t.Fatal(err)
	}
	return resp, nil
}
