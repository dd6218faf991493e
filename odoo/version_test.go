package odoo

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"odoograph/apierror"
)

func TestParseVersion(t *testing.T) {
	tests := []struct {
		text, series string
		major, minor int
	}{
		{"14.0", "14.0", 14, 0},
		{"19.0", "19.0", 19, 0},
		{"19.0+e", "19.0", 19, 0},
		{"19.0-20251101", "19.0", 19, 0},
		{"17.0+e-20240101", "17.0", 17, 0},
		{"saas~18.2", "saas~18.2", 18, 2},
		{"saas~18.2+e", "saas~18.2", 18, 2},
		{"saas-19.1", "saas~19.1", 19, 1},
		{"20.0alpha1", "20.0", 20, 0},
		{"21", "21.0", 21, 0},
	}
	for _, test := range tests {
		v, err := parseVersion(test.text)
		if err != nil || v.Major != test.major || v.Minor != test.minor || v.String() != test.series || v.Text != test.text {
			t.Errorf("parseVersion(%q) = %+v, %v", test.text, v, err)
		}
	}
	for _, text := range []string{"", "x", "saas~", "9999.0", "master"} {
		_, err := parseVersion(text)
		wantError(t, err, apierror.UpstreamError)
	}
	for text, named := range map[string]string{"13.0": "Odoo 13.0;", "saas~12.3+e": "Odoo saas~12.3;", "8.0-2014": "Odoo 8.0;"} {
		_, err := parseVersion(text)
		if e := wantError(t, err, apierror.Unsupported); !strings.Contains(e.Message, named) {
			t.Errorf("%q does not name %q", e.Message, named)
		}
	}
}

// What the servers answer to those who ask for their version.
const (
	web19 = `{"version_info": [19, 0, 0, "final", 0, ""], "version": "19.0"}`
	rpc14 = `{"jsonrpc": "2.0", "id": 1, "result": {"server_version": "14.0", "server_version_info": [14, 0, 0, "final", 0, ""], "server_serie": "14.0", "protocol_version": 1}}`
	xml14 = "<value><struct>\n<member>\n<name>server_version</name>\n<value><string>14.0</string></value>\n</member>\n</struct></value>"
)

func TestDiscover(t *testing.T) {
	tests := []struct {
		name    string
		answers map[string]string // by path; others are 404
		major   int
		proto   string
		code    apierror.Code
	}{
		{"19", map[string]string{"/web/version": web19}, 19, "", ""},
		{"14", map[string]string{"/jsonrpc": rpc14}, 14, jsonRPCName, ""},
		{"only XML-RPC", map[string]string{"/xmlrpc/2/common": xmlAnswer(xml14)}, 14, xmlRPCName, ""},
		{"login page", map[string]string{"/web/version": "<html>", "/jsonrpc": rpc14}, 14, jsonRPCName, ""},
		{"too old", map[string]string{"/jsonrpc": strings.ReplaceAll(rpc14, "14.0", "13.0")}, 13, jsonRPCName, apierror.Unsupported},
		{"nonsense", map[string]string{"/jsonrpc": `{"jsonrpc": "2.0", "result": []}`}, 0, jsonRPCName, apierror.UpstreamError},
		{"nothing", nil, 0, "", apierror.UpstreamUnavailable},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := serving(t, func(w http.ResponseWriter, r *http.Request) {
				body, ok := test.answers[r.URL.Path]
				contentType := "application/json"
				if strings.HasPrefix(body, "<") {
					contentType = "text/xml"
				}
				w.Header().Set("Content-Type", contentType)
				if !ok {
					w.Header().Set("Content-Type", "text/html; charset=utf-8")
					w.WriteHeader(http.StatusNotFound)
				}
				_, _ = w.Write([]byte(body))
			})
			d, err := w.discover(t.Context())
			if d.version.Major != test.major || d.protocol != test.proto || time.Since(d.at) > time.Minute {
				t.Errorf("discovered %+v", d)
			}
			if test.code != "" {
				wantError(t, err, test.code)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
}

// A server that does not answer at all is asked once, not in every protocol.
func TestDiscoverUnreachable(t *testing.T) {
	w, _, _ := hanging(t)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := w.discover(ctx)
	wantError(t, err, apierror.UpstreamTimeout)
}
