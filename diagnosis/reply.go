package diagnosis

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"odoograph/odoo"
)

// strangeReply explains an answer over HTTP that no Odoo gives.
func strangeReply(err error, base *url.URL) (Finding, bool) {
	reply, replied := odoo.ReplyOf(err)
	if !replied {
		return Finding{}, false
	}
	f := Finding{Check: connection, Level: Error}
	switch reply.Status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return redirected(reply, base), true
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		f.Found = fmt.Sprintf("a proxy answers at %s, but Odoo behind it does not (HTTP %d)", base.Host, reply.Status)
		f.Cause, f.Fix = "Odoo is down or starting, or the proxy looks for it at the wrong place", "start Odoo, and compare its port with the proxy's upstream (proxy_pass)"
	case http.StatusUnauthorized, http.StatusForbidden:
		f.Found = fmt.Sprintf("what stands before Odoo at %s lets the gateway not in (HTTP %d)", base.Host, reply.Status)
		f.Cause, f.Fix = "a proxy asks for a login of its own or blocks this machine's address", "let this machine's address pass without that login, or use Odoo's inner address as --odoo-url"
	case http.StatusTooManyRequests:
		f.Found, f.Cause, f.Fix = base.Host+" asks for fewer requests (HTTP 429)", "a proxy or Odoo's hosting limits the rate", "wait a minute, then try again"
	default:
		f.Found = fmt.Sprintf("what answers at %s is no Odoo (HTTP %d, %s)", base, reply.Status, mediaType(reply.ContentType))
		f.Cause = "the address leads to another web server, or a proxy does not pass /jsonrpc, /json and /web on to Odoo"
		f.Fix = "give the address at which the login page of Odoo opens, without a path; see `curl -i " + base.String() + "/web/version`"
	}
	return f, true
}

// redirected explains a redirect, and says which address to use.
func redirected(reply odoo.Reply, base *url.URL) Finding {
	f := Finding{
		Check: connection, Level: Error, Found: fmt.Sprintf("%s redirects to %s", base, withoutQuery(reply.Location)),
		Cause: "the gateway follows no redirect: it would send the credential to a host that nobody named",
	}
	target, isHost := redirectTarget(reply, base)
	if !isHost {
		f.Cause = "a login page or a rewrite rule stands before Odoo's API"
		f.Fix = "let /jsonrpc, /json and /web pass without it, or use Odoo's inner address as --odoo-url"
		return f
	}
	f.Fix = "--odoo-url " + target.String()
	f.Found = fmt.Sprintf("%s redirects to %s", base, target)
	return f
}

// withoutQuery is an address without its query, which may hold a token.
func withoutQuery(location string) string {
	bare, _, _ := strings.Cut(location, "?")
	return bare
}

// redirectTarget is the server that a redirect leads to, without the path of the
// call; false if it stays on the same one.
func redirectTarget(reply odoo.Reply, base *url.URL) (*url.URL, bool) {
	to, err := base.Parse(reply.Location)
	if err != nil || to.Host == "" || to.Scheme != "http" && to.Scheme != "https" {
		return nil, false
	}
	if to.Scheme == base.Scheme && to.Host == base.Host {
		return nil, false
	}
	bare, _ := bareAddress(to)
	target, err := url.Parse(bare)
	if err != nil || target.Path != "" && target.Path != base.Path { // a page to sign in
		return nil, false
	}
	return target, true
}

func mediaType(contentType string) string {
	kind, _, _ := strings.Cut(contentType, ";")
	if kind == "" {
		return "no type"
	}
	return kind
}
