package odoo

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"odoograph/apierror"
)

// The models of these tests: partners in countries, with contacts.
func domainModels() (partner, country *Model) {
	field := func(name, kind string) *Field {
		return &Field{Name: name, Type: kind, Searchable: true, Sortable: true}
	}
	country = &Model{Name: "res.country", Fields: map[string]*Field{
		"code": field("code", "char"), "name": {Name: "name", Type: "char", Translated: true, Searchable: true},
	}}
	partner = &Model{Name: "res.partner", Fields: map[string]*Field{
		"id": field("id", "integer"), "name": field("name", "char"), "email": field("email", "char"), "comment": field("comment", "html"),
		"active": field("active", "boolean"), "credit": field("credit", "monetary"), "color": field("color", "integer"),
		"date": field("date", "date"), "write_date": field("write_date", "datetime"),
		"type":            {Name: "type", Type: "selection", Selection: []string{"contact", "invoice"}, Searchable: true},
		"country_id":      {Name: "country_id", Type: "many2one", Relation: "res.country", Searchable: true},
		"child_ids":       {Name: "child_ids", Type: "one2many", Relation: "res.partner", Inverse: "parent_id", Searchable: true},
		"contact_address": {Name: "contact_address", Type: "char"},
	}}
	return partner, country
}

func TestDomainIsWrittenAsOdooReadsIt(t *testing.T) {
	partner, country := domainModels()
	at := func(field string) []Step { return []Step{{partner, field}} }
	code := []Step{{partner, "country_id"}, {country, "code"}}
	noon := time.Date(2026, 11, 21, 12, 0, 0, 0, time.FixedZone("", 3600))
	five, zero := decimal.NewFromInt(5), decimal.Zero
	for _, test := range []struct {
		name   string
		domain Domain
		want   string
	}{
		{"everything", Domain{}, `[]`},
		{"all of nothing", And(), `[]`},
		{"any of nothing", Or(), `[[0,"=",1]]`},
		{"not any of nothing", Not(Or()), `[[1,"=",1]]`},
		{"equal", Where(at("name"), Equal, "x"), `[["name","=","x"]]`},
		{"not equal takes the empty ones too", Where(at("name"), NotEqual, "x"), `["|",["name","=",false],["name","!=","x"]]`},
		{"equal to no text is empty", Where(at("name"), Equal, ""), `["|",["name","=",false],["name","=",""]]`},
		{"not empty", Where(at("name"), IsNull, false), `["&",["name","!=",false],["name","!=",""]]`},
		{"wildcards are text", Where(at("name"), Contains, `50%_\`), `[["name","ilike","50\\%\\_\\\\"]]`},
		{"starts", Where(at("name"), StartsWith, "a%"), `[["name","=ilike","a\\%%"]]`},
		{"does not end", Not(Where(at("name"), EndsWith, "z")), `["|",["name","=",false],"!",["name","=ilike","%z"]]`},
		{"in", Where(at("name"), In, []any{"a", "b"}), `[["name","in",["a","b"]]]`},
		{"in none", Where(at("name"), In, []any{}), `[[0,"=",1]]`},
		{"not in none", Not(Where(at("name"), In, []any{})), `[[1,"=",1]]`},
		{"in, translated", Where([]Step{{country, "name"}}, In, []any{"a", "b"}), `["|",["name","=","a"],["name","=","b"]]`},
		{"a path", Where(code, Equal, "BE"), `[["country_id.code","=","BE"]]`},
		{"not at the end of a path", Not(Where(code, Equal, "BE")), `["|",["country_id","=",false],"|",["country_id.code","=",false],["country_id.code","!=","BE"]]`},
		{"no relation", Where(at("country_id"), IsNull, true), `[["country_id","=",false]]`},
		{"a number", Where(at("credit"), Greater, five), `[["credit",">",5]]`},
		{"an empty number is zero", Where(at("credit"), Less, five), `["|",["credit","=",false],["credit","<",5]]`},
		{"zero", Where(at("credit"), Equal, zero), `["|",["credit","=",false],["credit","=",0]]`},
		{"an integer stays one", Where(at("color"), GreaterOrEqual, int64(3)), `[["color",">=",3]]`},
		{"not a day before", Not(Where(at("date"), Less, Date("2026-01-01"))), `["|",["date","=",false],["date",">=","2026-01-01"]]`},
		{"a moment is a whole second in UTC", Where(at("write_date"), Equal, noon), `["&",["write_date",">=","2026-11-21 11:00:00"],["write_date","<","2026-11-21 11:00:01"]]`},
		{"after a moment is after its second", Where(at("write_date"), Greater, noon), `[["write_date",">=","2026-11-21 11:00:01"]]`},
		{"a fraction of a second is never read", Where(at("write_date"), GreaterOrEqual, noon.Add(time.Millisecond)), `[["write_date",">=","2026-11-21 11:00:01"]]`},
		{"keys and no key", Where(at("type"), In, []any{"contact", false}), `[["type","in",["contact",false]]]`},
		{"three", And(Where(at("name"), Equal, "a"), Where(at("active"), Equal, true), Where(at("id"), In, []any{int64(1)})), `["&","&",["name","=","a"],["active","=",true],["id","in",[1]]]`},
		{"De Morgan", Not(And(Where(at("name"), Contains, "a"), Or(Where(at("active"), Equal, true), Where(at("type"), IsNull, true)))),
			`["|","|",["name","=",false],["name","not ilike","a"],"&",["active","!=",true],"&",["type","!=",false],["type","!=",""]]`},
		{"some", Some(at("child_ids"), partner, Where(at("active"), Equal, true)), `[["child_ids","any",[["active","=",true]]]]`},
		{"none", Not(Some(at("child_ids"), partner, Where(at("active"), Equal, true))), `[["child_ids","not any",[["active","=",true]]]]`},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := &Session{can: Capabilities{DomainAny: true}}
			domain, err := s.compile(t.Context(), test.domain.start(partner, country), test.domain)
			if err != nil {
				t.Fatal(err)
			}
			var got strings.Builder
			encoder := json.NewEncoder(&got)
			encoder.SetEscapeHTML(false)
			if err := encoder.Encode(domain); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want+"\n", got.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// start is the model that a test's domain is about.
func (d Domain) start(partner, country *Model) *Model {
	if len(d.path) > 0 && d.path[0].Model == country {
		return country
	}
	return partner
}

func TestDomainRefusesWhatOdooWouldMisread(t *testing.T) {
	partner, country := domainModels()
	at := func(field string) []Step { return []Step{{partner, field}} }
	for _, test := range []struct {
		name   string
		domain Domain
		code   apierror.Code
	}{
		{"a field that 14 drops from domains, giving all records", Where(at("contact_address"), Equal, "a"), apierror.BadUserInput},
		{"an unknown field", Where(at("nonsense"), Equal, "a"), apierror.BadUserInput},
		{"a number for a text", Where(at("name"), Equal, int64(5)), apierror.BadUserInput},
		{"a text for a number", Where(at("color"), Equal, "5"), apierror.BadUserInput},
		{"a fraction for an integer, an SQL error on 14", Where(at("color"), Equal, decimal.RequireFromString("5.5")), apierror.BadUserInput},
		{"33 bits, an SQL error on 14", Where(at("id"), Equal, int64(1)<<32), apierror.BadUserInput},
		{"33 bits in a list", Where(at("id"), In, []any{int64(1) << 32}), apierror.BadUserInput},
		{"a text for a many2one, which would search by name", Where(at("country_id"), Equal, "Belgium"), apierror.BadUserInput},
		{"a NUL in a text", Where(at("name"), Contains, "a\x00b"), apierror.BadUserInput},
		{"text operators on a number", Where(at("color"), Contains, "5"), apierror.BadUserInput},
		{"no value for a number", Where(at("color"), IsNull, true), apierror.BadUserInput},
		{"the year 10000", Where(at("write_date"), Equal, time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)), apierror.BadUserInput},
		{"a path that does not fit", Where([]Step{{partner, "name"}, {country, "code"}}, Equal, "a"), apierror.Internal},
		{"a path that starts elsewhere", Where([]Step{{country, "code"}}, Equal, "a"), apierror.Internal},
		{"some of a to-one relation", Some(at("country_id"), country, Domain{}), apierror.Internal},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := &Session{can: Capabilities{DomainAny: true}}
			if domain, err := s.compile(t.Context(), partner, test.domain); apierror.CodeOf(err) != test.code {
				t.Errorf("got %v, %v; want %s", domain, err, test.code)
			}
		})
	}
}

func TestOrderIsTotal(t *testing.T) {
	partner, _ := domainModels()
	for _, test := range []struct {
		order []Order
		want  string
	}{
		{nil, "id"},
		{[]Order{{"name", false}}, "name, id"},
		{[]Order{{"name", true}, {"email", false}}, "name desc, email, id"},
		{[]Order{{"id", true}, {"name", false}}, "id desc"},
	} {
		got, err := Query{Model: partner, Order: test.order}.order()
		if got != test.want || err != nil {
			t.Errorf("%v: %q, %v; want %q", test.order, got, err, test.want)
		}
	}
	for _, field := range []string{"contact_address", "nonsense", "name; drop table"} {
		if got, err := (Query{Model: partner, Order: []Order{{field, false}}}).order(); apierror.CodeOf(err) != apierror.BadUserInput {
			t.Errorf("%s: %q, %v", field, got, err)
		}
	}
}

// FuzzDomain builds domains from arbitrary bytes: whatever comes out must be a
// well-formed prefix expression of conditions on known fields.
func FuzzDomain(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4, 5}, "a%")
	f.Add([]byte{200, 7, 9, 1, 0, 0, 44}, "")
	f.Fuzz(func(t *testing.T, program []byte, text string) {
		partner, country := domainModels()
		domain := arbitrary(&program, text, partner, country, 0)
		wire, err := (&Session{can: Capabilities{DomainAny: true}}).compile(t.Context(), partner, domain)
		if err != nil {
			if code := apierror.CodeOf(err); code != apierror.BadUserInput {
				t.Fatalf("%v", err)
			}
			return
		}
		wellFormed(t, wire)
	})
}

func arbitrary(program *[]byte, text string, partner, country *Model, depth int) Domain {
	next := func(n int) int {
		if len(*program) == 0 {
			return 0
		}
		b := int((*program)[0])
		*program = (*program)[1:]
		return b % n
	}
	child := func() Domain { return arbitrary(program, text, partner, country, depth+1) }
	if depth < 6 {
		switch next(6) {
		case 1:
			return And(child(), child(), child())
		case 2:
			return Or(child(), child())
		case 3:
			return Not(child())
		case 4:
			return Some([]Step{{partner, "child_ids"}}, partner, child())
		}
	}
	fields := []string{"id", "name", "type", "credit", "write_date", "date", "active", "country_id", "contact_address"}
	ops := []Op{Equal, NotEqual, In, Less, LessOrEqual, Greater, GreaterOrEqual, Contains, StartsWith, EndsWith, IsNull}
	values := []any{text, int64(next(256)), decimal.New(int64(next(256)), -2), true, Date("2026-01-01"), time.Unix(int64(next(256)), 5), []any{text, false}, []any{int64(1)}}
	path := []Step{{partner, fields[next(len(fields))]}}
	if next(4) == 0 {
		path = []Step{{partner, "country_id"}, {country, "code"}}
	}
	return Where(path, ops[next(len(ops))], values[next(len(values))])
}

// wellFormed consumes a domain as Odoo does: operators before their operands.
func wellFormed(t *testing.T, wire []any) {
	t.Helper()
	open := 1
	for i, term := range wire {
		switch term := term.(type) {
		case string:
			if term != "&" && term != "|" && term != "!" {
				t.Fatalf("operator %q in %v", term, wire)
			}
			if term != "!" {
				open++
			}
		case []any:
			if len(term) != 3 {
				t.Fatalf("condition %v", term)
			}
			if inner, ok := term[2].([]any); ok && strings.Contains(term[1].(string), "any") {
				wellFormed(t, inner)
			}
			open--
		default:
			t.Fatalf("%T in %v", term, wire)
		}
		// Conditions side by side are joined by an implied and.
		if open == 0 && i < len(wire)-1 {
			open = 1
		}
	}
	if len(wire) > 0 && open != 0 {
		t.Fatalf("%d operands are missing in %v", open, wire)
	}
}
