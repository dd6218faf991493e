package endpoint

import (
	"net/http"
	"strings"
	"testing"

	"odoograph/apierror"
)

func TestToken(t *testing.T) {
	for _, test := range []struct {
		name   string
		header string // lines
		want   string
		refuse string // part of the message
	}{
		{"none", "", "", ""},
		{"Bearer", "Authorization: Bearer k", "k", ""},
		{"as the legacy clients write it", "Authorization: ApiKey k", "k", ""},
		{"in lower case", "authorization: bearer k", "k", ""},
		{"a header of its own", "X-API-Key: k", "k", ""},
		{"spaces", "Authorization:   Bearer   k  ", "k", ""},
		{"twice the same", "Authorization: Bearer k\nX-API-Key: k", "k", ""},
		{"two keys", "Authorization: Bearer k\nX-API-Key: l", "", "several"},
		{"two headers", "Authorization: Bearer k\nAuthorization: Bearer l", "", "several"},
		{"an empty one", "Authorization: Bearer ", "", "empty"},
		{"a scheme alone", "Authorization: Bearer", "", "empty"},
		{"an empty header of its own", "X-API-Key:", "", "empty"},
		{"another scheme", "Authorization: Basic dXNlcjpwYXNz", "", "another scheme"},
		{"no scheme", "Authorization: odg_key", "", "another scheme"},
	} {
		t.Run(test.name, func(t *testing.T) {
			header := http.Header{}
			for line := range strings.Lines(test.header) {
				name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ":")
				header.Add(name, value)
			}
			got, err := token(header)
			if got != test.want || (err != nil) != (test.refuse != "") {
				t.Fatalf("%q, %v", got, err)
			}
			if err != nil && (apierror.CodeOf(err) != apierror.Unauthenticated || !strings.Contains(err.Error(), test.refuse)) {
				t.Errorf("error %v", err)
			}
		})
	}
}
