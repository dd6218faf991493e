package document

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"odoograph/apierror"
)

// Options are what a Store is made of.
type Options struct {
	// Schema is what documents must fit.
	Schema *ast.Schema
	// Limits bound documents that are not in a manifest; DefaultLimits if zero.
	Limits Limits
	// CacheBytes bounds the memory of kept documents; 16 MiB if zero.
	CacheBytes int64
	// Manifests are the files of trusted documents.
	Manifests []string
	// Log is told of untrusted documents under the policy Log.
	Log *slog.Logger
}

// Store gives the document of each request.
type Store struct {
	schema    *ast.Schema
	limits    Limits
	cache     *cache
	rules     ruleSet // that suggest nothing
	helpful   ruleSet
	manifests []string
	trusted   atomic.Pointer[manifest]
	log       *slog.Logger
}

const defaultCacheBytes = 16 << 20

// Open returns a Store. It fails if a manifest cannot be read or a document in it
// is not valid.
func Open(o Options) (*Store, error) {
	if o.Limits == (Limits{}) {
		o.Limits = DefaultLimits()
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Store{
		schema: o.Schema, limits: o.Limits, cache: newCache(cmp.Or(o.CacheBytes, defaultCacheBytes)),
		rules: newRuleSet(false), helpful: newRuleSet(true), manifests: o.Manifests, log: o.Log,
	}
	return s, s.Reload()
}

// Policy says which documents a caller may send. The zero value means Only.
type Policy string

const (
	// Any allows every valid document.
	Any Policy = "any"
	// Log allows every valid document and logs those that no manifest holds.
	Log Policy = "log"
	// Only allows the documents of the manifests.
	Only Policy = "only"
)

// Access is what a caller may do.
type Access struct {
	Documents Policy
	// Introspect lets errors suggest names of the schema.
	Introspect bool
}

// Request is what a request says of its document: its text, or the id of one in a
// manifest, or the hash of one that was sent before (Apollo's persisted queries),
// with its text or without.
type Request struct {
	Text, ID, Hash string
}

// Find returns the document of a request. Its errors hold an *apierror.Error:
// GRAPHQL_PARSE_FAILED, GRAPHQL_VALIDATION_FAILED, QUERY_TOO_COMPLEX,
// BAD_USER_INPUT, PERSISTED_QUERY_NOT_FOUND or DOCUMENT_NOT_TRUSTED.
func (s *Store) Find(ctx context.Context, r Request, access Access) (*Document, gqlerror.List) {
	document, hash, err := s.known(r)
	if err != nil {
		return nil, one(err)
	}
	trusted := document != nil && document.Trusted
	switch {
	case trusted || access.Documents == Any:
	case access.Documents == Log:
		s.log.InfoContext(ctx, "document is in no manifest", "document", cmp.Or(hash, r.ID))
	default:
		return nil, one(untrusted(cmp.Or(hash, r.ID)))
	}
	switch {
	case document != nil:
		return document, nil
	case r.Text == "":
		// Apollo's clients send the text when they read these very words.
		return nil, one(refusal(apierror.PersistedQueryNotFound, nil, "PersistedQueryNotFound"))
	}
	rules := s.rules
	if access.Introspect {
		rules = s.helpful
	}
	document, errs := s.read(r.Text, s.limits, rules)
	if errs == nil {
		s.cache.add(document)
	}
	return document, errs
}

// untrusted refuses a document, and tells the log which one it was.
func untrusted(name string) *gqlerror.Error {
	err := apierror.Wrap(apierror.DocumentNotTrusted, "This key may send documents of the gateway's manifest only.", errors.New("document "+name))
	return &gqlerror.Error{Err: err, Message: err.Message}
}

// known returns the document that a request names or repeats, nil if it is new,
// and the hash of its text, if the request tells it.
func (s *Store) known(r Request) (*Document, string, *gqlerror.Error) {
	hash := strings.ToLower(r.Hash)
	if r.Text != "" {
		own := hashOf(r.Text)
		if hash != "" && hash != own {
			return nil, "", refusal(apierror.BadUserInput, nil, "`sha256Hash` is not the SHA-256 of the query.")
		}
		hash = own
	}
	trusted := s.trusted.Load()
	for _, name := range []string{r.ID, strings.TrimPrefix(r.ID, "sha256:"), r.Hash, hash} {
		if document := trusted.documents[name]; document != nil {
			return document, hash, nil
		}
	}
	if hash == "" {
		return nil, "", nil
	}
	return s.cache.get(hash), hash, nil
}

// read parses and validates a document. Limits that are zero do not bound it.
func (s *Store) read(text string, limits Limits, rules ruleSet) (*Document, gqlerror.List) {
	ast, err := parse(text, limits.Tokens)
	if err != nil {
		return nil, one(err)
	}
	form, err := limits.check(ast)
	if err != nil {
		return nil, one(err)
	}
	if errs := rules.validate(s.schema, ast); len(errs) > 0 {
		return nil, errs
	}
	return &Document{Text: text, Hash: hashOf(text), AST: ast, Introspects: form.introspects, nodes: form.nodes}, nil
}
