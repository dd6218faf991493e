package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"odoograph/diagnosis"
)

// console writes findings for people: in colour on terminals, unless NO_COLOR is
// set, and in ASCII where the locale is not UTF-8.
type console struct {
	out    io.Writer
	colour bool
	utf8   bool
}

func newConsole(out io.Writer) console {
	locale := cmp.Or(os.Getenv("LC_ALL"), os.Getenv("LC_CTYPE"), os.Getenv("LANG"))
	locale = strings.ToLower(strings.ReplaceAll(locale, "-", ""))
	return console{out: out, colour: isTerminal(out) && os.Getenv("NO_COLOR") == "", utf8: strings.HasSuffix(locale, "utf8")}
}

// isTerminal tells whether a reader or writer is a terminal.
func isTerminal(file any) bool {
	f, ok := file.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// marks are how levels look: a sign, the same in ASCII, and a colour of ANSI.
var marks = map[diagnosis.Level]struct{ sign, ascii, colour string }{
	diagnosis.OK:      {"✓", "+", "32"},
	diagnosis.Note:    {"·", "-", "2"},
	diagnosis.Warning: {"!", "!", "33"},
	diagnosis.Error:   {"✗", "x", "31"},
}

// finding writes one line of what was found, and below it why and what to do.
func (c console) finding(f diagnosis.Finding) {
	arrow := "->"
	if c.utf8 {
		arrow = "→"
	}
	fmt.Fprintf(c.out, "%s %-16s %s\n", c.sign(f.Level), f.Check, f.Found)
	if f.Cause != "" {
		for _, line := range wrapped(f.Cause, textWidth) {
			fmt.Fprintf(c.out, "  %-16s %s\n", "", line)
		}
	}
	if f.Fix != "" {
		for _, line := range wrapped(arrow+" "+f.Fix, textWidth) {
			fmt.Fprintf(c.out, "  %-16s %s\n", "", c.paint("1", line))
		}
	}
}

// textWidth is where the text below a finding is broken.
const textWidth = 90

func (c console) sign(level diagnosis.Level) string {
	mark := marks[level]
	if c.utf8 {
		return c.paint(mark.colour, mark.sign)
	}
	return c.paint(mark.colour, mark.ascii)
}

func (c console) paint(colour, text string) string {
	if !c.colour {
		return text
	}
	return "\x1b[" + colour + "m" + text + "\x1b[0m"
}
