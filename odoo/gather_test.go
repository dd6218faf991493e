package odoo_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"odoograph/apierror"
	"odoograph/odoo"
	"odoograph/odoo/odootest"
)

// together is a server with its partners, and readers that ask for one each.
type together struct {
	t       *testing.T
	server  *odootest.Server
	session *odoo.Session
	tree    *odoo.Tree
	ids     []int64
	all     sync.WaitGroup
}

var reading = odootest.Match{Model: "res.partner"}

func newTogether(t *testing.T, server *odootest.Server) *together {
	t.Helper()
	session := open(t, connect(t, server, nil), admin)
	partner, err := session.Model(t.Context(), "res.partner", []string{"name", "email", "city"})
	if err != nil {
		t.Fatal(err)
	}
	var ids []int64
	for _, id := range server.IDs("res.partner") {
		if active, _ := server.Get("res.partner", id, "active"); active == true {
			ids = append(ids, id)
		}
	}
	server.Reset()
	return &together{t: t, server: server, session: session, ids: ids, tree: &odoo.Tree{Model: partner, Fields: []string{"name"}}}
}

// read reads one partner in the background and checks the answer.
func (g *together) read(ctx context.Context, session *odoo.Session, id int64, fields ...string) {
	g.all.Go(func() {
		rows, err := session.ReadTree(ctx, []int64{id}, odoo.Domain{}, &odoo.Tree{Model: g.tree.Model, Fields: fields})
		switch {
		case ctx.Err() != nil:
			if apierror.CodeOf(err) != apierror.ClientClosed {
				g.t.Errorf("%d: %v", id, err)
			}
		case err != nil:
			g.t.Errorf("%d: %v", id, err)
		case len(rows) != 1 || rows[0].ID != id || len(rows[0].Values) != len(fields):
			g.t.Errorf("%d %v: %v", id, fields, rows)
		default:
			for i, field := range fields {
				if want, _ := g.server.Get("res.partner", id, field); fmt.Sprint(rows[0].Values[i]) != fmt.Sprint(want) {
					g.t.Errorf("%s of %d is %v, want %v", field, id, rows[0].Values[i], want)
				}
			}
		}
	})
}

// settle waits until so many requests wait to be merged.
func (g *together) settle(n int) {
	g.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); g.session.Waiting() != n; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			g.t.Fatalf("%d requests wait, want %d", g.session.Waiting(), n)
		}
	}
}

