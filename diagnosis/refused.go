package diagnosis

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"time"

	"odoograph/apierror"
	"odoograph/odoo"
)

// refused says why a sign-in failed.
func (o *Odoo) refused(err error, credential odoo.Credential) Finding {
	base, _ := url.Parse(o.config.URL) // Reach has parsed it
	_, replied := odoo.ReplyOf(err)
	switch {
	case odoo.IsUnknownDatabase(err):
		return o.unknownDatabase()
	case replied:
		return explain(err, base)
	case apierror.CodeOf(err) == apierror.UpstreamUnauthenticated:
		return refusedCredential(err, credential)
	case apierror.CodeOf(err) == apierror.Unsupported:
		if credential.Login == "" {
			return Finding{
				Check: user, Level: Error, Found: "an API key alone does not sign in to Odoo " + o.facts.Version.String(),
				Cause: apierror.Public(err).Message, Fix: "--odoo-login with the login of the user whose key it is",
			}
		}
		return refusedTransport(err, o.config)
	case isOutage(err):
		return explain(err, base)
	}
	return Finding{
		Check: user, Level: Error, Found: "Odoo failed while signing in", Cause: err.Error(),
		Fix: "look into Odoo's log at this time: it has the whole traceback",
	}
}

// keyForm is what API keys of Odoo look like.
var keyForm = regexp.MustCompile(`^[0-9a-f]{40}$`)

// refusedCredential says what is probably wrong with a credential. Odoo itself
// says no more than that it is.
func refusedCredential(err error, c odoo.Credential) Finding {
	f := Finding{Check: user, Level: Error, Found: fmt.Sprintf("Odoo refuses the password of %s", c.Login)}
	if c.Password == "" {
		f.Found = "Odoo refuses the API key"
		if c.Login != "" {
			f.Found += " of " + c.Login
		}
	}
	e := apierror.Public(err)
	switch {
	case errors.Is(err, odoo.ErrCoolDown), e.RetryAfter > 0:
		f.Found = "Odoo lets nobody sign in from this machine for now"
		f.Cause = "too many sign-ins from here failed, so that Odoo refuses all of them for a minute, right ones too"
		f.Fix = fmt.Sprintf("wait %s without any attempt, then try again with the right credential", max(time.Minute, e.RetryAfter).Round(time.Second))
	case errors.Is(err, odoo.ErrSecondFactor):
		f.Found = fmt.Sprintf("%s has two-factor authentication, which a password alone does not pass", c.Login)
		f.Cause = "programs sign in as such users with API keys"
		f.Fix = "make an API key in Odoo as that user (Preferences, Security or Account Security) and give it with --odoo-api-key-file in place of the password"
	case errors.Is(err, odoo.ErrOtherUser):
		f.Found = "the API key is not one of " + c.Login
		f.Cause = "Odoo takes the key, but it belongs to another user than --odoo-login says"
		f.Fix = "leave --odoo-login out, or make a key as that user"
	case c.Password != "" && keyForm.MatchString(c.Password):
		f.Cause = "what is given as the password looks like an API key, and with those nobody signs in as with a password"
		f.Fix = "give it with --odoo-api-key-file in place of --odoo-password-file"
	case c.Password == "" && !keyForm.MatchString(c.APIKey):
		f.Cause = "what is given as the API key does not look like one (40 digits and letters a to f): it may be a password, or cut off when it was copied"
		f.Fix = "give a password with --odoo-password-file; a key, whole and as it was shown when it was made"
	case c.Password == "":
		f.Cause = "the key is unknown, of another user, was deleted, or has ended; or the user is archived"
		f.Fix = "look at the user's Preferences, (Account) Security, in Odoo for keys and their ends, and make another key if need be"
	default:
		f.Cause = "login or password is wrong (Odoo does not say which), or the user is archived or has two-factor authentication; " +
			"after several failures Odoo refuses right ones too, for a minute"
		f.Fix = "try both in Odoo's own login page in a private window, then correct --odoo-login or --odoo-password-file; mind that a file may end in a space"
	}
	return f
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
