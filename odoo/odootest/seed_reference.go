package odootest

import "maps"

func (s *seeder) languages() {
	for _, l := range []struct {
		name, code, iso, date string
		active                bool
	}{
		{"English (US)", "en_US", "en", "%m/%d/%Y", true},
		{"French / Français", "fr_FR", "fr", "%d/%m/%Y", true},
		{"German / Deutsch", "de_DE", "de", "%d.%m.%Y", false},
	} {
		s.add("res.lang", l.code, Values{
			"name": l.name, "code": l.code, "iso_code": l.iso, "active": l.active,
			"date_format": l.date, "time_format": "%H:%M:%S", "direction": "ltr",
		})
	}
}

func (s *seeder) currencies() {
	for _, l := range s.lines("currencies") {
		decimals := int(l.number(3))
		rounding := 1.0
		for range decimals {
			rounding /= 10
		}
		s.add("res.currency", l[0], Values{
			"name": l[0], "symbol": l[1], "full_name": l[2], "decimal_places": decimals, "rounding": rounding,
			"position": l[4], "active": l[0] == "EUR" || l[0] == "USD",
		})
	}
}

func (s *seeder) countries() {
	labels := map[string][2]string{
		"BE": {"VAT", "TVA"}, "FR": {"VAT", "TVA"}, "DE": {"VAT", "TVA"}, "US": {"EIN", ""}, "CA": {"HST", ""}, "IN": {"GSTIN", ""},
	}
	for _, l := range s.lines("countries") {
		code, currency := l[0], l[2]
		if currency != "" && s.ids["res.currency "+currency] == 0 {
			s.add("res.currency", currency, Values{
				"name": currency, "symbol": currency, "full_name": currency, "decimal_places": 2, "rounding": 0.01,
				"position": "after", "active": false,
			})
		}
		var label any
		if text := labels[code][0]; text != "" {
			label = text
		}
		id := s.add("res.country", code, Values{
			"name": l[3], "code": code, "phone_code": int(l.number(1)), "currency_id": s.id("res.currency", currency), "vat_label": label,
		})
		s.french("res.country", id, "name", l[4])
		s.french("res.country", id, "vat_label", labels[code][1])
	}
	for _, l := range s.lines("states") {
		s.add("res.country.state", l[0]+"/"+l[1], Values{"country_id": s.id("res.country", l[0]), "code": l[1], "name": l[2]})
	}
}

func (s *seeder) companies() {
	for _, c := range []struct {
		partner  string
		currency string
		parent   any
	}{{"company", "EUR", nil}, {"branch", "EUR", mainCompany}} {
		s.add("res.company", c.partner, Values{
			"partner_id": s.id("res.partner", c.partner), "currency_id": s.id("res.currency", c.currency),
			"parent_id": c.parent, "sequence": 10,
		})
	}
}

func (s *seeder) users() {
	both, one, branch := []int64{mainCompany, branchID}, []int64{mainCompany}, []int64{branchID}
	for _, u := range []struct {
		partner, login string
		companies      []int64
		account        *account
	}{
		{"root", "__system__", both, nil},
		{"admin", AdminLogin, both, &account{password: AdminLogin, keys: []string{AdminKey}, role: roleAdmin}},
		{"mira", "mira", one, nil},
		{"rui", "rui", branch, nil},
		{"otto", "otto", one, nil},
		{"demo", DemoLogin, one, &account{password: DemoLogin, keys: []string{DemoKey}, role: roleSales}},
		{"portal", PortalLogin, one, &account{password: PortalLogin, keys: []string{PortalKey}, role: rolePortal}},
		{"nadia", "nadia", both, nil},
		{"ivan", "ivan", one, nil},
	} {
		partner := s.id("res.partner", u.partner)
		id := s.add("res.users", u.partner, Values{
			"login": u.login, "partner_id": partner, "company_id": u.companies[0], "company_ids": u.companies,
			"active": u.partner != "root" && u.partner != "ivan", "share": u.login == PortalLogin,
		})
		if u.account != nil {
			u.account.id, u.account.login, u.account.companies = id, u.login, u.companies
			person, _ := partner.(int64)
			u.account.customer, _ = s.rootEnv().commercialPartner(s.tables["res.partner"].rows[person]).(int64)
			s.accounts[id] = u.account
		}
	}
}

