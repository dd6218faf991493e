package odoo

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"odoograph/apierror"
)

// oldestVersion is the first version of Odoo that the gateway speaks to.
const oldestVersion = 14

// Version is the version of an Odoo server.
type Version struct {
	Major int    // 19 of "19.0-20251101"; 18 of "saas~18.2"
	Minor int    // 0 of "19.0", 2 of "saas~18.2"
	SaaS  bool   // an intermediate version, as only Odoo's own hosting runs
	Text  string // as the server says it
}

// String returns the series, without build or edition: "19.0", "saas~18.2".
func (v Version) String() string {
	series := strconv.Itoa(v.Major) + "." + strconv.Itoa(v.Minor)
	if v.SaaS {
		return "saas~" + series
	}
	return series
}

var versionPattern = regexp.MustCompile(`^(saas[~-])?(\d{1,3})(?:\.(\d{1,3}))?(?:[^\d].*)?$`)

func parseVersion(text string) (Version, error) {
	m := versionPattern.FindStringSubmatch(text)
	if m == nil {
		return Version{}, apierror.Wrap(apierror.UpstreamError, "Odoo's version cannot be understood.",
			fmt.Errorf("version %q", bounded(text, 100)))
	}
	v := Version{SaaS: m[1] != "", Text: bounded(text, 100)}
	v.Major, _ = strconv.Atoi(m[2]) // the pattern leaves only digits
	v.Minor, _ = strconv.Atoi(m[3])
	if v.Major < oldestVersion {
		return v, apierror.New(apierror.Unsupported, fmt.Sprintf(
			"The server runs Odoo %s; the gateway needs Odoo %d or later.", v, oldestVersion))
	}
	return v, nil
}

// discovered is what an Odoo server says of itself before anyone signs in.
type discovered struct {
	version Version
	// protocol is the older protocol that told the version, JSON-RPC or else
	// XML-RPC; "" when there was no need to ask one. Odoo 19 has all protocols in
	// the same app as /web/version, and logs a warning for each use of an old one.
	protocol string
	at       time.Time // when it was asked
}

// discover finds the version of Odoo.
func (w *wire) discover(ctx context.Context) (discovered, error) {
	d := discovered{at: time.Now()}
	text, err := w.webVersion(ctx)
	if err == nil && text == "" {
		text, d.protocol, err = w.olderVersion(ctx)
	}
	if err != nil {
		return d, err
	}
	d.version, err = parseVersion(text)
	return d, err
}

// olderVersion asks common.version, and tells which protocol answered.
func (w *wire) olderVersion(ctx context.Context) (text, protocol string, err error) {
	result, err := jsonRPC{w}.ask(ctx, identity{}, "common", "version")
	if err == nil {
		return serverVersion(result), jsonRPCName, nil
	}
	if !mayTryNext(err) {
		return "", "", err
	}
	result, xmlErr := xmlRPC{w}.ask(ctx, identity{}, "common", "version")
	switch {
	case xmlErr == nil:
		return serverVersion(result), xmlRPCName, nil
	case !mayTryNext(xmlErr):
		return "", "", xmlErr
	}
	return "", "", err
}

func serverVersion(result any) string {
	about, _ := result.(*Object)
	return about.text("server_version")
}

// mayTryNext tells whether another protocol may fare better: not when there is
// no time left, or the call was never made.
func mayTryNext(err error) bool {
	code := apierror.CodeOf(err)
	return code != apierror.UpstreamTimeout && code != apierror.ClientClosed && code != apierror.Overloaded
}

// webVersion asks /web/version, which Odoo has since 19. It returns "" when the
// server does not know it, and an error only when there is no answer at all.
func (w *wire) webVersion(ctx context.Context) (string, error) {
	a, err := w.exchange(ctx, request{path: "/web/version"})
	if err != nil {
		if apierror.CodeOf(err) == apierror.UpstreamError {
			return "", nil // a redirect to a login page, say
		}
		return "", err
	}
	if a.status != http.StatusOK || !a.isJSON() {
		return "", nil
	}
	said, err := decodeJSON(a.body)
	if err != nil {
		return "", nil //nolint:nilerr // whatever it is, it is not this page
	}
	about, _ := said.(*Object)
	return about.text("version"), nil
}
