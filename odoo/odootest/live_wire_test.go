package odootest_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestLiveFields compares what fields_get says of every field that the stand-in
// has.
func TestLiveFields(t *testing.T) {
	genuine, standIn, _ := liveEndpoints(t)
	attributes := []string{
		"type", "relation", "relation_field", "required", "readonly", "store", "searchable", "sortable", "digits",
		"currency_field", "translate", "company_dependent", "groups",
	}
	for _, model := range []string{
		"res.partner", "res.partner.category", "res.country", "res.country.state", "res.currency", "res.lang", "res.company",
		"res.users", "product.product", "product.category", "uom.uom", "product.pricelist", "sale.order", "sale.order.line",
		"crm.tag", "crm.team", "account.move", "account.move.line", "account.tax", "account.payment.term",
	} {
		t.Run(model, func(t *testing.T) {
			fields := func(e *endpoint) map[string]any {
				args := []any{[]any{}, slices.Concat(attributes, []string{"selection"})}
				out, _ := e.call(t, "admin", model, "fields_get", args, nil).body["result"].(map[string]any)
				return out
			}
			want, got := fields(genuine), fields(standIn)
			if len(got) == 0 {
				t.Fatal("no fields")
			}
			for name, attrs := range got {
				compareField(t, model+"."+name, want[name], attrs.(map[string]any), attributes)
			}
		})
	}
}

// known are the differences that the stand-in has on purpose.
var known = map[string]bool{
	// So that some user lacks a field.
	"res.partner.property_payment_term_id groups": true,
	"res.partner.invoice_ids groups":              true,
}

func compareField(t *testing.T, name string, want any, got map[string]any, attributes []string) {
	t.Helper()
	genuine, ok := want.(map[string]any)
	if !ok {
		t.Errorf("%s: the genuine server has no such field", name)
		return
	}
	for _, key := range attributes {
		w, g := fmt.Sprint(genuine[key]), fmt.Sprint(got[key])
		if w != g && (key != "translate" || genuine[key] != nil) && !known[name+" "+key] {
			t.Errorf("%s: %s is %s, genuine %s", name, key, g, w)
		}
	}
	keysOf := func(v any) []string {
		var keys []string
		options, _ := v.([]any)
		for _, o := range options {
			keys = append(keys, fmt.Sprint(o.([]any)[0]))
		}
		return keys
	}
	genuineKeys := keysOf(genuine["selection"])
	for _, key := range keysOf(got["selection"]) {
		if !slices.Contains(genuineKeys, key) && key != "fr_FR" {
			t.Errorf("%s: the genuine server has no option %q of %v", name, key, genuineKeys)
		}
	}
}

const (
	asJSON = "application/json"
	asXML  = "text/xml"
)