func (s *seeder) tags() {
	for i, name := range []string{"Terrace", "Repeat", "Export", "Public", "Gold"} {
		s.add("crm.tag", name, Values{"name": name, "color": i + 1})
	}
	for i, t := range []struct {
		key, name, leader string
		company           any
		active            bool
	}{
		{"north", "North", "mira", mainCompany, true},
		{"south", "South", "demo", mainCompany, true},
		{"lisbon", "Lisbon", "rui", branchID, true},
		{"everyone", "Everyone", "", nil, true},
		{"closed", "Door to door", "ivan", nil, false},
	} {
		s.add("crm.team", t.key, Values{
			"name": t.name, "sequence": 10 * (i + 1), "user_id": s.id("res.users", t.leader), "company_id": t.company, "active": t.active,
		})
	}
}

func (s *seeder) units() {
	for i, u := range []struct{ name, french, of string }{
		{"Units", "Unités", ""}, {"Dozens", "Douzaines", "Units"}, {"m", "m", ""}, {"L", "L", ""}, {"kg", "kg", ""},
		{"Hours", "Heures", ""}, {"Days", "Jours", "Hours"}, {"Pallets", "Palettes", "Units"},
	} {
		id := s.add("uom.uom", u.name, Values{
			"name": u.name, "sequence": 10 * (i + 1), "relative_uom_id": s.id("uom.uom", u.of), "active": u.name != "Pallets",
		})
		s.french("uom.uom", id, "name", u.french)
	}
}

func (s *seeder) taxes() {
	for i, t := range []struct {
		key, name, use, label string
		amount                float64
		company               int64
	}{
		{"21", "21%", "sale", "VAT 21%", 21, mainCompany}, {"6", "6%", "sale", "VAT 6%", 6, mainCompany},
		{"0", "0% export", "sale", "Exempt", 0, mainCompany}, {"20", "20% FR", "sale", "TVA 20%", 20, mainCompany},
		{"25", "25% NO", "sale", "MVA 25%", 25, mainCompany}, {"21p", "21% purchases", "purchase", "VAT 21%", 21, mainCompany},
		{"23", "23% PT", "sale", "IVA 23%", 23, branchID}, {"eco", "Recycling fee", "none", "Fee", 1.2345, mainCompany},
	} {
		kind := "percent"
		if t.key == "eco" {
			kind = "fixed"
		}
		label := Values{"description": t.label}
		if s.tables["account.tax"].fields["invoice_label"] != nil {
			label = Values{"invoice_label": t.label, "description": "<p>" + t.label + "</p>"}
		}
		values := Values{
			"name": t.name, "sequence": i + 1, "type_tax_use": t.use, "amount_type": kind, "amount": t.amount,
			"price_include": false, "company_id": t.company, "active": t.key != "eco",
		}
		maps.Copy(values, label)
		s.add("account.tax", t.key, values)
	}
}

// templates adds the template that quotations are sent by.
func (s *seeder) templates() {
	const name = "email_template_edi_sale"
	id := s.add("mail.template", name, Values{"name": "Sales: Send Quotation"})
	s.add("ir.model.data", "", Values{"module": "sale", "name": name, "model": "mail.template", "res_id": id})
}

func (s *seeder) prices() {
	for i, t := range []struct{ key, name, french, note string }{
		{"0", "At once", "Comptant", "Payable on receipt."}, {"15", "15 days", "15 jours", "Payable within 15 days."},
		{"30", "30 days", "30 jours", "Payable within 30 days."}, {"45", "45 days", "45 jours", ""},
	} {
		values := Values{"name": t.name, "sequence": 10 * (i + 1)}
		if t.note != "" {
			values["note"] = s.rich("account.payment.term", "note", t.note)
		}
		id := s.add("account.payment.term", t.key, values)
		s.french("account.payment.term", id, "name", t.french)
	}
	for i, p := range []struct {
		key, name, currency string
		company             any
		active              bool
	}{
		{"eur", "Standard", "EUR", nil, true}, {"usd", "Overseas", "USD", nil, true}, {"branch", "Lisboa", "EUR", branchID, true},
		{"old", "Spring fair", "EUR", mainCompany, false},
	} {
		s.add("product.pricelist", p.key, Values{
			"name": p.name, "sequence": i + 1, "currency_id": s.id("res.currency", p.currency), "company_id": p.company, "active": p.active,
		})
	}
}
