package odootest_test

var rightScripts = []writeScript{
	{"a salesperson", func(o *observer) {
		demo := func(what, model, method string, args ...any) any {
			return o.doAs("demo", what, model, method, args, nil)
		}
		p := demo("create a partner", partner, "create", keys{"name": o.name("p")})
		demo("write it", partner, "write", list{p}, keys{"city": "x"})
		demo("write a country", "res.country", "write", list{1}, keys{"name": "x"})
		demo("create a country", "res.country", "create", keys{"name": "x", "code": "ZZ"})
		demo("delete a country", "res.country", "unlink", list{1})
		demo("write no country", "res.country", "write", list{}, keys{"name": "x"})
		demo("write a company", "res.company", "write", list{1}, keys{"name": "x"})
		for _, op := range []string{"write", "create", "unlink"} {
			demo("may "+op+" partners", partner, "check_access_rights", op, false)
			demo("may "+op+" orders", "sale.order", "check_access_rights", op, false)
			demo("may "+op+" countries", "res.country", "check_access_rights", op, false)
		}
		own := demo("an own order", "sale.order", "create", keys{"partner_id": p})
		o.do("of nobody", "sale.order", "write", list{own}, keys{"user_id": false})
		demo("write it", "sale.order", "write", list{own}, keys{"client_order_ref": "x"})
		demo("confirm it", "sale.order", "action_confirm", list{own})
		demo("delete it", "sale.order", "unlink", list{own})
		admin := o.find("admin", "res.users", cond("login", "=", "admin"))
		demo("an order for another", "sale.order", "create", keys{"partner_id": p, "user_id": admin})
		customer, _ := p.(float64)
		order := o.order(customer, keys{"user_id": admin})
		demo("write another's", "sale.order", "write", list{order}, keys{"client_order_ref": "x"})
		demo("an unknown field of another's", "sale.order", "write", list{order}, keys{"zzz": 1})
		demo("confirm another's", "sale.order", "action_confirm", list{order})
		demo("cancel another's", "sale.order", "action_cancel", list{order})
		o.do("delete the partner", partner, "unlink", list{p})
	}},
	{"a customer", func(o *observer) {
		portal := func(what, model, method string, args ...any) any {
			return o.doAs("portal", what, model, method, args, nil)
		}
		p := o.add("p", partner, keys{"name": o.name("p")})
		tag := o.add("tag", "res.partner.category", keys{"name": o.name("t")})
		portal("create a partner", partner, "create", keys{"name": o.name("x")})
		portal("delete a partner", partner, "unlink", list{p})
		portal("create an order", "sale.order", "create", keys{"name": o.name("x")})
		portal("create a tag", "res.partner.category", "create", keys{"name": o.name("x")})
		portal("write a tag", "res.partner.category", "write", list{tag}, keys{"name": o.name("x")})
		portal("create a line", "sale.order.line", "create", keys{"name": "x"})
		portal("create a country", "res.country", "create", keys{"name": "x", "code": "ZZ"})
	}},
}
