package odootest_test

// post posts a message on orders by the template of quotations, or another one.
func (o *observer) post(what string, orders list, marked bool, more keys) {
	o.t.Helper()
	kwargs := keys{"context": keys{"mark_so_as_sent": marked}}
	template := any("sale.email_template_edi_sale")
	if o.version < 17 {
		kwargs["composition_mode"], kwargs["email_layout_xmlid"] = "comment", "mail.mail_notification_paynow"
		template = o.e.result(o.t, "admin", "ir.model.data", "check_object_reference", list{"sale", "email_template_edi_sale"}, nil).([]any)[1]
	} else {
		kwargs["subtype_xmlid"], kwargs["email_layout_xmlid"] = "mail.mt_comment", "mail.mail_notification_layout_with_responsible_signature"
	}
	for name, v := range more {
		if kwargs[name] = v; name == "template" {
			template = v
			delete(kwargs, name)
		}
	}
	o.doAs("admin", what, "sale.order", o.v("message_post_with_template", "message_post_with_source"), list{orders, template}, kwargs)
	for _, id := range orders {
		if id != 99999999 {
			o.see("sale.order", id, "state")
		}
	}
}

var sendingScripts = []writeScript{
	{"external ids", func(o *observer) {
		o.do("one that is not there", "ir.model.data", "check_object_reference", "sale", "zzz")
		o.do("too little", "ir.model.data", "check_object_reference", "sale")
		o.doAs("demo", "as a salesperson, not there", "ir.model.data", "check_object_reference", list{"zzz", "zzz"}, nil)
	}},
	{"what cannot be sent", func(o *observer) {
		order := o.order(o.add("p", partner, keys{"name": o.name("p")}), nil)
		o.post("a missing order", list{99999999}, true, nil)
		o.post("none", list{}, true, nil)
		o.do("without a template", "sale.order", o.v("message_post_with_template", "message_post_with_source"), list{order})
		o.do("the other version's method", "sale.order", o.v("message_post_with_source", "message_post_with_template"), list{order}, 1)
		o.post("a template that is a text", list{order}, true, keys{"template": "zzz"})
		o.post("a template that is a number", list{order}, true, keys{"template": 99999999})
	}},
	{"quotations that are sent", func(o *observer) {
		if o.version >= 17 {
			return // it takes wkhtmltopdf, which few servers for tests have
		}
		p := o.add("p", partner, keys{"name": o.name("p"), "email": "p@example.com"})
		order := o.order(p, nil)
		o.post("a quotation", list{order}, true, nil)
		o.post("again", list{order}, true, nil)
		o.do("confirm", "sale.order", "action_confirm", list{order})
		o.post("an order", list{order}, true, nil)
		o.do("cancel", "sale.order", "action_cancel", list{order})
		o.post("a cancelled one", list{order}, true, nil)
		o.post("without the mark", list{o.order(p, nil)}, false, nil)
		o.post("two", list{o.order(p, nil), o.order(p, nil)}, true, nil)
		o.post("by mail only", list{o.order(p, nil)}, true, keys{"composition_mode": "mass_mail"})
		o.post("in an unknown way", list{o.order(p, nil)}, true, keys{"composition_mode": "zzz"})
		o.post("without a layout", list{o.order(p, nil)}, true, keys{"email_layout_xmlid": "zzz.zzz"})
		o.post("to nobody", list{o.order(o.add("q", partner, keys{"name": o.name("q")}), nil)}, true, nil)
	}},
}
