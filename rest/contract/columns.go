package contract

// Columns returns the names of the columns of a record in a table: members of
// objects follow the name of their object, as in country_id. An array is one column.
func (v *Value) Columns() []string {
	var names []string
	for _, m := range v.Members {
		switch {
		case m.hidden:
		case m.Value.Form == Object:
			for _, name := range m.Value.Columns() {
				names = append(names, m.Name+"_"+name)
			}
		default:
			names = append(names, m.Name)
		}
	}
	return names
}

// Cells appends the cells of a record, which is JSON as REST answers it: texts
// without quotes, null as an empty text, arrays as JSON.
func (v *Value) Cells(cells []string, record []byte) ([]string, error) {
	s := &scan{text: record}
	cells = v.cells(cells, s)
	if s.bad {
		return nil, errAnswer
	}
	return cells, nil
}

func (v *Value) cells(cells []string, s *scan) []string {
	next := 0
	s.members(func([]byte) {
		if next >= len(v.Members) {
			s.fail()
			return
		}
		m := v.Members[next]
		next++
		switch c := s.peek(); {
		case c == 'n' && m.Value.Form == Object:
			s.raw()
			cells = append(cells, make([]string, len(m.Value.Columns()))...)
		case c == 'n':
			s.raw()
			cells = append(cells, "")
		case c == '"':
			cells = append(cells, unquote(s.raw()))
		case m.Value.Form == Object:
			cells = m.Value.cells(cells, s)
		default:
			cells = append(cells, string(s.raw()))
		}
	})
	return cells
}
