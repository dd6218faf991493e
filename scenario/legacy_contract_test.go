package scenario

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"odoograph/auth"
	"odoograph/odoo"
	"odoograph/odoo/odootest"
	"odoograph/rest"
)

// The contract with the clients that there were before: what they send and, letter
// for letter, what they get. They know nothing of GraphQL, cursors or warnings.

// partnerRecord is a record of the list of partners, with its places to fill in.
const partnerRecord = `{"id":%d,"name":"Legacy %s","display_name":"Legacy %s","reference":null,"is_company":false,"type":"contact","active":true,` +
	`"email":%s,"phone":null,"mobile":null,"website":null,"tax_id":null,"language":null,"parent":null,"created_at":"<time>","updated_at":"<time>"}`

// masked is a body without what no two answers share.
func masked(body []byte) string {
	text := regexp.MustCompile(`"[A-Z2-7]{26}"`).ReplaceAllString(string(body), `"<id>"`)
	text = regexp.MustCompile(`"retry_after":[1-9][0-9]*`).ReplaceAllString(text, `"retry_after":<n>`)
	return regexp.MustCompile(`"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"`).ReplaceAllString(text, `"<time>"`)
}

func legacyWorld(t *testing.T) *world {
	t.Helper()
	server := odootest.Start(t, odootest.Options{})
	return standIn(server, "").open(t, options{})
}

func TestLegacyLists(t *testing.T) {
	w := legacyWorld(t)
	var ids []int64
	for i, email := range []any{"a@example.com", false, "", "d@example.com"} {
		ids = append(ids, w.create(t, "res.partner", map[string]any{"name": fmt.Sprintf("Legacy %c", 'D'-i), "email": email, "type": "contact"}))
	}
	total := w.rpc(t, "res.partner", "search_count", []any{[]any{}}, nil)
	records := []string{
		fmt.Sprintf(partnerRecord, ids[3], "A", "A", `"d@example.com"`), fmt.Sprintf(partnerRecord, ids[2], "B", "B", "null"),
		fmt.Sprintf(partnerRecord, ids[1], "C", "C", "null"), fmt.Sprintf(partnerRecord, ids[0], "D", "D", `"a@example.com"`),
	}
	for _, c := range []struct{ path, want string }{
		{"/partners?page=1&limit=20&name__startswith=Legacy", `{"data":[` + strings.Join(records, ",") + `],"pagination":{"page":1,"limit":20,"total":4,"pages":1}}`},
		{"/partners?name__startswith=Legacy", `{"data":[` + strings.Join(records, ",") + `],"pagination":{"page":1,"limit":20,"total":4,"pages":1}}`},
		{"/partners?limit=3&page=1&name__startswith=Legacy", `{"data":[` + strings.Join(records[:3], ",") + `],"pagination":{"page":1,"limit":3,"total":4,"pages":2}}`},
		{"/partners?page=2&limit=3&name__startswith=Legacy", `{"data":[` + records[3] + `],"pagination":{"page":2,"limit":3,"total":4,"pages":2}}`},
		{"/partners?page=3&limit=3&name__startswith=Legacy", `{"data":[],"pagination":{"page":3,"limit":3,"total":4,"pages":2}}`},
		{"/partners?limit=100&name=Legacy", `{"data":[],"pagination":{"page":1,"limit":100,"total":0,"pages":0}}`},
	} {
		a := w.rest("GET", c.path, nil).is(http.StatusOK)
		if got := masked(a.body); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.path, got, c.want)
		}
	}
	// Without anything said, the first twenty of all, by name.
	a := w.rest("GET", "/partners", nil).is(http.StatusOK)
	names := column(a.at("data"), "name")
	want := column(asAny(w.read(t, "res.partner", []any{}, "name, id", 20, "name")), "name")
	if fmt.Sprint(names) != fmt.Sprint(want) || len(names) != 20 {
		t.Errorf("by default: %v, want %v", names, want)
	}
	count, _ := strconv.Atoi(fmt.Sprint(total))
	if end := fmt.Sprintf(`],"pagination":{"page":1,"limit":20,"total":%d,"pages":%d}}`, count, (count+19)/20); !strings.HasSuffix(string(a.body), end) {
		t.Errorf("by default the answer ends with %s, want %s", a.body[len(a.body)-100:], end)
	}
}

