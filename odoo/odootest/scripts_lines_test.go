package odootest_test

var lineScripts = []writeScript{
	{"a line takes from its product", func(o *observer) {
		p := o.add("p", partner, keys{"name": o.name("p")})
		product := o.find("product", "product.product", cond("sale_ok", "=", true))
		order := o.add("order", "sale.order", keys{"partner_id": p})
		line := o.add("line", "sale.order.line", keys{"order_id": order, "product_id": product})
		o.see("sale.order.line", line, "product_uom_qty", "sequence", "discount", "display_type", "customer_lead", "qty_delivered",
			"qty_invoiced", "invoice_status", "order_partner_id")
		o.do("without an order", "sale.order.line", "create", keys{"product_id": product})
		o.do("without a name", "sale.order.line", "create", keys{"order_id": order})
		o.do("without a product", "sale.order.line", "create", keys{"order_id": order, "name": o.name("x")})
		o.do("a note without a name", "sale.order.line", "create", keys{"order_id": order, "display_type": "line_note"})
		o.do("a note of a product", "sale.order.line", "create", keys{"order_id": order, "display_type": "line_note", "name": "n", "product_id": product})
		note := o.add("note", "sale.order.line", keys{"order_id": order, "display_type": "line_note", "name": "n"})
		o.see("sale.order.line", note, "product_id", "product_uom_qty", "price_unit", "price_total", o.unit())
		o.do("a line becomes a note", "sale.order.line", "write", list{line}, keys{"display_type": "line_note"})
		o.do("a note becomes a line", "sale.order.line", "write", list{note}, keys{"display_type": false, "product_id": product})
		o.do("confirm", "sale.order", "action_confirm", list{order})
	}},
	{"prices and amounts", func(o *observer) {
		p := o.add("p", partner, keys{"name": o.name("p")})
		product := o.find("product", "product.product", cond("sale_ok", "=", true))
		order := o.add("order", "sale.order", keys{"partner_id": p})
		line := o.add("line", "sale.order.line", keys{"order_id": order, "product_id": product, "price_unit": 99, "product_uom_qty": 3, o.taxes(): list{list{5}}})
		amounts := []string{"product_uom_qty", "price_unit", "discount", "price_subtotal", "price_tax", "price_total"}
		o.see("sale.order.line", line, amounts...)
		for _, vals := range []keys{
			{"price_unit": 10}, {"product_uom_qty": 5}, {"discount": 12.5}, {"product_uom_qty": 1.23456, "price_unit": 2.35, "discount": 33.333},
			{"product_uom_qty": "2.5"}, {"product_uom_qty": nil}, {"product_uom_qty": -2, "price_unit": 7, "discount": 0}, {"price_unit": "x"},
		} {
			o.do("write "+o.text(vals), "sale.order.line", "write", list{line}, vals)
			o.see("sale.order.line", line, amounts...)
			o.see("sale.order", order, "amount_untaxed", "amount_total")
		}
		other := o.add("other", "sale.order", keys{"partner_id": p})
		o.do("move the line", "sale.order.line", "write", list{line}, keys{"order_id": other})
		o.see("sale.order", order, "amount_total")
		o.see("sale.order", other, "amount_total")
		o.do("delete the line", "sale.order.line", "unlink", list{line})
		o.see("sale.order", other, "amount_total")
	}},
	{"what is invoiced", func(o *observer) {
		p := o.add("p", partner, keys{"name": o.name("p")})
		product := o.find("product", "product.product", cond("sale_ok", "=", true))
		order := o.add("order", "sale.order", keys{"partner_id": p, "order_line": list{
			list{0, 0, keys{"product_id": product, "product_uom_qty": 2}}, list{0, 0, keys{"display_type": "line_section", "name": "s"}}}})
		line := o.e.result(o.t, "admin", "sale.order.line", "search", list{list{cond("order_id", "=", order)}}, keys{"limit": 1, "order": "id"}).([]any)[0]
		o.step("action_confirm", order)
		o.see("sale.order.line", line, "invoice_status")
		o.do("more", "sale.order.line", "write", list{line}, keys{"product_uom_qty": 4})
		o.see("sale.order.line", line, "invoice_status")
		o.do("none", "sale.order.line", "write", list{line}, keys{"product_uom_qty": 0})
		o.see("sale.order.line", line, "invoice_status")
		o.see("sale.order", order, "invoice_status", "amount_total")
	}},
}
