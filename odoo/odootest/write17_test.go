package odootest_test

import (
	"strings"
	"testing"

	"odoograph/odoo/odootest"
)

// soldDesk makes an order of three desks at a price of the client's own, and
// returns it and its line.
func soldDesk(t *testing.T, s *odootest.Server, e *endpoint) (order, line any) {
	t.Helper()
	order = e.result(t, "admin", "sale.order", "create", list{keys{"partner_id": 3, "order_line": list{list{0, 0, keys{
		"product_id": s.Find("product.product", "default_code", "NW-D100"), "product_uom_qty": 3, "price_unit": 500}}}}}, nil)
	return order, e.column(t, "admin", "sale.order", "order_line", list{cond("id", "=", order)}, nil)[0].([]any)[0]
}

// A quantity that is written brings the product's price back since 17, where the
// price was given with a new line; one that was written later stays since 18.
func TestPriceAfterQuantity(t *testing.T) {
	everyVersion(t, func(t *testing.T, version int, s *odootest.Server, e *endpoint) {
		_, line := soldDesk(t, s, e)
		price := func(vals keys) any {
			e.result(t, "admin", "sale.order.line", "write", list{list{line}, vals}, nil)
			return e.column(t, "admin", "sale.order.line", "price_unit", list{cond("id", "=", line)}, nil)[0]
		}
		if got, want := price(keys{"product_uom_qty": 4}), pick(version < 17, 500.0, 649.0); got != want {
			t.Errorf("given with the line: want %v, got %v", want, got)
		}
		price(keys{"price_unit": 450})
		if got, want := price(keys{"product_uom_qty": 5}), pick(version == 17, 649.0, 450.0); got != want {
			t.Errorf("written: want %v, got %v", want, got)
		}
		if got := price(keys{"product_uom_qty": 6, "price_unit": 400}); got != 400.0 {
			t.Errorf("written with the quantity: %v", got)
		}
	})
}

// A line takes name, unit, price and taxes from its product, the name in the
// customer's language; since 17 also when the product is changed.
func TestLineOfProduct(t *testing.T) {
	everyVersion(t, func(t *testing.T, version int, s *odootest.Server, e *endpoint) {
		unit, taxes := pick(version < 19, "product_uom", "product_uom_id"), pick(version < 19, "tax_id", "tax_ids")
		french := e.result(t, "admin", partner, "create", list{keys{"name": "F", "lang": "fr_FR"}}, nil)
		bulb := s.Find("product.product", "default_code", "NW-L590")
		order := e.result(t, "admin", "sale.order", "create", list{keys{"partner_id": french, "order_line": list{list{0, 0, keys{"product_id": bulb}}}}}, nil)
		read := func() map[string]any {
			records := e.result(t, "admin", "sale.order.line", "search_read",
				list{list{cond("order_id", "=", order)}, list{"name", unit, "price_unit", "price_subtotal", "price_tax", "price_total", taxes}}, nil)
			return records.([]any)[0].(map[string]any)
		}
		line := read()
		if line["name"] != "[NW-L590] Ampoule LED" || line[unit].([]any)[1] != "Dozens" || len(line[taxes].([]any)) != 1 {
			t.Errorf("line: %v", line)
		}
		if line["price_subtotal"] != 54.0 || line["price_tax"] != 11.34 || line["price_total"] != 65.34 {
			t.Errorf("amounts: %v", line)
		}
		e.result(t, "admin", "sale.order.line", "write", list{list{line["id"]}, keys{"product_id": s.Find("product.product", "default_code", "NW-X700")}}, nil)
		if got, want := read()["name"], pick(version < 17, "[NW-L590] Ampoule LED", "[NW-X700] Montage sur place"); got != want {
			t.Errorf("name: want %v, got %v", want, got)
		}
		if got, want := read()["price_unit"], pick(version < 17, 54.0, 55.0); got != want {
			t.Errorf("price: want %v, got %v", want, got)
		}
	})
}

// To cancel what is no draft, 17 opens a wizard, and nothing is cancelled; the
// context can forbid it. 14 does so for orders with draft invoices.
func TestCancelWizard(t *testing.T) {
	everyVersion(t, func(t *testing.T, version int, s *odootest.Server, e *endpoint) {
		order, _ := soldDesk(t, s, e)
		e.result(t, "admin", "sale.order", "action_confirm", list{list{order}}, nil)
		answer := e.result(t, "admin", "sale.order", "action_cancel", list{list{order}}, nil)
		action, wizard := answer.(map[string]any)
		if wizard != (version == 17) || wizard && action["res_model"] != "sale.order.cancel" {
			t.Errorf("answer: %v", answer)
		}
		state := func() any { return e.column(t, "admin", "sale.order", "state", list{cond("id", "=", order)}, nil)[0] }
		if got, want := state(), pick(version == 17, "sale", "cancel"); got != want {
			t.Errorf("want %v, got %v", want, got)
		}
		e.result(t, "admin", "sale.order", "action_cancel", list{list{order}}, keys{"context": keys{"disable_cancel_warning": true}})
		if state() != "cancel" {
			t.Errorf("in the end: %v", state())
		}
	})
}