// liveEnvelopes are requests on the level of HTTP, for versions since from.
var liveEnvelopes = []struct {
	name, method, path, body string
	from                     int
	header                   []string
}{
	{name: "version", method: "GET", path: "/web/version", from: 19},
	{name: "no version", method: "GET", path: "/no/such/page"},
	{name: "json version", method: "POST", path: "/jsonrpc", body: `{"id": 7, "params": {"service": "common", "method": "version", "args": []}}`, header: []string{"Content-Type", asJSON}},
	{name: "json no id", method: "POST", path: "/jsonrpc", body: `{"params": {"service": "common", "method": "version", "args": []}}`, header: []string{"Content-Type", asJSON}},
	{name: "json broken", method: "POST", path: "/jsonrpc", body: `{"a":`, header: []string{"Content-Type", asJSON}},
	{name: "json list", method: "POST", path: "/jsonrpc", body: `[]`, header: []string{"Content-Type", asJSON}},
	{name: "json as text", method: "POST", path: "/jsonrpc", body: `{}`, header: []string{"Content-Type", "text/plain"}},
	{name: "json no args", method: "POST", path: "/jsonrpc", body: `{"params": {}}`, header: []string{"Content-Type", asJSON}},
	{name: "json no service", method: "POST", path: "/jsonrpc", body: `{"params": {"service": "x", "method": "version", "args": []}}`, header: []string{"Content-Type", asJSON}},
	{name: "json no database", method: "POST", path: "/jsonrpc", body: `{"params": {"service": "common", "method": "authenticate", "args": ["nodb", "a", "b", {}]}}`, header: []string{"Content-Type", asJSON}},
	{name: "json no password", method: "POST", path: "/jsonrpc", body: `{"params": {"service": "object", "method": "execute_kw", "args": ["$db", 2, "", "res.partner", "search", [[]]]}}`, header: []string{"Content-Type", asJSON}},
	{name: "json wrong password", method: "POST", path: "/jsonrpc", body: `{"params": {"service": "object", "method": "execute_kw", "args": ["$db", 2, "wrong", "res.partner", "search", [[]]]}}`, header: []string{"Content-Type", asJSON}},
	{name: "json wrong login", method: "POST", path: "/jsonrpc", body: `{"params": {"service": "common", "method": "authenticate", "args": ["$db", "admin", "wrong", {}]}}`, header: []string{"Content-Type", asJSON}},
	{name: "json dead user", method: "POST", path: "/jsonrpc", body: `{"params": {"service": "object", "method": "execute_kw", "args": ["$db", 99999, "x", "res.partner", "search", [[]]]}}`, header: []string{"Content-Type", asJSON}},
	{name: "xml get", method: "GET", path: "/xmlrpc/2/object"},
	{name: "xml broken", method: "POST", path: "/xmlrpc/2/object", body: `<xx`, header: []string{"Content-Type", asXML}},
	{name: "xml version", method: "POST", path: "/xmlrpc/2/common", body: methodCall("version"), header: []string{"Content-Type", asXML}},
	{name: "xml no method", method: "POST", path: "/xmlrpc/2/common", body: methodCall("foo"), header: []string{"Content-Type", asXML}},
	{name: "xml login", method: "POST", path: "/xmlrpc/2/common", body: methodCall("authenticate", "$db", "admin", "$password", ""), header: []string{"Content-Type", asXML}},
	{name: "xml read", method: "POST", path: "/xmlrpc/2/object", body: execute(`res.partner`, `read`, `<array><data><value><int>3</int></value></data></array>`, `<array><data><value>name</value><value>is_company</value><value>country_id</value><value>color</value><value>category_id</value><value>write_date</value></data></array>`), header: []string{"Content-Type", asXML}},
	{name: "xml lines", method: "POST", path: "/xmlrpc/2/object", body: execute(`sale.order.line`, `search_read`, `<array><data/></array>`, `<array><data><value>discount</value></data></array>`, `<int>0</int>`, `<int>1</int>`), header: []string{"Content-Type", asXML}},
	{name: "xml no model", method: "POST", path: "/xmlrpc/2/object", body: execute(`x.y`, `read`), header: []string{"Content-Type", asXML}},
	{name: "xml no such method", method: "POST", path: "/xmlrpc/2/object", body: execute(`res.partner`, `readx`), header: []string{"Content-Type", asXML}},
	{name: "xml private", method: "POST", path: "/xmlrpc/2/object", body: execute(`res.partner`, `_read`), header: []string{"Content-Type", asXML}},
	{name: "xml none", method: "POST", path: "/xmlrpc/2/object", body: execute(`res.partner`, `check_access_rights`, `<string>read</string>`), header: []string{"Content-Type", asXML}},
	{name: "xml context", method: "POST", path: "/xmlrpc/2/object", body: execute(`res.users`, `context_get`), header: []string{"Content-Type", asXML}},
	{name: "json2", from: 19, method: "POST", path: "/json/2/res.partner/search_read", body: `{"domain": [["id", "=", 3]], "fields": ["name", "country_id", "color"]}`, header: []string{"Content-Type", asJSON, "Authorization", "bearer $key"}},
	{name: "json2 database", from: 19, method: "POST", path: "/json/2/res.partner/search", body: `{"domain": [["id", "=", 3]]}`, header: []string{"Content-Type", asJSON, "Authorization", "bearer $key", "X-Odoo-Database", "nodb"}},
	{name: "json2 no key", from: 19, method: "POST", path: "/json/2/res.partner/search", body: `{"domain": []}`, header: []string{"Content-Type", asJSON}},
	{name: "json2 wrong key", from: 19, method: "POST", path: "/json/2/res.partner/search", body: `{"domain": []}`, header: []string{"Content-Type", asJSON, "Authorization", "bearer x"}},
	{name: "json2 as text", from: 19, method: "POST", path: "/json/2/res.partner/search", body: `{"domain": []}`, header: []string{"Content-Type", "text/plain", "Authorization", "bearer $key"}},
	{name: "json2 empty", from: 19, method: "POST", path: "/json/2/res.partner/search", header: []string{"Content-Type", asJSON, "Authorization", "bearer $key"}},
	{name: "json2 broken", from: 19, method: "POST", path: "/json/2/res.partner/search", body: `{"a":`, header: []string{"Content-Type", asJSON, "Authorization", "bearer $key"}},
	{name: "json2 no model", from: 19, method: "POST", path: "/json/2/x.y/search", body: `{"domain": []}`, header: []string{"Content-Type", asJSON, "Authorization", "bearer $key"}},
	{name: "json2 no method", from: 19, method: "POST", path: "/json/2/res.partner/searchx", body: `{}`, header: []string{"Content-Type", asJSON, "Authorization", "bearer $key"}},
	{name: "json2 private", from: 19, method: "POST", path: "/json/2/res.partner/browse", body: `{}`, header: []string{"Content-Type", asJSON, "Authorization", "bearer $key"}},
	{name: "json2 unknown argument", from: 19, method: "POST", path: "/json/2/res.partner/search", body: `{"domain": [], "args": []}`, header: []string{"Content-Type", asJSON, "Authorization", "bearer $key"}},
	{name: "json2 ids of a model", from: 19, method: "POST", path: "/json/2/res.partner/search", body: `{"ids": [3], "domain": []}`, header: []string{"Content-Type", asJSON, "Authorization", "bearer $key"}},
	{name: "json2 no ids", from: 19, method: "POST", path: "/json/2/res.partner/read", body: `{"fields": ["name"]}`, header: []string{"Content-Type", asJSON, "Authorization", "bearer $key"}},
	{name: "json2 unknown field", from: 19, method: "POST", path: "/json/2/res.partner/read", body: `{"ids": [3], "fields": ["zzz"]}`, header: []string{"Content-Type", asJSON, "Authorization", "bearer $key"}},
	{name: "json2 language", from: 19, method: "POST", path: "/json/2/res.country/search", body: `{"domain": [], "context": {"lang": "xx_XX"}}`, header: []string{"Content-Type", asJSON, "Authorization", "bearer $key"}},
	{name: "json2 company", from: 19, method: "POST", path: "/json/2/res.partner/search", body: `{"domain": [], "context": {"allowed_company_ids": [99]}}`, header: []string{"Content-Type", asJSON, "Authorization", "bearer $key"}},
	{name: "json2 none", from: 19, method: "POST", path: "/json/2/res.partner/check_access_rights", body: `{"operation": "read"}`, header: []string{"Content-Type", asJSON, "Authorization", "bearer $key"}},
	{name: "json2 get", from: 19, method: "GET", path: "/json/2/res.partner/search", header: []string{"Content-Type", asJSON, "Authorization", "bearer $key"}},
	{name: "json2 short path", from: 19, method: "POST", path: "/json/2/res.partner", body: `{}`, header: []string{"Content-Type", asJSON, "Authorization", "bearer $key"}},
}

