package odootest

import (
	"fmt"
)

// Values are the values of a record by field name: string, bool, int, int64,
// float64, []int64 for many2many, nil for nothing. Dates and times are texts as
// Odoo writes them, in UTC.
type Values map[string]any

// Create adds a record, past all access rights, and returns its id. Fields that
// are not given are empty; active is true.
func (s *Server) Create(model string, values Values) (int64, error) {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	r, err := s.state.create(model, 0, values)
	if err != nil {
		return 0, err
	}
	return r.id, nil
}

// Write changes a record, past all access rights.
func (s *Server) Write(model string, id int64, values Values) error {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	return s.state.write(model, id, values)
}

// Archive makes a record inactive.
func (s *Server) Archive(model string, id int64) error {
	return s.Write(model, id, Values{"active": false})
}

// Delete removes records, past all access rights and constraints.
func (s *Server) Delete(model string, ids ...int64) error {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	t := s.state.tables[model]
	if t == nil {
		return fmt.Errorf("odootest: no model %q", model)
	}
	for _, id := range ids {
		if t.rows[id] == nil {
			return fmt.Errorf("odootest: no %s %d", model, id)
		}
		t.remove(id)
	}
	return nil
}

// Translate sets the text of a translated field in another language than en_US.
func (s *Server) Translate(model string, id int64, lang, field, text string) error {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	return s.state.translate(model, id, lang, field, text)
}

func (st *state) translate(model string, id int64, lang, name, text string) error {
	t := st.tables[model]
	if t == nil || t.rows[id] == nil {
		return fmt.Errorf("odootest: no %s %d", model, id)
	}
	if f := t.fields[name]; f == nil || !f.translated {
		return fmt.Errorf("odootest: %s has no translated field %q", model, name)
	}
	r := t.rows[id]
	if r.texts == nil {
		r.texts = map[string]map[string]string{}
	}
	if r.texts[lang] == nil {
		r.texts[lang] = map[string]string{}
	}
	r.texts[lang][name] = text
	t.rev++
	return nil
}

// Get returns the value of a record's field as stored or computed, past all
// access rights: nil, string, bool, int64, float64 or []int64.
func (s *Server) Get(model string, id int64, field string) (any, error) {
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	t := s.state.tables[model]
	if t == nil || t.rows[id] == nil {
		return nil, fmt.Errorf("odootest: no %s %d", model, id)
	}
	f := t.fields[field]
	if f == nil {
		return nil, fmt.Errorf("odootest: no field %q on model %s", field, model)
	}
	e := s.state.rootEnv()
	if f.toMany() {
		return e.related(t, t.rows[id], f), nil
	}
	return e.value(t.rows[id], f), nil
}

// IDs returns the ids of all records of a model, archived ones too, in order.
func (s *Server) IDs(model string) []int64 {
	s.state.mu.RLock()
	defer s.state.mu.RUnlock()
	t := s.state.tables[model]
	if t == nil {
		return nil
	}
	ids := make([]int64, len(t.sorted))
	for i, r := range t.sorted {
		ids[i] = r.id
	}
	return ids
}

// Find returns the id of the first record, by id, whose field has the value, or
// 0. Archived records count.
func (s *Server) Find(model, field string, value any) int64 {
	for _, id := range s.IDs(model) {
		if v, err := s.Get(model, id, field); err == nil && v == value {
			return id
		}
	}
	return 0
}
