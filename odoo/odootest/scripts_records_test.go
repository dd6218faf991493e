package odootest_test

var recordScripts = []writeScript{
	{"create", func(o *observer) {
		o.do("a dict", partner, "create", keys{"name": o.name("a")})
		o.do("a list", partner, "create", list{keys{"name": o.name("b")}, keys{"name": o.name("c")}})
		o.do("a list of one", partner, "create", list{keys{"name": o.name("d")}})
		o.do("an empty list", partner, "create", list{})
		o.do("nothing", partner, "create")
		o.do("None", partner, "create", nil)
		o.do("a text", partner, "create", "x")
		o.do("a list of numbers", partner, "create", list{1})
		o.doAs("admin", "by name", partner, "create", nil, keys{"vals_list": list{keys{"name": o.name("e")}}})
		o.do("an unknown field", partner, "create", keys{"name": o.name("f"), "zzz": 1})
		o.do("an empty order", "sale.order", "create", keys{})
		o.do("an empty tag", "res.partner.category", "create", keys{})
		o.do("an empty partner", partner, "create", keys{})
		o.doAs("admin", "in a language", partner, "create", list{keys{}}, keys{"context": keys{"lang": "en_US"}})
		id := o.doAs("admin", "defaults in the context", partner, "create", list{keys{"name": o.name("g")}},
			keys{"context": keys{"default_type": "invoice", "default_color": 4}})
		o.see(partner, id, "type", "color", "active", "lang", "tz", "company_id", "user_id", "is_company", "country_id", "ref", "category_id")
	}},
	{"write", func(o *observer) {
		a, b := o.add("a", partner, keys{"name": o.name("a")}), o.add("b", partner, keys{"name": o.name("b")})
		o.do("two", partner, "write", list{a, b}, keys{"city": "Z"})
		o.see(partner, b, "city")
		o.do("an id alone", partner, "write", a, keys{"city": "Y"})
		o.do("nothing", partner, "write", list{a}, keys{})
		o.do("no records", partner, "write", list{}, keys{"zzz": 1})
		o.do("None", partner, "write", nil, keys{"name": "x"})
		o.do("False", partner, "write", list{false}, keys{"name": "x"})
		o.do("a missing record", partner, "write", list{99999999}, keys{"name": "x"})
		o.do("one of two is missing", partner, "write", list{a, 99999999}, keys{"city": "X"})
		o.see(partner, a, "city")
		o.do("a missing order", "sale.order", "write", list{99999999}, keys{"zzz": 1})
		o.do("a missing line", "sale.order.line", "write", list{99999999}, keys{"name": "x"})
		o.do("a missing tag", "res.partner.category", "write", list{99999999}, keys{"name": "x"})
		o.do("an unknown field", partner, "write", list{a}, keys{"zzz": 1})
		o.do("no values", partner, "write", list{a})
		o.do("values None", partner, "write", list{a}, nil)
		o.do("values a list", partner, "write", list{a}, list{keys{"city": "x"}})
		o.do("what Odoo keeps", partner, "write", list{a}, keys{"id": 5, "create_date": "2000-01-01 00:00:00", "create_uid": 1, "write_uid": 1})
		o.do("what is computed", partner, "write", list{a}, keys{"contact_address": "x"})
		o.see(partner, a, "name", "city", "create_uid", "write_uid")
		o.do("the display name", partner, "write", list{a}, keys{"display_name": "shown"})
		o.see(partner, a, "name", "display_name")
		o.do("then the name", partner, "write", list{a}, keys{"name": o.name("b")})
		o.see(partner, a, "name", "display_name")
	}},
	{"unlink", func(o *observer) {
		a, b := o.add("a", partner, keys{"name": o.name("a")}), o.add("b", partner, keys{"name": o.name("b")})
		o.do("one", partner, "unlink", list{b})
		o.do("again", partner, "unlink", list{b})
		o.do("one of two is gone", partner, "unlink", list{a, b})
		o.see(partner, a, "name")
		o.do("none", partner, "unlink", list{})
		o.do("a missing tag", "res.partner.category", "unlink", list{99999999})
		child := o.add("child", partner, keys{"name": o.name("c"), "parent_id": a})
		o.do("a parent", partner, "unlink", list{a})
		o.see(partner, child, "parent_id")
		tag := o.add("tag", "res.partner.category", keys{"name": o.name("t")})
		sub := o.add("sub", "res.partner.category", keys{"name": o.name("s"), "parent_id": tag})
		o.do("tag it", partner, "write", list{child}, keys{"category_id": list{list{6, 0, list{tag, sub}}}})
		o.do("a tag with tags below", "res.partner.category", "unlink", list{tag})
		o.see(partner, child, "category_id")
		o.do("the partner of a user", partner, "unlink", list{3})
	}},
	{"archive", func(o *observer) {
		a := o.add("a", partner, keys{"name": o.name("a")})
		o.do("archive", partner, "action_archive", list{a})
		o.see(partner, a, "active")
		o.do("unarchive", partner, "action_unarchive", list{a})
		o.see(partner, a, "active")
		o.do("toggle", partner, "toggle_active", list{a})
		o.see(partner, a, "active")
		o.do("none", partner, "action_archive", list{})
		o.do("a missing one", partner, "action_archive", list{99999999})
		o.do("a missing tag", "res.partner.category", "action_archive", list{99999999})
		o.do("the partner of a user", partner, "action_archive", list{3})
		o.do("an order", "sale.order", "action_archive", list{1})
	}},
	{"web_save", func(o *observer) {
		if o.version < 17 {
			return
		}
		o.do("create", partner, "web_save", list{}, keys{"name": o.name("a"), "category_id": list{list{0, 0, keys{"name": o.name("t")}}}},
			keys{"name": keys{}, "category_id": keys{"fields": keys{"name": keys{}}}, "country_id": keys{"fields": keys{"display_name": keys{}}}})
		a, b := o.add("a", partner, keys{"name": o.name("a")}), o.add("b", partner, keys{"name": o.name("b")})
		o.do("write", partner, "web_save", list{a}, keys{"city": "x"}, keys{"city": keys{}})
		o.do("write two", partner, "web_save", list{a, b}, keys{"city": "y"}, keys{"city": keys{}})
		o.do("no fields", partner, "web_save", list{a}, keys{"city": "x"}, keys{})
		o.doAs("admin", "and read the next", partner, "web_save", list{list{a}, keys{"city": "z"}, keys{"city": keys{}}}, keys{"next_id": b})
		o.do("an unknown field to read", partner, "web_save", list{a}, keys{"city": "w"}, keys{"zzz": keys{}})
		o.see(partner, a, "city")
		o.do("a missing record", partner, "web_save", list{99999999}, keys{"city": "x"}, keys{"city": keys{}})
		o.do("no arguments", partner, "web_save", list{a})
		o.do("no specification", partner, "web_save", list{a}, keys{})
		o.do("specification None", partner, "web_save", list{a}, keys{}, nil)
	}},
	{"unique", func(o *observer) {
		o.do("a tag", "crm.tag", "create", keys{"name": o.name("t")})
		o.do("the same", "crm.tag", "create", keys{"name": o.name("t")})
		o.doAs("admin", "in a language", "crm.tag", "create", list{keys{"name": o.name("t")}}, keys{"context": keys{"lang": "en_US"}})
		o.do("two of them at once", "crm.tag", "create", list{keys{"name": o.name("u")}, keys{"name": o.name("u")}})
		o.do("a country", "res.country", "create", keys{"name": o.name("c"), "code": "BE"})
	}},
}
