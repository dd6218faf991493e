package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"regexp"

	"golang.org/x/tools/imports"
)

// sequential rewrites what gqlgen wrote for objects and lists below the root. A
// root field has read all of its records when it returns, so nothing below waits
// for anything: goroutines for each item, a context for each text and the
// bookkeeping of @defer, which the gateway does not offer, would cost more than
// all the rest of an answer. What stands in their place is in graph/execute.go.
//
// The root itself keeps what gqlgen wrote: its fields do wait for Odoo, and
// should do so together.
func sequential(dir string) error {
	paths, err := filepath.Glob(filepath.Join(dir, "*.gen.go"))
	if err != nil {
		return err
	}
	paths = append(paths, filepath.Join(dir, "root_.generated.go"))
	var all rewritten
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		parts := bytes.SplitAfter(text, []byte("\n}\n"))
		for i := range parts {
			parts[i] = all.function(parts[i])
		}
		if text, err = imports.Process(path, bytes.Join(parts, nil), nil); err != nil {
			return err
		}
		if err := os.WriteFile(path, text, 0o600); err != nil {
			return err
		}
	}
	if all.fields == 0 || all.objects == 0 || all.lists == 0 || all.answers == 0 {
		return errors.New("gqlgen writes other code than before: see sequential")
	}
	return nil
}

// rewritten counts what was found.
type rewritten struct{ fields, objects, lists, answers int }

var (
	plainField = regexp.MustCompile(`(?s)graphql\.ResolveField(\(\n.*?)\n\t\tnil,\n(.*?)\n\t\ttrue,\n(\t\t(?:true|false),\n\t\))`)
	fieldSets  = regexp.MustCompile(`\tout := graphql\.NewFieldSet\(fields\)\n\tdeferredFieldSet := .*\n\tdeferLabelToView := .*\n`)
	deferral   = regexp.MustCompile(`(?s)\n\t\t\tif field\.IsDeferred\(\) \{\n.*?\n\t\t\t\}\n`)
	goroutine  = regexp.MustCompile(`out\.Concurrently\(i, func\(ctx context\.Context\) graphql\.Marshaler \{ return innerFunc\(ctx, out\) \}\)`)
	dispatch   = regexp.MustCompile(`\tout\.Dispatch\(ctx\)\n`)
	deferred   = regexp.MustCompile(`(?s)\tatomic\.AddInt32\(&ec\.Deferred.*?\n\t\}\)\n\n`)
	list       = regexp.MustCompile(`graphql\.MarshalSliceConcurrently\(ctx, len\(v\), 0, false, `)
	answer     = regexp.MustCompile(`\t\t\tdata\.MarshalGQL\(&buf\)\n`)
)

func (r *rewritten) function(text []byte) []byte {
	if bytes.Contains(text, []byte("graphql.WithRootFieldContext(")) {
		return text
	}
	// A field with arguments finds them in its context.
	if plainField.Match(text) && !bytes.Contains(text, []byte("fc.Args[")) {
		r.fields++
		text = plainField.ReplaceAll(text, []byte("resolveField$1\n$2\n$3"))
	}
	if fieldSets.Match(text) {
		r.objects++
		text = fieldSets.ReplaceAll(text, []byte("\tout := newFieldSet(fields)\n"))
		text = bytes.ReplaceAll(text, []byte("fs *graphql.FieldSet"), []byte("fs *fieldSet"))
		text = deferral.ReplaceAll(text, nil)
		text = goroutine.ReplaceAll(text, []byte("out.Values[i] = innerFunc(ctx, out)"))
		text = dispatch.ReplaceAll(text, nil)
		text = deferred.ReplaceAll(text, nil)
	}
	if list.Match(text) {
		r.lists++
		text = list.ReplaceAll(text, []byte("marshalSlice(ctx, len(v), "))
	}
	if answer.Match(text) {
		r.answers++
		text = answer.ReplaceAll(text, []byte("\t\t\tmarshal(ctx, data, &buf)\n"))
	}
	return text
}
