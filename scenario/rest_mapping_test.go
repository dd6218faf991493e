package scenario

import (
	"encoding/json"
	"fmt"
	"html"
	"regexp"
	"strings"

	"github.com/shopspring/decimal"
)

// What the REST API shows and where Odoo keeps it, written down anew: the tests
// must not share the gateway's own opinion.

// shape is what kind of value a column has.
type shape int

const (
	ofText shape = iota
	ofHTML       // which Odoo has as text in older versions
	ofInt
	ofDecimal
	ofDay
	ofTime
	ofBool
	ofEnum
	ofOne  // a record: {id, name}
	ofMany // records
)

// restColumn is a member of the records of a list.
type restColumn struct {
	name string
	// field is Odoo's; of several, parted by |, the first that there is.
	field string
	shape shape
	// keys are what REST calls those of Odoo's keys that have another name there.
	keys map[string]string
}

// restList is a list of the API.
type restList struct {
	path, model string
	domain      []any
	order       string // unless the client says otherwise, in Odoo's words
	columns     []restColumn
}

var orderStates = map[string]string{"done": "sale"}

var restLists = []restList{
	{"/partners", "res.partner", nil, "name, id", partnerColumns},
	{"/api/v2/partners", "res.partner", nil, "name, id", addressColumns},
	{"/products", "product.product", nil, "name, id", []restColumn{
		{"id", "id", ofInt, nil}, {"name", "name", ofText, nil}, {"display_name", "display_name", ofText, nil}, {"reference", "default_code", ofText, nil},
		{"barcode", "barcode", ofText, nil}, {"type", "type", ofEnum, map[string]string{"consu": "goods", "product": "goods"}}, {"active", "active", ofBool, nil},
		{"can_be_sold", "sale_ok", ofBool, nil}, {"category", "categ_id", ofOne, nil}, {"unit", "uom_id", ofOne, nil}, {"list_price", "lst_price", ofDecimal, nil},
		{"currency", "currency_id", ofOne, nil}, {"created_at", "create_date", ofTime, nil}, {"updated_at", "write_date", ofTime, nil},
	}},
	{"/countries", "res.country", nil, "name, id", []restColumn{
		{"id", "id", ofInt, nil}, {"name", "name", ofText, nil}, {"code", "code", ofText, nil}, {"phone_code", "phone_code", ofInt, nil},
		{"currency", "currency_id", ofOne, nil}, {"updated_at", "write_date", ofTime, nil},
	}},
	{"/currencies", "res.currency", nil, "name, id", []restColumn{
		{"id", "id", ofInt, nil}, {"name", "name", ofText, nil}, {"code", "name", ofText, nil}, {"full_name", "full_name", ofText, nil}, {"symbol", "symbol", ofText, nil},
		{"position", "position", ofEnum, nil}, {"decimal_places", "decimal_places", ofInt, nil}, {"rounding", "rounding", ofDecimal, nil},
		{"active", "active", ofBool, nil}, {"updated_at", "write_date", ofTime, nil},
	}},
	{"/invoices", "account.move", []any{[]any{"move_type", "!=", "entry"}}, "invoice_date desc, id", []restColumn{
		{"id", "id", ofInt, nil}, {"number", "name", ofText, nil}, {"type", "move_type", ofEnum, map[string]string{
			"out_invoice": "customer_invoice", "out_refund": "customer_credit_note", "in_invoice": "vendor_bill", "in_refund": "vendor_credit_note",
			"out_receipt": "sales_receipt", "in_receipt": "purchase_receipt",
		}},
		{"state", "state", ofEnum, nil}, {"payment_state", "payment_state", ofEnum, nil}, {"reference", "ref", ofText, nil}, {"origin", "invoice_origin", ofText, nil},
		{"partner", "partner_id", ofOne, nil}, {"company", "company_id", ofOne, nil}, {"invoice_date", "invoice_date", ofDay, nil}, {"due_date", "invoice_date_due", ofDay, nil},
		{"currency", "currency_id", ofOne, nil}, {"amount_untaxed", "amount_untaxed", ofDecimal, nil}, {"amount_tax", "amount_tax", ofDecimal, nil},
		{"amount_total", "amount_total", ofDecimal, nil}, {"amount_due", "amount_residual", ofDecimal, nil}, {"created_at", "create_date", ofTime, nil}, {"updated_at", "write_date", ofTime, nil},
	}},
	{"/sale_orders", "sale.order", nil, "date_order desc, id", orderColumns},
}

