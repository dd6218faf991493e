package rest

//go:generate go run .. openapi v1 --output v1/openapi.json
//go:generate go run .. openapi v2 --output v2/openapi.json

import (
	"embed"
	"io/fs"

	"github.com/vektah/gqlparser/v2/ast"

	"odoograph/rest/contract"
)

//go:embed v1 v2
var documents embed.FS

// Versions returns the versions of the API, the oldest first. An error names the
// document that does not fit the schema.
func Versions(schema *ast.Schema) ([]*contract.Version, error) {
	var versions []*contract.Version
	for _, name := range []string{"v1", "v2"} {
		folder, err := fs.Sub(documents, name)
		if err != nil {
			return nil, err
		}
		version, err := contract.Load(folder, name, schema)
		if err != nil {
			return nil, err
		}
		versions = append(versions, version)
	}
	return versions, nil
}
