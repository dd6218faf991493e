package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// dialogue asks questions at a terminal.
type dialogue struct {
	console
	in          *os.File
	lines       *bufio.Reader
	interactive bool // whether there is anybody to ask
}

func newDialogue(in *os.File, out io.Writer, wanted bool) *dialogue {
	return &dialogue{console: newConsole(out), in: in, lines: bufio.NewReader(in), interactive: wanted && isTerminal(in)}
}

var errInterrupted = errors.New("interrupted")

// line asks for a line; an empty one is the suggestion.
func (d *dialogue) line(ctx context.Context, question, suggestion string) (string, error) {
	if suggestion != "" {
		question += " [" + suggestion + "]"
	}
	fmt.Fprint(d.out, question, ": ")
	text, err := await(ctx, func() (string, error) { return d.lines.ReadString('\n') })
	if text = strings.TrimSpace(text); text == "" {
		text = suggestion
	}
	return text, err
}

// hidden asks for a line that nobody sees.
func (d *dialogue) hidden(ctx context.Context, question string) (string, error) {
	terminal := int(d.in.Fd())
	before, err := term.GetState(terminal)
	if err != nil {
		return "", err
	}
	fmt.Fprint(d.out, question, " (is not shown): ")
	text, err := await(ctx, func() (string, error) {
		text, err := term.ReadPassword(terminal)
		return string(text), err
	})
	if err != nil { // it may still be reading, with the echo off
		_ = term.Restore(terminal, before)
	}
	fmt.Fprintln(d.out)
	return strings.TrimSpace(text), err
}

// await returns what read returns, or errInterrupted when ctx ends before. The
// reading itself cannot be ended: it is left behind.
func await(ctx context.Context, read func() (string, error)) (string, error) {
	type result struct {
		text string
		err  error
	}
	done := make(chan result, 1)
	go func() {
		text, err := read()
		done <- result{text, err}
	}()
	select {
	case <-ctx.Done():
		return "", errInterrupted
	case r := <-done:
		if errors.Is(r.err, io.EOF) {
			return "", errInterrupted
		}
		return r.text, r.err
	}
}