func TestLegacyHTTP(t *testing.T) {
	w := legacyWorld(t)
	a := w.rest("GET", "/partners?page=1&limit=20", nil).is(http.StatusOK)
	if a.header.Get("Content-Type") != "application/json" || a.header.Get("Content-Length") != strconv.Itoa(len(a.body)) || a.header.Get("Content-Encoding") != "" {
		t.Errorf("the headers are %v", a.header)
	}
	if bytes.HasPrefix(a.body, []byte("\xef\xbb\xbf")) || a.body[0] != '{' || a.body[len(a.body)-1] != '}' {
		t.Errorf("the body is not an object and nothing else: %q … %q", a.body[:10], a.body[len(a.body)-10:])
	}
	if bad := regexp.MustCompile(`:""|:false,"(email|phone|name|reference|parent)|"id":"`).Find(a.body); bad != nil {
		t.Errorf("the body holds %s", bad)
	}
	for _, name := range []string{"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"} {
		if n, err := strconv.Atoi(a.header.Get(name)); err != nil || n <= 0 {
			t.Errorf("%s is %q", name, a.header.Get(name))
		}
	}
	// The key goes in several ways, and Accept may say anything that JSON is.
	for _, headers := range [][]string{
		{"Authorization", "apikey " + plainKey}, {"Authorization", "Bearer " + plainKey}, {"Authorization", "", "X-API-Key", plainKey},
		{"Accept", "*/*"}, {"Accept", "application/json, text/plain, */*"}, {"Accept", "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"}, {"User-Agent", ""},
	} {
		if got := w.rest("GET", "/partners?page=1&limit=20", nil, headers...).is(http.StatusOK); !bytes.Equal(got.body, a.body) {
			t.Errorf("with %v: %s", headers, got.body)
		}
	}
}

func TestLegacyErrors(t *testing.T) {
	w := legacyWorld(t)
	limited, _, err := w.keys.Create(t.Context(), auth.Key{Name: "limited", Scopes: []string{"*"}, Limits: auth.Limits{Requests: 1}}, odoo.Credential{})
	if err != nil {
		t.Fatal(err)
	}
	w.rest("GET", "/currencies", nil, "Authorization", "ApiKey "+limited).is(http.StatusOK)
	const page, limit, number = "This must be a whole number from 1 to 1000000.", "This must be a whole number from 1 to 100.", "This must be a whole number from 1 to 2147483647."
	const howTo = " Send an API key: Authorization: Bearer <key>, Authorization: ApiKey <key> or X-API-Key: <key>."
	for _, c := range []struct {
		name, method, path, body, key string
		status                        int
		want                          string
	}{
		{"no page 0", "GET", "/partners?page=0", "", plainKey, 400, "{\"error\":\"`page`: " + page + `","code":"VALIDATION_ERROR","request_id":"<id>","fields":[{"field":"page","message":"` + page + `"}]}`},
		{"no limit 101", "GET", "/partners?limit=101", "", plainKey, 400, "{\"error\":\"`limit`: " + limit + `","code":"VALIDATION_ERROR","request_id":"<id>","fields":[{"field":"limit","message":"` + limit + `"}]}`},
		{"two at once", "GET", "/partners?page=a&limit=-1", "", plainKey, 400, `{"error":"2 parameters of the query cannot be used.","code":"VALIDATION_ERROR","request_id":"<id>",` +
			`"fields":[{"field":"limit","message":"` + limit + `"},{"field":"page","message":"` + page + `"}]}`},
		{"no number", "GET", "/partners/abc", "", plainKey, 400, "{\"error\":\"`id`: " + number + `","code":"VALIDATION_ERROR","request_id":"<id>","fields":[{"field":"id","message":"` + number + `"}]}`},
		{"no such record", "GET", "/partners/2147483647", "", plainKey, 404, `{"error":"There is no such partner, or the caller may not see it.","code":"NOT_FOUND","request_id":"<id>"}`},
		{"no such route", "GET", "/partner", "", plainKey, 404, `{"error":"There is no such route: /api/v1/docs names those there are.","code":"NOT_FOUND","request_id":"<id>"}`},
		{"no key", "GET", "/partners", "", "", 401, `{"error":"There is no API key in the request.` + howTo + `","code":"UNAUTHORIZED","request_id":"<id>"}`},
		{"too many requests", "GET", "/partners", "", limited, 429, `{"error":"Too many requests: 1 a minute are allowed.","code":"RATE_LIMITED","request_id":"<id>","retry_after":<n>}`},
		{"no name", "POST", "/partners", `{"name":""}`, plainKey, 400, `{"error":"A contact needs a name.","code":"VALIDATION_ERROR","request_id":"<id>","fields":[{"field":"name","message":"A contact needs a name."}]}`},
		{"no customer", "POST", "/sale_orders", `{}`, plainKey, 400, "{\"error\":\"`partner`: This is required.\",\"code\":\"VALIDATION_ERROR\",\"request_id\":\"<id>\",\"fields\":[{\"field\":\"partner\",\"message\":\"This is required.\"}]}"},
	} {
		authorization := "ApiKey " + c.key
		if c.key == "" {
			authorization = ""
		}
		var body any
		if c.body != "" {
			body = c.body
		}
		a := w.rest(c.method, c.path, body, "Authorization", authorization)
		if got := masked(a.body); a.status != c.status || got != c.want {
			t.Errorf("%s: %d\n%s\nwant %d\n%s", c.name, a.status, got, c.status, c.want)
		}
		if a.header.Get("Content-Type") != "application/json" || a.header.Get("Content-Length") != strconv.Itoa(len(a.body)) {
			t.Errorf("%s: the headers are %v", c.name, a.header)
		}
		if (a.status == 429) != (a.header.Get("Retry-After") != "") || (a.status == 401) != (a.header.Get("Www-Authenticate") != "") {
			t.Errorf("%s: the headers are %v", c.name, a.header)
		}
	}
}

