package diagnosis

import (
	"context"
	"time"

	"odoograph/loaders"
	"odoograph/odoo"
)

// Config is a configuration to be looked at.
type Config struct {
	// Odoo says how it is reached; its parts may be wrong or missing.
	Odoo       odoo.Config
	Credential odoo.Credential
	Schema     *loaders.Schema
	Gateway    Gateway
	// Patience is how long a single question may take.
	Patience time.Duration
}

// Run makes all checks. What is wrong in one place does not keep it from looking
// at the others: a check that cannot be made says why.
func Run(ctx context.Context, c Config) Report {
	findings := lookAtOdoo(ctx, c)
	return Report{append(findings, c.Gateway.Examine(ctx, c.Patience)...)}
}

func lookAtOdoo(ctx context.Context, c Config) []Finding {
	c.Odoo.Timeout = c.Patience
	o := NewOdoo(c.Odoo, c.Schema)
	defer o.Close()
	findings := o.Reach(ctx, c.Odoo.URL)
	if !o.Reached() {
		later := append([]string{"odoo-database", user}, afterSignIn...)
		if missing, is := missingCredential(c.Credential); is { // one can see that all the same
			findings = append(findings, missing)
			later = append([]string{"odoo-database"}, afterSignIn...)
		}
		return append(findings, notTried("there is no Odoo to ask", later...)...)
	}
	database := o.Database(c.Odoo.Database)
	if o.config.Database == "" {
		return append(append(findings, database), notTried("it is not known in which database", append([]string{user}, afterSignIn...)...)...)
	}
	signedIn := o.SignIn(ctx, c.Credential)
	return append(append(findings, o.judge(database, signedIn)), withoutDatabase(signedIn)...)
}
