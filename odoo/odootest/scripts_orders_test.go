package odootest_test

// order makes an order of one line for a customer.
func (o *observer) order(customer float64, vals keys) float64 {
	product := o.find("product", "product.product", cond("sale_ok", "=", true))
	all := keys{"partner_id": customer, "order_line": list{list{0, 0, keys{"product_id": product, "price_unit": 10}}}}
	for name, v := range vals {
		all[name] = v
	}
	return o.add("order", "sale.order", all)
}

// step calls a method of an order and looks at its state.
func (o *observer) step(method string, order float64) {
	o.do(method, "sale.order", method, list{order})
	o.see("sale.order", order, "state", "invoice_status")
}

var orderScripts = []writeScript{
	{"a new order", func(o *observer) {
		company := o.add("company", partner, keys{"name": o.name("company"), "is_company": true})
		o.add("invoices", partner, keys{"name": o.name("inv"), "type": "invoice", "parent_id": company})
		o.add("depot", partner, keys{"name": o.name("dlv"), "type": "delivery", "parent_id": company})
		kid := o.add("kid", partner, keys{"name": o.name("kid"), "parent_id": company})
		order := o.add("order", "sale.order", keys{"partner_id": company})
		o.see("sale.order", order, "state", "partner_invoice_id", "partner_shipping_id", "payment_term_id", "amount_total", "invoice_status",
			"note", "client_order_ref", "origin", "order_line", "tag_ids", "commitment_date")
		order = o.add("order", "sale.order", keys{"partner_id": kid})
		o.see("sale.order", order, "partner_invoice_id", "partner_shipping_id")
		o.do("the customer changes", "sale.order", "write", list{order}, keys{"partner_id": company})
		o.see("sale.order", order, "partner_invoice_id", "partner_shipping_id")
		named := o.add("named", "sale.order", keys{"partner_id": kid, "name": o.name("own name")})
		o.see("sale.order", named, "name")
	}},
	{"what an order requires", func(o *observer) {
		p := o.add("p", partner, keys{"name": o.name("p")})
		order := o.order(p, nil)
		for _, v := range []namedValue{{"no customer", keys{"partner_id": false}}, {"no name", keys{"name": false}}, {"no delivery", keys{"partner_shipping_id": false}}} {
			o.do("write "+v.what, "sale.order", "write", list{order}, v.value)
		}
		for _, v := range []namedValue{
			{"customer 0", keys{"partner_id": 0}}, {"no such customer", keys{"partner_id": 99999999}}, {"what read returns", keys{"partner_id": list{p, "x"}}},
			{"no name", keys{"partner_id": p, "name": false}}, {"no such company", keys{"partner_id": p, "company_id": 99}},
			{"no such invoice address", keys{"partner_id": p, "partner_invoice_id": 99999999}},
			{"no such team", keys{"partner_id": p, "team_id": 99999999}}, {"a dict as line", keys{"partner_id": p, "order_line": list{keys{"name": "x"}}}},
			{"no such product", keys{"partner_id": p, "order_line": list{list{0, 0, keys{"product_id": 99999999}}}}},
			{"an unknown field in a line", keys{"partner_id": p, "order_line": list{list{0, 0, keys{"zzz": 1}}}}},
			{"a wrong state", keys{"partner_id": p, "state": "zzz"}},
		} {
			o.do("create "+v.what, "sale.order", "create", v.value)
		}
		o.do("write what read returns", "sale.order", "write", list{order}, keys{"partner_id": list{p, "x"}})
		o.do("write no such team", "sale.order", "write", list{order}, keys{"team_id": 99999999})
		o.do("write an amount", "sale.order", "write", list{order}, keys{"amount_total": 1})
		o.see("sale.order", order, "amount_total")
	}},
	{"the life of an order", func(o *observer) {
		order := o.order(o.add("p", partner, keys{"name": o.name("p")}), nil)
		for _, method := range []string{"action_draft", "action_confirm", "action_confirm", "action_draft", "action_cancel", "action_cancel",
			"action_confirm", "action_draft", "action_quotation_sent", "action_quotation_sent", "unlink", "action_draft", "unlink"} {
			o.step(method, order)
		}
		o.do("confirm a missing one", "sale.order", "action_confirm", list{99999999})
		o.do("confirm none", "sale.order", "action_confirm", list{})
		o.do("cancel a missing one", "sale.order", "action_cancel", list{99999999})
	}},
	{"locked orders", func(o *observer) {
		order := o.order(o.add("p", partner, keys{"name": o.name("p")}), nil)
		line := o.e.result(o.t, "admin", "sale.order.line", "search", list{list{cond("order_id", "=", order)}}, nil).([]any)[0]
		product := o.find("product", "product.product", cond("sale_ok", "=", true))
		o.step("action_confirm", order)
		o.step(o.v("action_done", "action_lock"), order)
		o.do("the other version's method", "sale.order", o.v("action_lock", "action_done"), list{order})
		o.do("confirm", "sale.order", "action_confirm", list{order})
		o.do("a reference", "sale.order", "write", list{order}, keys{"client_order_ref": "x"})
		o.do("a quantity", "sale.order.line", "write", list{line}, keys{"product_uom_qty": 9})
		o.do("a price and a name", "sale.order", "write", list{order}, keys{"order_line": list{list{1, line, keys{"price_unit": 9, "name": "x"}}}})
		o.do("one more line", "sale.order", "write", list{order}, keys{"order_line": list{list{0, 0, keys{"product_id": product}}}})
		o.do("delete a line", "sale.order.line", "unlink", list{line})
		o.do("delete", "sale.order", "unlink", list{order})
		o.step("action_unlock", order)
		o.do("delete a line", "sale.order.line", "unlink", list{line})
		o.do("delete it by command", "sale.order", "write", list{order}, keys{"order_line": list{list{2, line}}})
		o.do("clear the lines", "sale.order", "write", list{order}, keys{"order_line": list{list{5}}})
		o.do("a quantity", "sale.order.line", "write", list{line}, keys{"product_uom_qty": 2})
		o.do("delete", "sale.order", "unlink", list{order})
		if o.version >= 17 {
			o.do("the price list", "sale.order", "write", list{order}, keys{"pricelist_id": false})
			o.step("action_lock", order)
			o.step("action_cancel", order)
		}
	}},
	{"orders made as sold", func(o *observer) {
		p := o.add("p", partner, keys{"name": o.name("p")})
		order := o.order(p, keys{"state": "sale"})
		o.see("sale.order", order, "state", "invoice_status")
		o.do("delete its customer", partner, "unlink", list{p})
		o.do("delete", "sale.order", "unlink", list{order})
		o.do("state by writing", "sale.order", "write", list{order}, keys{"state": "draft"})
		o.see("sale.order", order, "state", "invoice_status")
	}},
}
