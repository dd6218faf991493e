package odootest

import (
	"fmt"
	"sync"
	"time"
)

// state is the database: everything that a call can see or change. It knows
// nothing of protocols. Readers hold mu for reading during a whole call, so a
// call sees one moment of it.
type state struct {
	mu           sync.RWMutex
	series       series
	tables       map[string]*table
	accounts     map[int64]*account // what users sign in with, by id
	now          func() time.Time
	undo         *undoLog
	orderNumbers *numbers
	messages     *numbers // of the messages that were posted

	cacheMu  sync.Mutex
	orders   map[string]*cachedOrder
	inverses map[*field]*inverseIndex
}

func newState(s series, now func() time.Time) (*state, error) {
	models, err := parseModels(s)
	if err != nil {
		return nil, err
	}
	st := &state{
		series: s, tables: map[string]*table{}, accounts: map[int64]*account{}, now: now, undo: &undoLog{}, orderNumbers: &numbers{}, messages: &numbers{},
		orders: map[string]*cachedOrder{}, inverses: map[*field]*inverseIndex{},
	}
	for name, m := range models {
		st.tables[name] = newTable(m, st.undo)
	}
	return st, nil
}

// numbers is a sequence of numbers, such as those of sale orders. Calls that fail
// give none back.
type numbers struct{ last int }

// comodel is the table that a relational field leads to.
func (st *state) comodel(f *field) *table { return st.tables[f.relation] }

// timestamp is the moment as Odoo stores it.
func (st *state) timestamp() string { return st.now().UTC().Format(time.DateTime) }

// create adds a record with the given values. Callers hold mu.
func (st *state) create(model string, id int64, values Values) (*row, error) {
	t := st.tables[model]
	if t == nil {
		return nil, fmt.Errorf("odootest: no model %q", model)
	}
	if t.rows[id] != nil {
		return nil, fmt.Errorf("odootest: %s %d exists", model, id)
	}
	for name, v := range values {
		f := t.fields[name]
		if f == nil || f.column < 0 {
			return nil, fmt.Errorf("odootest: %s has no field %q that can be set", model, name)
		}
		if _, err := f.convert(v); err != nil {
			return nil, err
		}
	}
	r := t.insert(id)
	now := st.timestamp()
	for name, v := range map[string]any{
		"create_date": now, "write_date": now, "create_uid": rootID, "write_uid": rootID,
	} {
		_ = t.assign(r, name, v) // every model has these
	}
	t.setDefaults(r)
	for name, v := range values {
		_ = t.assign(r, name, v) // checked above
	}
	return r, nil
}

// write changes a record. Callers hold mu.
func (st *state) write(model string, id int64, values Values) error {
	t := st.tables[model]
	if t == nil {
		return fmt.Errorf("odootest: no model %q", model)
	}
	r := t.rows[id]
	if r == nil {
		return fmt.Errorf("odootest: no %s %d", model, id)
	}
	for name, v := range values {
		if err := t.assign(r, name, v); err != nil {
			return err
		}
	}
	return t.assign(r, "write_date", st.timestamp())
}

// An inverseIndex leads from a record to those that point to it by a many2one.
type inverseIndex struct {
	rev  uint64
	rows map[int64][]*row
}

// pointing returns the records whose many2one field is the given id, by id.
func (st *state) pointing(f *field, id int64) []*row {
	st.cacheMu.Lock()
	defer st.cacheMu.Unlock()
	t := st.tables[f.model.name]
	index := st.inverses[f]
	if index == nil || index.rev != t.rev {
		index = &inverseIndex{rev: t.rev, rows: map[int64][]*row{}}
		for _, r := range t.sorted {
			if target, ok := r.raw(f).(int64); ok {
				index.rows[target] = append(index.rows[target], r)
			}
		}
		st.inverses[f] = index
	}
	return index.rows[id]
}
