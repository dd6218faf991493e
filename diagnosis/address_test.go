package diagnosis

import (
	"net/url"
	"strings"
	"testing"

	"odoograph/odoo"
)

func TestAddress(t *testing.T) {
	for _, test := range []struct {
		given, meant string
		level        Level
		said         string
	}{
		{"https://erp.example.com", "https://erp.example.com", OK, "https://erp.example.com"},
		{" https://erp.example.com/ ", "https://erp.example.com", OK, ""},
		{"https://example.com/erp", "https://example.com/erp", OK, ""},
		{"http://localhost:8069", "http://localhost:8069", OK, ""},
		{"http://odoo:8069", "http://odoo:8069", OK, ""},
		{"http://192.168.1.5", "http://192.168.1.5", OK, ""},
		{"http://erp.local", "http://erp.local", OK, ""},
		{"http://8.8.8.8", "http://8.8.8.8", Warning, "not encrypted"},
		{"http://erp.example.com:8069", "http://erp.example.com:8069", Warning, "not encrypted"},
		{"erp.example.com", "https://erp.example.com", Error, "missing at its beginning"},
		{"localhost:8069", "http://localhost:8069", Error, "missing at its beginning"},
		{"https://erp.example.com/odoo/contacts/7", "https://erp.example.com", Error, "/odoo/contacts/7 is the path"},
		{"https://example.com/erp/web/login", "https://example.com/erp", Error, "/erp/web/login is the path"},
		{"https://erp.example.com/xmlrpc/2/common", "https://erp.example.com", Error, "is the path"},
		{"https://erp.example.com?db=prod", "https://erp.example.com", Error, "--odoo-db prod"},
		{"https://a:secret@erp.example.com", "https://erp.example.com", Error, "user and password"},
		{"", "", Error, "no address"},
		{"https://", "", Error, "cannot be read"},
		{"postgres://db", "", Error, "not postgres"},
		{"https://erp example", "", Error, "cannot be read"},
	} {
		meant, f := address(test.given)
		said := f.Found + " " + f.Cause + " " + f.Fix
		if meant != test.meant || f.Level != test.level || !strings.Contains(said, test.said) || strings.Contains(said, "secret") {
			t.Errorf("address(%q) = %q, %+v", test.given, meant, f)
		}
		if f.Level != OK && f.Fix == "" {
			t.Errorf("%q has no fix", test.given)
		}
	}
}

func TestGuessDatabase(t *testing.T) {
	for address, want := range map[string]string{
		"https://acme.odoo.com": "acme", "https://acme-main-123.dev.odoo.com": "acme-main-123", "https://erp.example.com": "", "https://odoo.com": "",
	} {
		if got := guessDatabase(address); got != want {
			t.Errorf("%s: %q", address, got)
		}
	}
}

func TestNearest(t *testing.T) {
	names := []string{"production", "staging", "test"}
	for given, want := range map[string]string{"prodction": "production", "Staging": "staging", "tset": "test", "accounting": "", "": ""} {
		if got := nearest(given, names); got != want {
			t.Errorf("%q: %q, not %q", given, got, want)
		}
	}
}

func TestRedirectTarget(t *testing.T) {
	base, err := url.Parse("http://erp.example.com")
	if err != nil {
		t.Fatal(err)
	}
	for location, want := range map[string]string{
		"https://erp.example.com/jsonrpc": "https://erp.example.com", "https://www.example.com/web/version": "https://www.example.com", "https://www.example.com/": "https://www.example.com",
		"/web/login": "", "/jsonrpc/": "", "https://sso.example.com/login": "", "javascript:void": "", "": "",
	} {
		got := ""
		if target, ok := redirectTarget(odoo.Reply{Location: location}, base); ok {
			got = target.String()
		}
		if got != want {
			t.Errorf("%q leads to %q, not %q", location, got, want)
		}
	}
}
