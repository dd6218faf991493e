package document_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"odoograph/apierror"
	"odoograph/document"
	"odoograph/endpoint"
)

func open(t testing.TB, o document.Options) *document.Store {
	t.Helper()
	o.Schema = endpoint.Schema().Schema()
	store, err := document.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

var anybody = document.Access{Documents: document.Any, Introspect: true}

// nested returns a document of so many levels, five and more.
func nested(levels int) string {
	return "{ partner(databaseId: 1) " + strings.Repeat("{ parent ", levels-2) + "{ id }" + strings.Repeat("}", levels-1)
}

// Each limit lets through what reaches it and refuses one more, with a message that
// tells what was found and what is allowed.
func TestLimits(t *testing.T) {
	store := open(t, document.Options{Limits: document.Limits{
		Tokens: 300, Name: 30, Depth: 6, Inline: 3, Values: 4, Fields: 50, RootFields: 3,
		Duplicates: 4, Aliases: 5, Fragments: 6, Directives: 7, FieldDirectives: 2,
	}})
	for _, test := range []struct {
		name    string
		allowed int
		make    func(n int) string
		message string
	}{
		{"tokens", 300, func(n int) string { return "{ __typename }" + strings.Repeat("#\n", n-3) }, "more than 300 tokens"},
		{"a long alias", 30, func(n int) string { return "{ " + strings.Repeat("a", n) + ": __typename }" }, "31 characters; at most 30"},
		{"depth", 6, nested, "7 levels deep; at most 6"},
		{"depth through fragments", 6, func(n int) string {
			return "{ partner(databaseId: 1) { ...F } } fragment F on Partner " + strings.Repeat("{ parent ", n-2) + "{ id }" + strings.Repeat("}", n-2)
		}, "7 levels deep; at most 6"},
		{"inline fragments", 3, func(n int) string { return "{" + strings.Repeat("... {", n) + "__typename" + strings.Repeat("}", n+1) }, "more than 3 levels"},
		{"lists in an argument", 4, func(n int) string {
			return "{ nodes(ids: " + strings.Repeat("[", n) + `"a"` + strings.Repeat("]", n) + ") { id } }"
		}, "more than 4 levels"},
		{"objects in a default", 4, func(n int) string {
			return "query($f: PartnerFilter = " + strings.Repeat("{ not: ", n) + "{}" + strings.Repeat("}", n) + ") { partners(filter: $f) { totalCount } }"
		}, "more than 4 levels"},
		{"fields", 50, func(n int) string { // F is 10 fields
			return "{ partner(databaseId: 1) { parent { ...F } company { partner { ...F } } salesperson { partner { ...F } } commercialPartner { ...F } " +
				[]string{"id name email", "id name email phone"}[n-50] + " } } fragment F on Partner { id name email phone city street zip website active language }"
		}, "asks for 51 fields, its fragments expanded; at most 50"},
		{"root fields", 3, func(n int) string {
			return "{" + repeat(n, func(i int) string { return fmt.Sprintf(" a%d: __typename", i) }) + "}"
		}, "has 4 fields at its root; at most 3"},
		{"duplicates", 4, func(n int) string { return "{" + strings.Repeat(" __typename", n) + "}" }, `"__typename" 5 times`},
		{"duplicates in fragments", 4, func(n int) string {
			return "{" + strings.Repeat(" ...F", n) + "} fragment F on Query { ... { __typename } }"
		}, `"__typename" 5 times`},
		{"duplicates of what was asked for twice", 4, func(n int) string {
			return "{ partner(databaseId: 1) { parent {" + strings.Repeat(" id", n-2) + "} parent { id id } } }"
		}, `"id" 5 times`},
		{"aliases", 5, func(n int) string {
			return "{ partner(databaseId: 1) {" + repeat(n, func(i int) string { return fmt.Sprintf(" a%d: id", i) }) + "} }"
		}, `more than 5 aliases: "a5"`},
		{"fragments", 6, func(n int) string {
			return "{ partner(databaseId: 1) { ...F0 } }" + repeat(n-1, func(i int) string { return fmt.Sprintf(" fragment F%d on Partner { ...F%d }", i, i+1) }) +
				fmt.Sprintf(" fragment F%d on Partner { id }", n-1)
		}, "has 7 fragments; at most 6"},
		{"directives", 7, func(n int) string {
			return "{" + repeat(3, func(int) string { return " __typename @skip(if: false) @include(if: true)" }) + strings.Repeat(" ... @skip(if: false) { __typename }", n-6) + "}"
		}, "more than 7 directives"},
		{"directives of a field", 2, func(n int) string {
			return "{ __typename " + []string{"@skip(if: false) @include(if: true)", "@skip(if: false) @include(if: true) @include(if: true)"}[n-2] + " }"
		}, "has 3 directives; at most 2"},
	} {
		t.Run(test.name, func(t *testing.T) {
			for n := test.allowed; n <= test.allowed+1; n++ {
				_, errs := store.Find(t.Context(), document.Request{Text: test.make(n)}, anybody)
				if apierror.CodeOf(errs) != apierror.QueryTooComplex && n > test.allowed || len(errs) > 0 && n == test.allowed {
					if test.name != "lists in an argument" || apierror.CodeOf(errs) != apierror.ValidationFailed {
						t.Errorf("%d: %v", n, errs)
					}
				}
				if n > test.allowed && (len(errs) != 1 || !strings.Contains(errs[0].Message, test.message)) {
					t.Errorf("%d: %v", n, errs)
				}
			}
		})
	}
}

// What would make validation long, or endless, is found before.
func TestHostileDocuments(t *testing.T) {
	store := open(t, document.Options{})
	bomb := "{ partner(databaseId: 1) { ...F0 } }" + repeat(60, func(i int) string {
		return fmt.Sprintf(" fragment F%d on Partner { parent { ...F%d } commercialPartner { ...F%d } }", i, i+1, i+1)
	}) + " fragment F60 on Partner { id }"
	flat := "{ partner(databaseId: 1) { ...F0 } }" + repeat(60, func(i int) string {
		return fmt.Sprintf(" fragment F%d on Partner { ...F%d ...F%d }", i, i+1, i+1)
	}) + " fragment F60 on Partner { id }"
	for _, test := range []struct {
		name, text string
		code       apierror.Code
	}{
		{"2^60 fields", bomb, apierror.QueryTooComplex},
		{"2^60 times the same field", flat, apierror.QueryTooComplex},
		{"a fragment in itself", "{ ...F } fragment F on Query { ...F }", apierror.ValidationFailed},
		{"fragments in each other", "{ ...F } fragment F on Query { __typename ...G } fragment G on Query { ...F }", apierror.ValidationFailed},
		{"a cycle nobody uses", "{ __typename } fragment F on Query { ...F }", apierror.ValidationFailed},
		{"a fragment nobody uses", "{ __typename } fragment F on Query { __typename }", apierror.ValidationFailed},
		{"a fragment that is not there", "{ ...F }", apierror.ValidationFailed},
		{"a fragment that is there twice", "{ ...F } fragment F on Query { a } fragment F on Query { __typename }", apierror.ValidationFailed},
		{"selections within selections", strings.Repeat("{a", 100_000), apierror.QueryTooComplex},
		{"lists within lists", "{ a(b: " + strings.Repeat("[", 100_000), apierror.QueryTooComplex},
		{"types within types", "query($a: " + strings.Repeat("[", 100_000), apierror.QueryTooComplex},
		{"comments", strings.Repeat("#\n", 100_000), apierror.QueryTooComplex},
		{"nothing", " ", apierror.ValidationFailed},
		{"nothing but a fragment", "fragment F on Query { __typename }", apierror.ValidationFailed},
		{"a byte of zero", "{ \x00 }", apierror.ParseFailed},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, errs := store.Find(t.Context(), document.Request{Text: test.text}, anybody)
			if apierror.CodeOf(errs) != test.code {
				t.Errorf("%.300v, want %s", errs, test.code)
			}
		})
	}
}

