package mutation

import (
	"strings"

	"odoograph/loaders"
	"odoograph/odoo"
)

// natural is how records of a type are found by a natural key.
type natural struct {
	fields []string // of Odoo, to tell the records found apart
	where  func(values []any) odoo.Domain
	// matches tells whether a row, with those fields, is the one of a value.
	matches func(row odoo.Row, value string) bool
}

// naturalOf returns how a type's natural key of this name works: the record has
// the value in the field of the same name. What belongs to one company of a group
// is looked for in the caller's own.
func (c *change) naturalOf(t loaders.Type, name string) natural {
	if t.Name() == "CountryState" {
		return stateCodes(t)
	}
	field := t.Field(name).Odoo.Name
	conditions := []odoo.Domain{}
	if t.Name() == "Tax" { // a name may be that of a tax on sales and of one on purchases
		conditions = append(conditions, t.Where("type_tax_use", odoo.Equal, "sale"))
	}
	if of := t.Field("company"); of != nil && of.Odoo != nil && len(c.session.User().Companies) > 0 {
		path := of.Odoo.Name
		conditions = append(conditions, odoo.Or(t.Where(path, odoo.IsNull, true), t.Where(path, odoo.Equal, c.session.User().Companies[0])))
	}
	return natural{
		fields: []string{field},
		where: func(values []any) odoo.Domain {
			return odoo.And(append(conditions, t.Where(field, odoo.In, values))...)
		},
		matches: func(row odoo.Row, value string) bool { return row.Values[0] == value },
	}
}

// stateCodes finds states by their codes after ISO 3166-2, "US-CA": Odoo's own are
// unique within a country only.
func stateCodes(t loaders.Type) natural {
	country, code := t.Field("country").Odoo.Name, t.Field("code").Odoo.Name
	return natural{
		fields: []string{country, code},
		where: func(values []any) odoo.Domain {
			var any []odoo.Domain
			for _, value := range values {
				countryCode, stateCode, _ := strings.Cut(value.(string), "-") //nolint:forcetypeassert // made of keys
				any = append(any, odoo.And(
					t.WhereOf(country, "Country", "code", odoo.Equal, strings.ToUpper(countryCode)),
					t.Where(code, odoo.Equal, strings.ToUpper(stateCode)),
				))
			}
			return odoo.Or(any...)
		},
		matches: func(row odoo.Row, value string) bool {
			_, stateCode, _ := strings.Cut(value, "-")
			return row.Values[1] == strings.ToUpper(stateCode)
		},
	}
}
