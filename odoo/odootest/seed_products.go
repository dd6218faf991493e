package odootest

import "strings"

func (s *seeder) products() {
	for _, l := range s.lines("products") {
		flags := l.flags(12)
		_, archived := flags["archived"]
		_, notSold := flags["nosale"]
		_, untaxed := flags["notax"]
		_, branch := flags["company"]
		values := Values{
			"default_code": l.text(1), "barcode": l.text(2), "name": l[3], "type": l[5], "categ_id": s.category(l[6]),
			"uom_id": s.id("uom.uom", l[7]), "lst_price": l.number(8), "standard_price": l.number(9), "weight": l.number(10),
			"volume": l.number(11), "active": !archived, "sale_ok": !notSold, "currency_id": s.id("res.currency", "EUR"),
		}
		if !untaxed {
			values["taxes_id"] = s.tagIDs("account.tax", "21")
		}
		if branch {
			values["company_id"], values["taxes_id"] = branchID, s.tagIDs("account.tax", "23")
		}
		if text := flags["desc"]; text != "" {
			values["description_sale"] = text
		}
		id := s.add("product.product", l[0], values)
		s.french("product.product", id, "name", l[4])
	}
}

// category returns a category by its path, adding what is missing of it.
func (s *seeder) category(path string) any {
	if id := s.ids["product.category "+path]; id != 0 {
		return id
	}
	name := path
	var parent any
	if cut := strings.LastIndex(path, "/"); cut >= 0 {
		name, parent = path[cut+1:], s.category(path[:cut])
	}
	return s.add("product.category", path, Values{"name": name, "parent_id": parent})
}

// product returns the row of a product and the table to read it with.
func (s *seeder) product(key string) (*table, *row) {
	t := s.tables["product.product"]
	id, _ := s.id("product.product", key).(int64)
	return t, t.rows[id]
}