// TestLiveEnvelopes compares statuses, headers and bodies of requests on the
// level of HTTP.
func TestLiveEnvelopes(t *testing.T) {
	genuine, standIn, version := liveEndpoints(t)
	for _, c := range liveEnvelopes {
		if version < c.from {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			ask := func(e *endpoint) reply {
				body := strings.NewReplacer("$db", e.db, "$password", e.password).Replace(c.body)
				return e.post(t, c.method, c.path, body, c.header...)
			}
			want, got := ask(genuine), ask(standIn)
			if w, g := skeleton(want), skeleton(got); w != g {
				t.Errorf("genuine:\n%.1200s\nstand-in:\n%.1200s", w, g)
			}
		})
	}
}

func methodCall(name string, params ...string) string {
	var b strings.Builder
	b.WriteString("<?xml version='1.0'?><methodCall><methodName>" + name + "</methodName><params>")
	for _, p := range params {
		b.WriteString("<param><value><string>" + p + "</string></value></param>")
	}
	return b.String() + "</params></methodCall>"
}

// execute is a call of the service object; the arguments are values in XML.
func execute(model, method string, args ...string) string {
	var b strings.Builder
	b.WriteString("<?xml version='1.0'?><methodCall><methodName>execute_kw</methodName><params>")
	for _, p := range []string{"<string>$db</string>", "<int>2</int>", "<string>$password</string>", model, method} {
		b.WriteString("<param><value>" + p + "</value></param>")
	}
	b.WriteString("<param><value><array><data>")
	for _, a := range args {
		b.WriteString("<value>" + a + "</value>")
	}
	return b.String() + "</data></array></value></param></params></methodCall>"
}

