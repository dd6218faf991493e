// Package snippet executes the code blocks of a document as a reader does who
// copies one after the other: against a gateway, in one folder, in order. It is for
// tests. It imports packages markdown and odootest, and parsers of the forms that
// are not executed.
//
// # What becomes of a block
//
// The first word after the fence is the block's language.
//
//   - sh runs in bash. What it exports or sets and the folder it ends in are there in
//     the next block. `odoograph` and `go run .` are the built program; one that
//     serves takes the place of the gateway that ran before and goes on in the
//     background. `npx` runs the packages of the audit, `npm install` checks that
//     they are those that the block names.
//   - graphql is sent to the gateway, with the `json variables` block that follows;
//     http is sent as it stands. What fails, fails, unless the answer below says so.
//   - js, ts, tsx, python and php are executed by their interpreters. A page (what
//     speaks of `document`) has its buttons clicked, each once, before its text is read.
//   - json, toml, yaml, ini, nginx and dockerfile are parsed.
//
// Words after the language say more:
//
//   - file=NAME writes the block to a file for the blocks that follow; code in such
//     files is executed by those or, if none imports it, in the end.
//   - variables makes the block the variables of the graphql block before.
//   - answer makes the block what the one before prints or is answered; part says that
//     it shows but some of the members or lines. "…" stands for any text, in a list
//     for any number of items, on a line of its own for any number of lines. The
//     member `extensions` of an answer is compared only if the block shows it.
//   - schema and route are forms of GraphQL that are parsed instead of sent.
//
// A comment just above does so, too:
//
//   - <!-- not run: REASON --> leaves the block alone.
//   - <!-- from: PATH --> says that it is part of a file of the repository.
//   - <!-- before: COMMANDS --> makes ready what the reader has anyway.
//
// A block for which there is no rule is a failure.
package snippet

import (
	"context"
	"fmt"
	"time"

	"odoograph/internal/markdown"
)

// Runner executes documents.
type Runner struct {
	// Program is the file of the built gateway.
	Program string
	// Root is the folder of the repository.
	Root string
	// Packages is the folder that holds run.mjs and the node_modules that it needs.
	// Without it documents that need more than bash are not executed.
	Packages string
	// Forms parse blocks by their language, or language and word: "toml",
	// "graphql route". They come before those that are built in.
	Forms map[string]func(text string) error
}

// Report is what became of the blocks of a document.
type Report struct {
	Executed, Parsed, Marked int
	// Waiting are those that were not executed for want of an interpreter.
	Waiting  int
	Failures []error
}

// blockTimeout bounds the execution of one block.
const blockTimeout = 2 * time.Minute

// Run parses and executes the blocks of a document. It ends with the first block
// that fails when it is executed.
func (r *Runner) Run(ctx context.Context, d *markdown.Document) Report {
	steps, failures := r.plan(d)
	report := Report{Failures: failures}
	wanting := r.wanting(steps)
	executed := false
	for _, s := range steps {
		switch {
		case s.action == marked:
			report.Marked++
		case s.action == parsed:
			report.Parsed++
		case wanting != "":
			report.Waiting++
		default:
			report.Executed++
			executed = true
		}
	}
	if !executed || len(failures) > 0 {
		return report
	}
	if err := r.execute(ctx, d, steps); err != nil {
		report.Failures = append(report.Failures, err)
	}
	return report
}

// execute goes through the steps at a place of its own.
func (r *Runner) execute(ctx context.Context, d *markdown.Document, steps []*step) (err error) {
	p, err := newPlace(ctx, r)
	if err != nil {
		return fmt.Errorf("%s: %w", d.Path, err)
	}
	defer p.close()
	for _, s := range steps {
		if err := p.step(ctx, s); err != nil {
			return fmt.Errorf("%s:%d: %s block: %w", d.Path, s.Line, s.Language, err)
		}
	}
	if err := p.finish(ctx, steps); err != nil {
		return fmt.Errorf("%s: %w", d.Path, err)
	}
	return nil
}
