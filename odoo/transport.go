package odoo

import "context"

// A transport says one call to Odoo in one of its protocols. Implementations
// are safe for concurrent use. Every error is an *apierror.Error, with the same
// code for the same fault on every transport as far as the protocol tells them
// apart.
//
// A result is a wire tree: nil, bool, json.Number, string, []any or
// *Object. Numbers keep their lexeme. A method that returned None yields
// nil.
type transport interface {
	// name is "json-2", "json-rpc" or "xml-rpc".
	name() string
	// call runs a public method of a model as the credential's user.
	call(ctx context.Context, as identity, c Call) (any, error)
	// login returns the user id of the credential, or 0 when Odoo refuses it, with
	// an UPSTREAM_UNAUTHENTICATED error where it says why.
	login(ctx context.Context, cred Credential) (int64, error)
}

// Call is one call of a model's method.
type Call struct {
	Model  string // technical name: "res.partner"
	Method string // public method: "search_read"
	// IDs are the records the method is called on; nil for a method of the model itself.
	IDs []int64
	// OnNone says that the method is meant for no record: that of an empty set.
	OnNone bool
	// Args are the other arguments. All of them are named because JSON-2 knows
	// no other kind; Positional lists, in order, the names that the older
	// protocols must send by position since Odoo renamed them between versions.
	Args       map[string]any
	Positional []string
	// Context is sent as the method's context.
	Context map[string]any
}

// Credential is what a user signs in to Odoo with: a login with a password or
// API key, or (Odoo 19+) an API key alone.
type Credential struct {
	Login    string
	Password string
	APIKey   string
}

// identity is a signed-in credential.
type identity struct {
	uid  int64
	cred Credential
}
