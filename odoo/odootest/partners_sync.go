package odootest

import "slices"

// syncPartner shares what changed of a partner with its company and contacts, as
// if they were one field. Since 19 a contact's address goes up to the company.
func (e *env) syncPartner(r *row, vals dict) {
	t := e.tables["res.partner"]
	parent := t.rows[parentOf(t, r)]
	moved := vals.id("parent_id") != 0 && parent != nil
	contact := t.get(r, "type") == "contact"
	if moved {
		e.copyFields(e.commercialRow(r), r, commercialFields)
	}
	if kind, _ := vals.get("type"); parent != nil && contact && (moved || kind == "contact") && t.anySet(parent, addressFields) {
		e.copyFields(parent, r, addressFields)
	}
	if parent != nil && e.series >= v19 {
		if contact && (vals.has(addressFields...) || vals.has("parent_id")) {
			e.shareUp(r, parent, addressFields)
		}
		if e.commercialRow(r) != r && (vals.has("vat") || vals.has("parent_id")) {
			e.shareUp(r, parent, []string{"vat"})
		}
	}
	e.shareDown(r, vals)
}

func parentOf(t *table, r *row) int64 {
	id, _ := t.get(r, "parent_id").(int64)
	return id
}

// commercialRow is the partner that holds the commercial fields of another.
func (e *env) commercialRow(r *row) *row {
	id, _ := e.commercialPartner(r).(int64)
	return e.tables["res.partner"].rows[id]
}

func (t *table) anySet(r *row, names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return truthy(t.get(r, name)) })
}

func (t *table) differ(a, b *row, names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return t.get(a, name) != t.get(b, name) })
}

func (e *env) copyFields(from, to *row, names []string) {
	t := e.tables["res.partner"]
	values := Values{}
	for _, name := range names {
		values[name] = t.get(from, name)
	}
	e.recompute(t, to, values)
}

// shareUp gives the company the values of a contact; it hands them on.
func (e *env) shareUp(r, parent *row, names []string) {
	if !e.tables["res.partner"].differ(r, parent, names) {
		return
	}
	e.copyFields(r, parent, names)
	vals := dict{}
	for _, name := range names {
		vals.set(name, nil)
	}
	e.syncPartner(parent, vals)
}

// shareDown gives the contacts of a partner what changed of it.
func (e *env) shareDown(r *row, vals dict) {
	t := e.tables["res.partner"]
	given := func(names []string) []string {
		return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !vals.has(name) })
	}
	if e.commercialRow(r) == r && vals.has(commercialFields...) {
		e.shareCommercial(r, r, 8)
	}
	address := given(addressFields)
	for _, child := range e.contacts(r) {
		if t.get(child, "type") == "contact" && len(address) > 0 {
			e.copyFields(r, child, address)
		}
	}
}

func (e *env) shareCommercial(from, r *row, depth int) {
	for _, child := range e.contacts(r) {
		if e.tables["res.partner"].get(child, "is_company") != true && depth > 0 {
			e.shareCommercial(from, child, depth-1)
			e.copyFields(from, child, commercialFields)
		}
	}
}

// firstContact takes the address of a company's first contact for the company's,
// if that has none.
func (e *env) firstContact(r *row) {
	t := e.tables["res.partner"]
	parent := t.rows[parentOf(t, r)]
	if parent == nil || t.get(parent, "is_company") != true && parentOf(t, parent) != 0 {
		return
	}
	if len(e.contacts(parent)) == 1 && t.anySet(r, addressFields) && !t.anySet(parent, addressFields) {
		e.copyFields(r, parent, addressFields)
	}
}

// addressOf finds the contact of a type for a partner: among its contacts and
// theirs, then its company's; failing that, the nearest plain contact.
func (e *env) addressOf(r *row, kind string) any {
	t := e.tables["res.partner"]
	seen := map[int64]bool{}
	var plain any = r.id
	foundPlain := false
	for at := r; at != nil; at = t.rows[parentOf(t, at)] {
		for scan := []*row{at}; len(scan) > 0; {
			p := scan[0]
			scan = scan[1:]
			seen[p.id] = true
			switch t.get(p, "type") {
			case kind:
				return p.id
			case "contact":
				if !foundPlain {
					plain, foundPlain = p.id, true
				}
			}
			kids := slices.DeleteFunc(e.contacts(p), func(kid *row) bool { return seen[kid.id] || t.get(kid, "is_company") == true })
			scan = append(kids, scan...)
		}
		if t.get(at, "is_company") == true || seen[parentOf(t, at)] {
			break
		}
	}
	return plain
}
