package odootest

import (
	"fmt"
	"slices"
	"strings"
)

// A check is a constraint of the database on the rows of a model.
type check struct {
	model    string
	versions span
	name     string // of the constraint
	message  string // 19 and, in some language, all versions tell it
	holds    func(e *env, t *table, r *row) bool
}

var checks = []check{
	{"res.partner", span{}, "res_partner_check_name", "Contacts require a name", func(_ *env, t *table, r *row) bool {
		// NULL is neither true nor false, and only false breaks a constraint.
		return t.get(r, "type") != "contact" || t.get(r, "name") != nil
	}},
	{"sale.order.line", until(16), "sale_order_line_accountable_required_fields", "Missing required fields on accountable sale order line.",
		func(_ *env, t *table, r *row) bool {
			return t.get(r, "display_type") != nil || t.get(r, "product_id") != nil && t.get(r, "product_uom") != nil
		}},
	{"sale.order.line", span{}, "sale_order_line_non_accountable_null_fields", "Forbidden values on non-accountable sale order line",
		func(e *env, t *table, r *row) bool {
			return t.get(r, "display_type") == nil || t.get(r, "product_id") == nil && t.get(r, e.unitField()) == nil &&
				!truthy(t.get(r, "price_unit")) && !truthy(t.get(r, "product_uom_qty")) && !truthy(t.get(r, "customer_lead"))
		}},
	{"sale.order", span{}, "sale_order_date_order_conditional_required", "A confirmed sales order requires a confirmation date.",
		func(_ *env, t *table, r *row) bool {
			return t.get(r, "state") != "sale" || t.get(r, "date_order") != nil
		}},
	{"crm.tag", until(16), "crm_tag_name_uniq", "Tag name already exists !", unique("name")},
	{"crm.tag", since(v17), "crm_tag_name_uniq", "Tag name already exists!", unique("name")},
	{"res.country", until(16), "res_country_code_uniq", "The code of the country must be unique !", unique("code")},
	{"res.country", since(v17), "res_country_code_uniq", "The code of the country must be unique!", unique("code")},
}

func unique(name string) func(*env, *table, *row) bool {
	return func(_ *env, t *table, r *row) bool {
		v := t.get(r, name)
		return v == nil || !slices.ContainsFunc(t.sorted, func(other *row) bool { return other != r && t.get(other, name) == v })
	}
}

// checkRow checks a row as the database does: values that are required, then
// constraints, then foreign keys. Of a row that was written the fields in vals
// count; nil is a new row. What a test has set past all constraints stays so.
func (e *env) checkRow(t *table, r *row, vals dict) error {
	concerns := func(f *field) bool { return f.column >= 0 && (vals == nil || vals.has(f.name)) }
	for _, f := range t.list {
		if concerns(f) && f.required && f.stored && r.raw(f) == nil {
			return e.notNull(f)
		}
	}
	for _, c := range checks {
		if c.model == t.name && c.versions.has(e.series) && !c.holds(e, t, r) {
			return e.checkFailed(c)
		}
	}
	for _, f := range t.list {
		if f.kind != "many2one" || !concerns(f) {
			continue
		}
		if id, ok := r.raw(f).(int64); ok && e.comodel(f).rows[id] == nil {
			return e.foreignKey(e.firstWith(r, f))
		}
	}
	return nil
}

// checkFailed tells a broken constraint, 14 without a language by its name only.
func (e *env) checkFailed(c check) error {
	switch {
	case e.series >= v17:
		return ValidationError("The operation cannot be completed: " + c.message)
	case e.lang == "":
		return ValidationError(c.name)
	}
	return ValidationError(c.message)
}

func (e *env) notNull(f *field) error {
	m := f.model
	switch {
	case e.series >= v19:
		return ValidationError(fmt.Sprintf("The operation cannot be completed: Missing required value for the field '%s' (%s).\n"+
			"Model: '%s' (%s)\n- create/update: a mandatory field is not set\n"+
			"- delete: another model requires the record being deleted, you can archive it instead\n",
			f.label, f.name, m.description, m.name))
	case e.series >= v17:
		return ValidationError(fmt.Sprintf("The operation cannot be completed:\n- Create/update: a mandatory field is not set.\n"+
			"- Delete: another model requires the record being deleted. If possible, archive it instead.\n\n"+
			"Model: %s (%s)\nField: %s (%s)\n", m.description, m.name, f.label, f.name))
	}
	return ValidationError(fmt.Sprintf("The operation cannot be completed:\n- Create/update: a mandatory field is not set.\n"+
		"- Delete: another model requires the record being deleted. If possible, archive it instead.\n\n"+
		"Model: %s (%s), Field: %s (%s)", m.description, m.name, f.label, f.name))
}

// lineCopies are the fields of an order that 14 keeps in its lines, too.
var lineCopies = map[string]string{"sale.order.partner_id": "order_partner_id", "sale.order.user_id": "salesman_id"}

// firstWith is the field with which a change of a many2one gets to the database
// first: that of the lines, if they have a copy.
func (e *env) firstWith(r *row, f *field) *field {
	name, copied := lineCopies[f.qualified()]
	if !copied || e.series >= v17 || len(e.orderLines(r)) == 0 {
		return f
	}
	return &field{model: e.tables["sale.order.line"].model, name: name, kind: f.kind}
}

// foreignKey is the refusal of a pointer to nothing and, in the same words, of
// deleting what is pointed to.
func (e *env) foreignKey(f *field) error {
	m := f.model
	model, constraint := fmt.Sprintf("'%s' (%s)", m.description, m.name), fmt.Sprintf("'%s' (%s)", f.label, f.name)
	name := strings.ReplaceAll(m.name, ".", "_") + "_" + f.name + "_fkey"
	old := fmt.Sprintf("%s (%s)", m.description, m.name)
	if f.kind == "many2many" {
		name = linkConstraint(f)
		model, constraint, old = "Unknown", name, "Unknown (Unknown)"
	}
	switch {
	case e.series >= v19:
		return ValidationError("The operation cannot be completed: Another model is using the record you are trying to delete.\n\n" +
			"The troublemaker is: " + model + "\nThanks to the following constraint: " + constraint + "\nHow about archiving the record instead?")
	case e.series >= v17:
		return ValidationError("The operation cannot be completed: another model requires the record being deleted. " +
			"If possible, archive it instead.\n\nModel: " + old + "\nConstraint: " + name + "\n")
	}
	return ValidationError("The operation cannot be completed: another model requires the record being deleted. " +
		"If possible, archive it instead.\n\nModel: " + old + ", Constraint: " + name)
}

// linkConstraint is the foreign key of a many2many's table.
func linkConstraint(f *field) string {
	switch f.qualified() {
	case "res.partner.category_id":
		return "res_partner_res_partner_category_rel_category_id_fkey"
	case "sale.order.tag_ids":
		return "sale_order_tag_rel_tag_id_fkey"
	}
	models := []string{strings.ReplaceAll(f.model.name, ".", "_"), strings.ReplaceAll(f.relation, ".", "_")}
	slices.Sort(models)
	return models[0] + "_" + models[1] + "_rel_" + strings.ReplaceAll(f.relation, ".", "_") + "_id_fkey"
}
