package odoo_test

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"odoograph/apierror"
	"odoograph/odoo"
	"odoograph/odoo/odootest"
)

// cached is a client that keeps reference data for a minute of a clock that the
// test moves, and some models as the admin sees them.
type cached struct {
	t       *testing.T
	server  *odootest.Server
	client  *odoo.Client
	session *odoo.Session
	clock   atomic.Int64

	country, currency, company, partner *odoo.Model
}

func newCached(t *testing.T, server *odootest.Server, ttl time.Duration) *cached {
	t.Helper()
	c := &cached{t: t, server: server}
	start := time.Now()
	c.client = connect(t, server, func(cfg *odoo.Config) {
		cfg.ReferenceTTL = ttl
		cfg.Now = func() time.Time { return start.Add(time.Duration(c.clock.Load())) }
	})
	c.session = open(t, c.client, admin)
	c.country = c.model("res.country", "name", "code", "currency_id", "state_ids")
	c.currency = c.model("res.currency", "name", "symbol", "active")
	c.company = c.model("res.company", "name", "partner_id")
	c.partner = c.model("res.partner", "name", "country_id")
	c.partner.Reference = false
	return c
}

func (c *cached) model(name string, fields ...string) *odoo.Model {
	c.t.Helper()
	m, err := c.session.Model(c.t.Context(), name, fields)
	if err != nil {
		c.t.Fatal(err)
	}
	m.Reference = true
	return m
}

func (c *cached) pass(d time.Duration) { c.clock.Add(int64(d)) }

// costs checks how many calls something makes.
func (c *cached) costs(what string, want int, do func()) {
	c.t.Helper()
	c.server.Reset()
	do()
	if calls := c.server.Calls(); len(calls) != want {
		c.t.Errorf("%s: %d calls, want %d: %+v", what, len(calls), want, calls)
	}
}

// list returns the first records of a model as text.
func (c *cached) list(session *odoo.Session, m *odoo.Model, where odoo.Domain, fields ...string) string {
	c.t.Helper()
	rows, err := session.SearchRead(c.t.Context(), odoo.Query{Model: m, Domain: where, Limit: 5}, fields)
	if err != nil {
		c.t.Error(err)
	}
	return fmt.Sprint(rows)
}

func (c *cached) read(tree *odoo.Tree, ids ...int64) []odoo.Row {
	c.t.Helper()
	rows, err := c.session.ReadTree(c.t.Context(), ids, odoo.Domain{}, tree)
	if err != nil {
		c.t.Error(err)
	}
	slices.SortFunc(rows, func(a, b odoo.Row) int { return int(a.ID - b.ID) })
	return rows
}

func TestReferenceListsAreKeptForAWhile(t *testing.T) {
	onEveryVersion(t, func(t *testing.T, server *odootest.Server) {
		c := newCached(t, server, time.Minute)
		query := odoo.Query{Model: c.country, Limit: 5}
		list := func() { c.list(c.session, c.country, odoo.Domain{}, "name") }
		count := func() {
			if n, err := c.session.Count(t.Context(), query); err != nil || n < 100 {
				t.Error(n, err)
			}
		}
		c.costs("the first list", 1, list)
		c.costs("the second list", 0, list)
		c.costs("the first count", 1, count)
		c.costs("the second count", 0, count)
		c.costs("other fields", 1, func() { c.list(c.session, c.country, odoo.Domain{}, "code") })
		c.costs("another condition", 1, func() {
			c.list(c.session, c.country, odoo.Where([]odoo.Step{{Model: c.country, Field: "code"}}, odoo.Equal, "BE"), "name")
		})
		c.costs("a condition on other reference data", 1, func() {
			for range 2 {
				c.list(c.session, c.country, odoo.Where([]odoo.Step{{Model: c.country, Field: "currency_id"}, {Model: c.currency, Field: "name"}}, odoo.Equal, "EUR"), "name")
			}
		})
		first := server.IDs("res.country")[0]
		before := c.list(c.session, c.country, odoo.Domain{}, "name")
		if err := server.Write("res.country", first, odootest.Values{"name": "Renamed"}); err != nil {
			t.Fatal(err)
		}
		c.pass(59 * time.Second)
		if c.list(c.session, c.country, odoo.Domain{}, "name") != before {
			t.Error("it was not kept for a minute")
		}
		c.pass(time.Second)
		c.costs("after a minute", 1, list)
		if c.list(c.session, c.country, odoo.Domain{}, "name") == before {
			t.Error("it was kept for longer than a minute")
		}
		if s := c.client.ReferenceStats(); s.Hits < 5 || s.Misses < 6 || s.Entries == 0 {
			t.Errorf("%+v", s)
		}
		c.pass(time.Hour)
		if s := c.client.ReferenceStats(); s.Entries != 0 {
			t.Errorf("after an hour %+v", s)
		}
	})
}

