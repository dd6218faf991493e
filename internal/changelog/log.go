package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"odoograph/internal/schemadiff"
)

const (
	unreleased = "## Unreleased\n"
	// generated begins every line that is written here; lines that people wrote in
	// the section Unreleased stay.
	generated = "- "
	// reason begins the line that says why a breaking change is meant.
	reason = "breaking: "
)

// log is the text of the file: what stands before the newest section, the lines that
// people wrote about what is unreleased, what changed, and the sections of releases.
type log struct {
	head     string
	notes    []string
	changes  []schemadiff.Change
	releases string
}

func parse(text string) *log {
	head, rest, ok := strings.Cut(text, unreleased)
	if !ok {
		at := strings.Index(text, "\n## ")
		if at < 0 {
			return &log{head: strings.TrimRight(text, "\n") + "\n\n"}
		}
		return &log{head: text[:at+1], releases: text[at+1:]}
	}
	section, releases := rest, ""
	if at := strings.Index(rest, "\n## "); at >= 0 {
		section, releases = rest[:at], rest[at+1:]
	}
	l := &log{head: head, releases: releases}
	for line := range strings.Lines(section) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, generated) {
			l.notes = append(l.notes, line)
		}
	}
	return l
}

// note takes the changes since the last release.
func (l *log) note(changes []schemadiff.Change) { l.changes = changes }

// String returns the text of the file.
func (l *log) String() string {
	if len(l.changes) == 0 && len(l.notes) == 0 {
		return l.head + l.releases
	}
	return l.head + unreleased + "\n" + l.section() + l.releases
}

func (l *log) section() string {
	var b strings.Builder
	for _, note := range l.notes {
		b.WriteString(note + "\n")
	}
	if len(l.notes) > 0 {
		b.WriteString("\n")
	}
	for _, change := range l.changes {
		b.WriteString(generated)
		if change.Severity != schemadiff.Safe {
			b.WriteString("**" + string(change.Severity) + "**: ")
		}
		fmt.Fprintf(&b, "`%s` %s\n", change.Element, change.Text)
	}
	if len(l.changes) > 0 {
		b.WriteString("\n")
	}
	return b.String()
}

// unmeant returns the breaking changes that no line says the reason of.
func (l *log) unmeant() []schemadiff.Change {
	for _, note := range l.notes {
		if why, ok := strings.CutPrefix(note, reason); ok && strings.TrimSpace(why) != "" {
			return nil
		}
	}
	var unmeant []schemadiff.Change
	for _, change := range l.changes {
		if change.Severity == schemadiff.Breaking {
			unmeant = append(unmeant, change)
		}
	}
	return unmeant
}

var version = regexp.MustCompile(`^\d+\.\d+\.\d+$`)

// release puts what is unreleased under a version.
func (l *log) release(name string, now time.Time) error {
	switch {
	case !version.MatchString(name):
		return fmt.Errorf("a version is like 0.2.0, not %q", name)
	case strings.Contains(l.releases, "## "+name+" "):
		return fmt.Errorf("the version %s is there already", name)
	case len(l.changes) == 0 && len(l.notes) == 0:
		return errors.New("nothing changed since the last release")
	case len(l.unmeant()) > 0:
		return fmt.Errorf("`%s` %s: the log must say why, in a line %q", l.unmeant()[0].Element, l.unmeant()[0].Text, reason+"…")
	}
	l.releases = "## " + name + " (" + now.Format(time.DateOnly) + ")\n\n" + l.section() + l.releases
	l.notes, l.changes = nil, nil
	return nil
}
