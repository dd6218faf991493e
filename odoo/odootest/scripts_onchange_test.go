package odootest_test

// orderDerived are the fields of an order that follow from its customer.
var orderDerived = []string{
	"partner_invoice_id", "partner_shipping_id", "pricelist_id", "payment_term_id", "fiscal_position_id", "user_id", "team_id", "note",
}

// derive asks what follows from values of an order that is not yet there, of which
// the others are empty. Teams are the server's own: only that there is one counts.
func (o *observer) derive(what string, given keys, names ...any) {
	watched, values := keys{}, keys{}
	for _, name := range append([]string{"partner_id", "company_id"}, orderDerived...) {
		watched[name], values[name] = "1", false
	}
	for name, v := range given {
		values[name] = v
	}
	if names == nil {
		names = list{"partner_id", "partner_shipping_id"}
	}
	o.onchange(what, values, names, watched)
}

func (o *observer) onchange(what string, values keys, names any, watched keys) {
	o.doAs("admin", what, "sale.order", "onchange", list{list{}, values, names, watched}, nil)
}

// onchangeScripts run up to 16 only; then Odoo fills in orders by itself.
var onchangeScripts = []writeScript{
	{"what an order takes from its customer", func(o *observer) {
		if o.version > 16 {
			return
		}
		demo := o.foreign("res.users", cond("login", "=", "demo"))
		admin := o.foreign("res.users", cond("login", "=", "admin"))
		terms := o.foreign("account.payment.term", cond("id", ">", 0))
		position := o.add("position", "account.fiscal.position", keys{"name": o.name("position")})
		delete(o.labels, position) // another record may have its id
		company := o.add("company", partner, keys{"name": o.name("company"), "is_company": true, "user_id": demo, "property_payment_term_id": terms})
		o.add("invoices", partner, keys{"name": o.name("inv"), "type": "invoice", "parent_id": company})
		depot := o.add("depot", partner, keys{"name": o.name("dlv"), "type": "delivery", "parent_id": company})
		kid := o.add("kid", partner, keys{"name": o.name("kid"), "parent_id": company})
		plain := o.add("plain", partner, keys{"name": o.name("plain"), "property_account_position_id": position})
		o.derive("of a company", keys{"partner_id": company})
		o.derive("of its contact", keys{"partner_id": kid})
		o.derive("of another", keys{"partner_id": plain})
		o.derive("with a company", keys{"partner_id": plain, "company_id": 1})
		o.derive("with a delivery address", keys{"partner_id": company, "partner_shipping_id": plain})
		o.derive("with the same delivery address", keys{"partner_id": company, "partner_shipping_id": depot})
		o.derive("with a delivery address alone", keys{"partner_id": company, "partner_shipping_id": plain}, "partner_shipping_id")
		o.derive("with another salesperson", keys{"partner_id": company, "user_id": admin})
		o.derive("with the same salesperson", keys{"partner_id": company, "user_id": demo})
		o.derive("with terms", keys{"partner_id": plain, "payment_term_id": terms})
		o.derive("with a note", keys{"partner_id": plain, "note": "x"})
		o.derive("with a fiscal position", keys{"partner_id": company, "fiscal_position_id": position})
		o.derive("of nobody", nil)
		o.derive("of a missing one", keys{"partner_id": 99999999})
		o.derive("at a missing address", keys{"partner_id": company, "partner_shipping_id": 99999999})
		o.derive("at a missing address alone", keys{"partner_id": company, "partner_shipping_id": 99999999}, "partner_shipping_id")
		o.derive("of a company that is not the caller's", keys{"partner_id": company, "company_id": 99999999})
	}},
	{"how onchange is called", func(o *observer) {
		if o.version > 16 {
			return
		}
		plain := o.add("plain", partner, keys{"name": o.name("plain")})
		o.onchange("one name", keys{"partner_id": plain}, "partner_id", keys{"partner_id": "1", "partner_invoice_id": "1"})
		o.onchange("not watched", keys{"partner_id": plain}, list{"partner_id"}, keys{"partner_invoice_id": "1"})
		o.onchange("nothing to run", keys{"partner_id": plain}, list{"partner_id"}, keys{"partner_id": "", "partner_invoice_id": "1"})
		o.onchange("nothing watched", keys{"partner_id": plain}, list{"partner_id"}, keys{})
		o.onchange("an unknown watched field", keys{"partner_id": plain}, list{"partner_id"}, keys{"partner_id": "1", "zzz": "1"})
		o.onchange("an unknown changed field", keys{"partner_id": plain}, list{"zzz"}, keys{"partner_id": "1"})
		o.onchange("an unknown value", keys{"partner_id": plain, "zzz": 1}, list{"partner_id"}, keys{"partner_id": "1"})
		o.onchange("a changed field without a value", keys{}, list{"partner_id"}, keys{"partner_id": "1"})
		o.do("too little", "sale.order", "onchange", list{}, keys{}, list{"partner_id"})
	}},
}
