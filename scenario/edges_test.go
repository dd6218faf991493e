package scenario

import (
	"math/rand/v2"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"odoograph/endpoint"
	"odoograph/odoo/odootest"
)

// A selection key that the schema does not know, as some Odoo module adds, is an
// error on that field alone.
func TestUnknownSelectionKey(t *testing.T) {
	server := odootest.Start(t, odootest.Options{})
	order := server.IDs("sale.order")[0]
	if err := server.Write("sale.order", order, odootest.Values{"state": "waiting"}); err != nil {
		t.Fatal(err)
	}
	w := standIn(server, "").open(t, options{})
	a := w.ask(`{ saleOrders(first: 2) { nodes { name state } } }`, nil)
	if len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != "UPSTREAM_ERROR" || len(a.Errors[0].Path) != 4 || strings.Contains(a.Errors[0].Message, "waiting") {
		t.Errorf("errors %+v", a.Errors)
	}
	states := column(dig(a.Data, "saleOrders.nodes"), "state")
	if states[0] != nil || states[1] == nil || dig(a.Data, "saleOrders.nodes.0.name") == nil {
		t.Errorf("the rest did not arrive: %v", a.Data)
	}
}

// Without a module of Odoo its types say what is missing, and the others work.
func TestModuleNotInstalled(t *testing.T) {
	server := odootest.Start(t, odootest.Options{})
	for _, model := range []string{"sale.order", "sale.order.line"} {
		server.Inject(odootest.Fault{
			Match: odootest.Match{Model: model, Method: "fields_get"}, Times: -1,
			Exception: odootest.UserError("Object " + model + " doesn't exist"),
		})
	}
	w := standIn(server, "").open(t, options{})
	w.get(`{ partners(first: 1) { nodes { name } } }`, nil)
	if e := w.refuse("UNSUPPORTED", `{ saleOrders { totalCount } }`, nil); !strings.Contains(e.Message, "module sale ") {
		t.Errorf("the client reads %q", e.Message)
	}
}

// A field that this Odoo lacks reads as null, and cannot be filtered by.
func TestFieldOfAnotherVersion(t *testing.T) {
	for _, version := range []int{14, 19} {
		w := standIn(odootest.Start(t, odootest.Options{Version: version}), "").open(t, options{})
		data := w.get(`{ partners(first: 40) { nodes { mobile } } currencies(first: 1) { nodes { fullName } } }`, nil)
		mobile := cmp.Equal(column(dig(data, "partners.nodes"), "mobile"), make([]any, len(dig(data, "partners.nodes").([]any))))
		if fullName := dig(data, "currencies.nodes.0.fullName"); mobile != (version == 19) || (fullName == nil) != (version == 14) {
			t.Errorf("%d: all mobile numbers null: %v, full name %v", version, mobile, fullName)
		}
		if version == 19 {
			w.refuse("BAD_USER_INPUT", `{ partners(filter: {mobile: {eq: "1"}}) { totalCount } }`, nil)
		}
	}
}

// An order that Odoo 14 holds as "done" is a locked sale, as in later versions.
func TestLockedOrders(t *testing.T) {
	for _, version := range []int{14, 17, 19} {
		w := standIn(odootest.Start(t, odootest.Options{Version: version}), "").open(t, options{})
		data := w.get(`{ locked: saleOrders(filter: {locked: {eq: true}}) { totalCount nodes { state locked } }
		  open: saleOrders(filter: {locked: {eq: false}}) { totalCount nodes { locked } } all: saleOrders { totalCount } }`, nil)
		locked := dig(data, "locked.nodes").([]any)
		if len(locked) == 0 || dig(locked[0], "state") != "SALE" || dig(locked[0], "locked") != true || dig(data, "open.nodes.0.locked") != false {
			t.Errorf("%d: %v", version, data)
		}
	}
}

// Texts that only have a plain form in Odoo 14 are HTML all the same.
func TestNotesAreHTML(t *testing.T) {
	for _, version := range []int{14, 19} {
		server := odootest.Start(t, odootest.Options{Version: version})
		note := map[int]string{14: "a < b\nc", 19: "<p>a &lt; b<br>c</p>"}[version]
		if err := server.Write("res.partner", server.IDs("res.partner")[0], odootest.Values{"comment": note}); err != nil {
			t.Fatal(err)
		}
		w := standIn(server, "").open(t, options{})
		if got := dig(w.get(`{ partners(first: 1) { nodes { notes } } }`, nil), "partners.nodes.0.notes"); got != "<p>a &lt; b<br>c</p>" {
			t.Errorf("%d: %q", version, got)
		}
	}
}

// One record reached on two paths with different selections has both.
func TestOneRecordOnTwoPaths(t *testing.T) {
	w := standIn(odootest.Start(t, odootest.Options{}), "").open(t, options{})
	data := w.get(`{ saleOrders(first: 5) { nodes { partner { name } invoiceAddress { email } deliveryAddress { city country { code } } } } }`, nil)
	want := w.get(`{ saleOrders(first: 5) { nodes { partner { name email city } } } }`, nil)
	if diff := cmp.Diff(column(dig(want, "saleOrders.nodes"), "partner.name"), column(dig(data, "saleOrders.nodes"), "partner.name")); diff != "" {
		t.Error(diff)
	}
}

// A query that may return too much is refused before Odoo is asked.
func TestTooMuch(t *testing.T) {
	w := standIn(odootest.Start(t, odootest.Options{}), "").open(t, options{})
	w.get(simpleQuery, nil)
	query := `{ partners(first: 100) { nodes { contacts(first: 100) { nodes { contacts(first: 100) { nodes { name } } } } } } }`
	if n := w.callsOf(func() { w.refuse("BAD_USER_INPUT", query, nil) }); n != 0 {
		t.Errorf("%d calls", n)
	}
	w.refuse("QUERY_TOO_COMPLEX", `{ `+strings.Repeat("partners { nodes { contacts { nodes { ", 2000), nil)
}

// A natural key that several records have is refused rather than guessed.
func TestAmbiguousNaturalKey(t *testing.T) {
	server := odootest.Start(t, odootest.Options{})
	for range 2 {
		if _, err := server.Create("res.partner", odootest.Values{"name": "Twin", "ref": "TWIN"}); err != nil {
			t.Fatal(err)
		}
	}
	w := standIn(server, "").open(t, options{})
	if e := w.refuse("BAD_USER_INPUT", `{ partner(reference: "TWIN") { name } }`, nil); !strings.Contains(e.Message, "TWIN") {
		t.Errorf("the client reads %q", e.Message)
	}
	w.refuse("BAD_USER_INPUT", `{ a: partner(reference: "TWIN") { name } b: partner(reference: "nobody") { name } }`, nil)
}

// Answers do not depend on when the garbage collector runs: gqlgen remembers
// what a selection holds by its address, so that a selection made for planning
// could be taken for another one made later in its place.
func TestPlansDoNotMix(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(1))
	w := standIn(odootest.Start(t, odootest.Options{}), "").open(t, options{})
	for seed := range uint64(40) {
		g := &generator{Rand: rand.New(rand.NewPCG(seed, 11)), schema: endpoint.Schema().Schema()}
		query := g.query()
		want := w.ask(query, nil)
		for range 5 {
			if diff := cmp.Diff(want.Data, w.ask(query, nil).Data); diff != "" {
				t.Fatalf("%s\n%s", query, diff)
			}
		}
	}
}
