package odootest_test

import (
	"slices"
	"strings"
	"testing"

	"odoograph/odoo/odootest"
)

// The salesperson sees own orders and nobody's, in lists; anything else by id is
// an AccessError that names the records on 14 and jokes since.
func TestRecordRules(t *testing.T) {
	everyVersion(t, func(t *testing.T, version int, s *odootest.Server, e *endpoint) {
		demo := float64(s.UID(odootest.DemoLogin))
		for _, user := range e.column(t, "demo", "sale.order", "user_id", list{}, nil) {
			if pair, ok := user.([]any); ok && pair[0] != demo {
				t.Errorf("demo sees an order of %v", pair)
			}
		}
		orders := len(e.column(t, "demo", "sale.order", "id", list{}, nil))
		if all := len(s.IDs("sale.order")); orders == 0 || orders >= all {
			t.Errorf("demo sees %d of %d orders", orders, all)
		}
		foreign := e.resolve(t, strange)
		class, message := e.refusal(t, "demo", "sale.order", "read", list{list{foreign}, list{"name"}}, nil)
		if class != "odoo.exceptions.AccessError" || strings.Contains(message, "Records: S0") != (version == 14) {
			t.Errorf("%s: %s", class, message)
		}
		// A record that is gone is left out; one that is hidden fails the whole call.
		e.refusal(t, "demo", "sale.order", "read", list{list{foreign, 99999999}, list{"name"}}, nil)
	})
}

// Some of demo's own orders lead to partners and teams that demo may not read:
// their names come with the order, any other field is an AccessError.
func TestHiddenTargets(t *testing.T) {
	for _, version := range []int{17, 19} {
		_, e := standIn(t, odootest.Options{Version: version})
		for field, domain := range map[string]list{
			"partner_id":         {cond("partner_id.ref", "=like", "VIP-%")},
			"partner_invoice_id": {cond("name", "=", "S00004")},
			"team_id":            {cond("team_id.name", "=", "North")},
		} {
			order := e.resolve(t, found{"sale.order", append(list{cond("user_id.login", "=", "demo")}, domain...)})
			ask := func(field string, fields keys) reply {
				return e.call(t, "demo", "sale.order", "web_read", list{list{order}, keys{field: keys{"fields": fields}}}, nil)
			}
			if answer := ask(field, keys{"display_name": keys{}}); answer.body["error"] != nil {
				t.Errorf("%s: the name is read past access rights: %s", field, answer.raw)
			}
			if answer := ask(field, keys{"name": keys{}}); !strings.HasPrefix(faultOf(answer.body), pick(version == 17, "200", "0")+" odoo.exceptions.AccessError") {
				t.Errorf("%s: want an AccessError, got %s", field, answer.raw)
			}
		}
	}
}

// A model may be closed to a user, for searching and reading, also as the end of
// a relation; fields_get is open to everybody.
func TestClosedModel(t *testing.T) {
	everyVersion(t, func(t *testing.T, version int, s *odootest.Server, e *endpoint) {
		for _, model := range []string{"account.move", "account.move.line"} {
			e.refusal(t, "demo", model, "search", list{list{}}, nil)
			e.refusal(t, "demo", model, "read", list{list{s.IDs(model)[0]}, list{"name"}}, nil)
			e.result(t, "demo", model, "fields_get", list{list{"name"}}, nil)
			if got := e.result(t, "demo", model, "check_access_rights", list{"read"}, keys{"raise_exception": false}); got != false {
				t.Errorf("check_access_rights: %v", got)
			}
		}
		order := e.resolve(t, found{"sale.order", list{cond("name", "=", "S00004")}})
		e.refusal(t, "demo", "sale.order", "read", list{list{order}, list{"invoice_ids"}}, nil)
		if got := e.result(t, "admin", "sale.order", "read", list{list{order}, list{"invoice_ids"}}, nil); len(got.([]any)[0].(map[string]any)["invoice_ids"].([]any)) != 1 {
			t.Errorf("admin's invoices of the order: %v", got)
		}
		if version == 19 {
			if got := e.result(t, "demo", "account.move", "has_access", list{list{}, "read"}, nil); got != false {
				t.Errorf("has_access: %v", got)
			}
		}
	})
}

// A field of a group is hidden from fields_get, refused when read, and, in a
// domain, finds nothing on 14.
func TestClosedField(t *testing.T) {
	const field = "property_payment_term_id"
	everyVersion(t, func(t *testing.T, version int, _ *odootest.Server, e *endpoint) {
		for login, want := range map[string]bool{"admin": true, "demo": false} {
			fields := e.result(t, login, "res.partner", "fields_get", list{}, keys{"attributes": list{"type"}}).(map[string]any)
			if _, ok := fields[field]; ok != want {
				t.Errorf("%s: %v", login, ok)
			}
		}
		if class, _ := e.refusal(t, "demo", "res.partner", "read", list{list{3}, list{field}}, nil); class != "odoo.exceptions.AccessError" {
			t.Errorf("reading: %s", class)
		}
		answer := e.call(t, "demo", "res.partner", "search", list{list{cond(field, "=", false)}}, nil)
		if refused := answer.body["error"] != nil; refused != (version > 14) {
			t.Errorf("searching: %s", answer.raw)
		}
		// Without a list of fields, those that are hidden are left out.
		record := e.result(t, "demo", "res.partner", "read", list{list{3}}, nil).([]any)[0].(map[string]any)
		if _, ok := record[field]; ok {
			t.Error("read of all fields shows the hidden one")
		}
	})
}

// The customer sees the orders and addresses of the company he works for.
func TestPortal(t *testing.T) {
	_, e := standIn(t, odootest.Options{})
	if names := e.column(t, "portal", "sale.order", "name", list{}, nil); !slices.Equal(names, []any{"S00004", "S00005"}) {
		t.Errorf("orders: %v", names)
	}
	names := e.column(t, "portal", "res.partner", "name", list{}, nil)
	if len(names) != 4 || !slices.Contains(names, any("Tomás Herrera")) {
		t.Errorf("partners: %v", names)
	}
	e.refusal(t, "portal", "crm.team", "search", list{list{}}, nil)
}

// allowed_company_ids narrows what is seen; without it, all companies of the
// user count. A company of others is refused.
func TestCompanies(t *testing.T) {
	everyVersion(t, func(t *testing.T, _ int, _ *odootest.Server, e *endpoint) {
		count := func(login string, companies list) any {
			return e.result(t, login, "sale.order", "search_count", list{list{}}, keys{"context": keys{"allowed_company_ids": companies}})
		}
		all, first, second := count("admin", list{}), count("admin", list{1}), count("admin", list{2})
		if all != first.(float64)+second.(float64) || second == 0.0 {
			t.Errorf("%v orders are %v and %v", all, first, second)
		}
		e.refusal(t, "demo", "sale.order", "search", list{list{}}, keys{"context": keys{"allowed_company_ids": list{2}}})
	})
}
