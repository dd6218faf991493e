package rest_test

import (
	"bytes"
	"os"
	"testing"

	"odoograph/endpoint"
	"odoograph/policy"
	"odoograph/rest"
	"odoograph/rest/openapi"
)

// What is served as the description of a version is what its routes are.
func TestCommittedDocumentsAreCurrent(t *testing.T) {
	schema := endpoint.Schema().Schema()
	rules, err := policy.New(schema)
	if err != nil {
		t.Fatal(err)
	}
	versions, err := rest.Versions(schema)
	if err != nil {
		t.Fatal(err)
	}
	for _, version := range versions {
		document, err := openapi.New(version, rules)
		if err != nil {
			t.Fatal(err)
		}
		want, err := document.JSON()
		if err != nil {
			t.Fatal(err)
		}
		name := version.Name + "/openapi.json"
		if got, err := os.ReadFile(name); err != nil || !bytes.Equal(got, want) {
			t.Errorf("rest/%s is not what the routes are: run go generate ./rest (%v)", name, err)
		}
	}
}
