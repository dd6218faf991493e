package odoo_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"odoograph/apierror"
	"odoograph/odoo"
	"odoograph/odoo/odootest"
)

// writer is a session that changes partners, and the stand-in that it talks to.
type writer struct {
	*odoo.Session
	server  *odootest.Server
	client  *odoo.Client
	partner *odoo.Model
	tree    *odoo.Tree // a partner's name and that of its parent
}

// onEveryProtocol runs a test in each version and protocol, each with a stand-in
// of its own.
func onEveryProtocol(t *testing.T, change func(*odoo.Config), test func(*testing.T, *writer)) {
	t.Helper()
	for _, version := range []int{14, 17, 19} {
		for _, protocol := range []string{"web-session", "json-2", "json-rpc", "xml-rpc"} {
			if protocol == "json-2" && version < 19 {
				continue
			}
			t.Run(fmt.Sprintf("%d/%s", version, protocol), func(t *testing.T) {
				t.Parallel()
				test(t, newWriter(t, version, protocol, change))
			})
		}
	}
}

func newWriter(t *testing.T, version int, protocol string, change func(*odoo.Config)) *writer {
	t.Helper()
	w := &writer{server: odootest.Start(t, odootest.Options{Version: version})}
	w.client = connect(t, w.server, func(c *odoo.Config) {
		c.Transport = protocol
		if change != nil {
			change(c)
		}
	})
	credential := admin
	if protocol == "json-2" {
		credential = odoo.Credential{Login: odootest.AdminLogin, APIKey: odootest.AdminKey}
	}
	w.Session = open(t, w.client, credential)
	var err error
	if w.partner, err = w.Model(t.Context(), "res.partner", []string{"name", "city", "parent_id"}); err != nil {
		t.Fatal(err)
	}
	w.tree = &odoo.Tree{Model: w.partner, Fields: []string{"name"}, Branches: []odoo.Branch{
		{Field: "parent_id", Tree: &odoo.Tree{Model: w.partner, Fields: []string{"name", "city"}}},
	}}
	w.server.Reset()
	return w
}

// method is what creates a partner, in one call.
func (w *writer) method() string {
	if w.Version().Major < 17 {
		return "create"
	}
	return "web_save"
}

func (w *writer) create(ctx context.Context, names ...string) (*odoo.Saved, error) {
	values := make([]map[string]any, len(names))
	for i, name := range names {
		values[i] = map[string]any{"name": name}
	}
	return w.Save(ctx, odoo.Write{Model: w.partner, Values: values}, w.tree)
}

