package odootest

import (
	"fmt"
	"slices"
	"strings"
)

// A role is what a user may see.
type role int

const (
	roleAdmin  role = iota // everything of its companies
	roleSales              // own orders; no invoices
	rolePortal             // a customer: orders, invoices and addresses of the own company
)

// An accessRule restricts which records of a model a role sees, as ir.rule does.
type accessRule struct {
	name   string
	model  string
	roles  []role
	domain func(e *env) []any
}

// leaf is shorthand for a condition of a rule's domain.
func leaf(path, oper string, value any) any { return []any{path, oper, value} }

func idList(ids []int64, more ...any) []any {
	list := more
	for _, id := range ids {
		list = append(list, id)
	}
	return list
}

func ownOrNobodys(path string) func(e *env) []any {
	return func(e *env) []any { return []any{leaf(path, "in", []any{e.user.id, false})} }
}

func ofCompanies(path string) func(e *env) []any {
	return func(e *env) []any { return []any{leaf(path, "in", idList(e.companies, false))} }
}

func ofCustomer(path string) func(e *env) []any {
	return func(e *env) []any { return []any{leaf(path, "child_of", e.user.customer)} }
}

var (
	everybody = []role{roleAdmin, roleSales, rolePortal}
	sales     = []role{roleSales}
	portal    = []role{rolePortal}
)

// accessRules are all of them; the rules on one model must all hold.
var accessRules = []accessRule{
	{"Partner multi-company", "res.partner", everybody, ofCompanies("company_id")},
	{"Sales Order multi-company", "sale.order", everybody, ofCompanies("company_id")},
	{"Sales Order Line multi-company", "sale.order.line", everybody, ofCompanies("order_id.company_id")},
	{"Account Entry", "account.move", everybody, ofCompanies("company_id")},
	{"Entry lines", "account.move.line", everybody, ofCompanies("company_id")},
	{"Tax multi-company", "account.tax", everybody, ofCompanies("company_id")},
	{"Product multi-company", "product.product", everybody, ofCompanies("company_id")},
	{"Pricelist multi-company", "product.pricelist", everybody, ofCompanies("company_id")},
	{"Company", "res.company", everybody, ofCompanies("id")},
	{"Users", "res.users", []role{roleSales, rolePortal}, func(e *env) []any {
		return []any{leaf("company_ids", "in", idList(e.companies))}
	}},
	{"Own API keys", "res.users.apikeys", []role{roleSales, rolePortal}, func(e *env) []any { return []any{leaf("user_id", "=", e.user.id)} }},
	{"Private addresses", "res.partner", []role{roleSales, rolePortal}, func(*env) []any {
		return []any{"|", leaf("type", "!=", "private"), leaf("type", "=", false)}
	}},
	{"Confidential contacts", "res.partner", sales, func(*env) []any {
		return []any{"|", leaf("ref", "=", false), leaf("ref", "not like", "VIP-")}
	}},
	{"Personal Orders", "sale.order", sales, ownOrNobodys("user_id")},
	{"Personal Order Lines", "sale.order.line", sales, ownOrNobodys("order_id.user_id")},
	{"Own teams", "crm.team", sales, ownOrNobodys("user_id")},
	{"Own orders", "sale.order", portal, ofCustomer("partner_id")},
	{"Own order lines", "sale.order.line", portal, ofCustomer("order_id.partner_id")},
	{"Own invoices", "account.move", portal, ofCustomer("partner_id")},
	{"Own invoice lines", "account.move.line", portal, ofCustomer("move_id.partner_id")},
	{"Own addresses", "res.partner", portal, ofCustomer("id")},
	{"Own user", "res.users", portal, func(e *env) []any { return []any{leaf("id", "=", e.user.id)} }},
}

// closedModels are those that a role may not read at all.
var closedModels = map[role][]string{
	roleSales:  {"account.move", "account.move.line"},
	rolePortal: {"mail.template", "crm.team", "crm.tag", "product.pricelist", "res.partner.category"},
}

// roleGroups are the groups that open restricted fields.
var roleGroups = map[role][]string{
	roleAdmin: {"base.group_user", "account.group_account_invoice", "sales_team.group_sale_salesman"},
	roleSales: {"base.group_user", "sales_team.group_sale_salesman"},
}

// groupNames are what the refusals call the groups.
var groupNames = map[string]string{
	"sales_team.group_sale_salesman": "Sales / User: Own Documents Only",
	"base.group_user":                "User types / Internal User",
	"account.group_account_invoice":  "Invoicing / Billing",
}

// mayUse tells whether the caller may see a field.
func (e *env) mayUse(f *field) bool {
	return e.super || f.groups == "" || slices.Contains(roleGroups[e.user.role], f.groups)
}

