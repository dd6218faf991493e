package diagnosis

import (
	"context"
	"fmt"
	"time"

	"odoograph/odoo"
)

const user = "odoo-user"

// afterSignIn are the checks that need a signed-in user.
var afterSignIn = []string{"odoo-transport", "odoo-key", "odoo-rights", "odoo-modules", "odoo-fields"}

// SignIn signs in once, and looks at what the user is and may read and at what
// of the schema this Odoo lacks. A credential that Odoo refuses counts there:
// after five refusals it lets nobody in from this address for a minute.
func (o *Odoo) SignIn(ctx context.Context, credential odoo.Credential) []Finding {
	if f, missing := missingCredential(credential); missing {
		return append([]Finding{f}, notTried("there is nothing to sign in with", afterSignIn...)...)
	}
	if o.client == nil {
		client, err := odoo.New(o.config)
		if err != nil {
			return append([]Finding{{Check: user, Level: Error, Found: "the gateway cannot sign in", Cause: err.Error(), Fix: "correct the setting that is named here"}},
				notTried("the gateway could not sign in", afterSignIn...)...)
		}
		o.client = client
	}
	session, err := o.client.Session(ctx, credential)
	if err != nil {
		return append([]Finding{o.refused(err, credential)}, notTried("the gateway could not sign in", afterSignIn...)...)
	}
	return append(o.describe(ctx, session, credential), o.fit(ctx, session)...)
}

func missingCredential(c odoo.Credential) (Finding, bool) {
	switch {
	case c.Password == "" && c.APIKey == "":
		return Finding{
			Check: user, Level: Error, Found: "there is neither an API key nor a password to sign in with",
			Fix: "make an API key in Odoo (the user's Preferences, Security or Account Security) and give it with --odoo-api-key-file, or a password with --odoo-password-file",
		}, true
	case c.Login == "" && c.Password != "":
		return Finding{
			Check: user, Level: Error, Found: "there is a password, but no login", Fix: "--odoo-login with what the user types when signing in to Odoo, mostly an e-mail address",
		}, true
	}
	return Finding{}, false
}

// describe says as whom and how the gateway is signed in.
func (o *Odoo) describe(ctx context.Context, session *odoo.Session, credential odoo.Credential) []Finding {
	u := session.User()
	about := o.aboutUser(ctx, session, credential)
	transport, why := session.Transport()
	findings := []Finding{about,
		ok("odoo-transport", "%s: %s", transport, why),
		ok("odoo-calls", "at most %d at once", session.MaxConns()),
	}
	if about.Level == OK {
		findings[0].Found = fmt.Sprintf("%s, user %d, companies %v, language %s", about.Found, u.ID, u.Companies, session.Language())
	}
	return append(findings, keyExpiry(ctx, session, credential, o.config.Now()))
}

// aboutUser looks what kind of user it is.
func (o *Odoo) aboutUser(ctx context.Context, session *odoo.Session, credential odoo.Credential) Finding {
	login, shares := credential.Login, false
	model, err := session.Model(ctx, "res.users", []string{"login", "share"})
	if err == nil && model != nil && model.HasField("login") && model.HasField("share") {
		rows, err := session.SearchRead(ctx, odoo.Query{
			Model: model, Domain: odoo.Where([]odoo.Step{{Model: model, Field: "id"}}, odoo.Equal, session.User().ID), Limit: 1,
		}, []string{"login", "share"})
		if err == nil && len(rows) == 1 {
			login, _ = rows[0].Values[0].(string)
			shares, _ = rows[0].Values[1].(bool)
		}
	}
	if shares {
		return Finding{
			Check: user, Level: Warning, Found: login + " is a portal user",
			Cause: "such users see the papers of their own company alone, and not all fields of those",
			Fix:   "make a user for the gateway whose User Type is Internal User (Odoo: Settings, Users & Companies, Users)",
		}
	}
	return ok(user, "%s", login)
}

// keyWarning is how long before its end a key is warned of.
const keyWarning = 14 * 24 * time.Hour

// keyExpiry says when the API key ends.
func keyExpiry(ctx context.Context, session *odoo.Session, credential odoo.Credential, now time.Time) Finding {
	const check = "odoo-key"
	if credential.APIKey == "" {
		return ok(check, "none in use: passwords do not end")
	}
	expiry, err := session.KeyExpiry(ctx)
	if err != nil {
		return Finding{Check: check, Level: Note, Found: "Odoo does not tell when the API key ends"}
	}
	if expiry.At.IsZero() {
		return ok(check, "Odoo tells of no end of the API key")
	}
	left := expiry.At.Sub(now)
	which := "the API key ends"
	if !expiry.Certain {
		which = "the user has several API keys, the first of which ends"
	}
	f := ok(check, "%s on %s, in %d days", which, expiry.At.Format(time.RFC3339), int(left.Hours()/24))
	if left < keyWarning {
		f.Level, f.Fix = Warning, "make another key in Odoo now (the user's Preferences, Security or Account Security) and put it into --odoo-api-key-file"
	}
	return f
}