var partnerColumns = []restColumn{
	{"id", "id", ofInt, nil}, {"name", "name", ofText, nil}, {"display_name", "display_name", ofText, nil}, {"reference", "ref", ofText, nil},
	{"is_company", "is_company", ofBool, nil}, {"type", "type", ofEnum, nil}, {"active", "active", ofBool, nil}, {"email", "email", ofText, nil},
	{"phone", "phone", ofText, nil}, {"mobile", "mobile", ofText, nil}, {"website", "website", ofText, nil}, {"tax_id", "vat", ofText, nil},
	{"language", "lang", ofText, nil}, {"parent", "parent_id", ofOne, nil}, {"created_at", "create_date", ofTime, nil}, {"updated_at", "write_date", ofTime, nil},
}

var addressColumns = []restColumn{
	{"id", "id", ofInt, nil}, {"name", "name", ofText, nil}, {"display_name", "display_name", ofText, nil}, {"reference", "ref", ofText, nil},
	{"is_company", "is_company", ofBool, nil}, {"type", "type", ofEnum, nil}, {"active", "active", ofBool, nil}, {"email", "email", ofText, nil},
	{"phone", "phone", ofText, nil}, {"mobile", "mobile", ofText, nil}, {"website", "website", ofText, nil}, {"street", "street", ofText, nil},
	{"street2", "street2", ofText, nil}, {"city", "city", ofText, nil}, {"zip", "zip", ofText, nil}, {"state", "state_id", ofOne, nil}, {"country", "country_id", ofOne, nil},
	{"tax_id", "vat", ofText, nil}, {"language", "lang", ofText, nil}, {"parent", "parent_id", ofOne, nil}, {"created_at", "create_date", ofTime, nil}, {"updated_at", "write_date", ofTime, nil},
}

var orderColumns = []restColumn{
	{"id", "id", ofInt, nil}, {"name", "name", ofText, nil}, {"state", "state", ofEnum, orderStates}, {"locked", "locked|state=done", ofBool, nil},
	{"client_reference", "client_order_ref", ofText, nil}, {"origin", "origin", ofText, nil}, {"date_order", "date_order", ofTime, nil}, {"valid_until", "validity_date", ofDay, nil},
	{"promised_date", "commitment_date", ofTime, nil}, {"partner", "partner_id", ofOne, nil}, {"salesperson", "user_id", ofOne, nil}, {"company", "company_id", ofOne, nil},
	{"currency", "currency_id", ofOne, nil}, {"amount_untaxed", "amount_untaxed", ofDecimal, nil}, {"amount_tax", "amount_tax", ofDecimal, nil}, {"amount_total", "amount_total", ofDecimal, nil},
	{"invoice_status", "invoice_status", ofEnum, map[string]string{"to invoice": "to_invoice"}}, {"created_at", "create_date", ofTime, nil}, {"updated_at", "write_date", ofTime, nil},
}

var lineColumns = []restColumn{
	{"id", "id", ofInt, nil}, {"display_type", "display_type", ofEnum, map[string]string{"": "product", "line_section": "section", "line_subsection": "subsection", "line_note": "note"}},
	{"name", "name", ofText, nil}, {"sequence", "sequence", ofInt, nil}, {"product", "product_id", ofOne, nil}, {"quantity", "product_uom_qty", ofDecimal, nil},
	{"delivered_quantity", "qty_delivered", ofDecimal, nil}, {"invoiced_quantity", "qty_invoiced", ofDecimal, nil}, {"unit", "product_uom_id|product_uom", ofOne, nil},
	{"price_unit", "price_unit", ofDecimal, nil}, {"discount", "discount", ofDecimal, nil}, {"taxes", "tax_ids|tax_id", ofMany, nil}, {"subtotal", "price_subtotal", ofDecimal, nil},
	{"tax", "price_tax", ofDecimal, nil}, {"total", "price_total", ofDecimal, nil}, {"invoice_status", "invoice_status", ofEnum, map[string]string{"to invoice": "to_invoice"}},
	{"lead_time_days", "customer_lead", ofDecimal, nil},
}

