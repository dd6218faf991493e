package auth

import (
	"cmp"
	"fmt"
	"maps"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"odoograph/apierror"
)

const maxName = 100

// normalise checks what an operator decides of a key, and brings it into the
// form in which it is compared.
func (k *Keyring) normalise(key *Key, now time.Time) error {
	if key.Name == "" || utf8.RuneCountInString(key.Name) > maxName || strings.ContainsFunc(key.Name, unicode.IsControl) || !utf8.ValidString(key.Name) {
		return apierror.BadInput("name", fmt.Sprintf("A key needs a name of at most %d printable characters.", maxName))
	}
	if !key.ExpiresAt.IsZero() && !key.ExpiresAt.After(now) {
		return apierror.BadInput("expires", fmt.Sprintf("The key would have expired on %s.", text(key.ExpiresAt)))
	}
	key.ExpiresAt = key.ExpiresAt.UTC().Truncate(time.Millisecond)
	if l := key.Limits; l.Requests < 0 || l.CostCapacity < 0 || l.CostRestore < 0 {
		return apierror.BadInput("limits", "A limit is a positive number, or 0 for the gateway's default.")
	}
	key.Documents = cmp.Or(key.Documents, DocumentsAny)
	if !slices.Contains([]Documents{DocumentsAny, DocumentsLog, DocumentsOnly}, key.Documents) {
		return apierror.BadInput("documents", fmt.Sprintf("Documents may be any, log or only, not %q.", key.Documents))
	}
	if err := CheckScopes(key.Scopes, k.config.Scopes); err != nil {
		return err
	}
	if err := normaliseNetworks(key); err != nil {
		return err
	}
	return normaliseOrigins(key)
}

// CheckScopes refuses scopes that would never let anything through; known are
// those there are, nil for any.
func CheckScopes(scopes, known []string) error {
	if len(scopes) == 0 {
		return apierror.BadInput("scopes", "A key needs scopes: "+allowedScopes(known)+".")
	}
	for _, scope := range scopes {
		ok := scope == "*" || known == nil && scope != "" ||
			slices.ContainsFunc(known, func(s string) bool { return scopeCovers(scope, s) })
		if !ok {
			return apierror.BadInput("scopes", fmt.Sprintf("There is no scope %q. Allowed: %s.", scope, allowedScopes(known)))
		}
	}
	return nil
}

// allowedScopes lists the scopes and the patterns that stand for several of them.
func allowedScopes(known []string) string {
	patterns := map[string]bool{}
	for _, scope := range known {
		if area, _, ok := strings.Cut(scope, ":"); ok {
			patterns[area+":*"] = true
		}
	}
	return strings.Join(slices.Concat([]string{"*"}, known, sortedKeys(patterns)), ", ")
}

func normaliseNetworks(key *Key) error {
	networks := make([]netip.Prefix, 0, len(key.Networks))
	for _, network := range key.Networks {
		if !network.IsValid() || network.Addr().Is4In6() {
			return apierror.BadInput("networks", "A network is an address or a prefix such as 10.0.0.0/8 or 2001:db8::/32.")
		}
		networks = append(networks, network.Masked())
	}
	key.Networks = networks
	return nil
}

func normaliseOrigins(key *Key) error {
	origins := make([]string, 0, len(key.Origins))
	for _, origin := range key.Origins {
		u, err := url.Parse(strings.ToLower(origin))
		if err != nil || u.Scheme == "" || u.Host == "" || u.Scheme+"://"+u.Host != strings.ToLower(origin) || strings.Contains(u.Host, "*") {
			return apierror.BadInput("origins", fmt.Sprintf("An origin reads https://shop.example.com, without path and pattern, not %q.", origin))
		}
		origins = append(origins, strings.ToLower(origin))
	}
	key.Origins = origins
	return nil
}

// ParseNetwork reads a prefix, or an address that stands for itself alone.
func ParseNetwork(text string) (netip.Prefix, error) {
	if address, err := netip.ParseAddr(text); err == nil {
		return netip.PrefixFrom(address, address.BitLen()), nil
	}
	return netip.ParsePrefix(text)
}

// describe tells of a key in one line, without secrets.
func describe(key *Key) string {
	parts := []string{"name " + key.Name, "scopes " + strings.Join(key.Scopes, " ")}
	if !key.ExpiresAt.IsZero() {
		parts = append(parts, "expires "+text(key.ExpiresAt))
	}
	if key.OdooLogin != "" {
		parts = append(parts, "as Odoo user "+key.OdooLogin)
	}
	return strings.Join(parts, "; ")
}

// text is how people read a time in messages.
func text(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

func sortedKeys[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }
