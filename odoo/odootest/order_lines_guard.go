package odootest

import (
	"slices"
	"strings"
)

// lockedFields are those of a line that a locked order protects.
func (e *env) lockedFields() []string {
	names := []string{"name", "price_unit", "product_id", e.unitField(), "product_uom_qty", e.taxField()}
	if e.series >= v19 {
		names = append([]string{"discount"}, names...)
	}
	return names
}

func guardLine(e *env, rows []*row, vals dict) error {
	t := e.tables["sale.order.line"]
	for _, r := range rows {
		if kind, ok := vals.get("display_type"); ok && (t.get(r, "display_type") != kind && (truthy(kind) || t.get(r, "display_type") != nil)) {
			return UserError("You cannot change the type of a sale order line. Instead you should delete the current line and create a new line of the proper type.")
		}
	}
	for _, r := range rows {
		order := e.orderOfLine(r)
		if order == nil {
			continue
		}
		if v, ok := vals.get("product_id"); ok && e.series >= v17 && v != t.get(r, "product_id") && e.productFixed(order, r) {
			return UserError("You cannot modify the product of this order line.")
		}
		var labels []string
		for _, name := range slices.Sorted(slices.Values(e.lockedFields())) {
			if vals.has(name) {
				labels = append(labels, t.fields[name].label)
			}
		}
		if labels != nil && e.isLocked(order) {
			return UserError("It is forbidden to modify the following fields in a locked order:\n" + strings.Join(labels, "\n"))
		}
	}
	return nil
}

// productFixed tells whether a line must keep its product.
func (e *env) productFixed(order, r *row) bool {
	t := e.tables["sale.order.line"]
	state := e.tables["sale.order"].get(order, "state")
	return state == "cancel" || state == "sale" && (e.isLocked(order) || truthy(t.get(r, "qty_invoiced")) || truthy(t.get(r, "qty_delivered")))
}

// orderOfLine is the order that a line belongs to.
func (e *env) orderOfLine(r *row) *row {
	id, _ := e.tables["sale.order.line"].get(r, "order_id").(int64)
	return e.tables["sale.order"].rows[id]
}

func lineLeaving(e *env, rows []*row) error {
	t := e.tables["sale.order.line"]
	for _, r := range rows {
		order := e.orderOfLine(r)
		switch {
		case order == nil || !e.confirmed(order) || t.get(r, "display_type") != nil:
		case e.series < v17:
			return UserError("You can not remove an order line once the sales order is confirmed.\nYou should rather set the quantity to 0.")
		default:
			return UserError("Once a sales order is confirmed, you can't remove one of its lines (we need to track if something gets invoiced or delivered).\n" +
				"                Set the quantity to 0 instead.")
		}
	}
	return nil
}

func lineLeft(e *env, r *row) {
	if order := e.orderOfLine(r); order != nil {
		e.sumUp(order)
	}
}
