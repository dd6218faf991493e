package diagnosis

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"time"

	"odoograph/apierror"
	"odoograph/loaders"
	"odoograph/odoo"
)

// Odoo is an Odoo that is looked at step by step: Reach, Database, SignIn. Each
// step is meant to be repeated with another answer until it has no error.
type Odoo struct {
	config odoo.Config
	schema *loaders.Schema
	facts  odoo.Facts
	client *odoo.Client // of the database that was tried last

	reached bool
	given   string // the database as it was named, "" if it was not
}

// NewOdoo returns an Odoo to be looked at. Of the configuration the URL and the
// database may be wrong or missing.
func NewOdoo(config odoo.Config, schema *loaders.Schema) *Odoo {
	if config.Now == nil {
		config.Now = time.Now
	}
	return &Odoo{config: config, schema: schema}
}

// Close closes the idle connections.
func (o *Odoo) Close() {
	if o.client != nil {
		o.client.Close()
	}
}

// URL is the address that the steps use: the one that is meant, where the one
// that was given can be corrected.
func (o *Odoo) URL() string { return o.config.URL }

// Databases are those that Odoo tells of, nil if it tells of none.
func (o *Odoo) Databases() []string { return o.facts.Databases }

// Version is that of the server, after Reach.
func (o *Odoo) Version() odoo.Version { return o.facts.Version }

// Reach looks whether an Odoo that the gateway can serve answers at an address.
func (o *Odoo) Reach(ctx context.Context, given string) []Finding {
	o.reached = false
	meant, found := address(given)
	findings := []Finding{found}
	if meant == "" {
		return findings
	}
	o.close()
	o.config.URL = meant
	facts, err := odoo.Look(ctx, o.config)
	if err != nil {
		base, _ := url.Parse(meant) // address has parsed it
		next, fault := o.detour(ctx, err, base)
		if findings = append(findings, fault); next == "" {
			return findings
		}
		o.config.URL = next
		if facts, err = odoo.Look(ctx, o.config); err != nil {
			base, _ = url.Parse(next)
			return append(findings, explain(err, base))
		}
	}
	o.facts, o.reached = facts, true
	if !hasError(findings) {
		findings = append(findings, ok(connection, "%s answers", o.config.URL))
	}
	findings = append(findings, ok("odoo-version", "Odoo %s", facts.Version.Text))
	return append(findings, clock(facts))
}

// detour says why there is no answer, and at which other address of the same host
// to go on, "" for none. It never leads from https to http, where the credential
// would be readable, except within this machine.
func (o *Odoo) detour(ctx context.Context, err error, base *url.URL) (next string, fault Finding) {
	fault = explain(err, base)
	reply, _ := odoo.ReplyOf(err)
	to, isServer := redirectTarget(reply, base)
	_, mismatched := schemeMismatch(err, base)
	switch {
	case isServer && to.Hostname() == base.Hostname():
	case mismatched, errors.Is(err, io.EOF), errors.Is(err, syscall.ECONNRESET): // as some do with what they do not speak
		to = swapped(base)
		if !o.answers(ctx, to) {
			return "", fault
		}
		fault = mismatch(base)
	default:
		return "", fault
	}
	if base.Scheme == "https" && to.Scheme == "http" && !isLoopback(base.Hostname()) {
		return "", fault
	}
	return to.String(), fault
}

// answers tells whether there is an Odoo at an address.
func (o *Odoo) answers(ctx context.Context, at *url.URL) bool {
	config := o.config
	config.URL = at.String()
	_, err := odoo.Look(ctx, config)
	return err == nil
}

// swapped is an address with the other scheme.
func swapped(base *url.URL) *url.URL {
	other := *base
	if other.Scheme = "https"; base.Scheme == "https" {
		other.Scheme = "http"
	}
	return &other
}

func isLoopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}

func (o *Odoo) close() {
	o.Close()
	o.client = nil
}

// How far the clocks may be apart. Cursors and deltas by time of change are the
// first to suffer.
const (
	skewWarning = 5 * time.Second
	skewError   = 5 * time.Minute
)

// clock compares the server's clock with this machine's.
func clock(facts odoo.Facts) Finding {
	const check = "odoo-clock"
	apart := facts.Ahead.Abs()
	f := Finding{
		Check: check, Level: Warning, Cause: "one of the two clocks is wrong",
		Fix: "let both machines keep their time by NTP: timedatectl shows whether a machine does",
	}
	which := "ahead of"
	if facts.Ahead < 0 {
		which = "behind"
	}
	f.Found = fmt.Sprintf("Odoo's clock is %s %s this machine's", apart.Round(time.Second), which)
	switch {
	case !facts.ClockKnown:
		return Finding{Check: check, Level: Note, Found: "not known: the server does not tell its time"}
	case apart > skewError:
		f.Level = Error
	case apart <= skewWarning:
		return ok(check, "the same as this machine's, to %.0f s", math.Max(1, apart.Seconds()))
	}
	return f
}