func TestReadsOfOneModelAreMerged(t *testing.T) {
	onEveryVersion(t, func(t *testing.T, server *odootest.Server) {
		g := newTogether(t, server)
		hold := server.Hold(reading)
		g.read(t.Context(), g.session, g.ids[0], "name")
		if err := hold.Wait(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		for i := range 20 {
			g.read(t.Context(), g.session, g.ids[i], [][]string{{"name"}, {"email", "name"}, {"city"}}[i%3]...)
		}
		g.settle(20)
		hold.Release()
		g.all.Wait()
		if n := len(server.Calls()); n != 2 {
			t.Errorf("%d calls for 21 reads, want the first and one for all the others", n)
		}
	})
}

func TestReadsOfOthersAreNotMerged(t *testing.T) {
	g := newTogether(t, odootest.Start(t, odootest.Options{}))
	demo := open(t, connect(t, g.server, nil), odoo.Credential{Login: odootest.DemoLogin, Password: odootest.DemoLogin})
	g.server.Reset()
	hold := g.server.Hold(reading)
	visible := g.ids[0]
	for _, session := range []*odoo.Session{g.session, g.session.WithLanguage("fr"), demo} {
		g.read(t.Context(), session, visible, "name")
	}
	if err := hold.Wait(t.Context(), 3); err != nil {
		t.Error("users and languages share a call")
	}
	hold.Release()
	g.all.Wait()
}

func TestAMergedCallThatIsRefusedIsSplit(t *testing.T) {
	g := newTogether(t, odootest.Start(t, odootest.Options{}))
	hold := g.server.Hold(reading)
	// Odoo refuses the call under way and the merged one, and then none.
	g.server.Inject(odootest.Fault{Match: reading, Exception: odootest.AccessError("no"), Times: 2})
	g.all.Go(func() {
		_, err := g.session.ReadTree(t.Context(), g.ids[:1], odoo.Domain{}, g.tree)
		if apierror.CodeOf(err) != apierror.Forbidden {
			t.Error(err)
		}
	})
	if err := hold.Wait(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	for i := 1; i < 5; i++ {
		g.read(t.Context(), g.session, g.ids[i], "name")
	}
	g.settle(4)
	hold.Release()
	g.all.Wait()
	if n := len(g.server.Calls()); n != 6 {
		t.Errorf("%d calls, want the first, the refused one and four single ones", n)
	}
}

func TestWhoLeavesDoesNotTakeOthersAlong(t *testing.T) {
	g := newTogether(t, odootest.Start(t, odootest.Options{}))
	first, leaveFirst := context.WithCancel(t.Context())
	hold := g.server.Hold(reading)
	g.read(first, g.session, g.ids[0], "name")
	if err := hold.Wait(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	waiting, leaveWaiting := context.WithCancel(t.Context())
	g.read(waiting, g.session, g.ids[1], "name")
	g.read(t.Context(), g.session, g.ids[2], "name")
	g.settle(2)
	leaveFirst()
	leaveWaiting()
	for deadline := time.Now().Add(10 * time.Second); g.server.Cancelled() == 0 && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
	hold.Release()
	g.all.Wait()
	if n := g.server.Cancelled(); n != 1 {
		t.Errorf("%d calls were cancelled, want that of the first alone", n)
	}
}

func TestEqualListsAreSharedButNeverOlderThanTheirRequest(t *testing.T) {
	g := newTogether(t, odootest.Start(t, odootest.Options{}))
	query := odoo.Query{Model: g.tree.Model, Limit: 3, Order: []odoo.Order{{Field: "name"}}}
	hold := g.server.Hold(reading)
	answers := make(chan string, 20)
	list := func() {
		g.all.Go(func() {
			rows, _, err := g.session.SearchTree(t.Context(), query, g.tree, false)
			if err != nil {
				t.Error(err)
			}
			answers <- fmt.Sprint(rows)
		})
	}
	list()
	if err := hold.Wait(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	for range 10 {
		list()
	}
	g.settle(10)
	hold.Release()
	g.all.Wait()
	if n := len(g.server.Calls()); n != 2 {
		t.Errorf("%d calls for 11 equal lists", n)
	}
	// A change before the request is in its answer.
	if err := g.server.Write("res.partner", g.ids[0], odootest.Values{"name": "0000"}); err != nil {
		t.Fatal(err)
	}
	before := <-answers
	list()
	g.all.Wait()
	for len(answers) > 1 {
		<-answers
	}
	if after := <-answers; after == before {
		t.Error("the answer is older than its request")
	}
}

// Odoo is asked for a set of fields; rows have them in an order.
func TestListsWithFieldsInAnotherOrderKeepIt(t *testing.T) {
	g := newTogether(t, odootest.Start(t, odootest.Options{}))
	query := odoo.Query{Model: g.tree.Model, Limit: 1, Domain: odoo.Where([]odoo.Step{{Model: g.tree.Model, Field: "id"}}, odoo.Equal, g.ids[0])}
	hold := g.server.Hold(reading)
	for i := range 4 {
		fields := [][]string{{"name", "city"}, {"city", "name"}}[i%2]
		g.all.Go(func() {
			rows, _, err := g.session.SearchTree(t.Context(), query, &odoo.Tree{Model: g.tree.Model, Fields: fields}, false)
			if err != nil || len(rows) != 1 {
				t.Errorf("%v %v", rows, err)
				return
			}
			for j, field := range fields {
				if want, _ := g.server.Get("res.partner", g.ids[0], field); rows[0].Values[j] != want {
					t.Errorf("%s is %v, want %v", field, rows[0].Values[j], want)
				}
			}
		})
	}
	g.settle(2)
	hold.Release()
	g.all.Wait()
}
