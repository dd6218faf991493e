package scenario

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

// toyDocument is as much of a document as it takes to see every kind of violation.
const toyDocument = `{
  "openapi": "3.1.0", "info": {"title": "toy", "version": "1"}, "servers": [{"url": "/api/v1"}],
  "paths": {
    "/partners/{id}": {
      "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}}],
      "get": {
        "parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer"}},
          {"name": "fields", "in": "query", "style": "form", "explode": false, "schema": {"type": "array", "items": {"enum": ["id", "name"]}}}],
        "responses": {
          "200": {"description": "", "headers": {"Rate": {"schema": {"type": "integer"}}}, "content": {
            "application/json": {"schema": {"type": "object", "required": ["data"], "properties": {"data": {"$ref": "#/components/schemas/Partner"}}}},
            "text/csv": {"schema": {"type": "string"}}}},
          "304": {"description": ""},
          "400": {"$ref": "#/components/responses/Error"},
          "501": {"$ref": "#/components/responses/Error"}}},
      "put": {
        "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Partner"}}}},
        "responses": {"200": {"description": "", "content": {"application/json": {"schema": {"type": "object"}}}}, "400": {"$ref": "#/components/responses/Error"}}},
      "delete": {"responses": {"204": {"description": ""}, "400": {"$ref": "#/components/responses/Error"}}}}},
  "components": {
    "responses": {"Error": {"description": "", "content": {
      "application/json": {"schema": {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}},
      "application/problem+json": {"schema": {"type": "object", "required": ["title"], "properties": {"title": {"type": "string"}}}}}}},
    "schemas": {"Partner": {"type": "object", "required": ["id"], "properties": {
      "id": {"type": "integer"}, "name": {"type": ["string", "null"]}, "credit": {"type": "string", "pattern": "^[0-9.]+$"},
      "country": {"oneOf": [{"type": "object", "properties": {"code": {"type": "string"}}}, {"type": "null"}]}}}}}
}`

// TestContractIsJudged makes sure that prism judges every answer that the gateway's
// own document tells of.
func TestContractIsJudged(t *testing.T) {
	contracts, err := theContracts()
	if err != nil {
		t.Fatal(err)
	}
	if len(contracts) == 0 {
		t.Skip("set ODOOGRAPH_PRISM to the program prism and ODOOGRAPH_OPENAPI to the documents")
	}
}

