package diagnosis

import (
	"context"
	"strings"
	"time"

	"odoograph/auth"
	"odoograph/store"
)

func noKeys() Finding {
	return Finding{
		Check: apiKeys, Level: Note, Found: "there are no API keys yet, so that nobody can use the gateway",
		Fix: "odoograph keys create --name my-app --scopes '*'",
	}
}

// keys looks at the API keys: whether there are any, and whether the secret opens
// the credentials of those that act as their own Odoo user.
func (g Gateway) keys(ctx context.Context, db *store.DB) []Finding {
	secret, previous := g.Secret, g.PreviousSecrets
	if auth.CheckSecrets(secret, previous) != nil { // told of elsewhere
		secret, previous = "", nil
	}
	keyring, err := auth.Open(ctx, db, auth.Config{Secret: secret, PreviousSecrets: previous})
	if err != nil {
		return []Finding{{Check: apiKeys, Level: Error, Found: "the API keys cannot be read", Cause: plainError(store.Explain(err)), Fix: "see whether --database names the gateway's database"}}
	}
	defer keyring.Close()
	all, err := keyring.List(ctx)
	if err != nil {
		return []Finding{{Check: apiKeys, Level: Error, Found: "the API keys cannot be read", Cause: plainError(store.Explain(err)), Fix: "see whether --database names the gateway's database"}}
	}
	good, closed := 0, []string{}
	for _, key := range all {
		status := key.Status(time.Now())
		if status == "revoked" || status == "expired" {
			continue
		}
		good++
		if key.Credential == auth.CredentialUnreadable {
			closed = append(closed, key.Name)
		}
	}
	switch {
	case good == 0:
		return []Finding{noKeys()}
	case len(closed) > 0 && secret == "":
		return []Finding{{
			Check: apiKeys, Level: Error, Found: "these keys act as their own Odoo user, but there is no secret that opens their credentials: " + strings.Join(closed, ", "),
			Cause: "requests with these keys fail", Fix: "give the secret with which the keys were made: --secret-file",
		}}
	case len(closed) > 0:
		return []Finding{{
			Check: apiKeys, Level: Error, Found: "the secret does not open the Odoo credentials of these keys: " + strings.Join(closed, ", "),
			Cause: "they were sealed with another secret; requests with these keys fail",
			Fix:   "put the secret from before into --secret-previous-file, then run odoograph keys reseal",
		}}
	}
	return []Finding{ok(apiKeys, "%d", good)}
}
