package main

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"odoograph/auth"
	"odoograph/document"
	"odoograph/endpoint"
	"odoograph/limit"
	"odoograph/settings"
)

// defaults returns the limits of keys that have none of their own. It refuses
// limits that let nobody in.
func defaults(s *settings.Limits) (auth.Limits, error) {
	for name, n := range map[string]int{"rate-limit": s.RateLimit, "cost-capacity": s.CostCapacity, "cost-restore": s.CostRestore} {
		if n < 1 {
			return auth.Limits{}, fmt.Errorf("%s must be 1 or more, not %d", name, n)
		}
	}
	return auth.Limits{Requests: s.RateLimit, CostCapacity: s.CostCapacity, CostRestore: s.CostRestore}, nil
}

// openLimits returns what counts the requests and points of keys.
func openLimits(s *settings.Limits, log *slog.Logger) (*limit.Limiter, error) {
	redis, err := s.Redis()
	if err != nil {
		return nil, err
	}
	return limit.New(limit.Config{RedisURL: redis, Log: log})
}

// admit puts what may change while the gateway runs into the options: who may use
// it, and how much of it.
func admit(s *settings.All, o *endpoint.Options) error {
	known, err := endpoint.Scopes()
	if err != nil {
		return err
	}
	if o.Defaults, err = defaults(&s.Limits); err != nil {
		return err
	}
	o.Introspection, o.Playground = s.Introspection, s.Playground
	o.Origins, o.TrustedProxies = s.Origins, nil
	for _, network := range s.TrustedProxies {
		o.TrustedProxies = append(o.TrustedProxies, network.Prefix)
	}
	if o.Documents, err = document.Open(document.Options{Schema: endpoint.Schema().Schema(), Manifests: s.TrustedDocuments, Log: o.Log}); err != nil {
		return err
	}
	if o.Anonymous, err = anonymous(&s.Access, known); err != nil {
		return err
	}
	o.PassThrough, err = passThrough(&s.Access, known)
	return err
}

// anonymous returns who requests without a key are sent by, nil if they are refused.
func anonymous(s *settings.Access, known []string) (*auth.Key, error) {
	if len(s.AnonymousScopes) == 0 {
		return nil, nil
	}
	if err := auth.CheckScopes(s.AnonymousScopes, known); err != nil {
		return nil, fmt.Errorf("anonymous-scopes: %w", err)
	}
	for _, scope := range s.AnonymousScopes {
		if scope == "*" || strings.Contains(scope, ":") && !strings.HasSuffix(scope, ":read") {
			return nil, fmt.Errorf("anonymous-scopes: %s would let everybody change data: requests without a key may read only", scope)
		}
	}
	if s.AnonymousRate < 1 {
		return nil, errors.New("anonymous-rate must be 1 or more")
	}
	return &auth.Key{
		Name: "requests without a key", Scopes: s.AnonymousScopes, Limits: auth.Limits{Requests: s.AnonymousRate}, Documents: auth.DocumentsAny,
	}, nil
}

// passThrough returns what requests with an Odoo API key may do, nil if they are refused.
func passThrough(s *settings.Access, known []string) (*auth.Key, error) {
	if len(s.PassThroughScopes) == 0 {
		return nil, nil
	}
	if err := auth.CheckScopes(s.PassThroughScopes, known); err != nil {
		return nil, fmt.Errorf("pass-through-scopes: %w", err)
	}
	return &auth.Key{Name: "an Odoo API key", Scopes: s.PassThroughScopes, Documents: auth.DocumentsAny}, nil
}
