package odootest

import (
	"math"
)

// unitField and taxField are what the version calls a line's unit and taxes.
func (e *env) unitField() string {
	if e.series < v19 {
		return "product_uom"
	}
	return "product_uom_id"
}

func (e *env) taxField() string {
	if e.series < v19 {
		return "tax_id"
	}
	return "tax_ids"
}

// prepareLine fills in what a new line takes from its product.
func prepareLine(e *env, vals *dict) error {
	orders := e.tables["sale.order"]
	order := orders.rows[vals.id("order_id")]
	if given, _ := vals.get("order_id"); !truthy(given) && e.series >= v19 {
		return raise("ValueError", "Expected singleton: sale.order()")
	}
	if kind, _ := vals.get("display_type"); truthy(kind) {
		vals.set("product_uom_qty", 0.0)
		if e.series < v17 { // the rest of the values is dropped, too
			for _, name := range []string{"product_id", "price_unit", e.unitField(), "customer_lead"} {
				vals.set(name, false)
			}
		}
		return nil
	}
	if product := e.tables["product.product"].rows[vals.id("product_id")]; product != nil && order != nil {
		for name, v := range e.fromProduct(order, product) {
			if name == "technical_price_unit" {
				// A price of the client's own counts as the product's until it is
				// written once more: a new quantity brings the product's back.
				if price, ok := vals.get("price_unit"); ok {
					v = price
				}
			}
			vals.missing(name, v)
		}
	}
	return nil
}

// fromProduct is what a line of an order takes from a product.
func (e *env) fromProduct(order, product *row) map[string]any {
	t, orders := e.tables["product.product"], e.tables["sale.order"]
	customers := e.tables["res.partner"]
	inTheirs := *e
	if id, ok := orders.get(order, "partner_id").(int64); ok && customers.rows[id] != nil {
		inTheirs.lang, _ = customers.get(customers.rows[id], "lang").(string)
	}
	name := inTheirs.displayName(t, product)
	if text := inTheirs.text(product, t.fields["description_sale"]); text != "" {
		name += "\n" + text
	}
	price := t.get(product, "lst_price")
	values := map[string]any{"name": name, "price_unit": price, e.unitField(): t.get(product, "uom_id")}
	taxes := e.tables["account.tax"]
	ids, _ := t.get(product, "taxes_id").([]int64)
	own := []any{}
	for _, id := range ids {
		if tax := taxes.rows[id]; tax != nil && taxes.get(tax, "company_id") == orders.get(order, "company_id") {
			own = append(own, id)
		}
	}
	values[e.taxField()] = own
	if f := e.tables["sale.order.line"].fields["technical_price_unit"]; f != nil {
		values[f.name] = price
	}
	return values
}

// lineWrote keeps a line and its order right after a change of the line.
func lineWrote(e *env, r, before *row, vals dict) error {
	created := before == nil
	order := e.orderOfLine(r)
	if order == nil {
		return nil
	}
	if !created && vals.has("order_id") {
		lineLeft(e, before)
	}
	if e.series >= v17 && !created {
		e.newProduct(order, r, vals)
	}
	if created || vals.has("price_unit", "discount", "product_uom_qty", "product_id", e.unitField(), e.taxField()) {
		e.price(r)
	}
	if created || vals.has("product_uom_qty", "qty_delivered", "qty_invoiced", "product_id") {
		e.invoiceLine(order, r)
	}
	e.sumUp(order)
	return nil
}

// newProduct brings what follows from another product or quantity since 17. A
// price that was written stays, since 18; 17 has the product's come back.
func (e *env) newProduct(order, r *row, vals dict) {
	t, products := e.tables["sale.order.line"], e.tables["product.product"]
	id, _ := t.get(r, "product_id").(int64)
	product := products.rows[id]
	if product == nil || t.get(r, "display_type") != nil {
		return
	}
	values := Values{}
	from := e.fromProduct(order, product)
	if vals.has("product_id") {
		values["name"], values[e.unitField()] = from["name"], from[e.unitField()]
		if !vals.has(e.taxField()) {
			t.setNamed(r, e.taxField(), int64s(from[e.taxField()]))
		}
	}
	byHand := false
	if f := t.fields["technical_price_unit"]; f != nil {
		a, _ := r.raw(f).(float64)
		b, _ := t.get(r, "price_unit").(float64)
		byHand = cents(a) != cents(b)
	}
	invoiced, _ := t.get(r, "qty_invoiced").(float64)
	if vals.has("product_id", e.unitField(), "product_uom_qty") && !byHand && invoiced <= 0 {
		values["price_unit"], values["technical_price_unit"] = from["price_unit"], from["technical_price_unit"]
	}
	for name := range values {
		if vals.has(name) || name == "technical_price_unit" && vals.has("price_unit") {
			delete(values, name)
		}
	}
	e.recompute(t, r, values)
}

// price works out the amounts of a line, each rounded.
func (e *env) price(r *row) {
	t, taxes := e.tables["sale.order.line"], e.tables["account.tax"]
	amount := func(name string) float64 { f, _ := t.get(r, name).(float64); return f }
	quantity := amount("product_uom_qty")
	untaxed := cents(quantity * amount("price_unit") * (1 - amount("discount")/100))
	tax := 0.0
	ids, _ := t.get(r, e.taxField()).([]int64)
	for _, id := range ids {
		if row := taxes.rows[id]; row != nil {
			rate, _ := taxes.get(row, "amount").(float64)
			switch taxes.get(row, "amount_type") {
			case "percent":
				tax += cents(untaxed * rate / 100)
			case "fixed":
				tax += cents(quantity * rate)
			}
		}
	}
	e.recompute(t, r, Values{"price_subtotal": untaxed, "price_tax": cents(tax), "price_total": cents(untaxed + tax)})
}

// invoiceLine works out what of a line is to be invoiced: what was ordered.
func (e *env) invoiceLine(order, r *row) {
	t := e.tables["sale.order.line"]
	amount := func(name string) float64 { f, _ := t.get(r, name).(float64); return f }
	ordered, invoiced := amount("product_uom_qty"), amount("qty_invoiced")
	status := "no"
	switch {
	case !e.confirmed(order):
	case math.Abs(ordered-invoiced) > 0.005:
		status = "to invoice"
	case amount("qty_delivered") > ordered && t.get(r, "product_id") != nil:
		status = "upselling"
	default:
		status = "invoiced"
	}
	e.recompute(t, r, Values{"invoice_status": status})
}