// mayRead tells whether the caller may read a model at all.
func (e *env) mayRead(t *table) bool {
	return e.super || !slices.Contains(closedModels[e.user.role], t.name)
}

// checkModel refuses a model that the caller may not read.
func (e *env) checkModel(t *table) error {
	if e.mayRead(t) {
		return nil
	}
	group := "Sales/User: Own Documents Only"
	if strings.HasPrefix(t.name, "account.") {
		group = "Invoicing/Billing"
	}
	return AccessError(fmt.Sprintf("You are not allowed to access '%s' (%s) records.\n\n"+
		"This operation is allowed for the following groups:\n\t- %s\n\n"+
		"Contact your administrator to request access if necessary.", t.description, t.name, group))
}

// fieldDenied is the refusal of a field.
func (e *env) fieldDenied(f *field) error {
	group := "allowed for groups '" + groupNames[f.groups] + "'"
	if e.series < v17 {
		return AccessError(fmt.Sprintf("The requested operation can not be completed due to security restrictions.\n\n"+
			"Document type: %s (%s)\nOperation: read\nUser: %d\nFields:\n- %s (%s)",
			f.model.description, f.model.name, e.user.id, f.name, group))
	}
	return AccessError(fmt.Sprintf("You do not have enough rights to access the field \"%s\" on %s (%s). "+
		"Please contact your system administrator.\n\nOperation: read\nUser: %d\nGroups: %s",
		f.name, f.model.description, f.model.name, e.user.id, group))
}

// ruleOf compiles the record rules of a model for the caller, nil when there are
// none.
func (e *env) ruleOf(t *table) (matcher, error) {
	if e.super {
		return nil, nil
	}
	if rule, ok := e.rules[t]; ok {
		return rule, nil
	}
	var parts []matcher
	for _, rule := range accessRules {
		if rule.model != t.name || !slices.Contains(rule.roles, e.user.role) {
			continue
		}
		m, err := e.compileRule(t, rule)
		if err != nil {
			return nil, err
		}
		parts = append(parts, m)
	}
	var rule matcher
	if parts != nil {
		rule = func(r *row) bool {
			return !slices.ContainsFunc(parts, func(m matcher) bool { return !m(r) })
		}
	}
	e.rules[t] = rule
	return rule, nil
}

// recordsDenied is the refusal of records that a rule hides.
func (e *env) recordsDenied(t *table, op operation, rows []*row) error {
	name := e.userName()
	if e.series >= v17 {
		return AccessError(fmt.Sprintf("Uh-oh! Looks like you have stumbled upon some top-secret records.\n\n"+
			"Sorry, %s (id=%d) doesn't have '%s' access to:\n- %s (%s)\n\n"+
			"If you really, really need access, perhaps you can win over your friendly administrator with a batch of freshly baked cookies.",
			name, e.user.id, op, t.description, t.name))
	}
	if e.user.role == rolePortal { // only people of the house are told more
		return AccessError(fmt.Sprintf("Due to security restrictions, you are not allowed to %s '%s' (%s) records.\n\n"+
			"Contact your administrator to request access if necessary.", verbs[op], t.description, t.name))
	}
	var records []string
	for _, r := range rows[:min(len(rows), 6)] {
		records = append(records, fmt.Sprintf("%s (id=%d)", e.displayName(t, r), r.id))
	}
	return AccessError(fmt.Sprintf("Due to security restrictions, you are not allowed to %s '%s' (%s) records.\n\n"+
		"Records: %s\nUser: %s (id=%d)\n\nThis restriction is due to the following rules:\n- %s\n\n"+
		"Contact your administrator to request access if necessary.",
		verbs[op], t.description, t.name, strings.Join(records, ", "), name, e.user.id, e.rulesAgainst(t, rows)))
}

// rulesAgainst names the rules that hide any of the records.
func (e *env) rulesAgainst(t *table, rows []*row) string {
	var names []string
	for _, rule := range accessRules {
		if rule.model != t.name || !slices.Contains(rule.roles, e.user.role) {
			continue
		}
		match, err := e.compileRule(t, rule)
		if err == nil && slices.ContainsFunc(rows, func(r *row) bool { return !match(r) }) {
			names = append(names, rule.name)
		}
	}
	return strings.Join(names, "\n- ")
}

func (e *env) compileRule(t *table, rule accessRule) (matcher, error) {
	c, err := parseDomain(e.series, rule.domain(e))
	if err != nil {
		return nil, err
	}
	return e.sudo().withArchived().compile(t, c, false)
}

func (e *env) userName() string {
	users := e.tables["res.users"]
	if r := users.rows[e.user.id]; r != nil {
		return e.text(r, users.fields["name"])
	}
	return "?"
}
