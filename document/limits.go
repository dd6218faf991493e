package document

// Limits bound the form of a document. They are checked in time that grows with
// its size alone, before validation, whose time grows with the square of some of
// them: the worst document within the defaults that is known takes 6 ms. Documents
// of a manifest are not bound.
type Limits struct {
	// Tokens bounds the whole document, comments included.
	Tokens int
	// Name bounds the length of a name in bytes. An alias is written once for each
	// record of an answer, and any name may stand in a message.
	Name int
	// Depth bounds how deep fields nest.
	Depth int
	// Inline bounds how deep inline fragments nest, each in the one around it.
	Inline int
	// Values bounds how deep lists and objects nest in an argument.
	Values int
	// Fields bounds the fields of all operations after fragments are expanded.
	Fields int
	// RootFields bounds the fields of one operation's root.
	RootFields int
	// Duplicates bounds how often one place of the answer is asked for.
	Duplicates int
	// Aliases bounds the fields that are given another name.
	Aliases int
	// Fragments bounds the named fragments.
	Fragments int
	// Directives bounds those of the document, FieldDirectives those of one field.
	Directives, FieldDirectives int
}

// DefaultLimits returns the limits that are meant for everybody. An introspection
// query of graphql-js is 15 deep.
func DefaultLimits() Limits {
	return Limits{
		Tokens: 2000, Name: 128, Depth: 15, Inline: 15, Values: 20, Fields: 1000, RootFields: 20,
		Duplicates: 60, Aliases: 30, Fragments: 100, Directives: 50, FieldDirectives: 5,
	}
}