// 17 stands between the others: it knows web_save and locks as 19 does, but not
// JSON-2, and words its refusals in its own way.
func TestWritesOf17(t *testing.T) {
	s, e := standIn(t, odootest.Options{Version: 17})
	order, line := soldDesk(t, s, e)
	for _, c := range []struct {
		name, model, method string
		args                list
		want                string // class and part of the text
	}{
		{"a name", partner, "create", list{keys{}}, "ValidationError The operation cannot be completed: Contacts require a name"},
		{"a required field", "sale.order", "write", list{list{order}, keys{"partner_id": false}}, "ValidationError The operation cannot be completed:\n- Create/update: a mandatory field is not set.\n- Delete: another model requires the record being deleted. If possible, archive it instead.\n\nModel: Sales Order (sale.order)\nField: Customer (partner_id)\n"},
		{"a foreign key", partner, "create", list{keys{"name": "a", "state_id": 99999999}}, "ValidationError The operation cannot be completed: another model requires the record being deleted. If possible, archive it instead.\n\nModel: Contact (res.partner)\nConstraint: res_partner_state_id_fkey\n"},
		{"an unknown field", partner, "write", list{list{3}, keys{"zzz": 1}}, "ValueError Invalid field 'zzz' on model 'res.partner'"},
		{"the partner of a user", partner, "unlink", list{list{3}}, "RedirectWarning You cannot delete contacts linked to an active user."},
		{"confirming", "sale.order", "action_confirm", list{list{order}}, ""},
		{"confirming again", "sale.order", "action_confirm", list{list{order}}, "UserError Some orders are not in a state requiring confirmation."},
		{"locking", "sale.order", "action_lock", list{list{order}}, ""},
		{"a locked price", "sale.order.line", "write", list{list{line}, keys{"price_unit": 1}}, "UserError It is forbidden to modify the following fields in a locked order:\nUnit Price"},
		{"cancelling", "sale.order", "action_cancel", list{list{order}}, "UserError You cannot cancel a locked order. Please unlock it first."},
		{"saving", partner, "web_save", list{list{3}, keys{"city": "x"}, keys{"city": keys{}}}, ""},
	} {
		answer := e.call(t, "admin", c.model, c.method, c.args, nil)
		failure, failed := answer.body["error"].(map[string]any)
		if !failed {
			if c.want != "" {
				t.Errorf("%s: succeeded", c.name)
			}
			continue
		}
		data := failure["data"].(map[string]any)
		class := data["name"].(string)
		if got := class[strings.LastIndex(class, ".")+1:] + " " + data["message"].(string); c.want == "" || !strings.HasPrefix(got, c.want) {
			t.Errorf("%s:\nwant %s\ngot  %s", c.name, c.want, got)
		}
	}
}

// A new order takes the customer's terms since 17, which 14 leaves to its forms.
func TestOrderOfCustomer(t *testing.T) {
	everyVersion(t, func(t *testing.T, version int, s *odootest.Server, e *endpoint) {
		harbour := s.Find(partner, "ref", "C-1001")
		order := e.result(t, "admin", "sale.order", "create", list{keys{"partner_id": harbour}}, nil)
		fields := list{"name", "user_id", "payment_term_id", "pricelist_id", "currency_id", "company_id", "partner_invoice_id", "validity_date"}
		got := e.result(t, "admin", "sale.order", "read", list{list{order}, fields}, nil).([]any)[0].(map[string]any)
		one := func(name string) any {
			if pair, ok := got[name].([]any); ok {
				return pair[1]
			}
			return got[name]
		}
		for name, want := range map[string]any{
			"user_id": pick(version < 17, "Ada Keller", "Sam Okafor"), "payment_term_id": pick[any](version < 17, false, "30 days"),
			"pricelist_id": "Standard (EUR)", "currency_id": "EUR", "company_id": "Northwind Workshop",
			"partner_invoice_id": "Harbour Cafés, " + pick(version < 17, "Invoice Address", "Invoice"),
		} {
			if one(name) != want {
				t.Errorf("%s: want %v, got %v", name, want, one(name))
			}
		}
		if (got["validity_date"] != false) != (version >= 17) {
			t.Errorf("validity_date: %v", got["validity_date"])
		}
		usd := s.Find("product.pricelist", "name", "Overseas")
		e.result(t, "admin", "sale.order", "write", list{list{order}, keys{"pricelist_id": usd}}, nil)
		if cur := e.column(t, "admin", "sale.order", "currency_id", list{cond("id", "=", order)}, nil)[0].([]any)[1]; cur != "USD" {
			t.Errorf("currency: %v", cur)
		}
	})
}
