package odootest

import (
	"strconv"
	"strings"
)

// invoices adds the moves of demo/moves.txt: those made from an order take its
// delivered lines, the others have their own.
func (s *seeder) invoices() {
	var move int64
	var head demoLine
	for n, l := range s.lines("moves") {
		if s.err != nil {
			return
		}
		if strings.ContainsAny(l[0][:1], ">=-") {
			s.ownLine(move, n, l)
			continue
		}
		if move != 0 {
			s.closeMove(move, head)
		}
		move, head = s.move(l), l
		if l[7] != "" {
			s.linesOfOrder(move, l[7])
		}
	}
	s.closeMove(move, head)
}

func (s *seeder) move(l demoLine) int64 {
	flags := l.flags(9)
	ago := int(l.number(5))
	days := int(l.number(6))
	partner := s.id("res.partner", l[4])
	company := mainCompany
	if _, ok := flags["company"]; ok {
		company = branchID
	}
	values := Values{
		"move_type": l[1], "state": l[2], "payment_state": l[3], "partner_id": partner, "partner_shipping_id": partner,
		"company_id": company, "date": s.day(ago), "invoice_user_id": s.id("res.users", "mira"),
		"currency_id": s.id("res.currency", "EUR"), "name": l.text(8),
	}
	switch {
	case l[8] == "" && s.series < v17:
		values["name"] = "/"
	case l[2] == "posted":
		values["payment_reference"] = l[8]
	}
	if l[1] != "entry" {
		values["invoice_date"], values["invoice_date_due"] = s.day(ago), s.day(ago-days)
		values["invoice_payment_term_id"] = s.id("account.payment.term", strconv.Itoa(days))
		values["narration"] = s.rich("account.move", "narration", "Thank you for your order.")
	} else {
		values["invoice_user_id"], values["partner_shipping_id"] = nil, nil
	}
	if l[2] == "draft" {
		values["invoice_date"], values["narration"] = nil, nil
	}
	if ref := flags["ref"]; ref != "" {
		values["ref"] = ref
	}
	if key := flags["reverses"]; key != "" {
		values["reversed_entry_id"] = s.id("account.move", key)
	}
	if l[7] != "" {
		orders := s.tables["sale.order"]
		id, _ := s.id("sale.order", l[7]).(int64)
		values["invoice_origin"] = orders.rows[id].raw(orders.fields["name"])
		values["currency_id"] = orders.rows[id].raw(orders.fields["currency_id"])
	}
	return s.add("account.move", l[0], values)
}

// lineKinds are the values that tell a move's lines apart, which versions before
// 16 do in another way.
func (s *seeder) lineKind(kind string) Values {
	if s.series >= v17 {
		return Values{"display_type": kind}
	}
	values := Values{"exclude_from_invoice_tab": kind == "tax" || kind == "payment_term"}
	if strings.HasPrefix(kind, "line_") {
		values["display_type"] = kind
	}
	return values
}

func (s *seeder) ownLine(move int64, n int, l demoLine) {
	kind := "product"
	switch l[0][:1] {
	case "=":
		kind = "line_section"
	case "-":
		kind = "line_note"
	}
	values := s.lineKind(kind)
	if kind == "product" {
		s.productLine(values, l)
	} else {
		values["name"] = strings.TrimSpace(l[1])
	}
	s.moveLine(move, n, values)
}

// moveLine adds a line; it takes the values of an order's line as well.
func (s *seeder) moveLine(move int64, sequence int, values Values) int64 {
	moves := s.tables["account.move"]
	if s.err != nil {
		return 0
	}
	values["move_id"], values["sequence"] = move, sequence
	values["currency_id"] = moves.rows[move].raw(moves.fields["currency_id"])
	values["quantity"] = values["product_uom_qty"]
	if values["product_uom_id"] == nil {
		values["product_uom_id"] = values["product_uom"]
	}
	return s.add("account.move.line", "", values)
}

// linesOfOrder copies what an order delivered, or ordered if nothing was, and
// ties both lines together.
func (s *seeder) linesOfOrder(move int64, order string) {
	t := s.tables["sale.order.line"]
	id, _ := s.id("sale.order", order).(int64)
	for i, line := range s.pointing(t.fields["order_id"], id) {
		kind := "product"
		if text, ok := line.raw(t.fields["display_type"]).(string); ok {
			kind = text
		}
		values := s.lineKind(kind)
		for _, name := range []string{
			"name", "product_id", "product_uom", "product_uom_id", "product_uom_qty", "price_unit", "discount", "price_subtotal", "price_total",
		} {
			if f := t.fields[name]; f != nil {
				values[name] = line.raw(f)
			}
		}
		taxes := t.fields["tax_ids"]
		if taxes == nil {
			taxes = t.fields["tax_id"]
		}
		values["tax_ids"] = line.raw(taxes)
		copied := s.moveLine(move, 10*(i+1), values)
		s.set("sale.order.line", line.id, Values{"invoice_lines": []int64{copied}})
	}
}

// closeMove sums up a move's lines and adds those that Odoo adds for the books.
func (s *seeder) closeMove(move int64, head demoLine) {
	if s.err != nil {
		return
	}
	t := s.tables["account.move.line"]
	var untaxed, total float64
	for _, line := range s.pointing(t.fields["move_id"], move) {
		amount := func(name string) float64 { f, _ := line.raw(t.fields[name]).(float64); return f }
		untaxed += amount("price_subtotal")
		total += amount("price_total")
	}
	untaxed, total = cents(untaxed), cents(total)
	kind, name := "tax", "VAT"
	if head[1] == "entry" {
		kind, name = "product", "Opening balance"
	}
	for i, k := range []string{kind, "payment_term"} {
		values := s.lineKind(k)
		values["name"], values["price_subtotal"] = name, 0.0
		s.moveLine(move, 100+i, values)
	}
	residual := total
	switch head[3] {
	case "paid", "reversed", "in_payment":
		residual = 0
	case "partial":
		residual, _ = strconv.ParseFloat(head.flags(9)["residual"], 64)
	}
	s.set("account.move", move, Values{
		"amount_untaxed": untaxed, "amount_tax": cents(total - untaxed), "amount_total": total, "amount_residual": residual,
	})
}
