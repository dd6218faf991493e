package odootest_test

import (
	"strings"
	"testing"

	"odoograph/odoo/odootest"
)

// The same fault looks different in each protocol.
func TestFaultsByProtocol(t *testing.T) {
	for _, c := range []struct {
		name, model, method, xmlArgs, body string
		xmlCode                            string // faultCode
		class                              string // JSON-RPC's and JSON-2's name
		status                             int    // of JSON-2
	}{
		{"unknown field", "res.partner", "read", "<int>3</int></value><value><array><data><value>zzz</value></data></array>",
			`{"ids": [3], "fields": ["zzz"]}`, "1", "builtins.ValueError", 500},
		{"closed model", "account.move", "search", "<array><data></data></array>", `{"domain": []}`, "4", "odoo.exceptions.AccessError", 403},
		{"private", "res.partner", "_search", "", `{}`, "4", "odoo.exceptions.AccessError", 403},
		{"unknown method", "res.partner", "nope", "", `{}`, "1", "werkzeug.exceptions.NotFound", 404},
		{"unknown model", "x.y", "read", "", `{}`, "2", "werkzeug.exceptions.NotFound", 404},
		{"missing argument", "res.partner", "search", "", `{}`, "1", "werkzeug.exceptions.UnprocessableEntity", 422},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, e := standIn(t, odootest.Options{})
			e.key = odootest.DemoKey
			var args []string
			if c.xmlArgs != "" {
				args = append(args, c.xmlArgs)
			}
			xml := strings.NewReplacer("$db", e.db, "$password", "demo", "<int>2<", "<int>6<").Replace(execute(c.model, c.method, args...))
			answer := e.post(t, "POST", "/xmlrpc/2/object", xml, "Content-Type", "text/xml")
			if want := "<name>faultCode</name>\n<value><int>" + c.xmlCode + "</int>"; answer.status != 200 || !strings.Contains(answer.raw, want) {
				t.Errorf("XML-RPC: want fault %s, got %d %s", c.xmlCode, answer.status, answer.raw)
			}
			answer = e.post(t, "POST", "/json/2/"+c.model+"/"+c.method, c.body, "Content-Type", "application/json", "Authorization", "Bearer $key")
			if answer.status != c.status || answer.body["name"] != c.class {
				t.Errorf("JSON-2: want %d %s, got %d %s", c.status, c.class, answer.status, answer.raw)
			}
			if debug, _ := answer.body["debug"].(string); !strings.HasPrefix(debug, "Traceback") {
				t.Errorf("JSON-2 keeps its traceback: %s", answer.raw)
			}
		})
	}
}

// JSON-RPC answers with status 200 and a code that depends on the version.
func TestJSONRPCErrorCode(t *testing.T) {
	everyVersion(t, func(t *testing.T, version int, _ *odootest.Server, e *endpoint) {
		answer := e.call(t, "admin", "res.partner", "read", list{list{3}, list{"zzz"}}, nil)
		failure := answer.body["error"].(map[string]any)
		if want := pick(version < 19, 200.0, 0.0); answer.status != 200 || failure["code"] != want {
			t.Errorf("want status 200 and code %v, got %d and %v", want, answer.status, failure["code"])
		}
	})
}

// A method that returns None: XML-RPC fails after the fact, JSON-RPC leaves the
// result out, JSON-2 says null.
func TestNone(t *testing.T) {
	_, e := standIn(t, odootest.Options{})
	answer := e.call(t, "admin", "res.partner", "check_access_rights", list{"read"}, nil)
	if _, ok := answer.body["result"]; ok || answer.body["error"] != nil {
		t.Errorf("JSON-RPC: %s", answer.raw)
	}
	answer = e.post(t, "POST", "/json/2/res.partner/check_access_rights", `{"operation": "read"}`,
		"Content-Type", "application/json", "Authorization", "bearer $key")
	if answer.status != 200 || answer.raw != "null" {
		t.Errorf("JSON-2: %d %s", answer.status, answer.raw)
	}
	xml := strings.NewReplacer("$db", e.db, "$password", "admin").Replace(execute("res.partner", "check_access_rights", "read"))
	answer = e.post(t, "POST", "/xmlrpc/2/object", xml, "Content-Type", "text/xml")
	if !strings.Contains(answer.raw, "cannot marshal None unless allow_none is enabled") {
		t.Errorf("XML-RPC: %s", answer.raw)
	}
}

// Odoo 14 writes control characters into XML as they are, so that the answer is
// no XML; newer versions leave them out.
func TestControlCharacters(t *testing.T) {
	everyVersion(t, func(t *testing.T, version int, s *odootest.Server, e *endpoint) {
		if err := s.Write("res.partner", 3, odootest.Values{"city": "Gh\x02ent"}); err != nil {
			t.Fatal(err)
		}
		xml := strings.NewReplacer("$db", e.db, "$password", "admin").Replace(
			execute("res.partner", "read", "<int>3</int>", "<array><data><value>city</value></data></array>"))
		answer := e.post(t, "POST", "/xmlrpc/2/object", xml, "Content-Type", "text/xml")
		if want := pick(version == 14, "Gh\x02ent", "Ghent"); !strings.Contains(answer.raw, want) {
			t.Errorf("want %q in %s", want, answer.raw)
		}
	})
}

// Only 19 has JSON-2 and tells its version without XML-RPC or JSON-RPC.
func TestEndpointsByVersion(t *testing.T) {
	everyVersion(t, func(t *testing.T, version int, _ *odootest.Server, e *endpoint) {
		want := pick(version == 19, 200, 404)
		if got := e.post(t, "GET", "/web/version", "").status; got != want {
			t.Errorf("/web/version: want %d, got %d", want, got)
		}
		got := e.post(t, "POST", "/json/2/res.lang/get_installed", "{}", "Content-Type", "application/json", "Authorization", "bearer $key").status
		if got != want {
			t.Errorf("/json/2: want %d, got %d", want, got)
		}
	})
}

// JSON-2 without ids does nothing and calls it success; a wrong database is a
// page of HTML.
func TestJSON2Traps(t *testing.T) {
	_, e := standIn(t, odootest.Options{})
	header := []string{"Content-Type", "application/json", "Authorization", "bearer $key"}
	if got := e.post(t, "POST", "/json/2/res.partner/read", `{"fields": ["name"]}`, header...).raw; got != "[]" {
		t.Errorf("no ids: %s", got)
	}
	answer := e.post(t, "POST", "/json/2/res.partner/read", `{}`, append(header, "X-Odoo-Database", "other")...)
	if answer.status != 404 || !strings.HasPrefix(answer.header.Get("Content-Type"), "text/html") {
		t.Errorf("wrong database: %d %s", answer.status, answer.raw)
	}
	answer = e.post(t, "POST", "/json/2/res.partner/read", `{}`, "Content-Type", "application/json")
	if answer.status != 401 || !strings.HasPrefix(answer.header.Get("WWW-Authenticate"), "Bearer") {
		t.Errorf("no key: %d %v", answer.status, answer.header)
	}
}
