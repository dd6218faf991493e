package odootest_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"odoograph/odoo/odootest"
)

// saleModels are those whose records the tests count.
var saleModels = []string{"res.partner", "res.partner.category", "sale.order", "sale.order.line"}

// everything lists the records of the sale models with what changes in them.
func everything(t *testing.T, s *odootest.Server) map[string]any {
	t.Helper()
	out := map[string]any{}
	for _, model := range saleModels {
		for _, id := range s.IDs(model) {
			for _, field := range []string{"name", "write_date", "write_uid"} {
				v, err := s.Get(model, id, field)
				if err != nil {
					t.Fatal(err)
				}
				out[fmt.Sprint(model, " ", id, " ", field)] = v
			}
		}
	}
	return out
}

// A call that fails in its middle leaves nothing behind but used up ids.
func TestTransaction(t *testing.T) {
	everyVersion(t, func(t *testing.T, version int, s *odootest.Server, e *endpoint) {
		product := s.Find("product.product", "default_code", "NW-D100")
		line, badLine := list{0, 0, keys{"product_id": product}}, list{0, 0, keys{"product_id": 99999999}}
		order := e.resolve(t, found{"sale.order", list{cond("state", "=", "draft")}})
		before := everything(t, s)
		for _, c := range []struct {
			name, model, method string
			args                list
			from                int
		}{
			{name: "the last of three records", model: partner, method: "create", args: list{list{keys{"name": "a"}, keys{"name": "b"}, keys{}}}},
			{name: "a contact of a company", model: partner, method: "create", args: list{keys{"name": "a", "child_ids": list{list{0, 0, keys{"name": "b"}}, list{0, 0, keys{}}}}}},
			{name: "the last line of an order", model: "sale.order", method: "create", args: list{keys{"partner_id": 3, "order_line": list{line, line, badLine}}}},
			{name: "a line after another was deleted", model: "sale.order", method: "write", args: list{list{order}, keys{"client_order_ref": "x", "order_line": list{list{5}, line, badLine}}}},
			{name: "a tag of a partner", model: partner, method: "write", args: list{list{3}, keys{"name": "x", "category_id": list{list{0, 0, keys{"name": "t"}}, list{4, 99999999}}}}},
			{name: "one of the partners", model: partner, method: "write", args: list{list{3, 1}, keys{"parent_id": 3}}},
			{name: "what to read afterwards", model: partner, method: "web_save", args: list{list{}, keys{"name": "a"}, keys{"zzz": keys{}}}, from: 17},
		} {
			if version < c.from {
				continue
			}
			e.refusal(t, "admin", c.model, c.method, c.args, nil)
			if diff := cmp.Diff(before, everything(t, s)); diff != "" {
				t.Errorf("%s: %s", c.name, diff)
			}
		}
	})
}

// Who changed a record and when is noted, also of a record that is changed by
// the way: an order by its line, a contact by its company.
func TestStamps(t *testing.T) {
	now := time.Now().UTC().Truncate(time.Second)
	var mu sync.Mutex
	clock := func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	later := func() string {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(time.Hour)
		return now.Format(time.DateTime)
	}
	for _, version := range []int{14, 17, 19} {
		s, e := standIn(t, odootest.Options{Version: version, Clock: clock})
		stamps := func(model string, id any) map[string]any {
			records := e.result(t, "admin", model, "read", list{list{id}, list{"create_date", "create_uid", "write_date", "write_uid"}}, keys{"load": ""})
			return records.([]any)[0].(map[string]any)
		}
		demo, admin := float64(s.UID("demo")), float64(s.UID("admin"))
		made := later()
		company := e.result(t, "demo", partner, "create", list{keys{"name": "A", "is_company": true}}, nil)
		contact := e.result(t, "demo", partner, "create", list{keys{"name": "B", "parent_id": company}}, nil)
		changed := later()
		e.result(t, "admin", partner, "write", list{list{company}, keys{"street": "S"}}, nil)
		for _, id := range []any{company, contact} {
			want := map[string]any{"id": id, "create_date": made, "create_uid": demo, "write_date": changed, "write_uid": admin}
			if diff := cmp.Diff(want, stamps(partner, id)); diff != "" {
				t.Error(diff)
			}
		}
		order := e.result(t, "admin", "sale.order", "create", list{keys{"partner_id": company, "order_line": list{list{0, 0, keys{
			"product_id": s.Find("product.product", "default_code", "NW-D100")}}}}}, nil)
		changed = later()
		line := s.IDs("sale.order.line")[len(s.IDs("sale.order.line"))-1]
		e.result(t, "admin", "sale.order.line", "write", list{list{line}, keys{"product_uom_qty": 4}}, nil)
		if got := stamps("sale.order", order)["write_date"]; got != changed {
			t.Errorf("order: want %s, got %v", changed, got)
		}
	}
}