func TestReferenceDataIsOfOneUserAndLanguage(t *testing.T) {
	c := newCached(t, odootest.Start(t, odootest.Options{}), time.Minute)
	demo := open(t, c.client, odoo.Credential{Login: odootest.DemoLogin, Password: odootest.DemoLogin})
	seen := map[string]string{}
	for name, session := range map[string]*odoo.Session{"admin": c.session, "French": c.session.WithLanguage("fr"), "demo": demo} {
		c.costs(name, 2, func() {
			for range 2 {
				seen[name] = c.list(session, c.country, odoo.Domain{}, "name")
				seen[name+" companies"] = c.list(session, c.company, odoo.Domain{}, "name")
			}
		})
	}
	if seen["admin"] == seen["French"] || seen["admin companies"] == seen["demo companies"] {
		t.Errorf("languages or users mix: %v", seen)
	}
}

func TestASignInStartsAfresh(t *testing.T) {
	c := newCached(t, odootest.Start(t, odootest.Options{}), time.Hour)
	list := func() { c.list(c.session, c.country, odoo.Domain{}, "name") }
	c.costs("the first list", 1, list)
	c.server.Inject(odootest.Fault{Match: odootest.Match{Model: "res.partner"}, Exception: odootest.AccessDenied()})
	if _, err := c.session.Count(t.Context(), odoo.Query{Model: c.partner}); apierror.CodeOf(err) != apierror.UpstreamUnauthenticated {
		t.Fatal(err)
	}
	c.pass(2 * time.Minute) // a refused credential is left alone for a while
	c.session = open(t, c.client, admin)
	c.costs("after another sign-in", 1, list)
}

func TestBusinessDataIsNotKept(t *testing.T) {
	onEveryVersion(t, func(t *testing.T, server *odootest.Server) {
		c := newCached(t, server, time.Minute)
		twice := func(do func()) func() { return func() { do(); do() } }
		c.costs("a list of partners", 2, twice(func() { c.list(c.session, c.partner, odoo.Domain{}, "name") }))
		c.costs("a count of partners", 2, twice(func() { _, _ = c.session.Count(t.Context(), odoo.Query{Model: c.partner}) }))
		c.costs("partners by id", 2, twice(func() { c.read(&odoo.Tree{Model: c.partner, Fields: []string{"name"}}, server.IDs("res.partner")[0]) }))
		c.costs("companies by the name of their partner", 2, twice(func() {
			path := []odoo.Step{{Model: c.company, Field: "partner_id"}, {Model: c.partner, Field: "name"}}
			c.list(c.session, c.company, odoo.Not(odoo.Where(path, odoo.Equal, "x")), "name")
		}))
		branched := &odoo.Tree{Model: c.company, Fields: []string{"name"}, Branches: []odoo.Branch{
			{Field: "partner_id", Tree: &odoo.Tree{Model: c.partner, Fields: []string{"name"}}},
		}}
		if !c.session.CanNest() {
			return
		}
		c.costs("companies with their partners", 2, twice(func() { c.read(branched, 1) }))
		c.costs("a list of companies with their partners", 2, twice(func() {
			if _, _, err := c.session.SearchTree(t.Context(), odoo.Query{Model: c.company, Limit: 2}, branched, false); err != nil {
				t.Error(err)
			}
		}))
	})
}

func TestReferenceRecordsAreKeptOneByOne(t *testing.T) {
	onEveryVersion(t, func(t *testing.T, server *odootest.Server) {
		c := newCached(t, server, time.Minute)
		ids := server.IDs("res.country")
		tree := &odoo.Tree{Model: c.country, Fields: []string{"name", "code"}}
		asked := func() []any {
			t.Helper()
			for _, call := range server.Calls() {
				if domain, ok := call.Args[len(call.Args)-1].([]any); ok {
					return domain
				}
			}
			return nil
		}
		var both, all []odoo.Row
		c.costs("two", 1, func() { both = c.read(tree, ids[0], ids[1]) })
		c.costs("the same", 0, func() { c.read(tree, ids[1], ids[0]) })
		c.costs("two known, two not", 1, func() { all = c.read(tree, ids[:4]...) })
		if text := fmt.Sprint(asked()); text != fmt.Sprintf("[[id in [%d %d]]]", ids[2], ids[3]) {
			t.Errorf("Odoo was asked for %s", text)
		}
		if len(all) != 4 || fmt.Sprint(all[:2]) != fmt.Sprint(both) {
			t.Errorf("%v and then %v", both, all)
		}
		c.costs("other fields", 1, func() { c.read(&odoo.Tree{Model: c.country, Fields: []string{"code", "name"}}, ids[0]) })
		c.costs("a missing one", 2, func() {
			for range 2 {
				if rows := c.read(tree, 999_999, ids[0]); len(rows) != 1 {
					t.Errorf("%v", rows)
				}
			}
		})
		c.pass(time.Minute)
		c.costs("after a minute", 1, func() { c.read(tree, ids[:4]...) })
	})
}