// Database looks whether the server has the database, as far as it tells.
func (o *Odoo) Database(name string) Finding {
	const check = "odoo-database"
	if o.config.Database != name {
		o.close()
	}
	o.config.Database, o.given = name, name
	known := o.facts.Databases
	switch {
	case name == "" && len(known) == 1:
		o.config.Database = known[0]
		return Finding{
			Check: check, Level: Error, Found: "no database is named", Cause: "Odoo has one alone: " + known[0],
			Fix: "--odoo-db " + known[0] + " (the checks below use it)",
		}
	case name == "":
		return Finding{Check: check, Level: Error, Found: "no database is named", Cause: toldNames(known), Fix: o.databaseFix()}
	case slices.Contains(known, name):
		return ok(check, "%s", name)
	case len(known) == 0:
		return Finding{
			Check: check, Level: Note, Found: "Odoo does not tell its databases: whether there is one named " + name + " shows when signing in",
			Cause: "listing them is turned off (list_db), as it should be in production, or its filter (dbfilter) fits none",
		}
	}
	return o.unknownDatabase()
}

// unknownDatabase is the finding for a database that the server does not have.
func (o *Odoo) unknownDatabase() Finding {
	return Finding{
		Check: "odoo-database", Level: Error, Found: "there is no database named " + o.config.Database,
		Cause: toldNames(o.facts.Databases), Fix: o.databaseFix(),
	}
}

func toldNames(names []string) string {
	const most = 10
	if len(names) == 0 {
		return "Odoo does not tell which ones it has"
	}
	more := ""
	if len(names) > most {
		names, more = names[:most], " and others"
	}
	return "Odoo has: " + strings.Join(names, ", ") + more
}

// databaseFix suggests the name that is most like the one that is wrong.
func (o *Odoo) databaseFix() string {
	if best := nearest(o.config.Database, o.facts.Databases); best != "" {
		return "--odoo-db " + best
	}
	if guess := guessDatabase(o.config.URL); guess != "" && guess != o.config.Database {
		return "--odoo-db " + guess + ", as databases in Odoo's own hosting are named after the host"
	}
	if len(o.facts.Databases) > 0 {
		return "name one of them with --odoo-db"
	}
	return "ask who runs Odoo for the name (--odoo-db); in Odoo it stands at Settings, activate the developer mode, under the user's menu at the top right"
}

// refusedTransport is the finding for a protocol that fits neither Odoo nor the credential.
func refusedTransport(err error, config odoo.Config) Finding {
	return Finding{
		Check: "odoo-transport", Level: Error, Found: fmt.Sprintf("the transport %s cannot be used", config.Transport),
		Cause: apierror.Public(err).Message, Fix: "--transport auto takes the one that fits",
	}
}

// isOutage tells whether an error is of the connection, not of what Odoo thinks.
func isOutage(err error) bool {
	switch apierror.CodeOf(err) {
	case apierror.UpstreamTimeout, apierror.UpstreamUnavailable, apierror.Overloaded:
		return true
	}
	return false
}

// Reached tells whether Reach found an Odoo that the gateway can serve.
func (o *Odoo) Reached() bool { return o.reached }

// judge is what is to be said of the database after signing in, which tells more
// than the list: that holds what is offered under this address alone.
func (o *Odoo) judge(before Finding, signedIn []Finding) Finding {
	for _, f := range signedIn {
		switch {
		case f.Check == before.Check:
			return f
		case f.Check != user || o.given == "":
		case f.Level != Error && before.Level == Error:
			return Finding{
				Check: before.Check, Level: Note, Found: o.config.Database + ", which Odoo does not list under this address but takes all the same",
				Cause: toldNames(o.facts.Databases),
				Fix:   "nothing, if Odoo picks databases by host (dbfilter) and this is not that host; otherwise see that it is the right one",
			}
		case f.Level != Error && before.Level == Note:
			return ok(before.Check, "%s", o.config.Database)
		}
	}
	return before
}

// withoutDatabase puts what follows in place of what judge has told already.
func withoutDatabase(signedIn []Finding) []Finding {
	for i, f := range signedIn {
		if f.Check == "odoo-database" {
			signedIn[i] = notTried("there is no such database", user)[0]
		}
	}
	return signedIn
}

// LikelyDatabase is the database that is meant where none is named, "" if there is
// no telling: the only one, or the one that is most like the one that was tried.
func (o *Odoo) LikelyDatabase() string {
	if len(o.facts.Databases) == 1 {
		return o.facts.Databases[0]
	}
	if best := nearest(o.config.Database, o.facts.Databases); best != "" {
		return best
	}
	return guessDatabase(o.config.URL)
}