// Of a call whose answer is lost nobody knows from outside whether it was done;
// of one that PostgreSQL gave up on, it was not.
func TestFaultsOfWrites(t *testing.T) {
	s, e := standIn(t, odootest.Options{})
	city := func() any { v, _ := s.Get(partner, 3, "city"); return v }
	before := city()
	s.Inject(odootest.Fault{Match: odootest.Match{Method: "write"}, Exception: odootest.SerializationFailure()})
	if class, _ := e.refusal(t, "admin", partner, "write", list{list{3}, keys{"city": "X"}}, nil); class != "psycopg2.errors.SerializationFailure" || city() != before {
		t.Errorf("serialization failure: %s, city %v", class, city())
	}
	e.result(t, "admin", partner, "write", list{list{3}, keys{"city": "Y"}}, nil) // the next one succeeds
	s.Inject(odootest.Fault{Match: odootest.Match{Method: "write"}, Reset: true})
	if err := broken(e, `{"ids": [3], "vals": {"city": "Z"}}`); err == nil || city() != "Y" {
		t.Errorf("reset: %v, city %v", err, city())
	}
	s.Inject(odootest.Fault{Match: odootest.Match{Method: "write"}, Truncate: true})
	if err := broken(e, `{"ids": [3], "vals": {"city": "Z"}}`); err == nil || city() != "Z" {
		t.Errorf("truncated answer: %v, city %v", err, city())
	}
}

// Writes are in the log of calls with the records they are about.
func TestWritesAreRecorded(t *testing.T) {
	s, e := standIn(t, odootest.Options{})
	e.result(t, "demo", partner, "check_access_rights", list{"write", false}, nil) // signs in
	s.Reset()
	e.result(t, "demo", partner, "write", list{list{3, 8}, keys{"city": "x"}}, nil)
	e.refusal(t, "demo", "sale.order", "action_confirm", list{99999999}, nil)
	want := []odootest.Call{
		{Protocol: "json-rpc", Service: "object", Model: partner, Method: "write", UID: s.UID("demo"), IDs: []int64{3, 8},
			Args: list{list{int64(3), int64(8)}, keys{"city": "x"}}, Kwargs: keys{}},
		{Protocol: "json-rpc", Service: "object", Model: "sale.order", Method: "action_confirm", UID: s.UID("demo"), IDs: []int64{99999999},
			Args: list{int64(99999999)}, Kwargs: keys{}, Error: "odoo.exceptions.MissingError"},
	}
	if diff := cmp.Diff(want, s.Calls()); diff != "" {
		t.Error(diff)
	}
	if n := s.Count(partner, "write"); n != 1 {
		t.Errorf("%d writes", n)
	}
}

