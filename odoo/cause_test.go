package odoo

import (
	"context"
	"strings"
	"testing"
	"time"

	"odoograph/apierror"
)

// What every log may hold of Odoo's texts: one line, without where Odoo is, what
// it asked its database or where its files are.
func TestBrief(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"bad", "bad"},
		{"Traceback (most recent call last):\n  File \"/usr/lib/x.py\"", "Traceback (most recent call last): …"},
		{"[Errno 2] No such file or directory: '/var/lib/odoo/filestore/odoo19/a'", "[Errno 2] No such file or directory: '[path]'"},
		{`syntax error at "x" LINE 1: SELECT * FROM res_users`, `syntax error at "x" [sql]`},
		{"bad query: b'SELECT id FROM res_partner'", "bad query: b'[sql]"},
		{"could not connect to server at 10.0.0.7:5432", "could not connect to server at [address]"},
		{"dial [::1]:8069 refused", "dial [address] refused"},
		{"see https://erp.example.com/web/login?x=1 for more", "see [url] for more"},
		{"1/2 of and/or", "1/2 of and/or"},
		{strings.Repeat("é", 500), strings.Repeat("é", 150) + "…"},
	} {
		if got := brief(test.text); got != test.want {
			t.Errorf("brief(%q) = %q, want %q", test.text, got, test.want)
		}
	}
}

// An error of the network says what went wrong, and not where Odoo is.
func TestNetworkErrorsDoNotTellWhereOdooIs(t *testing.T) {
	for name, address := range map[string]string{"nobody listens": "http://127.0.0.1:1", "no such name": "http://odoo.invalid"} {
		t.Run(name, func(t *testing.T) {
			client, err := New(Config{URL: address, Database: "db", Timeout: 5 * time.Second})
			if err != nil {
				t.Fatal(err)
			}
			err = client.Ping(context.Background())
			if apierror.CodeOf(err) != apierror.UpstreamUnavailable {
				t.Fatal(err)
			}
			if strings.Contains(err.Error(), "127.0.0.1") || strings.Contains(err.Error(), "odoo.invalid") {
				t.Errorf("the error tells: %v", err)
			}
			if !strings.Contains(Detail(err), strings.TrimPrefix(address, "http://")) {
				t.Errorf("the details do not: %s", Detail(err))
			}
		})
	}
}
