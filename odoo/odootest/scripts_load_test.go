package odootest_test

import (
	"fmt"
	"regexp"
)

// quotedID is an id in a message.
var quotedID = regexp.MustCompile(`'\d+'`)

// load makes a call of load and notes the ids and, a line each, the messages. The
// records of the ids have the labels of the rows.
func (o *observer) load(what string, columns list, rows ...list) []float64 {
	o.t.Helper()
	return o.loadWith(what, nil, columns, rows...)
}

func (o *observer) loadWith(what string, context keys, columns list, rows ...list) []float64 {
	o.t.Helper()
	data := list{}
	for _, row := range rows {
		data = append(data, row)
	}
	kwargs := keys{}
	if context != nil {
		kwargs["context"] = context
	}
	answer := o.e.call(o.t, "admin", partner, "load", list{columns, data}, kwargs)
	result, ok := answer.body["result"].(map[string]any)
	if !ok {
		o.notes = append(o.notes, what+": "+o.outcome(answer))
		return nil
	}
	found, _ := result["ids"].([]any)
	var ids []float64
	for _, id := range found {
		ids = append(ids, id.(float64))
	}
	messages := result["messages"].([]any)
	delete(result, "messages")
	o.notes = append(o.notes, what+": "+o.text(result))
	for _, message := range messages {
		o.notes = append(o.notes, "  "+quotedID.ReplaceAllString(o.text(message), "'#'"))
	}
	return ids
}

// id is a cell with the id of a record.
func cell(id float64) string { return fmt.Sprint(int64(id)) }

var loadShown = []string{"name", "ref", "comment", "type", "is_company", "country_id", "category_id", "parent_id", "active", "lang", "color"}

