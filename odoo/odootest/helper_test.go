package odootest_test

import (
	"fmt"
	"testing"

	"odoograph/odoo/odootest"
)

// standIn starts a stand-in and returns it with an endpoint to ask it by.
func standIn(t *testing.T, o odootest.Options) (*odootest.Server, *endpoint) {
	t.Helper()
	s := odootest.Start(t, o)
	return s, &endpoint{url: s.URL(), db: s.DB(), password: odootest.AdminLogin, key: odootest.AdminKey}
}

// everyVersion runs a test on a stand-in of each version.
func everyVersion(t *testing.T, test func(t *testing.T, version int, s *odootest.Server, e *endpoint)) {
	t.Helper()
	for _, version := range []int{14, 17, 19} {
		t.Run(fmt.Sprint(version), func(t *testing.T) {
			s, e := standIn(t, odootest.Options{Version: version})
			test(t, version, s, e)
		})
	}
}

// result runs a call that must succeed.
func (e *endpoint) result(t *testing.T, login, model, method string, args list, kwargs keys) any {
	t.Helper()
	answer := e.call(t, login, model, method, args, kwargs)
	if fault := faultOf(answer.body); fault != "" {
		t.Fatalf("%s.%s: %s", model, method, fault)
	}
	return answer.body["result"]
}

// refusal runs a call that must fail and returns the exception's class and text.
func (e *endpoint) refusal(t *testing.T, login, model, method string, args list, kwargs keys) (class, message string) {
	t.Helper()
	answer := e.call(t, login, model, method, args, kwargs)
	failure, ok := answer.body["error"].(map[string]any)
	if !ok {
		t.Fatalf("%s.%s succeeded: %.300s", model, method, answer.raw)
	}
	data := failure["data"].(map[string]any)
	return data["name"].(string), data["message"].(string)
}

// column returns one field of the records of a search_read.
func (e *endpoint) column(t *testing.T, login, model, field string, domain list, kwargs keys) []any {
	t.Helper()
	records := e.result(t, login, model, "search_read", list{domain, list{field}}, kwargs).([]any)
	out := []any{}
	for _, r := range records {
		out = append(out, r.(map[string]any)[field])
	}
	return out
}

// pick returns the value if the condition holds, else the other one.
func pick[T any](condition bool, value, other T) T {
	if condition {
		return value
	}
	return other
}