// What nobody expected says nothing of what it was.
func TestLegacyInternalError(t *testing.T) {
	recorder := httptest.NewRecorder()
	rest.WriteError(recorder, httptest.NewRequest(http.MethodGet, "/api/v1/partners", nil), errors.New("dial tcp "+secretText))
	const want = `{"error":"Something went wrong in the gateway. Its log has the details under this request's id.","code":"INTERNAL_ERROR","request_id":""}`
	if got := recorder.Body.String(); recorder.Code != 500 || got != want || recorder.Header().Get("Content-Type") != "application/json" {
		t.Errorf("%d %s, want %s", recorder.Code, got, want)
	}
}

// A client creates a partner, reads it, changes it and finds it in its list.
func TestLegacyPartner(t *testing.T) {
	w := legacyWorld(t)
	const record = `{"data":{"id":%[1]s,"name":"Legacy Ltd","display_name":"Legacy Ltd","reference":null,"is_company":true,"type":"contact","active":true,"email":"%[2]s","phone":%[3]s,` +
		`"mobile":null,"website":null,"job_title":null,"street":null,"street2":null,"city":null,"zip":null,"state":null,"country":{"id":%[4]s,"name":"Belgium"},"tax_id":null,"language":"en_US",` +
		`"timezone":null,"notes":null,"parent":null,"commercial_partner":{"id":%[1]s,"name":"Legacy Ltd"},"salesperson":null,"company":null,"payment_term":null,"pricelist":null,"tags":[],` +
		`"contacts":[],"contacts_count":0,"created_at":"<time>","updated_at":"<time>"}}`
	belgium := w.read(t, "res.country", []any{[]any{"code", "=", "BE"}}, "id", 1, "id")[0]["id"]
	made := w.rest("POST", "/partners", `{"name": "Legacy Ltd", "email": "a@example.com", "phone": "1", "is_company": true, "country": {"code": "BE"}}`).is(http.StatusCreated)
	id := fmt.Sprint(made.at("data.id"))
	if want := fmt.Sprintf(record, id, "a@example.com", `"1"`, belgium); masked(made.body) != want {
		t.Errorf("created\n%s\nwant\n%s", masked(made.body), want)
	}
	if made.header.Get("Location") != "/api/v1/partners/"+id {
		t.Errorf("Location is %q", made.header.Get("Location"))
	}
	if read := w.rest("GET", "/partners/"+id, nil).is(http.StatusOK); !bytes.Equal(read.body, made.body) {
		t.Errorf("read\n%s\nwant\n%s", read.body, made.body)
	}
	changed := w.rest("PATCH", "/partners/"+id, `{"email": "b@example.com", "phone": null}`).is(http.StatusOK)
	want := fmt.Sprintf(record, id, "b@example.com", "null", belgium)
	if got := regexp.MustCompile(`:\d\d\.\d+Z`).ReplaceAllString(string(changed.body), ":00Z"); masked([]byte(got)) != want {
		t.Errorf("changed\n%s\nwant\n%s", masked(changed.body), want)
	}
	if listed := w.list("/partners?page=1&limit=20&id=" + id); dig(listed[0], "email") != "b@example.com" {
		t.Errorf("listed: %v", listed)
	}
}
