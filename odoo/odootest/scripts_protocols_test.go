package odootest_test

import (
	"fmt"
	"regexp"
	"strings"
)

// json2 posts to /json/2 and notes status and answer.
func (o *observer) json2(what, path string, body any) {
	o.t.Helper()
	answer := o.e.post(o.t, "POST", "/json/2/"+path, encode(o.t, body), "Content-Type", "application/json", "Authorization", "bearer $key")
	text := regexp.MustCompile(`\b\d+\b`).ReplaceAllString(answer.raw, "#")
	if name, ok := answer.body["name"].(string); ok {
		arguments, _ := answer.body["arguments"].([]any)
		text = name + " " + fmt.Sprintf("%q", o.neutral(fmt.Sprint(arguments[0])))
	}
	o.notes = append(o.notes, fmt.Sprintf("%s: %d %s", what, answer.status, strings.ReplaceAll(text, o.prefix, "")))
}

var xmlValue = regexp.MustCompile(`<param>\s*<value>(?s:(.*?))</value>\s*</param>|<int>(\d)</int>(?s:.*)<string>(?s:(.*?))</string>`)

// xml calls a method over XML-RPC, with arguments in XML, and notes the answer
// or the code and last line of the fault.
func (o *observer) xml(what, model, method string, args ...string) {
	o.t.Helper()
	body := strings.NewReplacer("$db", o.e.db, "$password", o.e.password).Replace(execute(model, method, args...))
	answer := o.e.post(o.t, "POST", "/xmlrpc/2/object", body, "Content-Type", "text/xml")
	match := xmlValue.FindStringSubmatch(answer.raw)
	if match == nil {
		o.t.Fatalf("%s: %s", what, answer.raw)
	}
	text := regexp.MustCompile(`<int>\d+</int>`).ReplaceAllString(strings.Join(strings.Fields(match[1]), ""), "<int>#</int>")
	if match[2] != "" {
		lines := strings.Split(strings.TrimSpace(match[3]), "\n")
		text = "fault " + match[2] + " " + lines[len(lines)-1]
		if match[2] != "1" {
			text = "fault " + match[2] + " " + lines[0]
		}
	}
	o.notes = append(o.notes, what+": "+strings.ReplaceAll(text, o.prefix, ""))
}

// xmlVals is a struct of texts.
func xmlVals(pairs ...string) string {
	var b strings.Builder
	for i := 0; i < len(pairs); i += 2 {
		b.WriteString("<member><name>" + pairs[i] + "</name><value>" + pairs[i+1] + "</value></member>")
	}
	return "<struct>" + b.String() + "</struct>"
}

func xmlIDs(ids ...float64) string {
	var b strings.Builder
	for _, id := range ids {
		fmt.Fprintf(&b, "<value><int>%.0f</int></value>", id)
	}
	return "<array><data>" + b.String() + "</data></array>"
}

