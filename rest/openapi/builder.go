package openapi

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"odoograph/policy"
	"odoograph/rest/contract"
)

// builder collects what a document refers to.
type builder struct {
	version    *contract.Version
	rules      *policy.Policy
	components Components
	err        error
}

// New describes a version. An error means that two things have the same name.
func New(version *contract.Version, rules *policy.Policy) (*Document, error) {
	b := &builder{version: version, rules: rules, components: Components{
		Schemas: map[string]*Schema{}, Responses: map[string]*Response{}, Parameters: map[string]*Parameter{},
		Examples: map[string]*Example{}, Headers: map[string]*Header{}, SecuritySchemes: securitySchemes(),
	}}
	d := &Document{
		OpenAPI: "3.1.0",
		Info: Info{
			Title: "odoograph", Version: version.Name, Summary: "Odoo over REST.", Description: about,
			Contact: map[string]string{"name": "The operator of this gateway"},
			License: map[string]string{"name": "MIT", "identifier": "MIT"},
		},
		Servers:  []Server{{URL: b.prefix(), Description: "This gateway, in production or in a test."}},
		Security: []map[string][]string{{"bearer": {}}, {"apiKeyHeader": {}}, {"apiKeyScheme": {}}},
	}
	for _, route := range version.Routes {
		b.tag(d, route)
		item := d.Paths.Get(route.Path)
		if item == nil {
			item = &PathItem{}
			d.Paths.Set(route.Path, item)
		}
		place := map[string]**Operation{
			http.MethodGet: &item.Get, http.MethodPut: &item.Put, http.MethodPost: &item.Post,
			http.MethodDelete: &item.Delete, http.MethodPatch: &item.Patch,
		}[route.Method]
		*place = b.operation(route)
	}
	d.Components = b.components
	return d, b.err
}

// prefix is where the paths of the version begin.
func (b *builder) prefix() string { return "/api/" + b.version.Name }

// tag adds the group of a route, which is the first part of its path. The first
// route of a group answers with what the group is about.
func (b *builder) tag(d *Document, route *contract.Route) {
	name := tagOf(route)
	if slices.ContainsFunc(d.Tags, func(t Tag) bool { return t.Name == name }) {
		return
	}
	d.Tags = append(d.Tags, Tag{name, inREST(route.Record.Type.Description)})
}

func tagOf(route *contract.Route) string {
	segment, _, _ := strings.Cut(strings.TrimPrefix(route.Path, "/"), "/")
	return title(spoken(segment))
}

// schema refers to a component, which is made once.
func (b *builder) schema(name string, make func() *Schema) *Schema {
	return &Schema{Ref: component(b, "schemas", b.components.Schemas, name, make)}
}

// component returns the reference to a component. It is made each time, so that two
// that differ are not taken for one.
func component[T any](b *builder, kind string, all map[string]T, name string, make func() T) string {
	made := make()
	if known, ok := all[name]; ok && !reflect.DeepEqual(known, made) && b.err == nil {
		b.err = fmt.Errorf("openapi: there are two %s called %s", kind, name)
	}
	all[name] = made
	return ref(kind, name)
}

const about = `Reads and changes what is in an Odoo, over REST.

Every request carries an API key; what it may do follows from the key's scopes and the rights of the Odoo user behind it.

Lists come in pages, by number or by cursor, and as CSV or NDJSON. ` + "`fields`" + ` picks what is answered. Texts and messages of Odoo are in the language of ` + "`Accept-Language`" + `, if Odoo has it.

Errors have a code to decide by. They come as ` + "`application/problem+json`" + ` (RFC 9457) to those who accept it.

Within a version, nothing that is described here goes away or changes its meaning. Answers may get further members, and errors further codes.`

func securitySchemes() Ordered[*SecurityScheme] {
	return Ordered[*SecurityScheme]{
		{"bearer", &SecurityScheme{Type: "http", Scheme: "bearer", Description: "`Authorization: Bearer odg_...`"}},
		{"apiKeyHeader", &SecurityScheme{Type: "apiKey", In: "header", Name: "X-API-Key", Description: "`X-API-Key: odg_...`"}},
		{"apiKeyScheme", &SecurityScheme{Type: "apiKey", In: "header", Name: "Authorization", Description: "`Authorization: ApiKey odg_...`"}},
	}
}
