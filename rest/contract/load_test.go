package contract_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"odoograph/rest/contract"
)

// schema is the published one, read as text: the gateway, which has it compiled in,
// would take fuzzing a minute to build.
var schema = sync.OnceValue(func() *ast.Schema {
	files, err := filepath.Glob("../../graph/contract/*.graphqls")
	if err != nil {
		panic(err)
	}
	var sources []*ast.Source
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			panic(err)
		}
		sources = append(sources, &ast.Source{Name: file, Input: string(text)})
	}
	return gqlparser.MustLoadSchema(sources...)
})

// load reads a version of one document.
func load(text string) (*contract.Version, error) {
	return contract.Load(fstest.MapFS{"partners.graphql": {Data: []byte(text)}}, "v9", schema())
}

// A document that makes no route is refused with its file, line and the reason.
func TestDocumentsThatDoNotFit(t *testing.T) {
	for name, test := range map[string]struct{ document, want string }{
		"no GraphQL":          {"query {", "partners.graphql:1"},
		"unknown field":       {"\"A.\"\nquery a @rest(method: GET, path: \"/a\") { data: partners {\nnodes { nme } } }", `partners.graphql:3:9: Cannot query field "nme"`},
		"unknown argument":    {`"A." query a @rest(method: GET, path: "/a", cache: 5) { data: partners { nodes { name } } }`, "partners.graphql:1:45: @rest has no argument \"cache\""},
		"no @rest":            {`"A." query a { data: partners { nodes { name } } }`, "needs the directive @rest"},
		"no description":      {`query a @rest(method: GET, path: "/a") { data: partners { nodes { name } } }`, "needs a description"},
		"no result":           {`"A." query a @rest(method: GET, path: "/a") { partners { nodes { name } } }`, "no field with the alias `data`"},
		"two results":         {`"A." query a @rest(method: GET, path: "/a") { data: partners { nodes { name } } viewer { name } }`, "no field with the alias `data`"},
		"wrong method":        {`"A." query a @rest(method: POST, path: "/a") { data: partners { nodes { name } } }`, "GET for a query"},
		"wrong path":          {`"A." query a @rest(method: GET, path: "a/") { data: partners { nodes { name } } }`, "@rest(path:) is like"},
		"no variable":         {`"A." query a @rest(method: GET, path: "/a/{id}") { data: partners { nodes { name } } }`, "no variable of this name"},
		"variable elsewhere":  {`"A." query a($id: Int!) @rest(method: GET, path: "/a") { data: partner(databaseId: $id) { name } }`, "the path has no {id}"},
		"page of its own":     {`"A." query a @rest(method: GET, path: "/a") { data: partners(first: 3) { nodes { name } } }`, "`first` of a list is for the client to say"},
		"total of its own":    {`"A." query a @rest(method: GET, path: "/a") { data: partners { nodes { name } totalCount } }`, "`data` must be an object, or a connection"},
		"edges within":        {`"A." query a($id: Int!) @rest(method: GET, path: "/a/{id}") { data: partner(databaseId: $id) { contacts { edges { cursor } } } }`, "selects either `nodes` alone or `totalCount` alone"},
		"unknown filter":      {`"A." query a @rest(method: GET, path: "/a", filters: ["country.colour"]) { data: partners { nodes { name } } }`, "Country cannot be filtered by country.colour"},
		"record as filter":    {`"A." query a @rest(method: GET, path: "/a", filters: ["country"]) { data: partners { nodes { name } } }`, "country is a record"},
		"filters of no list":  {`"A." query a($id: Int!) @rest(method: GET, path: "/a/{id}", filters: ["name"]) { data: partner(databaseId: $id) { name } }`, "answers no list"},
		"directive":           {`"A." query a @rest(method: GET, path: "/a") { data: partners { nodes { name @skip(if: true) } } }`, "no directives"},
		"inline fragment":     {`"A." query a @rest(method: GET, path: "/a") { data: partners { nodes { ... on Partner { name } } } }`, "named fragments only"},
		"twice":               {`"A." query a @rest(method: GET, path: "/a") { data: partners { nodes { name name } } }`, "name is selected twice"},
		"two names":           {`"A." query a @rest(method: GET, path: "/a") { data: partners { nodes { tax: taxId parent { vat: taxId } } } }`, "a version has one name for a field"},
		"two of one route":    {`"A." query a @rest(method: GET, path: "/a") { data: partners { nodes { name } } } "B." query b @rest(method: GET, path: "/a") { data: partners { nodes { name } } }`, "another operation of this name or route"},
		"a day that is none":  {`"A." query a @rest(method: GET, path: "/a", sunset: "soon") { data: partners { nodes { name } } }`, "is a day such as"},
		"a status of its own": {`"A." query a @rest(method: GET, path: "/a", status: 418) { data: partners { nodes { name } } }`, "@rest(status:) is 201"},
		"required left out":   {`"A." mutation a @rest(method: POST, path: "/a") { addSaleOrderLines(input: {order: {databaseId: 1}}) { data: saleOrder { name } } }`, `"AddSaleOrderLinesInput.lines" of required type`},
		"nothing":             {``, "there is no operation"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := load(test.document)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, want %q", err, test.want)
			}
		})
	}
}

// What a list shows can be filtered and sorted by, under the same names; what a
// document names besides, too.
func TestFiltersFollowTheDocument(t *testing.T) {
	version, err := load(`
		"Customers.\nThose of a country."
		query listCustomers @rest(method: GET, path: "/customers", filters: ["country.code"], deprecated: "2026-06-01", sunset: "2027-06-01") {
			data: partners(filter: {isCompany: {eq: true}}, orderBy: [{field: NAME}]) {
				nodes { databaseId vat_number: taxId isCompany createdAt parent { id: databaseId name: displayName } tags { nodes { name } } contacts_count: contacts { totalCount } }
			}
		}
	`)
	if err != nil {
		t.Fatal(err)
	}
	route := version.Routes[0]
	if route.Summary != "Customers" || route.Description != "Those of a country." || route.Noun != "partner" || route.Deprecated.IsZero() || route.Sunset.IsZero() {
		t.Errorf("%+v", route)
	}
	names := map[string]bool{}
	for _, f := range route.Filters {
		names[f.Name] = true
	}
	for name, want := range map[string]bool{
		"id": true, "id__gte": true, "vat_number__contains": true, "is_company": true, "created_at__lt": true,
		"parent__id": true, "parent__id__in": true, "parent__isnull": true, "tags__name": true, "country__code": true,
		"tax_id": false, "parent__id__gt": false, "name": false, "country": false, "contacts_count": false, "tags__isnull": false,
	} {
		if names[name] != want {
			t.Errorf("filter %s: %v", name, names[name])
		}
	}
	var sorts []string
	for _, s := range route.Sorts {
		sorts = append(sorts, s.Name)
	}
	if got := strings.Join(sorts, " "); got != "id vat_number is_company created_at" {
		t.Errorf("sorts: %s", got)
	}
}
