package policy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
)

// Policy is what the directives of one schema say. It is safe for concurrent use.
type Policy struct {
	schema  *ast.Schema
	scopes  []string
	auth    map[any]rule // by *ast.Definition or *ast.FieldDefinition
	limits  map[*ast.FieldDefinition]Rate
	weights map[any]int // where not the default; by *ast.Definition or *ast.FieldDefinition
}

// rule is an @auth directive; its scope is "" where every key will do.
type rule struct{ scope string }

// Rate is how often a field may be asked for.
type Rate struct {
	Requests int
	Window   time.Duration
}

// New reads a schema. An error names the directive that makes no sense.
func New(schema *ast.Schema) (*Policy, error) {
	p := &Policy{schema: schema, auth: map[any]rule{}, limits: map[*ast.FieldDefinition]Rate{}, weights: map[any]int{}}
	for _, def := range schema.Types {
		if err := p.read(def, def.Directives, def.Name); err != nil {
			return nil, err
		}
		for _, field := range def.Fields {
			if err := p.read(field, field.Directives, def.Name+"."+field.Name); err != nil {
				return nil, err
			}
		}
	}
	slices.Sort(p.scopes)
	p.scopes = slices.Compact(p.scopes)
	return p, nil
}

func (p *Policy) read(element any, directives ast.DirectiveList, name string) error {
	if auth := directives.ForName("auth"); auth != nil {
		scope, _ := argument(auth, "scope").(string)
		p.auth[element] = rule{scope}
		if scope != "" {
			p.scopes = append(p.scopes, scope)
		}
	}
	if cost := directives.ForName("cost"); cost != nil {
		weight, _ := argument(cost, "weight").(int64)
		if weight < 0 {
			return fmt.Errorf("%s: @cost(weight:) must be 0 or more", name)
		}
		p.weights[element] = int(weight)
	}
	if limit := directives.ForName("rateLimit"); limit != nil {
		requests, _ := argument(limit, "limit").(int64)
		text, _ := argument(limit, "window").(string)
		window, err := time.ParseDuration(text)
		field, ok := element.(*ast.FieldDefinition)
		if requests < 1 || err != nil || window <= 0 || !ok {
			return fmt.Errorf("%s: @rateLimit needs a limit of 1 or more and a window such as 60s", name)
		}
		p.limits[field] = Rate{int(requests), window}
	}
	return nil
}

// argument returns the value of a directive's argument, its default if not given.
func argument(d *ast.Directive, name string) any {
	value := (*ast.Value)(nil)
	if given := d.Arguments.ForName(name); given != nil {
		value = given.Value
	} else if defined := d.Definition.Arguments.ForName(name); defined != nil {
		value = defined.DefaultValue
	}
	if value == nil {
		return nil
	}
	if value.Kind == ast.IntValue {
		n, _ := strconv.ParseInt(value.Raw, 10, 64)
		return n
	}
	return value.Raw
}

// Scopes returns the scopes that the schema speaks of, in alphabetical order.
func (p *Policy) Scopes() []string { return slices.Clone(p.scopes) }

// Unguarded returns the fields of the roots that have no @auth: there must be none.
func (p *Policy) Unguarded() []string {
	var out []string
	for _, root := range []*ast.Definition{p.schema.Query, p.schema.Mutation, p.schema.Subscription} {
		if root == nil {
			continue
		}
		for _, field := range root.Fields {
			if _, guarded := p.auth[field]; !guarded && !strings.HasPrefix(field.Name, "__") {
				out = append(out, root.Name+"."+field.Name)
			}
		}
	}
	return out
}

// weightOf returns what an object of a type costs, 0 for anything but objects.
func (p *Policy) weightOf(def *ast.Definition) int {
	if weight, ok := p.weights[def]; ok {
		return weight
	}
	if def == nil || !def.IsCompositeType() || strings.HasPrefix(def.Name, "__") {
		return 0
	}
	return 1
}
