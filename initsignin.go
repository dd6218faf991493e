package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"odoograph/diagnosis"
	"odoograph/odoo"
)

// askCredential asks how to sign in, and signs in, with care: after five refusals
// Odoo lets nobody in from here for a minute.
func (s *setup) askCredential(ctx context.Context) error {
	isGiven := s.flags.Password != "" || s.flags.PasswordFile != "" || s.flags.APIKey != "" || s.flags.APIKeyFile != ""
	for {
		var err error
		switch {
		case isGiven:
			s.credential, err = s.flags.Credential()
			s.secretFile = s.flags.PasswordFile + s.flags.APIKeyFile // one of the two at most is of use
			if s.flags.PasswordFile != "" && s.flags.APIKeyFile != "" {
				err = errors.New("give either --odoo-password-file or --odoo-api-key-file, not both")
			}
		case s.interactive:
			s.secretFile = ""
			s.credential, err = s.typedCredential(ctx)
		default:
			err = errors.New("--odoo-api-key-file or --odoo-password-file is missing")
		}
		if err != nil {
			return err
		}
		findings := s.odoo.SignIn(ctx, s.credential)
		if ctx.Err() != nil {
			return errInterrupted
		}
		s.tell(findings)
		blocked := slices.IndexFunc(findings, func(f diagnosis.Finding) bool { return f.Level == diagnosis.Error && signInChecks[f.Check] })
		if blocked < 0 {
			return nil
		}
		if !s.interactive {
			return errors.New("signing in does not work with these settings")
		}
		if findings[blocked].Check == "odoo-database" {
			if err := s.askDatabase(ctx, ""); err != nil {
				return err
			}
			continue
		}
		isGiven = false
		if s.refusals++; s.refusals >= mostRefusals {
			return errors.New("too many sign-ins were refused, and Odoo would soon let nobody in from this machine: wait a minute before you begin again")
		}
	}
}

// signInChecks are those whose errors another answer can put right.
var signInChecks = map[string]bool{"odoo-user": true, "odoo-database": true, "odoo-transport": true, "odoo-connection": true, "odoo-tls": true}

// typedCredential asks for a credential at the terminal.
func (s *setup) typedCredential(ctx context.Context) (odoo.Credential, error) {
	var c odoo.Credential
	isKey, err := s.isKey(ctx)
	if err != nil {
		return c, err
	}
	if !isKey || s.odoo.Version().Major < 19 { // from 19 on a key says whose it is
		if c.Login, err = s.line(ctx, "Login of the Odoo user", cmp.Or(s.credential.Login, s.flags.Login)); err != nil {
			return c, err
		}
	}
	what := "Password"
	if isKey {
		what = "API key"
	}
	text := ""
	for text == "" && err == nil { // Odoo counts what it refuses
		text, err = s.hidden(ctx, what)
	}
	if isKey {
		c.APIKey = text
	} else {
		c.Password = text
	}
	return c, err
}

// isKey asks what to sign in with.
func (s *setup) isKey(ctx context.Context) (bool, error) {
	for {
		kind, err := s.line(ctx, "Sign in with an API key (key) or with a password (password)", "key")
		switch kind = strings.ToLower(kind); {
		case err != nil, strings.HasPrefix("key", kind), kind == "api key":
			return true, err
		case strings.HasPrefix("password", kind):
			return false, nil
		}
		fmt.Fprintln(s.out, "Write key or password.")
	}
}
