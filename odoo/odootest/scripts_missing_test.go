package odootest_test

// nobody is an id that no record has.
const nobody = 99999999

var missingScripts = []writeScript{
	{"partners that point to nothing", func(o *observer) {
		p := o.add("p", partner, keys{"name": o.name("p")})
		for _, field := range []string{"country_id", "state_id", "user_id", "company_id", "property_payment_term_id", "property_product_pricelist"} {
			made := o.do("create "+field, partner, "create", keys{"name": o.name("q"), field: nobody})
			if made != nil && o.version < 17 && field != "property_product_pricelist" { // which comes from the price lists there are
				o.see(partner, made, field)
			}
			o.do("write "+field, partner, "write", list{p}, keys{field: nobody})
			if o.version >= 17 {
				o.do("save "+field, partner, "web_save", list{p}, keys{field: nobody}, keys{})
				o.do("save a new "+field, partner, "web_save", list{}, keys{"name": o.name("q"), field: nobody}, keys{})
			}
			o.do("reset "+field, partner, "write", list{p}, keys{field: false})
		}
	}},
	{"where the terms of a partner are", func(o *observer) {
		for _, field := range []string{"property_payment_term_id", "property_product_pricelist"} {
			o.do(field, partner, "fields_get", list{field}, list{"company_dependent", "readonly", "required", "searchable", "sortable", "store"})
		}
	}},
	{"orders that point to nothing", func(o *observer) {
		p := o.add("p", partner, keys{"name": o.name("p")})
		order := o.order(p, nil)
		product := o.find("product", "product.product", cond("sale_ok", "=", true))
		line := o.e.result(o.t, "admin", "sale.order.line", "search", list{list{cond("order_id", "=", order)}}, nil).([]any)[0]
		for _, field := range []string{"partner_id", "partner_invoice_id", "partner_shipping_id", "payment_term_id", "pricelist_id", "user_id"} {
			o.do("create "+field, "sale.order", "create", merged(keys{"partner_id": p}, field, nobody))
			o.do("write "+field, "sale.order", "write", list{order}, keys{field: nobody})
			if o.version >= 17 {
				o.do("save "+field, "sale.order", "web_save", list{order}, keys{field: nobody}, keys{})
			}
		}
		for _, field := range []string{"product_id", o.unit()} {
			o.do("create a line", "sale.order", "create", keys{"partner_id": p, "order_line": list{list{0, 0, merged(keys{"product_id": product}, field, nobody)}}})
			o.do("write a line", "sale.order", "write", list{order}, keys{"order_line": list{list{1, line, keys{field: nobody}}}})
		}
		for _, command := range []list{{6, 0, list{nobody}}, {4, nobody}} {
			taxes := list{command}
			o.do("create a line with taxes", "sale.order", "create",
				keys{"partner_id": p, "order_line": list{list{0, 0, keys{"product_id": product, o.taxes(): taxes}}}})
			o.do("write taxes of a line", "sale.order.line", "write", list{line}, keys{o.taxes(): taxes})
			o.do("write taxes by the order", "sale.order", "write", list{order}, keys{"order_line": list{list{1, line, keys{o.taxes(): taxes}}}})
		}
	}},
}

// merged is a copy of values with one more.
func merged(values keys, name string, value any) keys {
	out := keys{name: value}
	for n, v := range values {
		if _, given := out[n]; !given {
			out[n] = v
		}
	}
	return out
}
