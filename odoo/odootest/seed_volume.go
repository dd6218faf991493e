package odootest

import (
	"fmt"
)

// Parts of made-up names. Their numbers share no factor, so that pairs repeat
// late.
var (
	givenNames = []string{
		"Alma", "Boris", "Carla", "Dmitri", "Elif", "Farid", "Greta", "Hiro", "Ines", "Jonas", "Kaya", "Liam", "Mei", "Noor", "Oskar",
		"Petra", "Quinn", "Rosa", "Stefan", "Tara", "Umar", "Vera", "Wanda", "Xavier", "Yara", "Zoltán", "Åse", "Émile", "Łukasz",
	}
	familyNames = []string{
		"Abel", "Bauer", "Costa", "Dubois", "Eriksen", "Ferrari", "García", "Horváth", "Ito", "Jansen", "Kowalski", "Lopes", "Meyer",
		"Novák", "Olsen", "Petrović", "Rossi", "Schmidt", "Tanaka", "Ünal", "Virtanen", "Weber", "Yılmaz",
	}
	firmWords = []string{
		"Atlas", "Beacon", "Cobalt", "Delta", "Ember", "Falcon", "Granite", "Horizon", "Iris", "Juniper", "Keystone", "Lagoon", "Meridian",
	}
	firmKinds = []string{"Trading", "Interiors", "Foods", "Logistics", "Studio", "Hotels", "Systems"}
	townNames = []string{"Ghent", "Lyon", "Porto", "Bergen", "Kraków", "Graz", "Leeds", "Turin", "Malmö", "Seville", "Utrecht"}
	farLands  = []string{"BE", "FR", "PT", "NO", "PL", "AT", "GB", "IT", "SE", "ES", "NL"}
)

// volume makes up partners, a quarter of them companies with the next ones as
// contacts, and orders of three lines. The same numbers make the same data.
func (s *seeder) volume(o Options) error {
	tell := func(made int) {
		if made%1000 == 0 && o.Progress != nil {
			o.Progress(made)
		}
	}
	first := s.tables["res.partner"].nextID
	company := first
	for i := range o.Partners {
		tell(i)
		id := first + int64(i)
		values := Values{
			"type": "contact", "lang": "en_US", "city": townNames[i%len(townNames)],
			"country_id": s.id("res.country", farLands[i%len(farLands)]), "zip": fmt.Sprintf("%04d", 1000+i*37%9000),
			"street": fmt.Sprintf("Street %d", i%400+1), "email": fmt.Sprintf("p%d@volume.example", i), "phone": fmt.Sprintf("+32 2 55 %05d", i%100000),
			"ref": fmt.Sprintf("V%06d", i),
		}
		if i%4 == 0 {
			company = id
			values["is_company"] = true
			values["name"] = fmt.Sprintf("%s %s %d", firmWords[i/4%len(firmWords)], firmKinds[i/4%len(firmKinds)], i/4)
		} else {
			values["is_company"], values["parent_id"] = false, company
			values["name"] = givenNames[i%len(givenNames)] + " " + familyNames[i*7%len(familyNames)]
		}
		s.addFast("res.partner", values)
	}
	for i := range o.Orders {
		tell(o.Partners + i)
		s.volumeOrder(i, first, o.Partners)
	}
	return s.err
}

// addFast is add for values that are known to be right.
func (s *seeder) addFast(model string, values Values) int64 {
	t := s.tables[model]
	r := t.insert(0)
	now := s.timestamp()
	values["create_date"], values["write_date"], values["create_uid"], values["write_uid"] = now, now, rootID, rootID
	t.setDefaults(r)
	for name, v := range values {
		if f := t.fields[name]; f != nil && f.column >= 0 && s.err == nil {
			r.values[f.column], s.err = f.convert(v)
		}
	}
	return r.id
}

func (s *seeder) volumeOrder(i int, firstPartner int64, partners int) {
	partner, _ := s.id("res.partner", "harbour").(int64)
	if partners > 0 {
		partner = firstPartner + int64(i*4%partners)
	}
	state := []string{"draft", "sent", "sale", "sale", "sale", "cancel"}[i%6]
	products := []string{"desk", "chair", "lamp", "shelf", "stool", "cabinet", "oil"}
	lines := make([]Values, 3)
	var untaxed, tax float64
	for k := range lines {
		lines[k] = Values{"sequence": 10 * (k + 1)}
		price := []string{"649.00", "219.00", "48.00", "59.90", "74.50", "310.00", "24.90"}[(i+k)%7]
		s.productLine(lines[k], demoLine{">" + products[(i+k)%7], fmt.Sprint(1 + (i+k)%9), price, "", "21"})
		untaxed += lines[k]["price_subtotal"].(float64)
		tax += lines[k]["price_tax"].(float64)
	}
	order := s.addFast("sale.order", Values{
		"name": fmt.Sprintf("V%05d", i+1), "state": state, "locked": false, "partner_id": partner, "partner_invoice_id": partner,
		"partner_shipping_id": partner, "user_id": s.id("res.users", []string{"demo", "mira", "admin"}[i%3]),
		"team_id": s.id("crm.team", []string{"north", "south"}[i%2]), "date_order": s.moment(i%700, i), "company_id": mainCompany,
		"pricelist_id": s.id("product.pricelist", "eur"), "currency_id": s.id("res.currency", "EUR"),
		"payment_term_id": s.id("account.payment.term", "30"), "invoice_status": "no",
		"amount_untaxed": cents(untaxed), "amount_tax": cents(tax), "amount_total": cents(untaxed + tax),
	})
	for _, line := range lines {
		line["order_id"] = order
		s.addFast("sale.order.line", line)
	}
}
