package odootest

import (
	"slices"
	"strconv"
	"strings"
)

// magicFields are set by Odoo alone; values that clients give are dropped.
var magicFields = []string{"id", "parent_path", "create_uid", "create_date", "write_uid", "write_date"}

// insert adds a record with the caller's rights and returns it.
func (e *env) insert(t *table, given dict) (*row, error) {
	if err := e.checkRight(t, opCreate); err != nil {
		return nil, err
	}
	if err := e.understood(t); err != nil {
		return nil, err
	}
	if err := e.unknownField(t, given, true); err != nil {
		return nil, err
	}
	if err := e.checkFields(t, given); err != nil {
		return nil, err
	}
	vals, err := e.completed(t, given)
	if err != nil {
		return nil, err
	}
	r := t.insert(0)
	t.setDefaults(r)
	e.stamp(t, r, true)
	if err := e.store(t, r, vals, true); err != nil {
		return nil, err
	}
	if err := e.checkRow(t, r, nil); err != nil {
		return nil, err
	}
	if err := e.runCommands(t, []*row{r}, vals, true); err != nil {
		return nil, err
	}
	if wrote := behaviourOf(t).wrote; wrote != nil {
		if err := wrote(e, r, nil, given); err != nil {
			return nil, err
		}
	}
	return r, e.recheckRules(t, r, opCreate)
}

// completed adds the values that the client did not give: those of the context,
// of the model's own making and of the table.
func (e *env) completed(t *table, given dict) (dict, error) {
	var vals dict
	for _, m := range given {
		if !slices.Contains(magicFields, m.key) {
			vals.set(m.key, m.value)
		}
	}
	for _, m := range e.context {
		if name, ok := strings.CutPrefix(m.key, "default_"); ok && t.fields[name] != nil {
			vals.missing(name, m.value)
		}
	}
	if prepare := behaviourOf(t).prepare; prepare != nil {
		if err := prepare(e, &vals); err != nil {
			return nil, err
		}
	}
	for _, f := range t.list {
		if f.byDef == "" {
			continue
		}
		var v any = f.byDef
		if f.numeric() {
			v, _ = strconv.ParseFloat(f.byDef, 64)
		}
		vals.missing(f.name, v)
	}
	return vals, nil
}

// store converts values and puts them into a row. Fields that are computed take
// any value and forget it.
func (e *env) store(t *table, r *row, vals dict, creating bool) error {
	for _, m := range vals {
		f := t.fields[m.key]
		if f == nil || f.column < 0 || f.toMany() || slices.Contains(magicFields, m.key) {
			continue
		}
		v, err := e.stored(f, m.value, creating)
		if err != nil {
			return err
		}
		if v, err = e.followed(f, v, creating); err != nil {
			return err
		}
		if f.translated && !creating && e.lang != "" && e.lang != "en_US" && e.installed(e.lang) {
			t.setText(r, e.lang, f.name, v)
			continue
		}
		t.set(r, f, v)
	}
	return nil
}

// setText stores a translation.
func (t *table) setText(r *row, lang, field string, v any) {
	text, _ := v.(string)
	if r.texts == nil {
		r.texts = map[string]map[string]string{}
	}
	if r.texts[lang] == nil {
		r.texts[lang] = map[string]string{}
	}
	old, had := r.texts[lang][field]
	t.undo.add(func() {
		if r.texts[lang][field] = old; !had {
			delete(r.texts[lang], field)
		}
		t.rev++
	})
	r.texts[lang][field] = text
	t.rev++
}

// stamp notes who changed a record and when.
func (e *env) stamp(t *table, r *row, created bool) {
	now := e.timestamp()
	if created {
		t.setNamed(r, "create_date", now)
		t.setNamed(r, "create_uid", e.user.id)
	}
	t.setNamed(r, "write_date", now)
	t.setNamed(r, "write_uid", e.user.id)
}

// recompute stores values that follow from others. It counts as a change of the
// record, if it is one.
func (e *env) recompute(t *table, r *row, values Values) {
	changed := false
	for name, v := range values {
		f := t.fields[name]
		if f == nil || f.column < 0 || t.get(r, name) == v {
			continue
		}
		t.set(r, f, v)
		changed = true
	}
	if changed {
		e.stamp(t, r, false)
	}
}

// recheckRules refuses what a change has moved out of the caller's sight.
func (e *env) recheckRules(t *table, r *row, op operation) error {
	e.rules = map[*table]func(*row) bool{} // they may look at records that changed
	rule, err := e.ruleOf(t)
	if err != nil || rule == nil || rule(r) {
		return err
	}
	return e.recordsDenied(t, op, []*row{r})
}