// The place of what is too much is told.
func TestRefusalsNameTheirPlace(t *testing.T) {
	_, errs := open(t, document.Options{}).Find(t.Context(), document.Request{Text: "{\n  __typename" + strings.Repeat(" @skip(if: false)", 6) + "}"}, anybody)
	public, ok := errors.AsType[*apierror.Error](errs)
	if !ok || public.Code != apierror.QueryTooComplex || len(errs[0].Locations) != 1 || errs[0].Locations[0].Line != 2 {
		t.Errorf("%#v", errs)
	}
}

// What GraphiQL, code generators and graphql-js ask is within the limits.
func TestIntrospectionIsWithinLimits(t *testing.T) {
	ofType := strings.Repeat("ofType { kind name ", 9) + strings.Repeat("}", 9)
	query := `query IntrospectionQuery { __schema { description queryType { name kind } mutationType { name kind } subscriptionType { name kind }
		types { ...FullType } directives { name description isRepeatable locations args(includeDeprecated: true) { ...InputValue } } } }
	fragment FullType on __Type { kind name description specifiedByURL isOneOf
		fields(includeDeprecated: true) { name description args(includeDeprecated: true) { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason }
		inputFields(includeDeprecated: true) { ...InputValue } interfaces { ...TypeRef }
		enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { ...TypeRef } }
	fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue isDeprecated deprecationReason }
	fragment TypeRef on __Type { kind name ` + ofType + ` }`
	found, errs := open(t, document.Options{}).Find(t.Context(), document.Request{Text: query}, anybody)
	if errs != nil || !found.Introspects {
		t.Error(errs)
	}
}
