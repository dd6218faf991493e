package pages

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// builder makes what is shown of definitions.
type builder struct {
	schema   *ast.Schema
	examples map[string][]Example
	// uses are the fields and arguments of each type.
	uses  map[string][]string
	prose prose
}

// has tells whether the page has an anchor of this name: a type's or a member's.
func (b *builder) has(name string) bool {
	typeName, memberName, dotted := strings.Cut(name, ".")
	def := b.schema.Types[typeName]
	if def == nil || groupOf(def) == "" {
		return false
	}
	return !dotted || def.Fields.ForName(memberName) != nil || def.EnumValues.ForName(memberName) != nil
}

var kinds = map[ast.DefinitionKind]string{
	ast.Scalar: "scalar", ast.Object: "type", ast.Interface: "interface", ast.Union: "union", ast.Enum: "enum", ast.InputObject: "input",
}

// mostUses is how many uses of a type are shown.
const mostUses = 8

func (b *builder) typ(def *ast.Definition) typ {
	t := typ{
		Name: def.Name, Kind: kinds[def.Kind], Description: b.prose.html(withoutPolicy(def.Description)),
		Root:  def == b.schema.Query || def == b.schema.Mutation,
		Scope: argument(def.Directives, "auth", "scope"), Cost: cost(def.Directives),
		OneOf: def.Directives.ForName("oneOf") != nil, Also: def.Interfaces, SpecURL: argument(def.Directives, "specifiedBy", "url"),
	}
	if !def.BuiltIn { // which are found everywhere
		t.Uses = b.uses[def.Name]
	}
	if def.Kind == ast.Interface {
		for _, object := range b.schema.PossibleTypes[def.Name] {
			t.Also = append(t.Also, object.Name)
		}
		slices.Sort(t.Also)
	}
	if len(t.Uses) > mostUses {
		t.Uses, t.More = t.Uses[:mostUses], len(t.Uses)-mostUses
	}
	for _, f := range def.Fields {
		if !strings.HasPrefix(f.Name, "__") {
			t.Members = append(t.Members, b.field(def, f, t.Scope))
		}
	}
	for _, v := range def.EnumValues {
		t.Members = append(t.Members, member{
			ID: def.Name + "." + v.Name, Name: v.Name, Deprecated: deprecated(v.Directives), Description: b.prose.html(v.Description),
		})
	}
	return t
}

// field returns a field; the scope of its type is said once, there.
func (b *builder) field(def *ast.Definition, f *ast.FieldDefinition, known string) member {
	id := def.Name + "." + f.Name
	m := member{
		ID: id, Name: f.Name, Type: refer(f.Type), Default: text(f.DefaultValue), Deprecated: deprecated(f.Directives),
		Rate: rate(f.Directives), Cost: cost(f.Directives), Description: b.prose.html(withoutPolicy(f.Description)), Examples: b.examples[id],
		Paged: f.Arguments.ForName("first") != nil && f.Arguments.ForName("before") != nil,
	}
	if m.Scope = b.scopeOf(f); m.Scope == known {
		m.Scope = ""
	}
	for _, a := range f.Arguments {
		if m.Paged && slices.Contains(paging, a.Name) {
			continue
		}
		m.Arguments = append(m.Arguments, b.argument(a))
	}
	return m
}

// paging are the arguments that all lists have.
var paging = []string{"first", "after", "last", "before"}

func (b *builder) argument(a *ast.ArgumentDefinition) member {
	return member{
		Name: a.Name, Type: refer(a.Type), Default: text(a.DefaultValue), Deprecated: deprecated(a.Directives),
		Description: b.prose.html(a.Description),
	}
}

// scopeOf returns the scope that a field needs: its own, or that of its type.
func (b *builder) scopeOf(f *ast.FieldDefinition) string {
	if f.Directives.ForName("auth") != nil {
		return argument(f.Directives, "auth", "scope")
	}
	return argument(b.schema.Types[f.Type.Name()].Directives, "auth", "scope")
}

// scopes returns the scopes of the schema with the objects and changes that need them.
func (b *builder) scopes() []scope {
	needs := map[string][]anchor{}
	add := func(name string, element anchor) {
		if name != "" {
			needs[name] = append(needs[name], element)
		}
	}
	for _, def := range sorted(b.schema.Types) {
		if groupOf(def) == "objects" {
			add(argument(def.Directives, "auth", "scope"), anchor{def.Name, def.Name})
		}
	}
	for _, f := range b.schema.Mutation.Fields {
		add(argument(f.Directives, "auth", "scope"), anchor{"Mutation." + f.Name, f.Name})
	}
	var scopes []scope
	for name, elements := range needs {
		scopes = append(scopes, scope{name, elements})
	}
	slices.SortFunc(scopes, func(a, b scope) int { return strings.Compare(a.Name, b.Name) })
	return scopes
}

// directives returns those that documents may use.
func (b *builder) directives() []member {
	var members []member
	for _, def := range b.schema.Directives {
		if !slices.Contains(def.Locations, ast.LocationField) {
			continue
		}
		m := member{ID: "directive." + def.Name, Name: "@" + def.Name, Description: b.prose.html(def.Description)}
		for _, a := range def.Arguments {
			m.Arguments = append(m.Arguments, b.argument(a))
		}
		members = append(members, m)
	}
	slices.SortFunc(members, func(a, b member) int { return strings.Compare(a.Name, b.Name) })
	return members
}

// usesOf returns the fields that have each type, or an argument of it. Of objects,
// those of lists and of results of changes say nothing: every object has them.
func usesOf(schema *ast.Schema) map[string][]string {
	uses := map[string][]string{}
	add := func(t *ast.Type, use string) {
		if all := uses[t.Name()]; len(all) == 0 || all[len(all)-1] != use {
			uses[t.Name()] = append(all, use)
		}
	}
	for _, def := range sorted(schema.Types) {
		if groupOf(def) == "" {
			continue
		}
		for _, f := range def.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			wrapped := groupOf(def) == "lists" || groupOf(def) == "payloads"
			if target := schema.Types[f.Type.Name()]; !wrapped || groupOf(target) != "objects" {
				add(f.Type, def.Name+"."+f.Name)
			}
			for _, a := range f.Arguments {
				add(a.Type, def.Name+"."+f.Name)
			}
		}
	}
	return uses
}
