package odootest

import (
	"fmt"
	"slices"
	"strings"
)

// computedField tells whether a field's value is made by value or related
// rather than stored.
func computedField(f *field) bool {
	switch f.name {
	case "id", "display_name", "complete_name", "contact_address", "commercial_partner_id":
		return true
	case "invoice_ids":
		return f.model.name == "sale.order"
	}
	return false
}

// value returns the value of any field that does not lead to several records:
// stored, translated, related or computed.
func (e *env) value(r *row, f *field) any {
	switch {
	case f.column >= 0:
		if f.translated && e.lang != "" {
			if text, ok := r.texts[e.lang][f.name]; ok {
				return text
			}
		}
		return r.values[f.column]
	case f.related != "":
		return e.follow(r, f)
	}
	switch f.name {
	case "id":
		return r.id
	case "display_name", "complete_name":
		return e.displayName(e.tables[f.model.name], r)
	case "commercial_partner_id":
		return e.commercialPartner(r)
	case "contact_address":
		return e.contactAddress(r)
	}
	return nil
}

// follow reads a related field: it crosses many2ones past access rights.
func (e *env) follow(r *row, f *field) any {
	m := f.model
	path := strings.Split(f.related, ".")
	for i, name := range path {
		step := m.fields[name]
		v := e.value(r, step)
		if i == len(path)-1 {
			return v
		}
		id, _ := v.(int64)
		t := e.comodel(step)
		if r = t.rows[id]; r == nil {
			return nil
		}
		m = t.model
	}
	return nil
}

// related returns the ids that a one2many or many2many leads to, archived ones
// too, before record rules.
func (e *env) related(t *table, r *row, f *field) []int64 {
	switch {
	case f.kind == "one2many":
		co := e.comodel(f)
		var ids []int64
		for _, line := range e.pointing(co.fields[f.inverse], r.id) {
			if f.activeOnly && line.raw(co.fields["active"]) != true || f.invoiceLines && !e.onInvoice(co, line) {
				continue
			}
			ids = append(ids, line.id)
		}
		return ids
	case f.column >= 0:
		ids, _ := r.values[f.column].([]int64)
		return ids
	}
	return e.orderInvoices(t, r)
}

// onInvoice tells a line that people wrote from one that Odoo added for the
// books.
func (e *env) onInvoice(t *table, r *row) bool {
	if hidden := t.fields["exclude_from_invoice_tab"]; hidden != nil {
		return r.raw(hidden) != true
	}
	kind, _ := r.raw(t.fields["display_type"]).(string)
	return kind == "product" || strings.HasPrefix(kind, "line_")
}

// orderInvoices are the invoices that the lines of a sale order lead to.
func (e *env) orderInvoices(t *table, r *row) []int64 {
	lines, moveLines := e.comodel(t.fields["order_line"]), e.tables["account.move.line"]
	var ids []int64
	for _, line := range e.pointing(lines.fields["order_id"], r.id) {
		linked, _ := line.raw(lines.fields["invoice_lines"]).([]int64)
		for _, id := range linked {
			if moveLine := moveLines.rows[id]; moveLine != nil {
				move, _ := moveLine.raw(moveLines.fields["move_id"]).(int64)
				if !slices.Contains(ids, move) {
					ids = append(ids, move)
				}
			}
		}
	}
	return ids
}

// target returns the record that a many2one leads to, or nil.
func (e *env) target(r *row, f *field) *row {
	id, _ := e.value(r, f).(int64)
	return e.comodel(f).rows[id]
}

func (e *env) text(r *row, f *field) string {
	if f == nil {
		return ""
	}
	s, _ := e.value(r, f).(string)
	return s
}

// displayName is the text that stands for a record.
func (e *env) displayName(t *table, r *row) string {
	name := e.text(r, t.fields["name"])
	switch t.name {
	case "res.partner":
		if r.named != "" {
			return r.named
		}
		return e.partnerName(t, r, name)
	case "res.partner.category", "product.category":
		if parent := e.target(r, t.fields["parent_id"]); parent != nil {
			return e.displayName(t, parent) + " / " + name
		}
	case "product.product":
		if code := e.text(r, t.fields["default_code"]); code != "" {
			return "[" + code + "] " + name
		}
	case "res.country.state":
		country := e.target(r, t.fields["country_id"])
		if country == nil {
			return name
		}
		return fmt.Sprintf("%s (%s)", name, e.text(country, e.tables["res.country"].fields["code"]))
	case "product.pricelist":
		if currency := e.target(r, t.fields["currency_id"]); currency != nil {
			return fmt.Sprintf("%s (%s)", name, e.text(currency, e.tables["res.currency"].fields["name"]))
		}
	case "sale.order.line":
		return e.orderLineName(t, r, name)
	case "account.move":
		return e.moveName(t, r, name)
	case "account.move.line":
		if move := e.target(r, t.fields["move_id"]); move != nil {
			return strings.TrimSpace(e.moveName(e.tables["account.move"], move, e.text(r, t.fields["move_name"])) + " " + name)
		}
	}
	if name == "" {
		return fmt.Sprintf("%s,%d", t.name, r.id)
	}
	return name
}

func (e *env) partnerName(t *table, r *row, name string) string {
	parent := e.target(r, t.fields["parent_id"])
	if parent == nil || r.raw(t.fields["is_company"]) == true {
		return name
	}
	if name == "" {
		kind := e.text(r, t.fields["type"])
		for _, o := range t.fields["type"].options {
			if o.key == kind {
				name = o.label
			}
		}
	}
	return e.text(parent, t.fields["name"]) + ", " + name
}

func (e *env) orderLineName(t *table, r *row, name string) string {
	order := e.target(r, t.fields["order_id"])
	if order == nil {
		return name
	}
	first, _, _ := strings.Cut(name, "\n")
	return e.text(order, e.tables["sale.order"].fields["name"]) + " - " + first
}

func (e *env) moveName(t *table, r *row, name string) string {
	if e.text(r, t.fields["state"]) != "draft" || name != "" && name != "/" {
		return name
	}
	label := "Draft Entry"
	switch e.text(r, t.fields["move_type"]) {
	case "out_invoice":
		label = "Draft Invoice"
	case "out_refund":
		label = "Draft Credit Note"
	case "in_invoice":
		label = "Draft Bill"
	case "in_refund":
		label = "Draft Vendor Credit Note"
	}
	return fmt.Sprintf("%s (* %d)", label, r.id)
}

// commercialPartner is the company at the top of a partner's parents, or the
// nearest company among them.
func (e *env) commercialPartner(r *row) any {
	t := e.tables["res.partner"]
	for range 20 { // a cycle of parents must not hang
		parent := e.target(r, t.fields["parent_id"])
		if parent == nil || r.raw(t.fields["is_company"]) == true {
			break
		}
		r = parent
	}
	return r.id
}

func (e *env) contactAddress(r *row) any {
	t := e.tables["res.partner"]
	lines := []string{
		e.text(r, t.fields["street"]), e.text(r, t.fields["street2"]),
		e.text(r, t.fields["city"]) + " " + e.text(r, t.fields["zip"]), "",
	}
	if country := e.target(r, t.fields["country_id"]); country != nil {
		lines[3] = e.text(country, e.tables["res.country"].fields["name"])
	}
	return strings.Join(lines, "\n")
}
