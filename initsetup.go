package main

import (
	"context"
	"fmt"
	"net"
	"strings"

	"odoograph/diagnosis"
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
	if s.flags.Transport != "auto" {
		s.transport = s.flags.Transport
	}
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

// baseURL is how a client on this machine reaches the gateway.
func baseURL(addr string) string {
	host, port, _ := net.SplitHostPort(addr)
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}