// named is how many partners have this name.
func (w *writer) named(t *testing.T, name string) int {
	t.Helper()
	n, err := w.Count(t.Context(), odoo.Query{Model: w.partner, Domain: odoo.Where([]odoo.Step{{Model: w.partner, Field: "name"}}, odoo.Equal, name)})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// sent is how many calls that change partners reached Odoo.
func (w *writer) sent() int {
	return w.server.Count("res.partner", "create") + w.server.Count("res.partner", "write") + w.server.Count("res.partner", "web_save")
}

// fault makes so many creations of partners fail; -1 stands for all.
func (w *writer) fault(f odootest.Fault, times int) {
	f.Match, f.Times = odootest.Match{Model: "res.partner", Method: w.method()}, times
	w.server.Inject(f)
}

func TestSave(t *testing.T) {
	onEveryProtocol(t, nil, func(t *testing.T, w *writer) {
		reads := w.Version().Major >= 17
		check := func(what string, saved *odoo.Saved, err error, want ...string) {
			t.Helper()
			if err != nil || len(saved.IDs) != len(want) {
				t.Fatalf("%s: %+v, %v", what, saved, err)
			}
			if w.sent() != 1 {
				t.Errorf("%s took %d calls", what, w.sent())
			}
			w.server.Reset()
			if !reads {
				if saved.Rows != nil {
					t.Errorf("%s: %v", what, saved.Rows)
				}
				return
			}
			for i, row := range saved.Rows {
				if row.ID != saved.IDs[i] || row.Values[0] != want[i] || len(row.Related[0]) != 0 {
					t.Errorf("%s: row %+v, want %q", what, row, want[i])
				}
			}
			if len(saved.Rows) != len(want) {
				t.Errorf("%s: %d rows", what, len(saved.Rows))
			}
		}
		one, err := w.create(t.Context(), "Alone")
		check("one", one, err, "Alone")
		several, err := w.create(t.Context(), "First", "Second")
		check("several", several, err, "First", "Second")
		changed, err := w.Save(t.Context(), odoo.Write{Model: w.partner, IDs: several.IDs, Values: []map[string]any{{"name": "Both"}}}, w.tree)
		check("a change", changed, err, "Both", "Both")
		if n := w.named(t, "Both"); n != 2 {
			t.Errorf("%d records are changed", n)
		}
		related, err := w.Save(t.Context(), odoo.Write{Model: w.partner, Values: []map[string]any{{"name": "Child", "parent_id": one.IDs[0]}}}, w.tree)
		if err != nil || reads && related.Rows[0].Related[0][0].Values[0] != "Alone" {
			t.Errorf("with its parent: %+v, %v", related, err)
		}
	})
}

// A user may change a record and not see what it refers to: the change is made all
// the same, and once.
func TestSaveWithoutReading(t *testing.T) {
	onEveryProtocol(t, nil, func(t *testing.T, w *writer) {
		if w.Version().Major < 17 {
			t.Skip("this Odoo reads nothing as it writes")
		}
		w.fault(odootest.Fault{Exception: odootest.AccessError("You are not allowed to access 'Contact' (res.partner) records.")}, 1)
		saved, err := w.create(t.Context(), "Half seen")
		if err != nil || len(saved.IDs) != 1 || saved.Rows != nil {
			t.Fatalf("%+v, %v", saved, err)
		}
		if n := w.named(t, "Half seen"); n != 1 || w.sent() != 2 {
			t.Errorf("%d records after %d calls", n, w.sent())
		}
		w.fault(odootest.Fault{Exception: odootest.AccessError("You are not allowed to modify 'Contact' (res.partner) records.")}, -1)
		saved, err = w.create(t.Context(), "Never")
		if saved != nil || apierror.CodeOf(err) != apierror.Forbidden || errors.Is(err, odoo.ErrOutcomeUnknown) {
			t.Errorf("without the right: %+v, %v", saved, err)
		}
	})
}

// Odoo undid what stood in another transaction's way: it may be made again.
func TestAChangeIsTriedAgainAfterAConflict(t *testing.T) {
	onEveryProtocol(t, nil, func(t *testing.T, w *writer) {
		w.fault(odootest.Fault{Exception: odootest.SerializationFailure()}, 3)
		if _, err := w.create(t.Context(), "Patient"); err != nil || w.sent() != 4 || w.named(t, "Patient") != 1 {
			t.Errorf("after 3 conflicts: %v, %d calls", err, w.sent())
		}
		w.server.Reset()
		w.fault(odootest.Fault{Exception: odootest.SerializationFailure()}, -1)
		saved, err := w.create(t.Context(), "Hopeless")
		if saved != nil || apierror.CodeOf(err) != apierror.Conflict || errors.Is(err, odoo.ErrOutcomeUnknown) || w.sent() != 4 {
			t.Errorf("with nothing but conflicts: %+v, %v, %d calls", saved, err, w.sent())
		}
	})
}

// wantKnown checks that a failed change left nothing behind, and that the error
// says so.
func (w *writer) wantKnown(t *testing.T, saved *odoo.Saved, err error, code apierror.Code) {
	t.Helper()
	if saved != nil || apierror.CodeOf(err) != code || errors.Is(err, odoo.ErrOutcomeUnknown) {
		t.Errorf("%+v, %v, want %s and that nothing was changed", saved, err, code)
	}
}

func TestAChangeThatWasNeverSent(t *testing.T) {
	onEveryProtocol(t, func(c *odoo.Config) { c.MaxConns, c.QueueTimeout = 1, 20*time.Second }, func(t *testing.T, w *writer) {
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		saved, err := w.create(ended, "Late")
		w.wantKnown(t, saved, err, apierror.ClientClosed)

		hold := w.server.Hold(odootest.Match{Method: "search_count"})
		waits, done := make(chan struct{}), make(chan struct{})
		go func() { defer close(waits); _ = countPartners(t.Context(), w.Session) }()
		if err := hold.Wait(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		inLine, leave := context.WithCancel(t.Context())
		go func() {
			defer close(done)
			saved, err := w.create(inLine, "In line")
			w.wantKnown(t, saved, err, apierror.ClientClosed)
		}()
		leave()
		<-done
		hold.Release()
		<-waits

		if w.sent() != 0 {
			t.Errorf("sent %d times", w.sent())
		}
		w.client.Close() // no connection is left over
		if err := w.server.Stop(); err != nil {
			t.Fatal(err)
		}
		saved, err = w.create(t.Context(), "Nowhere")
		w.wantKnown(t, saved, err, apierror.UpstreamUnavailable)
	})
}

func TestAChangeThatFoundNoPlace(t *testing.T) {
	onEveryProtocol(t, func(c *odoo.Config) { c.MaxConns, c.QueueTimeout = 1, 500*time.Millisecond }, func(t *testing.T, w *writer) {
		hold := w.server.Hold(odootest.Match{Method: "search_count"})
		waits := make(chan struct{})
		go func() { defer close(waits); _ = countPartners(t.Context(), w.Session) }()
		if err := hold.Wait(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		saved, err := w.create(t.Context(), "Too many")
		w.wantKnown(t, saved, err, apierror.Overloaded)
		if w.sent() != 0 {
			t.Errorf("sent %d times", w.sent())
		}
		hold.Release()
		<-waits
	})
}

// What a proxy or Odoo does not let in leaves nothing behind.
func TestAChangeThatWasTurnedAway(t *testing.T) {
	onEveryProtocol(t, nil, func(t *testing.T, w *writer) {
		for status, code := range map[int]apierror.Code{
			http.StatusRequestEntityTooLarge: apierror.UpstreamError,
			http.StatusTooManyRequests:       apierror.RateLimited,
			http.StatusForbidden:             apierror.UpstreamError,
		} {
			w.fault(odootest.Fault{Status: status, Body: "<html>no</html>"}, 1)
			saved, err := w.create(t.Context(), "Turned away")
			w.wantKnown(t, saved, err, code)
		}
	})
}

func TestATextThatCannotBeStoredIsNotSent(t *testing.T) {
	onEveryProtocol(t, nil, func(t *testing.T, w *writer) {
		saved, err := w.create(t.Context(), "a\x00b")
		w.wantKnown(t, saved, err, apierror.BadUserInput)
		if w.sent() != 0 || !strings.Contains(err.Error(), "character") {
			t.Errorf("%v, sent %d times", err, w.sent())
		}
	})
}
