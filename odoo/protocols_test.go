package odoo

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"odoograph/apierror"
)

// sent is a request as the server saw it.
type sent struct{ path, body string }

// recordingRequests returns a wire to a server that keeps the last request.
func recordingRequests(t *testing.T, contentType, body string) (*wire, *sent) {
	t.Helper()
	var last sent
	return serving(t, func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		last = sent{r.URL.Path, string(text)}
		w.Header().Set("Content-Type", contentType)
		_, _ = w.Write([]byte(body))
	}), &last
}

// On JSON-2 every argument has a name, on the older protocols those of
// Positional come in their order.
var protocolCall = Call{
	Model: "res.partner", Method: "write", IDs: []int64{3, 4},
	Args:       map[string]any{"vals": map[string]any{"name": "a<b", "parent_id": false}, "flag": nil},
	Positional: []string{"vals"},
	Context:    map[string]any{"lang": "en_US"},
}

func TestRequests(t *testing.T) {
	tests := []struct {
		transport, contentType, answer string
		want                           sent
	}{
		{
			jsonRPCName, "application/json", `{"jsonrpc": "2.0", "result": true}`,
			sent{"/jsonrpc", `{"id":1,"jsonrpc":"2.0","method":"call","params":{"args":` +
				`["shop",7,"s3cr3t-k3y","res.partner","write",[[3,4],{"name":"a\u003cb","parent_id":false}],` +
				`{"context":{"lang":"en_US"},"flag":null}],"method":"execute_kw","service":"object"}}`},
		},
		{
			json2Name, "application/json", `true`,
			sent{"/json/2/res.partner/write", `{"context":{"lang":"en_US"},"flag":null,"ids":[3,4],` +
				`"vals":{"name":"a\u003cb","parent_id":false}}`},
		},
	}
	for _, test := range tests {
		t.Run(test.transport, func(t *testing.T) {
			w, got := recordingRequests(t, test.contentType, test.answer)
			result, err := transportOf(w, test.transport).call(t.Context(), testUser, protocolCall)
			if err != nil || result != true {
				t.Errorf("got %v, %v", result, err)
			}
			if *got != test.want {
				t.Errorf("sent %+v\nwant %+v", *got, test.want)
			}
		})
	}
}

// The members of an XML-RPC struct come in any order, so this call has one at most.
func TestRequestXMLRPC(t *testing.T) {
	const answer = "<?xml version='1.0'?>\n<methodResponse>\n<params>\n<param>\n<value><boolean>1</boolean></value>\n</param>\n</params>\n</methodResponse>\n"
	w, got := recordingRequests(t, "text/xml; charset=utf-8", answer)
	call := Call{
		Model: "res.partner", Method: "write", IDs: []int64{3},
		Args:       map[string]any{"vals": map[string]any{"a<b": "x & y\r\n"}, "none": nil, "price": json.Number("1.50")},
		Positional: []string{"vals", "none", "price"},
	}
	result, err := newXMLRPC(w).call(t.Context(), testUser, call)
	if err != nil || result != true {
		t.Errorf("got %v, %v", result, err)
	}
	want := sent{"/xmlrpc/2/object", `<?xml version="1.0" encoding="UTF-8"?><methodCall><methodName>execute_kw</methodName><params>` +
		`<param><value><string>shop</string></value></param>` +
		`<param><value><int>7</int></value></param>` +
		`<param><value><string>s3cr3t-k3y</string></value></param>` +
		`<param><value><string>res.partner</string></value></param>` +
		`<param><value><string>write</string></value></param>` +
		`<param><value><array><data><value><array><data><value><int>3</int></value></data></array></value>` +
		`<value><struct><member><name>a&lt;b</name><value><string>x &amp; y&#xD;&#xA;</string></value></member></struct></value>` +
		`<value><boolean>0</boolean></value><value><double>1.5</double></value></data></array></value></param>` +
		`<param><value><struct></struct></value></param></params></methodCall>`}
	if *got != want {
		t.Errorf("sent %+v\nwant %+v", *got, want)
	}
}

func TestMissingPositional(t *testing.T) {
	w := answering(t, 200, "application/json", `{"jsonrpc": "2.0", "result": 1}`)
	call := Call{Model: "res.partner", Method: "search", Positional: []string{"domain"}}
	for _, name := range []string{jsonRPCName, xmlRPCName} {
		_, err := transportOf(w, name).call(t.Context(), testUser, call)
		wantError(t, err, apierror.Internal)
	}
}

func TestResults(t *testing.T) {
	type tree = map[string]any
	tests := []struct {
		name, json string
		want       any
	}{
		{"null", `null`, nil},
		{"number", `12345678901234567890`, json.Number("12345678901234567890")},
		{"lexeme", `[1.10, 1e+16]`, []any{json.Number("1.10"), json.Number("1e+16")}},
		{"record", `{"id": 1, "name": "é", "ref": false, "tags": []}`, tree{"id": json.Number("1"), "name": "é", "ref": false, "tags": []any{}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for transport, body := range map[string]string{
				jsonRPCName: `{"jsonrpc": "2.0", "id": 1, "result": ` + test.json + `}`,
				json2Name:   test.json,
			} {
				w := answering(t, 200, "application/json", body)
				got, err := transportOf(w, transport).call(t.Context(), testUser, anyCall)
				if diff := cmp.Diff(test.want, plain(got)); diff != "" || err != nil {
					t.Errorf("%s: %v %s", transport, err, diff)
				}
			}
		})
	}
}

