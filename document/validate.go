package document

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"odoograph/apierror"
)

// parse reads a document of at most so many tokens, 0 for any number.
func parse(text string, tokens int) (*ast.QueryDocument, *gqlerror.Error) {
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: text}, tokens)
	if err == nil {
		if len(doc.Operations) == 0 {
			return nil, refusal(apierror.ValidationFailed, nil, "The document has no operation.")
		}
		return doc, nil
	}
	foreign := gqlerror.WrapIfUnwrapped(err)
	out := refusal(apierror.ParseFailed, nil, "%s", foreign.Message)
	// The parser gives these two no type of their own.
	switch {
	case strings.HasPrefix(foreign.Message, "exceeded token limit"):
		out = refusal(apierror.QueryTooComplex, nil, "The document has more than %d tokens.", tokens)
	case strings.HasPrefix(foreign.Message, "exceeded maximum nesting depth"):
		out = refusal(apierror.QueryTooComplex, nil, "The document nests more than %d levels deep.", parser.MaxNestingDepth)
	}
	out.Locations = foreign.Locations
	return nil, out
}

// maxErrors is how many errors of one document are looked for, one more than an
// answer tells. Finding one can take long: the rules compare a name with all of
// a type's.
const maxErrors = 11

// errEnough ends a validation: the rules know no other way.
var errEnough = errors.New("enough errors")

// ruleSet holds the rules of a valid document.
type ruleSet []validator.Rule

// newRuleSet returns the rules of the GraphQL specification. Those that suggest
// tell names of the schema that come near a wrong one.
func newRuleSet(suggest bool) ruleSet {
	named := rules.NewDefaultRules().GetInner()
	if !suggest {
		for _, silent := range []validator.Rule{
			rules.FieldsOnCorrectTypeRuleWithoutSuggestions, rules.KnownArgumentNamesRuleWithoutSuggestions,
			rules.KnownTypeNamesRuleWithoutSuggestions, rules.ScalarLeafsRuleWithoutSuggestions,
			rules.ValuesOfCorrectTypeRuleWithoutSuggestions,
		} {
			delete(named, strings.TrimSuffix(silent.Name, "WithoutSuggestions"))
			named[silent.Name] = silent.RuleFunc
		}
	}
	set := make(ruleSet, 0, len(named))
	for _, name := range slices.Sorted(maps.Keys(named)) {
		set = append(set, validator.Rule{Name: name, RuleFunc: named[name]})
	}
	return set
}

// validate returns what is wrong with a document, the first maxErrors of it. It
// writes what it learns of the schema into the document.
func (set ruleSet) validate(schema *ast.Schema, doc *ast.QueryDocument) (errs gqlerror.List) {
	defer func() {
		if panicked := recover(); panicked != nil && panicked != errEnough {
			panic(panicked)
		}
	}()
	observers := &validator.Events{}
	for _, rule := range set {
		rule.RuleFunc(observers, func(options ...validator.ErrorOption) {
			foreign := &gqlerror.Error{}
			for _, option := range options {
				option(foreign)
			}
			err := refusal(apierror.ValidationFailed, nil, "%s", foreign.Message)
			err.Locations = foreign.Locations
			if errs = append(errs, err); len(errs) == maxErrors {
				panic(errEnough)
			}
		})
	}
	validator.Walk(schema, doc, observers)
	return errs
}
