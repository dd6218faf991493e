package odootest

import "slices"

// guardOrder refuses what may not change of a confirmed order.
func guardOrder(e *env, rows []*row, vals dict) error {
	if e.series < v17 || !vals.has("pricelist_id") {
		return nil
	}
	for _, r := range rows {
		if e.tables["sale.order"].get(r, "state") == "sale" {
			return UserError("You cannot change the pricelist of a confirmed order !")
		}
	}
	return nil
}

// orderWrote keeps right what follows from a change of the order: since 17 a new
// customer brings its addresses and terms, and the price list its currency.
func orderWrote(e *env, r, before *row, vals dict) error {
	t, created := e.tables["sale.order"], before == nil
	if e.series >= v17 && !created {
		e.newCustomer(r, vals)
	}
	if !created {
		e.newCurrency(r, vals)
	}
	if created || vals.has("state", "locked") {
		for _, line := range e.orderLines(r) {
			e.invoiceLine(r, line)
		}
	}
	if created || vals.has("state", "order_line") {
		e.recompute(t, r, Values{"invoice_status": e.orderStatus(r)})
	}
	return nil
}

func (e *env) newCustomer(r *row, vals dict) {
	if !vals.has("partner_id") {
		return
	}
	t := e.tables["sale.order"]
	partner, _ := t.get(r, "partner_id").(int64)
	company, _ := t.get(r, "company_id").(int64)
	values := e.fromCustomer(partner, company)
	for name := range values {
		if vals.has(name) || name == "user_id" && t.get(r, name) != nil || name == "pricelist_id" && t.get(r, "state") != "draft" {
			delete(values, name)
		}
	}
	e.recompute(t, r, values)
}

// newCurrency takes the currency of the price list, if that may have changed.
func (e *env) newCurrency(r *row, vals dict) {
	t := e.tables["sale.order"]
	if vals.has("partner_id", "pricelist_id") && !vals.has("currency_id") {
		lists := e.tables["product.pricelist"]
		id, _ := t.get(r, "pricelist_id").(int64)
		if list := lists.rows[id]; list != nil {
			e.recompute(t, r, Values{"currency_id": lists.get(list, "currency_id")})
		}
	}
}

// orderLines are the lines of an order.
func (e *env) orderLines(r *row) []*row {
	return e.pointing(e.tables["sale.order.line"].fields["order_id"], r.id)
}

// sumUp adds up the lines of an order.
func (e *env) sumUp(r *row) {
	lines := e.tables["sale.order.line"]
	var untaxed, tax float64
	for _, line := range e.orderLines(r) {
		amount := func(name string) float64 { f, _ := lines.get(line, name).(float64); return f }
		untaxed += amount("price_subtotal")
		tax += amount("price_tax")
	}
	e.recompute(e.tables["sale.order"], r, Values{
		"amount_untaxed": cents(untaxed), "amount_tax": cents(tax), "amount_total": cents(untaxed + tax), "invoice_status": e.orderStatus(r),
	})
}

// orderStatus tells what of an order is to be invoiced.
func (e *env) orderStatus(r *row) string {
	if !e.confirmed(r) {
		return "no"
	}
	lines := e.tables["sale.order.line"]
	var states []any
	for _, line := range e.orderLines(r) {
		if lines.get(line, "display_type") == nil {
			states = append(states, lines.get(line, "invoice_status"))
		}
	}
	other := func(wanted ...any) bool {
		return slices.ContainsFunc(states, func(s any) bool { return !slices.Contains(wanted, s) })
	}
	switch {
	case slices.Contains(states, any("to invoice")):
		return "to invoice"
	case len(states) > 0 && !other("invoiced"):
		return "invoiced"
	case len(states) > 0 && !other("invoiced", "upselling"):
		return "upselling"
	}
	return "no"
}

// confirmed tells a sales order from a quotation.
func (e *env) confirmed(r *row) bool {
	state := e.tables["sale.order"].get(r, "state")
	return state == "sale" || state == "done"
}

// isLocked tells whether an order is locked, which is a state up to 16.
func (e *env) isLocked(r *row) bool {
	t := e.tables["sale.order"]
	return t.get(r, "state") == "done" || t.get(r, "locked") == true
}

func orderLeaving(e *env, rows []*row) error {
	for _, r := range rows {
		if state := e.tables["sale.order"].get(r, "state"); state != "draft" && state != "cancel" {
			return UserError("You can not delete a sent quotation or a confirmed sales order. You must first cancel it.")
		}
	}
	return nil
}
