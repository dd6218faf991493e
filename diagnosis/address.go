package diagnosis

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// address reads what was given as the address of Odoo. It returns the address
// that is meant, with which the other checks go on, or "" where that cannot be told.
func address(given string) (meant string, found Finding) {
	const check = "odoo-url"
	given = strings.TrimSpace(given)
	if given == "" {
		return "", Finding{
			Check: check, Level: Error, Found: "no address of Odoo is given",
			Fix: "give the address at which people open Odoo: --odoo-url https://erp.example.com",
		}
	}
	var faults []string
	text := given
	if !strings.Contains(given, "://") {
		text = likelyScheme(given) + "://" + given
		faults = append(faults, "http:// or https:// is missing at its beginning")
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
		cause := "an address begins with https:// (or http://), then comes the host"
		if err == nil && u.Scheme != "http" && u.Scheme != "https" {
			cause = fmt.Sprintf("the gateway speaks http and https, not %s", u.Scheme)
		}
		return "", Finding{
			Check: check, Level: Error, Found: "the address of Odoo cannot be read as one", Cause: cause,
			Fix: "give it as the browser shows it, without what follows the host: --odoo-url https://erp.example.com",
		}
	}
	bare, more := bareAddress(u)
	if faults = append(faults, more...); len(faults) > 0 {
		fix := "--odoo-url " + bare
		if db := u.Query().Get("db"); db != "" {
			fix += " --odoo-db " + db
		}
		return bare, Finding{
			Check: check, Level: Error, Found: u.Redacted() + " is not the address of Odoo itself",
			Cause: strings.Join(faults, "; "), Fix: fix + " (the checks below use that address)",
		}
	}
	if u.Scheme == "http" && isPublic(u.Hostname()) {
		return bare, Finding{
			Check: check, Level: Warning, Found: bare + " is not encrypted",
			Cause: "the credential and all data travel readable across the network",
			Fix:   "--odoo-url https://" + u.Host + ", if Odoo or a proxy in front of it speaks TLS there",
		}
	}
	return bare, ok(check, "%s", bare)
}

// webPaths are the beginnings of Odoo's own paths, which people copy from the
// browser or from other clients.
var webPaths = []string{"web", "odoo", "jsonrpc", "xmlrpc", "json", "my", "shop", "doc"}

// bareAddress strips an address of what does not belong to it, and says what that was.
func bareAddress(u *url.URL) (bare string, faults []string) {
	base := url.URL{Scheme: u.Scheme, Host: u.Host}
	var kept []string
	for segment := range strings.SplitSeq(strings.Trim(u.Path, "/"), "/") {
		if slices.Contains(webPaths, segment) {
			faults = append(faults, fmt.Sprintf("%s is the path of one of Odoo's pages", u.Path))
			break
		}
		if segment != "" {
			kept = append(kept, segment)
		}
	}
	if len(kept) > 0 {
		base.Path = "/" + strings.Join(kept, "/")
	}
	if u.User != nil {
		faults = append(faults, "user and password do not belong there")
	}
	if u.RawQuery != "" || u.ForceQuery {
		faults = append(faults, "there is a query at its end; the database is a setting of its own")
	}
	if u.Fragment != "" {
		faults = append(faults, "there is a part after # at its end")
	}
	return base.String(), faults
}

// likelyScheme guesses how a server is reached that was named without a scheme.
func likelyScheme(given string) string {
	hostPort, _, _ := strings.Cut(given, "/")
	host, port, err := net.SplitHostPort(hostPort)
	if err != nil {
		host = hostPort
	}
	if port == "8069" || !isPublic(host) {
		return "http"
	}
	return "https"
}

// isPublic tells whether a host may be reached across networks of others.
func isPublic(host string) bool {
	if addr, err := netip.ParseAddr(host); err == nil {
		return !addr.IsLoopback() && !addr.IsPrivate() && !addr.IsLinkLocalUnicast()
	}
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	i := strings.LastIndex(host, ".")
	return i >= 0 && !slices.Contains([]string{"localhost", "local", "internal", "lan", "test", "home"}, host[i+1:])
}

// guessDatabase is what the database is probably called, "" if there is no telling:
// that of an Odoo in Odoo's own hosting has the name of the host.
func guessDatabase(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	for _, domain := range []string{".odoo.com", ".dev.odoo.com"} {
		if name, isThere := strings.CutSuffix(u.Hostname(), domain); isThere && !strings.Contains(name, ".") {
			return name
		}
	}
	return ""
}
