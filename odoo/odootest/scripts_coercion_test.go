package odootest_test

import "fmt"

// try writes a value to a field, creates a record with it, and looks what
// became of it.
func (o *observer) try(field string, values ...any) {
	id := o.add("a", partner, keys{"name": o.name("a")})
	for _, v := range values {
		what := fmt.Sprintf("%s %s", field, o.text(v))
		o.do("write "+what, partner, "write", list{id}, keys{field: v})
		o.see(partner, id, field)
		if made := o.do("create "+what, partner, "create", keys{"name": o.name("b"), field: v}); made != nil {
			o.see(partner, made, field)
		}
	}
}

var coercionScripts = []writeScript{
	{"boolean", func(o *observer) { o.try("is_company", true, false, "false", "0", "", 0, 1, nil, list{}, list{1}) }},
	{"integer", func(o *observer) {
		o.try("color", 5, 5.7, "", "7", "x", nil, false, true, list{1}, hugeInt, -1, "5.7", keys{"a": 1})
	}},
	{"char", func(o *observer) {
		o.try("city", "x", "", nil, false, true, 5, 5.5, list{"a"}, keys{"a": 1}, " pad ", "a\nb", 0, "\x00")
	}},
	{"text or html", func(o *observer) {
		o.try("comment", "x", "", nil, false, 5, "<b>h</b>", "<script>x</script>", "<p>ok</p>", " ")
	}},
	{"selection", func(o *observer) { o.try("type", "invoice", "", nil, false, "zzz", 5, 0) }},
	{"language", func(o *observer) { o.try("lang", "en_US", "xx_XX", "", false) }},
	{"active", func(o *observer) { o.try("active", false, true, nil) }},
	{"name", func(o *observer) { o.try("name", false, nil, o.name("z")) }},
	{"website", func(o *observer) { o.try("website", "example.com", "http://x.y", "https://x.y/", "", false) }},
	{"many2one", func(o *observer) {
		us := o.find("US", "res.country", cond("code", "=", "US"))
		text := fmt.Sprint(us)
		id := o.add("a", partner, keys{"name": o.name("a")})
		for _, c := range []struct {
			what  string
			value any
		}{
			{"an id", us}, {"what read returns", list{us, "United States"}}, {"a list of the id", list{us}}, {"the id as text", text}, {"0", 0},
			{"a missing id", 99999999}, {"false", false}, {"None", nil}, {"true", true}, {"no text", ""}, {"a word", "abc"}, {"no list", list{}},
			{"a negative id", -5}, {"a dict", keys{"id": us}}, {"a strange dict", keys{"a": 1}},
		} {
			o.do("reset", partner, "write", list{id}, keys{"country_id": us})
			o.do("write "+c.what, partner, "write", list{id}, keys{"country_id": c.value})
			o.see(partner, id, "country_id")
			if made := o.do("create "+c.what, partner, "create", keys{"name": o.name("b"), "country_id": c.value}); made != nil {
				o.see(partner, made, "country_id")
			}
		}
	}},
	{"many2one to nothing", func(o *observer) {
		id := o.add("a", partner, keys{"name": o.name("a")})
		for _, field := range []string{"state_id", "parent_id", "user_id", "company_id"} {
			o.do("write "+field, partner, "write", list{id}, keys{field: 99999999})
			o.do("create "+field, partner, "create", keys{"name": o.name("b"), field: 99999999})
		}
		tag := o.add("tag", "res.partner.category", keys{"name": o.name("t")})
		o.do("write a tag", "res.partner.category", "write", list{tag}, keys{"parent_id": 99999999})
	}},
	{"date and time", func(o *observer) {
		order := o.add("order", "sale.order", keys{"partner_id": o.add("p", partner, keys{"name": o.name("p")})})
		for _, v := range []any{"2024-01-02", "2024-01-02 03:04:05", "x", "2024-13-01", "2024-02-30", "", false, 5, "2024-1-2", "02/01/2024", "2024-01-02T00:00:00Z"} {
			o.do(fmt.Sprintf("date %v", v), "sale.order", "write", list{order}, keys{"validity_date": v})
			o.see("sale.order", order, "validity_date")
		}
		for _, v := range []any{"2024-01-02 03:04:05", "2024-01-02", "2024-01-02 03:04", "x", "2024-01-02T03:04:05", "2024-01-02T03:04:05Z", "2024-01-02 03:04:05.678", "", false, 5} {
			o.do(fmt.Sprintf("time %v", v), "sale.order", "write", list{order}, keys{"commitment_date": v})
			o.see("sale.order", order, "commitment_date")
		}
	}},
}
