package diagnosis

import (
	"context"
	"net/netip"
	"net/url"
	"time"

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
	case mismatched, isClosed(err): // as some do with what they do not speak
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

// Reached tells whether Reach found an Odoo that the gateway can serve.
func (o *Odoo) Reached() bool { return o.reached }