// A record rule that hides a record refuses its change; one that does not let
// the caller have the new record refuses it, too.
func TestRulesOfWrites(t *testing.T) {
	everyVersion(t, func(t *testing.T, _ int, s *odootest.Server, e *endpoint) {
		hidden := s.Find(partner, "ref", "C-1001")
		if err := s.Write(partner, hidden, odootest.Values{"ref": "VIP-1"}); err != nil {
			t.Fatal(err)
		}
		before := everything(t, s)
		for _, c := range []struct {
			method string
			args   list
		}{
			{"write", list{list{hidden}, keys{"city": "x"}}}, {"unlink", list{list{hidden}}}, {"action_archive", list{list{hidden}}},
			{"create", list{keys{"name": "a", "ref": "VIP-2"}}}, {"create", list{keys{"name": "a", "company_id": 2}}},
			{"write", list{list{3}, keys{"property_payment_term_id": 1}}},
		} {
			class, message := e.refusal(t, "demo", partner, c.method, c.args, nil)
			if class != "odoo.exceptions.AccessError" {
				t.Errorf("%s: %s %s", c.method, class, message)
			}
		}
		if diff := cmp.Diff(before, everything(t, s)); diff != "" {
			t.Error(diff)
		}
	})
}

// A text is written in the language of the context.
func TestWriteInLanguage(t *testing.T) {
	everyVersion(t, func(t *testing.T, _ int, s *odootest.Server, e *endpoint) {
		tag := e.result(t, "admin", "res.partner.category", "create", list{keys{"name": "Good"}}, nil)
		french := keys{"context": keys{"lang": "fr_FR"}}
		e.result(t, "admin", "res.partner.category", "write", list{list{tag}, keys{"name": "Bon"}}, french)
		domain := list{cond("id", "=", tag)}
		if en, fr := e.column(t, "admin", "res.partner.category", "name", domain, nil)[0], e.column(t, "admin", "res.partner.category", "name", domain, french)[0]; en != "Good" || fr != "Bon" {
			t.Errorf("%v, %v", en, fr)
		}
	})
}

// Calls that write wait for each other; those that read see none half done.
func TestConcurrentWrites(t *testing.T) {
	s, e := standIn(t, odootest.Options{})
	product := s.Find("product.product", "default_code", "NW-D100")
	e.result(t, "admin", partner, "read", list{list{3}, list{"name"}}, nil) // signs in once, for all
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for range 5 {
				e.call(t, "admin", "sale.order", "create", list{keys{"partner_id": 3, "client_order_ref": fmt.Sprint(i),
					"order_line": list{list{0, 0, keys{"product_id": product, "price_unit": 10}}, list{0, 0, keys{"product_id": product, "price_unit": 1}}}}}, nil)
				answer := e.call(t, "admin", "sale.order", "search_read", list{list{cond("client_order_ref", "!=", false), cond("partner_id", "=", 3)}, list{"order_line", "name"}}, nil)
				for _, record := range answer.body["result"].([]any) {
					if lines := record.(map[string]any)["order_line"].([]any); len(lines) != 2 {
						t.Errorf("an order of %d lines", len(lines))
					}
				}
			}
		})
	}
	wg.Wait()
	names := map[any]bool{}
	for _, name := range e.column(t, "admin", "sale.order", "name", list{cond("partner_id", "=", 3)}, nil) {
		names[name] = true
	}
	if len(names) != 40 {
		t.Errorf("%d names of 40 orders", len(names))
	}
}

// What the stand-in knows only half of, it refuses to change.
func TestUnknownChanges(t *testing.T) {
	s, e := standIn(t, odootest.Options{})
	for _, model := range []string{"account.move", "res.users", "product.product"} {
		class, message := e.refusal(t, "admin", model, "write", list{s.IDs(model)[:1], keys{"name": "x"}}, nil)
		if class != "builtins.NotImplementedError" || !strings.Contains(message, model) {
			t.Errorf("%s: %s %s", model, class, message)
		}
	}
	order := e.resolve(t, found{"sale.order", list{cond("state", "=", "draft")}})
	if class, message := e.refusal(t, "admin", "sale.order", "action_quotation_send", list{list{order}}, nil); class != "builtins.NotImplementedError" {
		t.Errorf("sending: %s %s", class, message)
	}
}