// lists are those of the API, with two that hang on a record: the orders of the
// partner that has most of them, and the lines of an order with sections.
func (w *world) lists() []restList {
	w.t.Helper()
	count, busiest := map[json.Number]int{}, json.Number("")
	for _, order := range w.read(w.t, "sale.order", []any{}, "id", 60, "partner_id") {
		partner := ref(order["partner_id"])
		if count[partner]++; count[partner] > count[busiest] {
			busiest = partner
		}
	}
	order := w.read(w.t, "sale.order.line", []any{}, "id", 1, "order_id")[0]["order_id"]
	if sections := w.read(w.t, "sale.order.line", []any{[]any{"display_type", "=", "line_section"}}, "id", 1, "order_id"); len(sections) > 0 {
		order = sections[0]["order_id"]
	}
	all := append([]restList{}, restLists...)
	all = append(all,
		restList{fmt.Sprintf("/partners/%s/sale_orders", busiest), "sale.order", []any{[]any{"partner_id", "=", busiest}}, "date_order desc, id", orderColumns},
		restList{fmt.Sprintf("/sale_orders/%s/lines", ref(order)), "sale.order.line", []any{[]any{"order_id", "=", ref(order)}}, "sequence, id", lineColumns})
	for i := range all {
		all[i].columns = w.present(all[i])
	}
	return all
}

// present gives the columns of a list the fields of this Odoo, "" where it has none.
func (w *world) present(l restList) []restColumn {
	w.t.Helper()
	known := w.rpc(w.t, l.model, "fields_get", []any{}, map[string]any{"attributes": []any{"type"}}).(map[string]any)
	out := append([]restColumn{}, l.columns...)
	for i, c := range out {
		out[i].field = ""
		for _, name := range strings.Split(c.field, "|") {
			if field, _, _ := strings.Cut(name, "="); known[field] != nil {
				out[i].field = name
				break
			}
		}
	}
	return out
}

// fields are those of Odoo behind the columns.
func (l restList) fields() []string {
	var names []string
	for _, c := range l.columns {
		if name, _, _ := strings.Cut(c.field, "="); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// value is what a column shows of a record that Odoo gave a plain client.
func (c restColumn) value(w *world, record map[string]any) any {
	name, key, compared := strings.Cut(c.field, "=")
	v := record[name]
	switch {
	case name == "":
		return nil
	case compared:
		return v == key
	case c.shape == ofOne:
		return w.relation(v)
	case c.shape == ofDecimal:
		return decimal.RequireFromString(v.(json.Number).String()).String()
	case c.shape == ofTime:
		return moment(v)
	case c.shape == ofEnum:
		key, _ := v.(string)
		if renamed, ok := c.keys[key]; ok {
			return renamed
		}
		return orNull(key)
	case c.shape == ofHTML:
		return bare(v)
	case c.shape == ofBool || c.shape == ofMany:
		return v
	}
	return orNull(v)
}

// relation is a many2one as REST has it.
func (w *world) relation(v any) any {
	pair, ok := v.([]any)
	if !ok {
		return nil
	}
	return map[string]any{"id": pair[0], "name": pair[1]}
}

// asREST is a list as Odoo has it, in the form of REST; of lists within records the
// ids alone.
func (w *world) asREST(l restList, domain []any, order string, limit int) []any {
	w.t.Helper()
	out := []any{}
	for _, record := range w.read(w.t, l.model, append(append([]any{}, l.domain...), domain...), order, limit, l.fields()...) {
		row := map[string]any{}
		for _, c := range l.columns {
			row[c.name] = c.value(w, record)
		}
		out = append(out, row)
	}
	return out
}

// reduced leaves out of an answer what asREST does, and what v2 shows of relations
// beyond their names.
func (l restList) reduced(records []any) []any {
	for _, record := range records {
		row, _ := record.(map[string]any)
		for _, c := range l.columns {
			switch c.shape {
			case ofMany:
				row[c.name] = column(row[c.name], "id")
			case ofHTML:
				row[c.name] = bare(row[c.name])
			}
			if relation, ok := row[c.name].(map[string]any); ok && strings.HasPrefix(l.path, "/api/v2") {
				delete(relation, "code")
			}
		}
	}
	return records
}

// bare is the text of HTML, nil for none.
func bare(v any) any {
	markup, _ := v.(string)
	return orNull(html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(markup, "")))
}

// count is how many records of a list meet a domain.
func (w *world) count(l restList, domain []any) any {
	w.t.Helper()
	return w.rpc(w.t, l.model, "search_count", []any{append(append([]any{}, l.domain...), domain...)}, nil)
}
