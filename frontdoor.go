package main

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"odoograph/auth"
	"odoograph/document"
	"odoograph/endpoint"
	"odoograph/limit"
)

// accessFlags say who may use the gateway, besides those who have a key of it.
type accessFlags struct {
	Introspection     bool           `env:"ODOOGRAPH_INTROSPECTION" default:"true" negatable:"" help:"Let keys with the scope introspection ask for the schema, and everybody see the OpenAPI document and its page."`
	AnonymousScopes   []string       `env:"ODOOGRAPH_ANONYMOUS_SCOPES" help:"Scopes of requests without a key, which act as the gateway's own Odoo user: reference:read. By default there are none."`
	AnonymousRate     int            `env:"ODOOGRAPH_ANONYMOUS_RATE" default:"30" help:"Requests without a key in a minute from one address."`
	PassThroughScopes []string       `env:"ODOOGRAPH_PASS_THROUGH_SCOPES" help:"Scopes of requests that present an Odoo API key in place of one of the gateway's (Odoo 19 and later). By default they are refused."`
	TrustedProxies    []netip.Prefix `env:"ODOOGRAPH_TRUSTED_PROXIES" help:"Networks of the proxies whose X-Forwarded-For tells the client's address: 10.0.0.0/8."`
	TrustedDocuments  []string       `env:"ODOOGRAPH_TRUSTED_DOCUMENTS" type:"existingfile" help:"Manifests of trusted documents, in Relay's form or Apollo's. They are read again on SIGHUP."`
	Origins           []string       `name:"cors-origins" env:"ODOOGRAPH_CORS_ORIGINS" help:"Web pages of other hosts that may use the gateway: https://shop.example.com, or * for any."`
}

// limitFlags say how much one key may ask for.
type limitFlags struct {
	RateLimit    int    `env:"ODOOGRAPH_RATE_LIMIT" default:"100" help:"Requests in a minute of a key that has no limit of its own."`
	CostCapacity int    `env:"ODOOGRAPH_COST_CAPACITY" default:"50000" help:"Points that the cost budget of such a key holds."`
	CostRestore  int    `env:"ODOOGRAPH_COST_RESTORE" default:"2000" help:"Points that come back to it in a second."`
	RedisURL     string `env:"ODOOGRAPH_REDIS_URL" help:"Redis in which several replicas count together: redis://:password@host:6379/0."`
}

// check refuses limits that let nobody in.
func (f limitFlags) check() error {
	for name, n := range map[string]int{"rate-limit": f.RateLimit, "cost-capacity": f.CostCapacity, "cost-restore": f.CostRestore} {
		if n < 1 {
			return fmt.Errorf("--%s must be 1 or more, not %d", name, n)
		}
	}
	return nil
}

// open puts what the flags say into the options, and returns what closes it.
func (f limitFlags) open(o *endpoint.Options) (func(), error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	limits, err := limit.New(limit.Config{RedisURL: f.RedisURL, Log: o.Log})
	if err != nil {
		return nil, err
	}
	o.Limits = limits
	o.Defaults = auth.Limits{Requests: f.RateLimit, CostCapacity: f.CostCapacity, CostRestore: f.CostRestore}
	return func() { _ = limits.Close() }, nil
}

// apply puts what the flags say into the options.
func (f accessFlags) apply(o *endpoint.Options) error {
	known, err := endpoint.Scopes()
	if err != nil {
		return err
	}
	o.Introspection, o.TrustedProxies, o.Origins = f.Introspection, f.TrustedProxies, f.Origins
	if o.Documents, err = document.Open(document.Options{Schema: endpoint.Schema().Schema(), Manifests: f.TrustedDocuments, Log: o.Log}); err != nil {
		return err
	}
	if len(f.AnonymousScopes) > 0 {
		if err := auth.CheckScopes(f.AnonymousScopes, known); err != nil {
			return fmt.Errorf("--anonymous-scopes: %w", err)
		}
		for _, scope := range f.AnonymousScopes {
			if scope == "*" || strings.Contains(scope, ":") && !strings.HasSuffix(scope, ":read") {
				return fmt.Errorf("--anonymous-scopes: %s would let everybody change data: requests without a key may read only", scope)
			}
		}
		if f.AnonymousRate < 1 {
			return errors.New("--anonymous-rate must be 1 or more")
		}
		o.Anonymous = &auth.Key{Name: "requests without a key", Scopes: f.AnonymousScopes, Limits: auth.Limits{Requests: f.AnonymousRate}, Documents: auth.DocumentsAny}
	}
	if len(f.PassThroughScopes) > 0 {
		if err := auth.CheckScopes(f.PassThroughScopes, known); err != nil {
			return fmt.Errorf("--pass-through-scopes: %w", err)
		}
		o.PassThrough = &auth.Key{Name: "an Odoo API key", Scopes: f.PassThroughScopes, Documents: auth.DocumentsAny}
	}
	return nil
}