var loadScripts = []writeScript{
	{"load creates and changes", func(o *observer) {
		us := o.find("US", "res.country", cond("code", "=", "US"))
		x := o.add("x", "res.partner.category", keys{"name": o.name("x")})
		y := o.add("y", "res.partner.category", keys{"name": o.name("y")})
		columns := list{"name", "ref", "comment", "type", "is_company", "country_id/.id", "category_id/.id", "color"}
		ids := o.load("create two", columns, list{o.name("a"), "R", "text", "invoice", "1", cell(us), cell(x) + "," + cell(y), "3"},
			list{o.name("b"), "", "", "", "", "", "", ""})
		a, b := ids[0], ids[1]
		o.labels[a], o.labels[b] = "a", "b"
		o.see(partner, a, loadShown...)
		o.see(partner, b, loadShown...)
		o.load("change one", append(list{".id"}, columns...), list{cell(a), o.name("a2"), "", "", "delivery", "0", "", cell(y), ""})
		o.see(partner, a, loadShown...)
		o.load("what has no column stays", list{".id", "ref"}, list{cell(a), "S"})
		o.see(partner, a, loadShown...)
		o.load("change and create", list{".id", "name"}, list{cell(a), o.name("a3")}, list{"", o.name("c")})
		o.load("the other way round", list{".id", "name"}, list{"", o.name("d")}, list{cell(b), o.name("b2")})
		o.load("an id that is false", list{".id", "name"}, list{false, o.name("e")})
		o.load("an id that is a number", list{".id", "name"}, list{a, o.name("a4")})
		o.load("one record twice", list{".id", "name"}, list{cell(b), o.name("b3")}, list{cell(b), o.name("b4")})
		o.see(partner, b, "name")
		o.load("ids alone", list{".id"}, list{cell(a)})
		o.load("no rows", columns)
		o.load("a short row", list{"name", "ref"}, list{o.name("f")})
		o.load("a long row", list{"name"}, list{o.name("f"), "x"})
		o.load("a parent", list{"name", "parent_id/.id"}, list{o.name("g"), cell(a)})
		o.load("an empty active", list{".id", "active"}, list{cell(b), ""})
		o.see(partner, b, "active")
		o.load("an archived record", list{".id", "name"}, list{cell(b), o.name("b5")})
		o.load("an archived parent", list{".id", "parent_id/.id"}, list{cell(a), cell(b)})
		o.loadWith("an archived record, shown", keys{"active_test": false}, list{".id", "active"}, list{cell(b), "1"})
		o.see(partner, b, "active")
	}},
	{"cells that load cannot read", func(o *observer) {
		us := o.find("US", "res.country", cond("code", "=", "US"))
		name := o.name("a")
		o.load("no such country", list{"name", "country_id/.id"}, list{name, "99999999"}, list{name, cell(us)})
		o.load("a country that is a text", list{"name", "country_id/.id"}, list{name, "zzz"})
		o.load("a country and then another", list{"name", "country_id/.id"}, list{name, "zzz"}, list{name, cell(us)})
		o.load("a country that is a number", list{"name", "country_id/.id"}, list{name, us})
		o.load("countries that are none", list{"name", "country_id/.id"}, list{name, "0"}, list{name, "no"}, list{name, false}, list{name, nil})
		o.load("no such tag", list{"name", "category_id/.id"}, list{name, "99999998,99999999"})
		o.load("a tag that is a text", list{"name", "category_id/.id"}, list{name, "zzz"})
		o.load("no such terms", list{"name", "property_payment_term_id/.id"}, list{name, "99999999"})
		o.load("no such key", list{"name", "type"}, list{name, "zzz"}, list{name, "contact"})
		o.load("a label", list{"name", "type"}, list{name, "Contact"})
		o.load("a key in capitals", list{"name", "type"}, list{name, "CONTACT"})
		o.load("words for yes and no", list{"name", "is_company"}, list{name, "yes"}, list{name, "No"}, list{name, "True"}, list{name, "0"})
		o.load("another word", list{"name", "is_company"}, list{name, "maybe"})
		o.load("true itself", list{"name", "is_company"}, list{name, true})
		o.load("a number that is none", list{"name", "color"}, list{name, "x"})
		o.load("two errors in a row", list{"name", "type", "country_id/.id"}, list{name, "zzz", "99999999"})
		o.load("errors in two rows", list{"name", "type"}, list{name, "zzz"}, list{name, "yyy"})
		o.load("an unknown column", list{"name", "zzz"}, list{name, "x"})
		o.load("an unknown column of ids", list{"name", "zzz/.id"}, list{name, "1"})
		o.load("an unknown column without rows", list{"name", "zzz"})
		o.load("no such record", list{".id", "name"}, list{"99999999", name}, list{"99999998", name})
		o.load("no such record, no name", list{".id", "ref"}, list{"99999999", "x"})
		o.load("record 0", list{".id", "name"}, list{"0", name})
		o.load("an id that is a text", list{".id", "name"}, list{"x", name})
		o.do("too little", partner, "load", list{"name"})
	}},
	{"rows that Odoo refuses to load", func(o *observer) {
		a := o.add("a", partner, keys{"name": o.name("a")})
		b := o.add("b", partner, keys{"name": o.name("b")})
		c := o.add("c", partner, keys{"name": o.name("c")})
		o.load("no name", list{"name"}, list{""})
		o.loadWith("no name, in a language", keys{"lang": "en_US"}, list{"name"}, list{""})
		o.load("no name in the second of three", list{"name"}, list{o.name("d")}, list{""}, list{o.name("e")})
		o.load("a name goes", list{".id", "name"}, list{cell(a), o.name("a2")}, list{cell(b), ""})
		o.see(partner, a, "name")
		o.load("its own parent", list{".id", "parent_id/.id"}, list{cell(a), cell(a)})
		o.load("each other's parent", list{".id", "parent_id/.id"}, list{cell(a), cell(b)}, list{cell(b), cell(a)}, list{cell(c), ""})
		o.load("a row after it", list{".id", "parent_id/.id"}, list{cell(c), cell(c)}, list{cell(a), cell(b)})
		o.see(partner, a, "parent_id")
		o.load("a key and a name", list{"name", "type"}, list{o.name("d"), "zzz"}, list{"", "contact"})
		o.load("the company of a user's partner", list{".id", "company_id/.id"}, list{"3", "99"})
		rows := []list{}
		for range 12 {
			rows = append(rows, list{""})
		}
		o.load("twelve without a name", list{"name"}, rows...)
	}},
}