var (
	debugText  = regexp.MustCompile(`"debug": "((?:[^"\\]|\\.)*)"`)
	traceback  = regexp.MustCompile(`(?s)<string>Traceback .*?\n(\S[^\n]*)\n</string>`)
	xmlText    = regexp.MustCompile(`<(string|int|double)>[^<]*</`)
	xmlFalse   = regexp.MustCompile(`<value><(?:boolean>0</boolean|string></string)></value>`)
	jsonText   = regexp.MustCompile(`"(name|country_id)": ("[^"]*"|\[[^\]]*\])`)
	parseError = regexp.MustCompile(`(ExpatError|as json): .*?(["\n<]|$)`)
)

// skeleton is what both answers must share: status, type and the body without
// the data and places in the source that differ between any two servers.
func skeleton(r reply) string {
	head := fmt.Sprintf("%d %s %s\n", r.status, strings.ReplaceAll(r.header.Get("Content-Type"), ";charset", "; charset"), r.header.Get("WWW-Authenticate"))
	body := r.raw
	switch {
	case strings.Contains(r.header.Get("Content-Type"), "xml"):
		body = traceback.ReplaceAllString(body, "<string>$1</string>")
		keep := strings.Contains(body, "<fault>")
		body = parseError.ReplaceAllString(body, "$1: ")
		if !keep {
			body = xmlText.ReplaceAllString(body, "<$1>#</")
			body = xmlFalse.ReplaceAllString(body, "<value><string>#</string></value>")
		}
	case strings.Contains(r.header.Get("Content-Type"), "html"):
		if len(body) > 1000 {
			body = "a long page"
		}
		if r.status == 404 {
			body = "a page"
		}
	default:
		body = debugText.ReplaceAllStringFunc(body, func(s string) string {
			if strings.Contains(s, "Traceback") {
				return `"debug": "Traceback"`
			}
			return s
		})
		body = parseError.ReplaceAllString(body, "$1$2")
		if !strings.Contains(body, `"debug"`) {
			body = jsonText.ReplaceAllString(body, `"$1": #`)
		}
	}
	return head + body
}
