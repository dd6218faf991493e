package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"

	"odoograph/diagnosis"
	"odoograph/odoo"
)

// setup asks the questions of init, and tries each answer at once.
type setup struct {
	*dialogue
	answers
	flags    *initCommand
	odoo     *diagnosis.Odoo
	refusals int // of sign-ins, by Odoo
}

// mostRefusals is less than what makes Odoo refuse everybody from here for a minute.
const mostRefusals = 3

// question is one question of init. The flag answers it too.
type question struct {
	flag, text string
	given      string
	suggestion func() string
	try        func(answer string) []diagnosis.Finding
}

// ask asks a question until the answer has no error; what was given as a flag is
// the first answer.
func (s *setup) ask(ctx context.Context, q question) error {
	answer, suggestion := q.given, ""
	for {
		if q.suggestion != nil {
			suggestion = q.suggestion()
		}
		if answer == "" && s.interactive {
			var err error
			if answer, err = s.line(ctx, q.text, suggestion); err != nil {
				return err
			}
		}
		if answer == "" {
			answer = suggestion
		}
		if answer == "" {
			if s.interactive {
				continue
			}
			return fmt.Errorf("--%s is missing", q.flag)
		}
		findings := q.try(answer)
		if ctx.Err() != nil {
			return errInterrupted
		}
		s.tell(findings)
		if (diagnosis.Report{Findings: findings}).Fine() {
			return nil
		}
		if !s.interactive {
			return fmt.Errorf("--%s is not right", q.flag)
		}
		answer = ""
	}
}

// tell shows what is worth knowing of findings.
func (s *setup) tell(findings []diagnosis.Finding) {
	for _, f := range findings {
		if f.Level != diagnosis.Note || f.Cause != "" {
			s.console.finding(f)
		}
	}
}

func (s *setup) askAll(ctx context.Context) error {
	if err := s.askAddress(ctx); err != nil {
		return err
	}
	if err := s.askDatabase(ctx, s.flags.DB); err != nil {
		return err
	}
	if err := s.askCredential(ctx); err != nil {
		return err
	}
	err := s.ask(ctx, question{
		flag: "addr", text: "Address to listen on", given: s.flags.Addr, suggestion: func() string { return "127.0.0.1:8080" },
		try: func(answer string) []diagnosis.Finding {
			s.addr = answer
			return diagnosis.Listen(ctx, answer, false)
		},
	})
	if err != nil {
		return err
	}
	s.own, s.scopes = s.flags.Database, s.flags.Scopes
	return s.ask(ctx, question{
		flag: "key-name", text: "Name of the first API key: who will use it", given: s.flags.KeyName, suggestion: func() string { return "my-app" },
		try: func(answer string) []diagnosis.Finding {
			s.keyName = answer
			return nil
		},
	})
}

func (s *setup) askAddress(ctx context.Context) error {
	return s.ask(ctx, question{
		flag: "odoo-url", text: "Address of Odoo, as the browser shows it", given: s.flags.URL, suggestion: s.odoo.URL,
		try: func(answer string) []diagnosis.Finding {
			findings := s.odoo.Reach(ctx, answer)
			if s.url = s.odoo.URL(); s.odoo.Reached() { // what was corrected is told and taken
				for i := range findings {
					if findings[i].Level == diagnosis.Error {
						findings[i].Level = diagnosis.Warning
					}
				}
			}
			return findings
		},
	})
}

// askDatabase asks for the database. A name that Odoo does not list is asked for
// again; given twice it is taken, as the list may hold only some.
func (s *setup) askDatabase(ctx context.Context, given string) error {
	known, before := s.odoo.Databases(), ""
	if s.interactive && given == "" && len(known) > 1 {
		fmt.Fprintln(s.out, "Odoo has these databases:", strings.Join(known, ", "))
	}
	return s.ask(ctx, question{
		flag: "odoo-db", text: "Database", given: given, suggestion: s.odoo.LikelyDatabase,
		try: func(answer string) []diagnosis.Finding {
			s.database = answer
			f := s.odoo.Database(answer)
			if f.Level == diagnosis.Error && (answer == before || !s.interactive) { // signing in will tell
				f.Level = diagnosis.Warning
			}
			before = answer
			return []diagnosis.Finding{f}
		},
	})
}

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
	kind, err := s.line(ctx, "Sign in with an API key (key) or with a password (password)", "key")
	if err != nil {
		return c, err
	}
	isKey := !strings.HasPrefix(strings.ToLower(kind), "p")
	if !isKey || s.odoo.Version().Major < 19 { // from 19 on a key says whose it is
		if c.Login, err = s.line(ctx, "Login of the Odoo user", cmp.Or(s.credential.Login, s.flags.Login)); err != nil {
			return c, err
		}
	}
	what := "Password"
	if isKey {
		what = "API key"
	}
	text, err := s.hidden(ctx, what)
	if isKey {
		c.APIKey = text
	} else {
		c.Password = text
	}
	return c, err
}

// baseURL is how a client on this machine reaches the gateway.
func baseURL(addr string) string {
	host, port, _ := net.SplitHostPort(addr)
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}
