// Package document decides which GraphQL documents are served: it parses them,
// bounds their form, validates them, keeps them for the next request and knows
// those that a request only names. It imports packages apierror and gqlparser;
// what a document does when it runs is not its business.
package document

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"odoograph/apierror"
)

// Document is a valid document. Requests share it, so nobody may write to it.
type Document struct {
	// Text is the document as it came.
	Text string
	// Hash is the SHA-256 of Text in hexadecimal.
	Hash string
	// AST is the parsed and validated document.
	AST *ast.QueryDocument
	// Introspects tells whether it asks for the schema itself.
	Introspects bool
	// Trusted tells whether it stands in the manifest.
	Trusted bool

	nodes int // of the AST, about
}

// hashOf returns the SHA-256 of a text in hexadecimal.
func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// refusal is an error about a document, at a place in it if at is not nil.
func refusal(code apierror.Code, at *ast.Position, format string, args ...any) *gqlerror.Error {
	public := apierror.New(code, fmt.Sprintf(format, args...))
	err := &gqlerror.Error{Err: public, Message: public.Message}
	if at != nil {
		err.Locations = []gqlerror.Location{{Line: at.Line, Column: at.Column}}
	}
	return err
}

// one is a list of one error.
func one(err *gqlerror.Error) gqlerror.List { return gqlerror.List{err} }
