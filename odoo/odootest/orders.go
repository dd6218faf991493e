package odootest

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// prepareOrder fills in what a new order takes from its customer, the caller and
// the company.
func prepareOrder(e *env, vals *dict) error {
	if company, ok := vals.get("company_id"); ok && truthy(company) {
		if !e.mayWorkFor(vals.id("company_id")) {
			return AccessError("Access to unauthorized or invalid companies.")
		}
	}
	vals.missing("company_id", e.companies[0])
	if name, ok := vals.get("name"); !ok || name == "New" {
		vals.set("name", e.nextOrderName())
	}
	vals.missing("date_order", e.timestamp())
	if e.series >= v17 {
		vals.missing("validity_date", e.now().UTC().AddDate(0, 0, 30).Format(time.DateOnly))
		vals.missing("locked", false)
	} else {
		vals.missing("note", "")
		vals.missing("user_id", e.user.id)
	}
	e.prepareTerms(vals)
	return nil
}

// prepareTerms fills in who gets the order, at which prices, and who sells it.
func (e *env) prepareTerms(vals *dict) {
	company := vals.id("company_id")
	if given, _ := vals.get("partner_id"); truthy(given) {
		for name, v := range e.fromCustomer(vals.id("partner_id"), company) {
			vals.missing(name, v)
		}
	}
	pricelists, companies := e.tables["product.pricelist"], e.tables["res.company"]
	var currency any
	if p := pricelists.rows[vals.id("pricelist_id")]; p != nil {
		currency = pricelists.get(p, "currency_id")
	} else if c := companies.rows[company]; c != nil {
		currency = companies.get(c, "currency_id")
	}
	vals.missing("currency_id", currency)
	vals.missing("team_id", e.teamOf(vals.id("user_id"), company))
}

// fromCustomer is what an order takes from its customer: addresses and price list
// always, the rest since 17.
func (e *env) fromCustomer(id, company int64) Values {
	t := e.tables["res.partner"]
	r := t.rows[id]
	if r == nil {
		return nil
	}
	values := Values{
		"partner_invoice_id": e.addressOf(r, "invoice"), "partner_shipping_id": e.addressOf(r, "delivery"),
		"pricelist_id": e.pricelistOf(r, company),
	}
	if e.series >= v17 {
		values["payment_term_id"] = t.get(r, "property_payment_term_id")
		values["user_id"] = e.salesperson(r)
	}
	return values
}

func (e *env) salesperson(r *row) any {
	t := e.tables["res.partner"]
	for _, p := range []*row{r, e.commercialRow(r)} {
		if user := t.get(p, "user_id"); user != nil {
			return user
		}
	}
	return e.user.id
}

// pricelistOf is a customer's own price list, or else the first that the company
// may use.
func (e *env) pricelistOf(r *row, company int64) any {
	if own := e.tables["res.partner"].get(r, "property_product_pricelist"); own != nil {
		return own
	}
	t := e.tables["product.pricelist"]
	return e.firstOf(t, func(p *row) bool { return e.usable(t, p, company) })
}

// usable tells whether a record is active and of the company or of none.
func (e *env) usable(t *table, r *row, company int64) bool {
	own := t.get(r, "company_id")
	return t.get(r, "active") == true && (own == nil || own == company)
}

// teamOf is the team that a salesperson leads, or else the first one.
func (e *env) teamOf(user, company int64) any {
	t := e.tables["crm.team"]
	if team := e.firstOf(t, func(r *row) bool { return e.usable(t, r, company) && t.get(r, "user_id") == user }); team != nil {
		return team
	}
	return e.firstOf(t, func(r *row) bool { return e.usable(t, r, company) })
}

// firstOf returns the id of the first record, by sequence, or nil.
func (e *env) firstOf(t *table, match func(*row) bool) any {
	var first *row
	for _, r := range t.sorted {
		if match(r) && (first == nil || compareValues(t.get(r, "sequence"), t.get(first, "sequence")) < 0) {
			first = r
		}
	}
	if first == nil {
		return nil
	}
	return first.id
}

// nextOrderName numbers orders. A number is not given back when a call fails.
func (e *env) nextOrderName() string {
	t := e.tables["sale.order"]
	if e.orderNumbers.last == 0 {
		for _, r := range t.sorted {
			name, _ := t.get(r, "name").(string)
			digits, ok := strings.CutPrefix(name, "S")
			if n, err := strconv.Atoi(digits); ok && err == nil {
				e.orderNumbers.last = max(e.orderNumbers.last, n)
			}
		}
	}
	e.orderNumbers.last++
	return fmt.Sprintf("S%05d", e.orderNumbers.last)
}
