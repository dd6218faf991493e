package odootest

import (
	"fmt"
	"maps"
	"math"
	"strconv"
	"strings"
)

// saleOrders adds the orders of demo/orders.txt with their lines.
func (s *seeder) saleOrders() {
	var order int64
	n, sequence := 0, 0
	for _, l := range s.lines("orders") {
		if s.err != nil {
			return
		}
		if strings.ContainsAny(l[0][:1], ">=-") {
			sequence += 10
			s.orderLine(order, sequence, l)
			continue
		}
		if order != 0 {
			s.closeOrder(order)
		}
		n++
		order, sequence = s.order(n, l), 0
	}
	s.closeOrder(order)
}

func (s *seeder) order(n int, l demoLine) int64 {
	flags := l.flags(8)
	ago := int(l.number(5))
	partner := s.id("res.partner", l[2])
	invoice, delivery := partner, partner
	if key := flags["invoice"]; key != "" {
		invoice = s.id("res.partner", key)
	}
	if key := flags["delivery"]; key != "" {
		delivery = s.id("res.partner", key)
	}
	company, pricelist, currency := mainCompany, "eur", "EUR"
	if _, ok := flags["company"]; ok {
		company, pricelist = branchID, "branch"
	}
	if _, ok := flags["usd"]; ok {
		pricelist, currency = "usd", "USD"
	}
	_, locked := flags["locked"]
	state := l[1]
	if locked && s.series < v17 {
		state = "done"
	}
	values := Values{
		"name": fmt.Sprintf("S%05d", n), "state": state, "locked": locked, "partner_id": partner, "partner_invoice_id": invoice,
		"partner_shipping_id": delivery, "user_id": s.id("res.users", l[3]), "team_id": s.id("crm.team", l[4]),
		"date_order": s.moment(ago, n), "client_order_ref": l.text(6), "tag_ids": s.tagIDs("crm.tag", l[7]), "company_id": company,
		"pricelist_id": s.id("product.pricelist", pricelist), "currency_id": s.id("res.currency", currency),
		"payment_term_id": s.id("account.payment.term", "30"), "invoice_status": "no",
	}
	if days, err := strconv.Atoi(flags["valid"]); err == nil {
		values["validity_date"] = s.day(ago - days)
	}
	if days, err := strconv.Atoi(flags["promised"]); err == nil {
		values["commitment_date"] = s.moment(ago-days, n)
	}
	if _, ok := flags["signed"]; ok {
		values["signed_by"], values["signed_on"] = "A. Signatory", s.moment(ago-1, n)
	}
	if note := flags["note"]; note != "" {
		values["note"] = s.rich("sale.order", "note", note)
	}
	if state == "sale" || state == "done" {
		values["origin"] = "Web form"
		values["expected_date"] = s.moment(ago-3, n)
	}
	return s.add("sale.order", l[0], values)
}

// orderLine adds a product line (>), a section (=) or a note (-).
func (s *seeder) orderLine(order int64, sequence int, l demoLine) {
	values := Values{"order_id": order, "sequence": sequence, "customer_lead": 0.0}
	switch l[0][:1] {
	case "=":
		values["display_type"], values["name"] = "line_section", strings.TrimSpace(l[1])
	case "-":
		values["display_type"], values["name"] = "line_note", strings.TrimSpace(l[1])
	default:
		s.productLine(values, l)
	}
	s.add("sale.order.line", "", values)
}

func (s *seeder) productLine(values Values, l demoLine) {
	t, product := s.product(l[0][1:])
	if s.err != nil {
		return
	}
	quantity, price, discount := l.number(1), l.number(2), l.number(3)
	rate := 0.0
	if len(l) > 4 && l[4] != "" {
		rate = l.number(4)
		values["tax_id"] = s.tagIDs("account.tax", l[4])
		values["tax_ids"] = values["tax_id"]
	}
	untaxed := cents(quantity * price * (1 - discount/100))
	tax := cents(untaxed * rate / 100)
	name, _ := product.raw(t.fields["name"]).(string)
	if code, ok := product.raw(t.fields["default_code"]).(string); ok {
		name = "[" + code + "] " + name
	}
	unit := product.raw(t.fields["uom_id"])
	delivered, invoiced := l.number(5), l.number(6)
	status := "no"
	if delivered > 0 {
		status = "to invoice"
		if invoiced >= delivered {
			status = "invoiced"
		}
	}
	maps.Copy(values, map[string]any{
		"product_id": product.id, "name": name, "product_uom_qty": quantity, "qty_delivered": delivered, "qty_invoiced": invoiced,
		"product_uom": unit, "product_uom_id": unit, "price_unit": price, "discount": discount, "price_subtotal": untaxed,
		"technical_price_unit": price, "price_tax": tax, "price_total": cents(untaxed + tax), "invoice_status": status, "customer_lead": float64(len(name) % 9),
	})
}

func cents(f float64) float64 { return math.Round(f*100) / 100 }

// closeOrder sums up an order's lines.
func (s *seeder) closeOrder(order int64) {
	if s.err != nil {
		return
	}
	t := s.tables["sale.order.line"]
	var untaxed, tax float64
	status := "no"
	for _, line := range s.pointing(t.fields["order_id"], order) {
		amount := func(name string) float64 { f, _ := line.raw(t.fields[name]).(float64); return f }
		untaxed += amount("price_subtotal")
		tax += amount("price_tax")
		switch line.raw(t.fields["invoice_status"]) {
		case "to invoice":
			status = "to invoice"
		case "invoiced":
			if status == "no" {
				status = "invoiced"
			}
		}
	}
	s.set("sale.order", order, Values{
		"amount_untaxed": cents(untaxed), "amount_tax": cents(tax), "amount_total": cents(untaxed + tax), "invoice_status": status,
	})
}
