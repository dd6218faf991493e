package endpoint

import (
	"encoding/json"
	"net/http"
	"time"

	"odoograph/apierror"
	"odoograph/auth"
	"odoograph/internal/build"
	"odoograph/loaders"
)

// about is what the first page shows to somebody with a key.
type about struct {
	Gateway aboutGateway `json:"gateway"`
	Odoo    aboutOdoo    `json:"odoo"`
	Key     aboutKey     `json:"key"`
	// Gaps are what the schema has and this Odoo lacks; nil for keys that may not ask
	// for the schema.
	Gaps []aboutGap `json:"gaps,omitzero"`
}

type aboutGateway struct {
	Version string `json:"version"`
	Commit  string `json:"commit,omitempty"`
}

// aboutOdoo has the version and protocol, or why they are not known.
type aboutOdoo struct {
	Version  string `json:"version,omitempty"`
	Protocol string `json:"protocol,omitempty"`
	Problem  string `json:"problem,omitempty"`
}

type aboutKey struct {
	ID        string         `json:"id"`
	Name      string         `json:"name"`
	Scopes    []string       `json:"scopes"`
	ExpiresAt time.Time      `json:"expiresAt,omitzero"`
	Limits    auth.Limits    `json:"limits"`
	Documents auth.Documents `json:"documents,omitempty"`
}

type aboutGap struct {
	Element string `json:"element"` // "Partner.mobile"
	Reason  string `json:"reason"`  // a sentence that the element begins
	Reads   string `json:"reads"`   // "null", or "error"
}

// about tells who asks what this server is and what the key may do. Nobody without a
// key is told: versions are what an attacker looks for first.
func (g *gate) about(introspection bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		identity := auth.FromContext(r.Context())
		if identity == nil || identity.Key.ID == anonymousID {
			g.refuse(w, r, apierror.New(apierror.Unauthenticated, "This takes an API key. "+howToAuthenticate))
			return
		}
		var told about
		told.Gateway.Version, told.Gateway.Commit = build.Version()
		key := identity.Key
		told.Key = aboutKey{key.ID, key.Name, key.Scopes, key.ExpiresAt, g.limitsOf(identity), key.Documents}
		session, binding, err := g.backends.For(identity.Credential).Bind(r.Context())
		if err != nil { // which the page says beside what is known
			told.Odoo.Problem = apierror.Public(err).Message
		} else {
			told.Odoo.Version = session.Version().String()
			told.Odoo.Protocol, _ = session.Transport()
			if introspection && key.Has(introspectionScope) {
				told.Gaps = gapsOf(binding)
			}
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_ = json.NewEncoder(w).Encode(told)
	}
}

// gapsOf says in the words of the schema, not in Odoo's, what an Odoo lacks.
func gapsOf(binding *loaders.Binding) []aboutGap {
	gaps, missing := []aboutGap{}, map[string]bool{}
	for _, gap := range binding.Gaps {
		if gap.Field == "" {
			missing[gap.Module] = true
		}
	}
	for _, gap := range binding.Gaps {
		told := aboutGap{Element: gap.Type, Reason: "is not in this version of Odoo, or its user may not see it.", Reads: "null"}
		if gap.Field != "" {
			told.Element += "." + gap.Field
		}
		if missing[gap.Module] {
			told.Reason = "needs the module " + gap.Module + ", which is not installed."
		}
		if gap.Severe {
			told.Reads = "error"
		}
		gaps = append(gaps, told)
	}
	return gaps
}
