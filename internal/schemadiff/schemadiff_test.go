package schemadiff_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"odoograph/internal/schemadiff"
)

const base = `
directive @auth(scope: String) on OBJECT | FIELD_DEFINITION | INPUT_OBJECT
directive @cost(weight: Int!) on OBJECT | FIELD_DEFINITION
directive @idempotent(key: String!) repeatable on FIELD | QUERY
interface Node { id: ID! }
type Query { a(first: Int = 20, ids: [ID!]!): A!, list: [A!], any: AB, old: Int }
type A implements Node @auth(scope: "a:read") { id: ID!, state: State, text: String! @cost(weight: 2) }
type B { b: Int }
union AB = A | B
enum State { NEW DONE }
enum Order { UP DOWN }
input Filter { state: State, order: Order = UP, must: Int! }
`

func TestCompare(t *testing.T) {
	for _, test := range []struct{ name, from, to, want string }{
		{"nothing", "", "", ""},
		{"a description", "type B {", "\"B.\" type B {", ""},
		{"a new type", "type B {", "type C { c: Int } type B {", "safe C is a new type"},
		{"a type goes", "enum Order { UP DOWN }\ninput Filter { state: State, order: Order = UP, must: Int! }", "enum Order { UP DOWN }", "breaking Filter was removed"},
		{"a type becomes another", "type B { b: Int }\nunion AB = A | B", "input B { b: Int }\nunion AB = A", "breaking AB is never a `B` any more; breaking B changed from type to input"},
		{"a union grows", "union AB = A", "type C { c: Int } union AB = C | A", "dangerous AB may now be a `C`; safe C is a new type"},
		{"an interface goes", "A implements Node", "A", "breaking A no longer implements `Node`"},
		{"an interface comes", "type B { b", "type B implements Node { id: ID! b", "dangerous B now implements `Node`; safe B.id is new: `ID!`"},
		{"a field goes", ", old: Int", "", "breaking Query.old was removed"},
		{"a field comes", "old: Int", "old: Int new: [B!]", "safe Query.new is new: `[B!]`"},
		{"a field's type", "old: Int", "old: String", "breaking Query.old is `String`; it was `Int`"},
		{"an answer may be null", "text: String!", "text: String", "breaking A.text may be null now: `String`; it was `String!`"},
		{"an answer cannot be null", "list: [A!]", "list: [A!]!", "safe Query.list cannot be null any more: `[A!]!`; it was `[A!]`"},
		{"an item may be null", "list: [A!]", "list: [A]", "breaking Query.list may be null now: `[A]`; it was `[A!]`"},
		{"a list", "old: Int", "old: [Int]", "breaking Query.old is `[Int]`; it was `Int`"},
		{"an argument goes", "first: Int = 20, ", "", "breaking Query.a(first:) was removed"},
		{"an argument comes", "first: Int", "after: ID, first: Int", "safe Query.a(after:) is new: `ID`"},
		{"an argument that must be given", "first: Int", "after: ID!, first: Int", "breaking Query.a(after:) is new and must be given: `ID!`"},
		{"an argument with a default", "first: Int", `after: ID! = "x", first: Int`, "safe Query.a(after:) is new: `ID!`"},
		{"an argument must not be null", "first: Int = 20", "first: Int! = 20", "breaking Query.a(first:) cannot be null any more: `Int!`; it was `Int`"},
		{"an argument may be null", "ids: [ID!]!", "ids: [ID!]", "safe Query.a(ids:) may be null now: `[ID!]`; it was `[ID!]!`"},
		{"a default", "first: Int = 20", "first: Int = 10", "dangerous Query.a(first:) is `10` when it is not given; it was `20`"},
		{"no default", "order: Order = UP", "order: Order", "dangerous Filter.order is nothing when it is not given; it was `UP`"},
		{"an input field goes", ", must: Int!", "", "breaking Filter.must was removed"},
		{"an input field comes", "must: Int!", "must: Int!, may: Int", "safe Filter.may is new: `Int`"},
		{"an input field that must be given", "must: Int!", "must: Int!, too: Int!", "breaking Filter.too is new and must be given: `Int!`"},
		{"an input becomes a choice", "input Filter { state: State, order: Order = UP, must: Int! }", "input Filter @oneOf { state: State, order: Order, must: Int }",
			"breaking Filter takes exactly one of its fields now; dangerous Filter.order is nothing when it is not given; it was `UP`; safe Filter.must may be null now: `Int`; it was `Int!`"},
		{"a value goes", "NEW DONE", "NEW", "breaking State.DONE was removed"},
		{"a value that answers may hold", "NEW DONE", "NEW DONE GONE", "dangerous State.GONE is a new value that answers may hold"},
		{"a value to give", "UP DOWN", "UP DOWN LEFT", "safe Order.LEFT is a new value"},
		{"a deprecated field", "old: Int", `old: Int @deprecated(reason: "use list")`, "safe Query.old is deprecated: use list"},
		{"a deprecated value", "DOWN }", `DOWN @deprecated }`, "safe Order.DOWN is deprecated"},
		{"a scope comes", "type B {", `type B @auth(scope: "b:read") {`, "breaking B needs the scope `b:read` now"},
		{"a scope changes", `"a:read"`, `"c:read"`, "breaking A needs the scope `c:read`; it needed `a:read`"},
		{"a scope goes", ` @auth(scope: "a:read")`, "", "safe A needs no scope any more; it needed `a:read`"},
		{"a price", "@cost(weight: 2)", "@cost(weight: 3)", "dangerous A.text has `@cost(weight: 3)`; it had `@cost(weight: 2)`"},
		{"a directive goes", "directive @idempotent(key: String!) repeatable on FIELD | QUERY", "", "breaking @idempotent was removed"},
		{"a directive's places", "FIELD | QUERY", "FIELD | MUTATION", "breaking @idempotent cannot stand on QUERY any more; safe @idempotent can stand on MUTATION"},
		{"a directive once", " repeatable", "", "breaking @idempotent cannot be repeated any more"},
		{"a directive's argument", "key: String!", "key: String", "safe @idempotent(key:) may be null now: `String`; it was `String!`"},
		{"a note on the schema", "directive @cost(weight: Int!)", "directive @cost(weight: Int!, note: String)", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.from != "" && !strings.Contains(base, test.from) {
				t.Fatalf("the schema has no %q", test.from)
			}
			changed := base
			if test.from != "" {
				changed = strings.Replace(base, test.from, test.to, 1)
			}
			var got []string
			for _, c := range schemadiff.Compare(load(t, base), load(t, changed)) {
				got = append(got, string(c.Severity)+" "+c.Element+" "+c.Text)
			}
			if diff := cmp.Diff(test.want, strings.Join(got, "; ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func load(t *testing.T, text string) *ast.Schema {
	t.Helper()
	schema, err := gqlparser.LoadSchema(&ast.Source{Input: text})
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return schema
}