func TestErrorsAreNotKept(t *testing.T) {
	c := newCached(t, odootest.Start(t, odootest.Options{}), time.Minute)
	tree := &odoo.Tree{Model: c.currency, Fields: []string{"name"}}
	for range 2 {
		c.server.Inject(odootest.Fault{Match: odootest.Match{Model: "res.currency"}, Exception: odootest.AccessError("no"), Times: 2})
		c.costs("refused", 2, func() {
			if _, err := c.session.SearchRead(t.Context(), odoo.Query{Model: c.currency, Limit: 1}, nil); apierror.CodeOf(err) != apierror.Forbidden {
				t.Error(err)
			}
			if _, err := c.session.ReadTree(t.Context(), []int64{1}, odoo.Domain{}, tree); apierror.CodeOf(err) != apierror.Forbidden {
				t.Error(err)
			}
		})
	}
	c.costs("granted", 1, func() { c.read(tree, 1) })
}

func TestReferenceDataThatIsNotKept(t *testing.T) {
	server := odootest.Start(t, odootest.Options{})
	off := newCached(t, server, 0)
	off.costs("turned off", 2, func() {
		off.list(off.session, off.country, odoo.Domain{}, "name")
		off.list(off.session, off.country, odoo.Domain{}, "name")
	})
	if s := off.client.ReferenceStats(); s != (odoo.ReferenceStats{}) {
		t.Errorf("%+v", s)
	}
	for i := range 1001 {
		if _, err := server.Create("res.country", odootest.Values{"name": fmt.Sprint("Island ", i), "code": fmt.Sprint("I", i)}); err != nil {
			t.Fatal(err)
		}
	}
	on := newCached(t, server, time.Minute)
	on.costs("a long list", 2, func() {
		for range 2 {
			if rows, err := on.session.SearchRead(t.Context(), odoo.Query{Model: on.country, Limit: 5000}, nil); err != nil || len(rows) < 1001 {
				t.Error(len(rows), err)
			}
		}
	})
	if _, err := odoo.New(odoo.Config{URL: server.URL(), Database: server.DB(), ReferenceTTL: -time.Second}); err == nil {
		t.Error("a negative time is taken")
	}
}

// Of many who find that a list has expired one makes a call.
func TestAStampedeCostsOneCall(t *testing.T) {
	c := newCached(t, odootest.Start(t, odootest.Options{}), time.Minute)
	hold := c.server.Hold(odootest.Match{Model: "res.country"})
	c.costs("twenty at once", 1, func() {
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() { c.list(c.session, c.country, odoo.Domain{}, "name") })
		}
		for deadline := time.Now().Add(10 * time.Second); c.session.Waiting() != 19 && time.Now().Before(deadline); {
			time.Sleep(time.Millisecond)
		}
		hold.Release()
		all.Wait()
	})
}

// Merging what one asks for with what others ask for leaves the rows that are
// kept as they were, and nothing of the cache goes on running.
func TestKeptRowsAreNotTouched(t *testing.T) {
	server := odootest.Start(t, odootest.Options{Version: 17})
	before := runtime.NumGoroutine()
	c := newCached(t, server, time.Minute)
	ids := server.IDs("res.country")[:50]
	trees := make([]*odoo.Tree, 4)
	for i, fields := range [][]string{{"name"}, {"code", "name"}, {"state_ids", "code"}, {"name", "code"}} {
		trees[i] = &odoo.Tree{Model: c.country, Fields: fields, Branches: []odoo.Branch{
			{Field: "currency_id", Tree: &odoo.Tree{Model: c.currency, Fields: []string{"symbol", "name"}[:1+i%2]}},
		}}
	}
	want := make([]string, len(trees))
	plain := newCached(t, server, 0)
	for i, tree := range trees {
		want[i] = fmt.Sprint(plain.read(tree, ids...))
	}
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() {
			tree := trees[i%len(trees)]
			c.read(tree, ids[i:i+10]...)
			if got := fmt.Sprint(c.read(tree, ids...)); got != want[i%len(trees)] {
				t.Errorf("%v: %s", tree.Fields, got)
			}
		})
	}
	all.Wait()
	c.client.Close()
	plain.client.Close()
	for deadline := time.Now().Add(3 * time.Second); runtime.NumGoroutine() > before && time.Now().Before(deadline); {
		time.Sleep(10 * time.Millisecond)
	}
	if after := runtime.NumGoroutine(); after > before {
		t.Errorf("%d goroutines before, %d after", before, after)
	}
}
