package leak_test

import (
	"strings"
	"testing"

	"odoograph/internal/leak"
)

func TestFind(t *testing.T) {
	key := "odg_" + strings.Repeat("a", 49)
	for text, want := range map[string]string{
		`msg=request key=abcdefghij path=/graphql status=200`: "",
		`the demo's key is odg_demo`:                          "",
		`password=hunter22`:                                   "hunter22",
		`path="/` + key + `/x"`:                               key,
		`{"error":"File \"odoo/models.py\", line 3"}`:         `File \"`,
		`odoo/models.py`:                                      ".py",
		`psycopg2.OperationalError(gone)`:                     "psycopg2.OperationalError(",
		`SELECT id FROM res_partner`:                          "SELECT id FROM",
		`open /etc/odoo/odoo.conf`:                            "/etc/",
		`Traceback (most recent call last)`:                   "Traceback",
	} {
		if got := leak.Find(text, "", "hunter22"); got != want {
			t.Errorf("%s: %q, not %q", text, got, want)
		}
	}
}

func TestInLog(t *testing.T) {
	const log = `{"level":"INFO","path":"/../etc/passwd"}
{"level":"DEBUG","detail":"Traceback"}
`
	if found, line := leak.InLog(log, "hunter22"); found != "" || line != "" {
		t.Errorf("%q in %q", found, line)
	}
	for _, bad := range []string{`{"level":"WARN","error":"psycopg2.X()"}`, `{"level":"INFO","path":"/x","query":"hunter22"}`} {
		if found, line := leak.InLog(log+bad+"\n"+log, "hunter22"); found == "" || line != bad+"\n" {
			t.Errorf("%q in %q", found, line)
		}
	}
}
