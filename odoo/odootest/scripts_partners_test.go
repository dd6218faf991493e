package odootest_test

var partnerScripts = []writeScript{
	{"contacts share the company's address", func(o *observer) {
		show := []string{"street", "city", "country_id", "vat", "lang", "type", "commercial_partner_id"}
		us := o.find("US", "res.country", cond("code", "=", "US"))
		company := o.add("company", partner, keys{"name": o.name("company"), "is_company": true, "street": "A", "city": "B", "country_id": us, "vat": "V1"})
		kid := o.add("kid", partner, keys{"name": o.name("kid"), "parent_id": company})
		o.see(partner, kid, show...)
		o.do("the company moves", partner, "write", list{company}, keys{"street": "C", "vat": "V2"})
		o.see(partner, kid, show...)
		o.do("the contact moves", partner, "write", list{kid}, keys{"street": "D"})
		o.see(partner, company, "street", "city")
		o.do("the contact's number", partner, "write", list{kid}, keys{"vat": "V3"})
		o.see(partner, company, "vat")
		depot := o.add("depot", partner, keys{"name": o.name("depot"), "parent_id": company, "type": "delivery", "street": "E"})
		o.see(partner, depot, show...)
		own := o.add("own", partner, keys{"name": o.name("own"), "parent_id": company, "street": "F"})
		o.see(partner, own, show...)
		o.do("the contact leaves", partner, "write", list{kid}, keys{"parent_id": false})
		o.see(partner, kid, show...)
		o.do("archive the company", partner, "write", list{company}, keys{"active": false})
		o.see(partner, own, "active")
	}},
	{"the first contact's address", func(o *observer) {
		company := o.add("company", partner, keys{"name": o.name("company"), "is_company": true})
		o.add("kid", partner, keys{"name": o.name("kid"), "parent_id": company, "street": "A", "city": "B"})
		o.see(partner, company, "street", "city")
		o.add("second", partner, keys{"name": o.name("second"), "parent_id": company, "zip": "9"})
		o.see(partner, company, "street", "city", "zip")
	}},
	{"loops", func(o *observer) {
		a := o.add("a", partner, keys{"name": o.name("a")})
		b := o.add("b", partner, keys{"name": o.name("b"), "parent_id": a})
		o.do("partners", partner, "write", list{a}, keys{"parent_id": b})
		o.do("itself", partner, "write", list{a}, keys{"parent_id": a})
		c := o.add("c", "res.partner.category", keys{"name": o.name("c")})
		d := o.add("d", "res.partner.category", keys{"name": o.name("d"), "parent_id": c})
		o.do("tags", "res.partner.category", "write", list{c}, keys{"parent_id": d})
		o.see("res.partner.category", c, "parent_id")
	}},
	{"the company of a user's partner", func(o *observer) {
		o.do("a strange one", partner, "write", list{3}, keys{"company_id": 99999999})
	}},
}
