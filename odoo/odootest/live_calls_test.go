package odootest_test

// A liveCall is one request of the comparison, for the versions from..to.
type liveCall struct {
	name     string
	from, to int
	login    string // "" is admin
	model    string
	method   string
	args     []any
	kwargs   map[string]any
}

type (
	list = []any
	keys = map[string]any
)

func cond(path, oper string, value any) any { return list{path, oper, value} }

var (
	partner  = "res.partner"
	one      = keys{"limit": 1}
	me       = list{cond("id", "=", 3)}
	strange  = found{"sale.order", list{cond("user_id.login", "=", "admin")}}
	anOrder  = found{"sale.order", list{cond("order_line", "!=", false), cond("state", "=", "sale")}}
	hugeInt  = int64(1) << 31
	badLang  = keys{"context": keys{"lang": "xx_XX"}}
	badFirm  = keys{"context": keys{"allowed_company_ids": list{99}}}
	noFields = list{}
)

// searching is a search of partners with one condition.
func searching(name, path, oper string, value any) liveCall {
	return liveCall{name: "search " + name, model: partner, method: "search", args: list{list{cond(path, oper, value)}}, kwargs: one}
}

var liveCalls = []liveCall{
	// Reading.
	{name: "read", model: partner, method: "read", args: list{list{3, 1, 3}, list{"name", "country_id", "is_company", "category_id", "color", "create_date", "ref"}}},
	{name: "read names", model: partner, method: "read", args: list{list{3}, list{"display_name", "commercial_partner_id", "write_uid"}}},
	{name: "read load", model: partner, method: "read", args: list{list{3}, list{"country_id"}}, kwargs: keys{"load": ""}},
	{name: "read one", model: partner, method: "read", args: list{3, list{"name"}}},
	{name: "read nothing", model: partner, method: "read", args: list{noFields, list{"name"}}},
	{name: "read None", model: partner, method: "read", args: list{nil, list{"name"}}},
	{name: "read missing", model: partner, method: "read", args: list{list{99999999, 3}, list{"name"}}},
	{name: "read missing id", model: partner, method: "read", args: list{list{99999999}, list{"id"}}},
	{name: "read id", model: partner, method: "read", args: list{list{3}, list{"id"}}},
	{name: "read zero", model: partner, method: "read", args: list{list{0}, list{"name"}}},
	{name: "read false", model: partner, method: "read", args: list{list{false}, list{"name"}}},
	{name: "read text", model: partner, method: "read", args: list{list{"3"}, list{"name"}}},
	{name: "read float", model: partner, method: "read", args: list{list{3.5}, list{"name"}}, from: 19},
	{name: "read unknown field", model: partner, method: "read", args: list{list{3}, list{"zzz"}}},
	{name: "read dotted", model: partner, method: "read", args: list{list{3}, list{"country_id.name"}}},
	{name: "read fields text", model: partner, method: "read", args: list{list{3}, "name"}},
	{name: "read no args", model: partner, method: "read", args: list{}},
	{name: "read order", model: "sale.order", method: "read", args: list{list{anOrder}, list{"name", "amount_total", "date_order", "order_line", "partner_id", "state", "currency_id", "tag_ids", "invoice_ids", "signed_on"}}},
	{name: "read currency", model: "res.currency", method: "search_read", args: list{list{cond("name", "=", "EUR")}, list{"rounding", "symbol", "decimal_places", "position"}}, kwargs: keys{"context": keys{"active_test": false}}},
	{name: "read lines", model: "sale.order.line", method: "search_read", args: list{list{cond("product_id", "!=", false)}, list{"display_type", "name", "price_unit", "product_uom_qty", "price_tax", "order_id", "invoice_lines", "customer_lead", "currency_id"}}, kwargs: one},
	{name: "read moves", model: "account.move", method: "search_read", args: list{list{cond("move_type", "=", "out_invoice"), cond("state", "=", "posted")}, list{"name", "invoice_date", "amount_residual", "payment_state", "invoice_line_ids", "narration"}}, kwargs: one},
	{name: "read move lines", model: "account.move.line", method: "search_read", args: list{list{cond("product_id", "!=", false)}, list{"display_type", "quantity", "tax_ids", "price_subtotal"}}, kwargs: one},
	{name: "read users", model: "res.users", method: "search_read", args: list{list{}, list{"name", "login", "partner_id", "company_ids", "tz"}}, kwargs: one},
	{name: "read companies", model: "res.company", method: "search_read", args: list{list{}, list{"name", "country_id", "website", "currency_id"}}, kwargs: one},
	{name: "read products", model: "product.product", method: "search_read", args: list{list{}, list{"name", "lst_price", "type", "taxes_id", "weight", "display_name", "currency_id"}}, kwargs: one},

	// Searching.
	{name: "search", model: partner, method: "search", args: list{list{}}, kwargs: one},
	{name: "search_read", model: partner, method: "search_read", args: list{me, list{"name"}}, kwargs: one},
	{name: "search_read load", model: partner, method: "search_read", args: list{me, list{"country_id"}}, kwargs: keys{"load": ""}},
	{name: "search_read nothing", model: partner, method: "search_read", args: list{list{cond("id", "=", -1)}}},
	{name: "search_read unknown field", model: partner, method: "search_read", args: list{me, list{"zzz"}}},
	{name: "search_count", model: partner, method: "search_count", args: list{me}},
	{name: "search_count limit", model: partner, method: "search_count", args: list{list{}}, kwargs: keys{"limit": 3}},
	{name: "search count", model: partner, method: "search", args: list{list{}}, kwargs: keys{"count": true}},
	{name: "search no args", model: partner, method: "search", args: list{}},
	{name: "search args", model: partner, method: "search", kwargs: keys{"args": list{}, "limit": 1}},
	{name: "search domain", model: partner, method: "search", kwargs: keys{"domain": list{}, "limit": 1}},
	{name: "search unknown keyword", model: partner, method: "search", args: list{list{}}, kwargs: keys{"foo": 1}},
	{name: "search too many", model: partner, method: "search", args: list{list{}, 0, 1, nil, false, 5, 6}},
	{name: "search twice", model: partner, method: "search", args: list{list{}, 0}, kwargs: keys{"offset": 1}},
	{name: "search limit text", model: partner, method: "search", args: list{list{}}, kwargs: keys{"limit": "2"}},
	{name: "search limit negative", model: partner, method: "search", args: list{list{}}, kwargs: keys{"limit": -1}},
	{name: "search offset", model: partner, method: "search", args: list{list{}}, kwargs: keys{"offset": 2, "limit": 1}},

	// Domains.
	searching("unknown field", "zzz", "=", 1),
	searching("unknown path", "country_id.zzz", "=", 1),
	searching("path of a text", "name.zzz", "=", 1),
	searching("unsearchable", "contact_address", "=", "no such address"),
	searching("unknown operator", "name", "~", "a"),
	searching("capital operator", "name", "ILIKE", "%"),
	searching("double equals", "id", "==", 3),
	searching("any", "user_id", "any", list{cond("zzz", "=", 1)}),
	searching("any no domain", "parent_id", "any", 5),
	searching("any of a text", "name", "any", 5),
	searching("big id", "id", "=", hugeInt),
	searching("big ids", "id", "in", list{hugeInt, 3}),
	searching("id text", "id", "=", "3"),
	searching("id word", "id", "=", "abc"),
	searching("id float", "id", "=", 3.5),
	searching("id false", "id", "=", false),
	searching("in number", "id", "in", 3),
	searching("in false", "id", "in", false),
	searching("in none", "id", "in", nil),
	searching("in empty", "name", "in", list{}),
	searching("not in empty", "name", "not in", list{}),
	searching("many2one name", "country_id", "=", "Belgium"),
	searching("many2one names", "country_id", "ilike", "bel"),
	searching("many2one true", "country_id", "=", true),
	searching("number as text", "zip", "=", 9999999),
	searching("bool text", "is_company", "=", "x"),
	searching("date word", "create_date", ">=", "foo"),
	searching("date number", "create_date", ">=", 5),
	searching("date zone", "create_date", ">=", "2020-01-01T00:00:00Z"),
	searching("date T", "create_date", ">=", "2020-01-01T00:00:00"),
	searching("date short", "create_date", ">=", "2020-1-2"),
	searching("date day", "create_date", ">", "2020-01-02"),
	searching("child_of", "id", "child_of", list{1}),
	searching("not =like", "name", "not =like", "zz%"),
	searching("path", "country_id.code", "=", "BE"),
	searching("active", "active", "in", list{true, false}),
	searching("equals optional", "ref", "=?", false),
	{name: "domain flat", model: partner, method: "search", args: list{list{"name", "=", "x"}}},
	{name: "domain dangling or", model: partner, method: "search", args: list{list{"|", cond("name", "=", "x")}}},
	{name: "domain dangling not", model: partner, method: "search", args: list{list{"!"}}},
	{name: "domain short leaf", model: partner, method: "search", args: list{list{list{"name", "="}}}},
	{name: "domain text", model: partner, method: "search", args: list{"abc"}},
	{name: "domain number", model: partner, method: "search", args: list{5}},
	{name: "domain odd token", model: partner, method: "search", args: list{list{"^", cond("name", "=", "x")}}},
	{name: "domain constant", model: partner, method: "search_count", args: list{list{list{0, "=", 1}}}},
	{name: "domain not", model: partner, method: "search", args: list{list{"!", cond("id", "!=", 3)}}},

	// Orders.
	{name: "order unknown", model: partner, method: "search", args: list{list{}}, kwargs: keys{"order": "zzz"}},
	{name: "order direction", model: partner, method: "search", args: list{list{}}, kwargs: keys{"order": "name foo"}},
	{name: "order dotted", model: partner, method: "search", args: list{list{}}, kwargs: keys{"order": "country_id.name"}},
	{name: "order unsortable", model: partner, method: "search", args: list{list{}}, kwargs: keys{"order": "child_ids", "limit": 1}},
	{name: "order computed", model: partner, method: "search", args: list{list{}}, kwargs: keys{"order": "contact_address", "limit": 1}},
	{name: "order nulls last", model: partner, method: "search", args: list{list{}}, kwargs: keys{"order": "ref desc nulls last", "limit": 1}},
	{name: "order empty term", model: partner, method: "search", args: list{list{}}, kwargs: keys{"order": "name,,id", "limit": 1}},
	{name: "order capitals", model: partner, method: "search", args: list{list{}}, kwargs: keys{"order": "NAME DESC", "limit": 1}},
	{name: "order many2one", model: partner, method: "search", args: list{list{}}, kwargs: keys{"order": "country_id desc, id", "limit": 1}},

	// Methods and contexts.
	{name: "unknown model", model: "x.y", method: "search", args: list{list{}}},
	{name: "unknown method", model: partner, method: "searchx", args: list{list{}}},
	{name: "private method", model: partner, method: "_search", args: list{list{}}},
	{name: "browse", from: 19, model: partner, method: "browse", args: list{list{3}}},
	{name: "exists", model: partner, method: "exists", args: list{list{3, 99999999}}},
	{name: "name_search", model: partner, method: "name_search", args: list{"a"}, kwargs: one},
	{name: "name_search args", model: partner, method: "name_search", args: list{"a"}, kwargs: keys{"args": list{}, "limit": 1}},
	{name: "check_access_rights", model: partner, method: "check_access_rights", args: list{"read"}},
	{name: "check_access_rights false", model: partner, method: "check_access_rights", args: list{"read"}, kwargs: keys{"raise_exception": false}},
	{name: "check_access_rights odd", model: partner, method: "check_access_rights", args: list{"foo"}},
	{name: "has_access", model: partner, method: "has_access", args: list{list{3}, "read"}},
	{name: "has_access odd", model: partner, method: "has_access", args: list{list{3}, "foo"}},
	{name: "context_get", model: "res.users", method: "context_get"},
	{name: "get_installed", model: "res.lang", method: "get_installed"},
	{name: "language unknown", model: "res.country", method: "search_read", args: list{list{cond("code", "=", "BE")}, list{"name"}}, kwargs: badLang},
	{name: "language unknown, untranslated", model: "res.currency", method: "search_read", args: list{list{cond("name", "=", "EUR"), cond("active", "in", list{true, false})}, list{"symbol"}}, kwargs: badLang},
	{name: "company unknown", model: partner, method: "search", args: list{me}, kwargs: badFirm},
	{name: "company unknown, read", model: partner, method: "read", args: list{list{3}, list{"name"}}, kwargs: badFirm},
	{name: "context text", model: partner, method: "search", args: list{me}, kwargs: keys{"context": "x"}},

	// Specifications.
	{name: "web_search_read", model: partner, method: "web_search_read", args: list{me, keys{"name": keys{}, "country_id": keys{}}}},
	{name: "web_search_read fields", model: partner, method: "web_search_read", args: list{me}, kwargs: keys{"fields": list{"name"}}},
	{name: "web_search_read list", model: partner, method: "web_search_read", args: list{me, list{"name"}}},
	{name: "web_search_read no fields", from: 17, model: partner, method: "web_search_read", args: list{me}},
	{name: "web_search_read past", model: "res.country", method: "web_search_read", args: list{list{}, keys{"name": keys{}}}, kwargs: keys{"offset": 1000, "limit": 5}},
	{name: "web_search_read counted", from: 17, model: "res.country", method: "web_search_read", args: list{list{}, keys{}}, kwargs: keys{"limit": 2, "count_limit": 10}},
	{name: "web_read", model: partner, method: "web_read", args: list{list{3, 1, 99999999}, keys{"name": keys{}}}},
	{name: "web_read empty", model: partner, method: "web_read", args: list{list{3, 99999999}, keys{}}},
	{name: "web_read nested", from: 17, model: "sale.order", method: "web_read", args: list{list{anOrder}, keys{
		"partner_id": keys{"fields": keys{"display_name": keys{}, "country_id": keys{}}},
		"order_line": keys{"fields": keys{"name": keys{}, "product_id": keys{"fields": keys{}}}, "limit": 1, "order": "id desc"},
		"user_id":    keys{"fields": keys{}}, "amount_total": keys{}, "payment_term_id": keys{"fields": keys{"name": keys{}}},
	}}},
	{name: "web_read ids", from: 17, model: "sale.order", method: "web_read", args: list{list{anOrder}, keys{"order_line": keys{}}}},
	{name: "web_read id objects", from: 17, model: "sale.order", method: "web_read", args: list{list{anOrder}, keys{"order_line": keys{"fields": keys{}}}}},
	{name: "web_read unknown", from: 17, model: "sale.order", method: "web_read", args: list{list{anOrder}, keys{"zzz": keys{}}}},
	{name: "web_read unknown nested", from: 17, model: "sale.order", method: "web_read", args: list{list{anOrder}, keys{"partner_id": keys{"fields": keys{"zz": keys{}}}}}},
	{name: "web_read bad order", from: 17, model: "sale.order", method: "web_read", args: list{list{anOrder}, keys{"order_line": keys{"fields": keys{}, "order": "zz"}}}},
	{name: "web_read list", from: 17, model: "sale.order", method: "web_read", args: list{list{anOrder}, keys{"order_line": keys{"fields": list{"name"}}}}},

	// Rights.
	{name: "rule", login: "demo", model: "sale.order", method: "read", args: list{list{strange}, list{"name"}}},
	{name: "rule id", login: "demo", model: "sale.order", method: "read", args: list{list{strange}, list{"id"}}},
	{name: "rule missing", login: "demo", model: "sale.order", method: "read", args: list{list{strange, 99999999}, list{"name"}}},
	{name: "rule search", login: "demo", model: "sale.order", method: "search_count", args: list{list{cond("user_id.login", "=", "admin")}}},
	{name: "rule web_read", from: 17, login: "demo", model: "sale.order", method: "web_read", args: list{list{strange}, keys{"name": keys{}}}},
}