// TestPrismSeesViolations lets a toy gateway answer rightly and wrongly.
func TestPrismSeesViolations(t *testing.T) {
	program := os.Getenv("ODOOGRAPH_PRISM")
	if program == "" {
		t.Skip("set ODOOGRAPH_PRISM to the program prism")
	}
	c, err := openContract(program, []byte(toyDocument), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	const right, plain, problem = `{"data": {"id": 7}}`, "application/json; charset=utf-8", "application/problem+json"
	fields := make([]string, 300)
	for i := range fields {
		fields[i] = fmt.Sprintf(`"field%d": 1`, i)
	}
	for _, test := range []struct {
		name, method, path string
		status             int
		kind, body, want   string // want is a part of what prism says; "" is nothing
	}{
		{"right", "GET", "/partners/7", 200, plain, right, ""},
		{"null", "GET", "/partners/7", 200, plain, `{"data": {"id": 7, "name": null, "country": null}}`, ""},
		{"csv", "GET", "/partners/7", 200, "text/csv", "id\r\n7\r\n", ""},
		{"not modified", "GET", "/partners/7", 304, "", "", ""},
		{"not modified, with a type", "GET", "/partners/7", 304, plain, "", ""},
		{"no content", "DELETE", "/partners/7", 204, "", "", ""},
		{"error", "GET", "/partners/x", 400, plain, `{"error": "no"}`, ""},
		{"problem", "GET", "/partners/x", 400, problem, `{"title": "no"}`, ""},
		{"not implemented", "GET", "/partners/7", 501, plain, `{"error": "no"}`, ""},
		{"unknown route", "GET", "/nothing", 404, plain, `{"error": "no"}`, ""},
		{"no number", "GET", "/partners/7", 200, plain, `{"data": {"id": "7"}}`, "data.id must be integer"},
		{"no data", "GET", "/partners/7", 200, plain, `{}`, "required property 'data'"},
		{"another field", "GET", "/partners/7", 200, plain, `{"data": {"id": 7, "city": "Ghent"}}`, "found 'city'"},
		{"another form", "GET", "/partners/7", 200, plain, `{"data": {"id": 7, "credit": "1,5"}}`, "must match pattern"},
		{"deeper", "GET", "/partners/7", 200, plain, `{"data": {"id": 7, "country": {"code": 5}}}`, "country.code must be string"},
		{"another type", "GET", "/partners/7", 200, "text/html", "<p>", "text/html"},
		{"no JSON", "GET", "/partners/7", 200, plain, `{"data"`, "prism fails"},
		{"content where none belongs", "DELETE", "/partners/7", 200, plain, right, "Unable to match the returned status"},
		{"another status", "GET", "/partners/7", 418, plain, `{"error": "no"}`, "Unable to match the returned status"},
		{"another error", "GET", "/partners/x", 400, plain, `{"message": "no"}`, "required property 'error'"},
		{"another problem", "GET", "/partners/x", 400, problem, `{"message": "no"}`, "required property 'title'"},
		{"not implemented, badly", "GET", "/partners/7", 501, plain, `{"message": "no"}`, "required property 'error'"},
		{"untold route", "GET", "/secrets", 200, plain, `{"data": 1}`, "route not found"},
		{"many", "GET", "/partners/7", 200, plain, `{"data": {` + strings.Join(fields, ", ") + `}}`, "Too many violations"},
	} {
		t.Run(test.name, func(t *testing.T) {
			header := http.Header{"Rate": {"5"}}
			if test.kind != "" {
				header.Set("Content-Type", test.kind)
			}
			found, err := c.prism.violations(exchange{method: test.method, path: test.path, status: test.status, answer: message{header, []byte(test.body)}})
			said := strings.Join(found, "\n")
			if err != nil {
				said += err.Error()
			}
			if (said == "") != (test.want == "") || !strings.Contains(said, test.want) {
				t.Errorf("got %q, want %q", said, test.want)
			}
		})
	}
	header := http.Header{"Rate": {"fast"}, "Content-Type": {plain}}
	if found, err := c.prism.violations(exchange{method: "GET", path: "/partners/7", status: 200, answer: message{header, []byte(right)}}); err != nil || len(found) != 1 {
		t.Errorf("a wrong header: %v, %v", found, err)
	}
	if _, err := openContract(program, []byte(strings.Replace(toyDocument, "^[0-9.]+$", "^[", 1)), t.TempDir()); err == nil {
		t.Error("a document that prism cannot read is taken")
	}
}

// TestPrismSeesRequests lets a toy gateway take what the document tells of and what it
// does not.
func TestPrismSeesRequests(t *testing.T) {
	program := os.Getenv("ODOOGRAPH_PRISM")
	if program == "" {
		t.Skip("set ODOOGRAPH_PRISM to the program prism")
	}
	c, err := openContract(program, []byte(toyDocument), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.Method == http.MethodPut {
			_, _ = io.WriteString(w, "{}")
			return
		}
		if r.URL.Query().Get("limit") == "wrong" {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `{"error": "no"}`)
			return
		}
		_, _ = io.WriteString(w, `{"data": {"id": 7}}`)
	}))
	defer gateway.Close()
	for _, test := range []struct{ method, path, body, want string }{
		{"GET", "/partners/7?limit=5&fields=id,name", "", ""},
		{"GET", "/partners/7?limit=five", "", "request.query.limit"},
		{"GET", "/partners/7?fields=id,city", "", "request.query.fields"},
		{"GET", "/partners/seven", "", "request.path.id"},
		{"GET", "/partners/7?limit=wrong", "", ""}, // which the gateway refuses, too
		{"PUT", "/partners/7", `{"id": 7, "name": null}`, ""},
		{"PUT", "/partners/7", `{"id": 7, "city": "Ghent"}`, "found 'city'"},
		{"PUT", "/partners/7", `{"name": "A"}`, "required property 'id'"},
		{"PUT", "/partners/7", "", "Body parameter is required"},
	} {
		t.Run(test.method+" "+test.path+" "+test.body, func(t *testing.T) {
			var told string
			report := func(format string, args ...any) { told += fmt.Sprintf(format, args...) }
			request, err := http.NewRequest(test.method, gateway.URL+"/api/v1"+test.path, strings.NewReader(test.body))
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Content-Type", "application/json")
			response, err := judged(report, []*contract{c}, http.DefaultTransport).RoundTrip(request)
			if err != nil {
				t.Fatal(err)
			}
			_ = response.Body.Close()
			if (told == "") != (test.want == "") || !strings.Contains(told, test.want) {
				t.Errorf("told %q, want %q", told, test.want)
			}
		})
	}
}
