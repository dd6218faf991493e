package odoo

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/kolo/xmlrpc"
)

// checkTree fails unless v is a wire tree.
func checkTree(t *testing.T, v any) {
	switch v := v.(type) {
	case nil, bool, string:
	case json.Number:
		if !json.Valid([]byte(v)) {
			t.Fatalf("%q is no JSON number", v)
		}
	case []any:
		for _, item := range v {
			checkTree(t, item)
		}
	case map[string]any:
		if v == nil {
			t.Fatal("a nil map")
		}
		for _, item := range v {
			checkTree(t, item)
		}
	default:
		t.Fatalf("a %T is not of a wire tree", v)
	}
}

func FuzzXMLRPCDecode(f *testing.F) {
	f.Add([]byte(xmlAnswer("<value><array><data>\n<value><nil/></value>\n<value><double>1.5</double></value>\n</data></array></value>")))
	f.Add([]byte(xmlAnswer("<value><struct>\n<member>\n<name>a</name>\n<value><base64>\nAA==\n</base64></value>\n</member>\n</struct></value>")))
	f.Add([]byte(xmlAnswer("<value><dateTime.iso8601>20261121T01:02:03</dateTime.iso8601></value>")))
	f.Add([]byte("<methodResponse><fault><value><struct><member><name>faultCode</name><value><int>2</int></value></member><member><name>faultString</name><value><string>no</string></value></member></struct></value></fault></methodResponse>"))
	f.Fuzz(func(t *testing.T, body []byte) {
		tree, isFault, err := decodeXMLRPC(body)
		if err != nil {
			if strings.Contains(err.Error(), "panic") {
				t.Fatal(err)
			}
			return
		}
		checkTree(t, plain(tree))
		if isFault {
			if fault, ok := xmlFault(tree); ok {
				_ = answer{}.fault(fault)
			}
		}
	})
}

// FuzzXMLRPCRoundTrip writes a value as an argument and reads it as a result.
func FuzzXMLRPCRoundTrip(f *testing.F) {
	f.Add(`{"name": "a<b & c", "lines": [[0, 0, {"price": 1.5, "x": null}]], "é\r\n": "\t"}`)
	f.Add(`[1e16, 1e-7, -0.0, 123456789012, "", {}, []]`)
	f.Add(`"]]>"`)
	f.Fuzz(func(t *testing.T, text string) {
		decoded, err := decodeJSON([]byte(text))
		if err != nil {
			return
		}
		tree := plain(decoded)
		value, err := xmlArgument(tree)
		if err != nil || hasEmptyName(tree) {
			return
		}
		call, err := xmlrpc.EncodeMethodCall("m", value)
		if err != nil {
			t.Fatal(err)
		}
		body := strings.NewReplacer("methodCall", "methodResponse", "<methodName>m</methodName>", "").Replace(string(call))
		if strings.Contains(text, "method") || strings.Count(text, "[")+strings.Count(text, "{") > 900 {
			return // the replacement above, and maxXMLDepth
		}
		got, _, err := decodeXMLRPC([]byte(body))
		if err != nil {
			t.Fatalf("%v in %s", err, body)
		}
		if diff := cmp.Diff(asXMLWouldSay(tree), plain(got)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// hasEmptyName tells whether a wire tree has a member that kolo/xmlrpc cannot read back.
func hasEmptyName(v any) bool {
	switch v := v.(type) {
	case []any:
		return slices.ContainsFunc(v, hasEmptyName)
	case map[string]any:
		for name := range v {
			if name == "" || hasEmptyName(v[name]) {
				return true
			}
		}
	}
	return false
}

// asXMLWouldSay is a wire tree after a round trip: false for null, and floats as
// Python writes them.
func asXMLWouldSay(v any) any {
	switch v := v.(type) {
	case nil:
		return false
	case json.Number:
		if n, err := v.Int64(); err == nil {
			out, _ := json.Marshal(n)
			return json.Number(out)
		}
		f, _ := v.Float64()
		n, _ := pythonFloat(f)
		return n
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = asXMLWouldSay(v[i])
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for name := range v {
			out[name] = asXMLWouldSay(v[name])
		}
		return out
	}
	return v
}

func FuzzJSONDecode(f *testing.F) {
	f.Add([]byte(`{"jsonrpc": "2.0", "id": 1, "result": [{"id": 1, "name": false}]}`))
	f.Add([]byte(`{"jsonrpc": "2.0", "error": {"code": 200, "message": "m", "data": {"name": "odoo.exceptions.UserError", "arguments": ["no"], "debug": "d"}}}`))
	f.Add([]byte(`{"name": "odoo.exceptions.RedirectWarning", "message": "('a', 1)", "arguments": [1], "debug": ""}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, status := range []int{200, 404, 422, 500} {
			a := answer{status: status, contentType: "application/json", body: body, request: request{uid: 1, secret: "x"}}
			for _, read := range []func() (any, error){a.jsonRPCResult, a.json2Result} {
				tree, err := read()
				if err == nil {
					checkTree(t, plain(tree))
				} else if !utf8.ValidString(err.Error()) && utf8.Valid(body) {
					t.Fatalf("invalid UTF-8 in %q", err)
				}
			}
		}
	})
}
