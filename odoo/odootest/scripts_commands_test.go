package odootest_test

// tags makes three tags and a partner with the first two.
func (o *observer) tags() (id, a, b, c float64) {
	const model = "res.partner.category"
	a, b, c = o.add("a", model, keys{"name": o.name("a")}), o.add("b", model, keys{"name": o.name("b")}), o.add("c", model, keys{"name": o.name("c")})
	return o.add("p", partner, keys{"name": o.name("p")}), a, b, c
}

// contacts makes a company with two contacts, and one without.
func (o *observer) contacts() (company, first, second, free float64) {
	company = o.add("company", partner, keys{"name": o.name("company"), "is_company": true})
	first = o.add("first", partner, keys{"name": o.name("first"), "parent_id": company})
	second = o.add("second", partner, keys{"name": o.name("second"), "parent_id": company, "type": "other"})
	return company, first, second, o.add("free", partner, keys{"name": o.name("free")})
}

type namedValue struct {
	what  string
	value any
}

var commandScripts = []writeScript{
	{"many2many", func(o *observer) {
		id, a, b, c := o.tags()
		for _, v := range []namedValue{
			{"set", list{list{6, 0, list{a}}}}, {"set what is set twice", list{list{6, 0, list{b, b}}}}, {"link", list{list{4, c, 0}}}, {"link in short", list{list{4, c}}},
			{"unlink", list{list{3, a, 0}}}, {"unlink what is missing", list{list{3, 99999999, 0}}}, {"clear", list{list{5, 0, 0}}}, {"clear in short", list{list{5}}},
			{"ids alone", list{a}}, {"false", false}, {"None", nil}, {"no commands", list{}},
			{"create", list{list{0, 0, keys{"name": o.name("n")}}}}, {"create with a reference", list{list{0, "virtual_1", keys{"name": o.name("m")}}}},
			{"update", list{list{1, b, keys{"color": 3}}}}, {"unknown command", list{list{9, 1, 1}}}, {"a text as command", list{list{"4", b, 0}}},
			{"a list of dicts", list{keys{"name": "x"}}}, {"a dict", keys{"id": 5}}, {"a text", "x"}, {"true", true}, {"set an id alone", list{list{6, 0, a}}},
			{"set false", list{list{6, 0, false}}}, {"set nothing", list{list{6, 0}}}, {"set pairs", list{list{6, 0, list{list{a, "x"}}}}},
			{"create without values", list{list{0, 0}}}, {"create without a name", list{list{0, 0, keys{"name": o.name("k")}}, list{0, 0, keys{}}}},
			{"link what is missing", list{list{4, 99999999, 0}}}, {"set what is missing", list{list{6, 0, list{99999999}}}}, {"link 0", list{list{4, 0, 0}}},
			{"link false", list{list{4, false, 0}}}, {"link and clear", list{list{4, c}, list{5}}}, {"clear and link", list{list{5}, list{4, c}}},
			{"delete what is missing", list{list{2, 99999999, 0}}}, {"delete", list{list{2, c, 0}}},
		} {
			o.do("reset", partner, "write", list{id}, keys{"category_id": list{list{6, 0, list{a, b}}}})
			o.do("write "+v.what, partner, "write", list{id}, keys{"category_id": v.value})
			o.see(partner, id, "category_id")
			if v.what == "delete" {
				return // there is nothing left to create with
			}
			if made := o.do("create "+v.what, partner, "create", keys{"name": o.name("q"), "category_id": v.value}); made != nil {
				o.see(partner, made, "category_id")
			}
		}
	}},
	{"one2many", func(o *observer) {
		for _, what := range []string{
			"update", "unlink", "delete", "clear", "set", "set another", "link", "ids alone", "false", "None", "no commands", "create", "create without a name",
			"unknown command", "a list of dicts", "a text", "true", "link what is missing", "set what is missing", "update what is missing",
			"delete what is missing", "unlink what is missing", "update and delete", "delete and create", "clear and create", "create and clear",
		} {
			company, first, second, free := o.contacts()
			o.do(what, partner, "write", list{company}, keys{"child_ids": map[string]any{
				"update": list{list{1, first, keys{"city": "Z"}}}, "unlink": list{list{3, first, 0}}, "delete": list{list{2, first, 0}}, "clear": list{list{5}},
				"set": list{list{6, 0, list{second}}}, "set another": list{list{6, 0, list{free}}}, "link": list{list{4, free, 0}}, "ids alone": list{first},
				"false": false, "None": nil, "no commands": list{}, "create": list{list{0, 0, keys{"name": o.name("n")}}},
				"create without a name": list{list{0, 0, keys{"name": o.name("n")}}, list{0, 0, keys{"city": "x"}}}, "unknown command": list{list{9, 1, 1}},
				"a list of dicts": list{keys{"name": "x"}}, "a text": "x", "true": true, "link what is missing": list{list{4, 99999999}},
				"set what is missing": list{list{6, 0, list{99999999}}}, "update what is missing": list{list{1, 99999999, keys{"city": "x"}}},
				"delete what is missing": list{list{2, 99999999}}, "unlink what is missing": list{list{3, 99999999}},
				"update and delete": list{list{1, first, keys{"city": "Z"}}, list{2, second}},
				"delete and create": list{list{2, first}, list{0, 0, keys{"name": o.name("n")}}},
				"clear and create":  list{list{5}, list{0, 0, keys{"name": o.name("n")}}}, "create and clear": list{list{0, 0, keys{"name": o.name("n")}}, list{5}},
			}[what]})
			o.see(partner, company, "child_ids")
			o.see(partner, first, "parent_id", "city")
			o.see(partner, second, "parent_id")
		}
	}},
	{"one2many of a new record", func(o *observer) {
		free := o.add("free", partner, keys{"name": o.name("free")})
		for _, v := range []namedValue{
			{"create", list{list{0, 0, keys{"name": o.name("x")}}, list{0, 0, keys{"name": o.name("y"), "child_ids": list{list{0, 0, keys{"name": o.name("z")}}}}}}},
			{"link", list{list{4, free}}}, {"set", list{list{6, 0, list{free}}}}, {"clear", list{list{5}}}, {"false", false},
			{"an unknown field", list{list{0, 0, keys{"zzz": 1}}}}, {"no name", list{list{0, 0, keys{}}}},
		} {
			if made := o.do(v.what, partner, "create", keys{"name": o.name("p"), "child_ids": v.value}); made != nil {
				o.see(partner, made, "child_ids")
			}
		}
	}},
	{"lines by command", func(o *observer) {
		customer := o.add("p", partner, keys{"name": o.name("p")})
		product := o.find("product", "product.product", cond("sale_ok", "=", true))
		line := func(price float64) list {
			return list{0, 0, keys{"product_id": product, "price_unit": price, o.taxes(): list{list{5}}}}
		}
		order := o.add("order", "sale.order", keys{"partner_id": customer, "order_line": list{line(10), line(20)}})
		o.see("sale.order", order, "amount_untaxed", "amount_tax", "amount_total")
		ids := o.e.result(o.t, "admin", "sale.order.line", "search", list{list{cond("order_id", "=", order)}}, keys{"order": "id"}).([]any)
		for _, v := range []namedValue{
			{"more of one", list{list{1, ids[0], keys{"product_uom_qty": 3, "price_unit": 10}}}}, {"one more", list{line(5)}}, {"delete one", list{list{2, ids[1]}}},
			{"unlink one", list{list{3, ids[0]}}}, {"add and clear", list{line(7), list{5}}}, {"clear and add", list{list{5}, line(8)}}, {"false", false},
			{"a dict", list{keys{"product_id": product}}},
		} {
			o.do(v.what, "sale.order", "write", list{order}, keys{"order_line": v.value})
			o.see("sale.order", order, "amount_untaxed", "amount_total")
		}
	}},
}