var protocolScripts = []writeScript{
	{"over JSON-2", func(o *observer) {
		if o.version < 19 {
			return
		}
		a, b := o.add("a", partner, keys{"name": o.name("a")}), o.add("b", partner, keys{"name": o.name("b")})
		vals := keys{"name": o.name("c")}
		o.json2("create of a dict", "res.partner/create", keys{"vals_list": vals})
		o.json2("create of a list", "res.partner/create", keys{"vals_list": list{vals, vals}})
		o.json2("create of none", "res.partner/create", keys{"vals_list": list{}})
		o.json2("create without values", "res.partner/create", keys{})
		o.json2("create with a wrong name", "res.partner/create", keys{"vals": vals})
		o.json2("create with ids", "res.partner/create", keys{"ids": list{1}, "vals_list": vals})
		o.json2("create of None", "res.partner/create", keys{"vals_list": nil})
		o.json2("create of nothing", "res.partner/create", keys{"vals_list": keys{}})
		o.json2("create with an unknown field", "res.partner/create", keys{"vals_list": keys{"zzz": 1}})
		o.json2("create with a wrong key", "res.partner/create", keys{"vals_list": keys{"name": "x", "type": "zzz"}})
		o.json2("write", "res.partner/write", keys{"ids": list{a}, "vals": keys{"city": "x"}})
		o.json2("write an id", "res.partner/write", keys{"ids": a, "vals": keys{"city": "x"}})
		o.json2("write without ids", "res.partner/write", keys{"vals": keys{"city": "x"}})
		o.json2("write a text as id", "res.partner/write", keys{"ids": "3", "vals": keys{"city": "x"}})
		o.json2("write without values", "res.partner/write", keys{"ids": list{a}})
		o.json2("write a missing record", "res.partner/write", keys{"ids": list{99999999}, "vals": keys{"city": "x"}})
		o.json2("archive", "res.partner/action_archive", keys{"ids": list{a}})
		o.json2("save", "res.partner/web_save", keys{"ids": list{a}, "vals": keys{"city": "y"}, "specification": keys{"city": keys{}}})
		o.json2("save without ids", "res.partner/web_save", keys{"vals": vals, "specification": keys{"name": keys{}}})
		o.json2("unlink", "res.partner/unlink", keys{"ids": list{b}})
		o.json2("unlink without ids", "res.partner/unlink", keys{})
		o.json2("unlink the partner of a user", "res.partner/unlink", keys{"ids": list{3}})
		o.json2("confirm a missing order", "sale.order/action_confirm", keys{"ids": list{99999999}})
		order := o.order(a, nil)
		o.json2("confirm", "sale.order/action_confirm", keys{"ids": list{order}})
		o.json2("confirm again", "sale.order/action_confirm", keys{"ids": list{order}})
		o.json2("lock", "sale.order/action_lock", keys{"ids": list{order}})
		o.json2("cancel", "sale.order/action_cancel", keys{"ids": list{order}})
	}},
	{"over XML-RPC", func(o *observer) {
		a := o.add("a", partner, keys{"name": o.name("a")})
		o.xml("create", partner, "create", xmlVals("name", o.name("b")))
		o.xml("create of a list", partner, "create", "<array><data><value>"+xmlVals("name", o.name("b"))+"</value></data></array>")
		o.xml("create without a name", "res.partner.category", "create", "<struct></struct>")
		o.xml("create with an unknown field", partner, "create", xmlVals("name", o.name("b"), "zzz", "1"))
		o.xml("write", partner, "write", xmlIDs(a), xmlVals("city", "x"))
		o.xml("write a missing record", partner, "write", xmlIDs(99999999), xmlVals("city", "x"))
		o.xml("archive, which returns None", partner, "action_archive", xmlIDs(a))
		o.see(partner, a, "active")
		order := o.order(a, nil)
		o.xml("confirm", "sale.order", "action_confirm", xmlIDs(order))
		o.xml("unlink a confirmed order", "sale.order", "unlink", xmlIDs(order))
		o.xml("unlink none", partner, "unlink", xmlIDs())
		o.xml("unlink", "sale.order", "unlink", xmlIDs(99999999))
	}},
	{"in a web session", func(o *observer) {
		answer := o.e.post(o.t, "POST", "/web/session/authenticate",
			encode(o.t, keys{"jsonrpc": "2.0", "params": keys{"db": o.e.db, "login": "admin", "password": o.e.password}}), "Content-Type", "application/json")
		session, _, _ := strings.Cut(answer.header.Get("Set-Cookie"), ";")
		call := func(what, method string, args ...any) {
			answer := o.e.post(o.t, "POST", "/web/dataset/call_kw",
				encode(o.t, keys{"jsonrpc": "2.0", "params": keys{"model": partner, "method": method, "args": args, "kwargs": keys{}}}),
				"Content-Type", "application/json", "Cookie", session)
			o.notes = append(o.notes, what+": "+o.outcome(answer))
		}
		call("create", "create", keys{"name": o.name("a")})
		call("write a missing record", "write", list{99999999}, keys{"city": "x"})
		call("archive", "action_archive", list{o.add("b", partner, keys{"name": o.name("b")})})
	}},
}
