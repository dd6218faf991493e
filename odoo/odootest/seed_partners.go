package odootest

import (
	"strings"
)

// people adds the partners of demo/partners.txt and their tags.
func (s *seeder) people() {
	for _, name := range []string{"Hospitality", "Industry", "Trade", "Public", "Private customer", "Supplier"} {
		s.add("res.partner.category", name, Values{"name": name})
	}
	s.add("res.partner.category", "Gold", Values{"name": "Gold", "parent_id": s.id("res.partner.category", "Trade")})
	s.add("res.partner.category", "Fair 2019", Values{"name": "Fair 2019", "active": false})
	for _, l := range s.lines("partners") {
		s.person(l)
	}
}

func (s *seeder) person(l demoLine) {
	kind, flags := l[3], l.flags(13)
	address := kind
	if kind == "company" || kind == "person" {
		address = "contact"
	}
	if address == "private" && s.series >= v17 {
		address = "other"
	}
	var state any
	if l[5] != "" {
		state = s.id("res.country.state", l[4]+"/"+l[5])
	}
	_, archived := flags["archived"]
	values := Values{
		"name": l.text(1), "parent_id": s.id("res.partner", l[2]), "is_company": kind == "company", "type": address,
		"country_id": s.id("res.country", l[4]), "state_id": state, "city": l.text(6), "zip": l.text(7), "street": l.text(8),
		"email": l.text(9), "phone": l.text(10), "active": !archived, "lang": "en_US", "category_id": s.tagIDs("res.partner.category", l[12]),
		"comment": s.rich("res.partner", "comment", l.text(11)),
	}
	if kind == "company" {
		values["vat"] = l.text(11)
		values["comment"] = nil
	} else {
		values["function"] = l.text(11)
	}
	for flag, field := range map[string]string{"lang": "lang", "ref": "ref", "web": "website", "mobile": "mobile"} {
		if v, ok := flags[flag]; ok {
			values[field] = v
		}
	}
	if l[0] == "admin" || l[0] == "demo" {
		values["tz"] = "Europe/Brussels"
	}
	s.add("res.partner", l[0], values)
}

func (s *seeder) tagIDs(model, names string) any {
	if names == "" {
		return nil
	}
	var ids []int64
	for name := range strings.SplitSeq(names, ",") {
		id, _ := s.id(model, name).(int64)
		ids = append(ids, id)
	}
	return ids
}

// lateLinks sets what points to records that come after the partners.
func (s *seeder) lateLinks() {
	for _, l := range s.lines("partners") {
		id, _ := s.id("res.partner", l[0]).(int64)
		flags := l.flags(13)
		values := Values{}
		if user := flags["user"]; user != "" {
			values["user_id"] = s.id("res.users", user)
		}
		if flags["company"] != "" {
			values["company_id"] = branchID
		}
		if l[3] == "company" {
			values["property_payment_term_id"] = s.id("account.payment.term", "30")
		}
		s.set("res.partner", id, values)
	}
}
