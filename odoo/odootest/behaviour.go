package odootest

// A behaviour is what a model does beyond storing values.
type behaviour struct {
	// prepare completes the values of a record to come.
	prepare func(e *env, vals *dict) error
	// guard refuses a change of records before anything is written.
	guard func(e *env, rows []*row, vals dict) error
	// wrote keeps right what depends on the fields in vals, of the record and of
	// others. before is the record as it was, nil for a new one.
	wrote func(e *env, r, before *row, vals dict) error
	// leaving refuses that records are deleted.
	leaving func(e *env, rows []*row) error
	// left keeps right what depended on a deleted record.
	left func(e *env, r *row)
}

// behaviourOf returns the behaviour of a model; most have none.
func behaviourOf(t *table) behaviour {
	switch t.name {
	case "res.partner":
		return behaviour{prepare: preparePartner, guard: guardPartner, wrote: partnerWrote, leaving: partnerLeaving}
	case "res.partner.category":
		return behaviour{wrote: categoryWrote}
	case "sale.order":
		return behaviour{prepare: prepareOrder, guard: guardOrder, wrote: orderWrote, leaving: orderLeaving}
	case "sale.order.line":
		return behaviour{prepare: prepareLine, guard: guardLine, wrote: lineWrote, leaving: lineLeaving, left: lineLeft}
	}
	return behaviour{}
}

// has tells whether a value is given for any of the fields.
func (d dict) has(names ...string) bool {
	for _, name := range names {
		if _, ok := d.get(name); ok {
			return true
		}
	}
	return false
}

// missing sets a value unless there is one.
func (d *dict) missing(name string, value any) {
	if !d.has(name) {
		*d = append(*d, member{name, value})
	}
}

// id returns the value of a many2one if it is an id.
func (d dict) id(name string) int64 {
	v, _ := d.get(name)
	id, _ := v.(int64)
	return id
}

// loops tells whether a record is among its own ancestors.
func (t *table) loops(r *row, parent string) bool {
	seen := map[int64]bool{r.id: true}
	for at := r; ; {
		id, ok := t.get(at, parent).(int64)
		if at = t.rows[id]; !ok || at == nil {
			return false
		}
		if seen[id] {
			return true
		}
		seen[id] = true
	}
}

func categoryWrote(e *env, r, before *row, vals dict) error {
	t := e.tables["res.partner.category"]
	if before == nil && !vals.has("color") {
		t.setNamed(r, "color", 1+r.id%11) // Odoo throws dice
	}
	if vals.has("parent_id") && t.loops(r, "parent_id") {
		return UserError("Recursion Detected.")
	}
	return nil
}