func TestJSONRPCAnswers(t *testing.T) {
	tests := []struct {
		name, body string
		want       apierror.Code
	}{
		{"no result is None", `{"jsonrpc": "2.0", "id": 1}`, ""},
		{"session expired", `{"jsonrpc": "2.0", "error": {"code": 100, "message": "Odoo Session Expired", "data": {"name": "odoo.http.SessionExpiredException"}}}`, apierror.UpstreamUnauthenticated},
		{"no such route", `{"jsonrpc": "2.0", "error": {"code": 404, "message": "404: Not Found", "data": {"name": "werkzeug.exceptions.NotFound", "message": "404 Not Found", "arguments": []}}}`, apierror.UpstreamError},
		{"error without data", `{"jsonrpc": "2.0", "error": {"code": 200, "message": "Odoo Server Error"}}`, apierror.UpstreamError},
		{"another version", `{"result": 1}`, apierror.UpstreamError},
		{"a list", `[]`, apierror.UpstreamError},
		{"argument that is no text", `{"jsonrpc": "2.0", "error": {"code": 200, "data": {"name": "odoo.exceptions.UserError", "message": "No.", "arguments": [{"a": 1}]}}}`, apierror.BusinessRule},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			result, err := newJSONRPC(answering(t, 200, "application/json", test.body)).call(t.Context(), testUser, anyCall)
			if test.want != "" {
				wantError(t, err, test.want)
			} else if err != nil || result != nil {
				t.Errorf("got %v, %v", result, err)
			}
		})
	}
}

func TestLogin(t *testing.T) {
	const xmlHead = "<?xml version='1.0'?>\n<methodResponse>\n<params>\n<param>\n<value>"
	const xmlTail = "</value>\n</param>\n</params>\n</methodResponse>\n"
	tests := []struct {
		name, transport, answer string
		want                    int64
		code                    apierror.Code
	}{
		{"taken", jsonRPCName, `{"jsonrpc": "2.0", "id": 1, "result": 2}`, 2, ""},
		{"refused", jsonRPCName, `{"jsonrpc": "2.0", "id": 1, "result": false}`, 0, ""},
		{"nonsense", jsonRPCName, `{"jsonrpc": "2.0", "id": 1, "result": "2"}`, 0, apierror.UpstreamError},
		{"taken", xmlRPCName, xmlHead + "<int>2</int>" + xmlTail, 2, ""},
		{"refused", xmlRPCName, xmlHead + "<boolean>0</boolean>" + xmlTail, 0, ""},
		{"nonsense", xmlRPCName, xmlHead + "<int>-2</int>" + xmlTail, 0, apierror.UpstreamError},
	}
	for _, test := range tests {
		t.Run(test.transport+"/"+test.name, func(t *testing.T) {
			contentType := "application/json"
			if test.transport == xmlRPCName {
				contentType = "text/xml; charset=utf-8"
			}
			w, got := recordingRequests(t, contentType, test.answer)
			uid, err := transportOf(w, test.transport).login(t.Context(), testUser.cred)
			if test.code != "" {
				wantError(t, err, test.code)
			} else if uid != test.want || err != nil {
				t.Errorf("got %d, %v", uid, err)
			}
			*got = sent{}
			for _, cred := range []Credential{{}, {Login: "joe"}, {APIKey: testSecret}} {
				uid, err := transportOf(w, test.transport).login(t.Context(), cred)
				if uid != 0 || err != nil || got.path != "" {
					t.Errorf("an incomplete credential gave %d, %v", uid, err)
				}
			}
		})
	}
}

// On JSON-2 the key says who the user is, and the login must be that user's.
func TestLoginJSON2(t *testing.T) {
	const unauthorized = `{"name": "werkzeug.exceptions.Unauthorized", "message": "Invalid apikey", "arguments": ["Invalid apikey", 401], "context": {}, "debug": ""}`
	w := serving(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		switch {
		case r.Header.Get("Authorization") != "Bearer "+testSecret:
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = w.Write([]byte(unauthorized))
		case r.URL.Path == "/json/2/res.users/context_get":
			_, _ = w.Write([]byte(`{"lang": "en_US", "tz": "Europe/Brussels", "uid": 7}`))
		default:
			_, _ = w.Write([]byte(`[{"id": 7, "login": "joe"}]`))
		}
	})
	tests := []struct {
		cred Credential
		want int64
		why  error
	}{
		{Credential{APIKey: testSecret}, 7, nil},
		{Credential{Login: "joe", APIKey: testSecret}, 7, nil},
		{Credential{Login: "ann", APIKey: testSecret}, 0, ErrOtherUser},
		{Credential{APIKey: "wrong"}, 0, nil},
		{Credential{Login: "joe", Password: testSecret}, 0, nil},
		{Credential{APIKey: "two\nlines"}, 0, nil},
	}
	for _, test := range tests {
		uid, err := newJSON2(w).login(t.Context(), test.cred)
		if uid != test.want || !errors.Is(err, test.why) {
			t.Errorf("login of %+v returned %d, %v", test.cred, uid, err)
		}
	}
}
