package contract

import (
	"bytes"
	"encoding/json"
)

// Records is a page of a list, as GraphQL answered it.
type Records struct {
	// Missing tells that what the list belongs to is not there.
	Missing bool
	// Items are the records in JSON, as REST answers them.
	Items []byte
	// Count is how many they are.
	Count int
	// Total is the length of the whole list, if it was asked for.
	Total int
	// Cursors are those of the records, if they were asked for.
	Cursors []string
	// Info tells what lies around the page.
	Info PageInfo
}

// PageInfo is that of Relay.
type PageInfo struct {
	HasNextPage, HasPreviousPage bool
	StartCursor, EndCursor       string
}

// ReadRecords reads the answer to a call for a list. The separator stands between
// the records.
func (r *Route) ReadRecords(data []byte, record *Value, separator string) (*Records, error) {
	s := &scan{text: data}
	out := &Records{Items: make([]byte, 0, len(data))}
	found := false
	r.document.follow(s, func() {
		found = true
		s.members(func(name []byte) {
			switch string(name) {
			case "nodes":
				s.items(func() { out.add(s, record, separator) })
			case "edges":
				s.items(func() {
					s.members(func(name []byte) {
						if string(name) == "cursor" {
							out.Cursors = append(out.Cursors, unquote(s.raw()))
						} else {
							out.add(s, record, separator)
						}
					})
				})
			case "totalCount":
				s.bad = json.Unmarshal(s.raw(), &out.Total) != nil || s.bad
			case "pageInfo":
				s.bad = json.Unmarshal(s.raw(), &out.Info) != nil || s.bad
			}
		})
	})
	out.Missing = !found
	if s.bad {
		return nil, errAnswer
	}
	return out, nil
}

func (p *Records) add(s *scan, record *Value, separator string) {
	if p.Count > 0 {
		p.Items = append(p.Items, separator...)
	}
	p.Count++
	p.Items = record.append(p.Items, s)
}

// follow reads down to what is answered; it is not read if something on the way is null.
func (d *document) follow(s *scan, read func()) {
	depth := 0
	var down func()
	down = func() {
		if s.null() {
			return
		}
		if depth == len(d.way) {
			read()
			return
		}
		field := d.way[depth]
		depth++
		s.members(func(name []byte) {
			if string(name) == field.Alias {
				down()
			} else {
				s.raw()
			}
		})
	}
	down()
}

// Record is a record, as GraphQL answered it.
type Record struct {
	// JSON is the record as REST answers it, nil if it is not there.
	JSON []byte
	// ID is its number, Version when it was last changed (RFC 3339).
	ID, Version string
	// UserErrors tell why a change was not made.
	UserErrors []UserError
}

// UserError is that of the schema.
type UserError struct {
	Field            []string
	Message, Code    string
	CurrentUpdatedAt string
}

// ReadRecord reads the answer to a call for a record or a change.
func (r *Route) ReadRecord(data []byte, record *Value) (*Record, error) {
	out := &Record{}
	s := &scan{text: data}
	r.document.follow(s, func() {
		start := s.at
		s.members(func(name []byte) {
			raw := s.raw()
			switch string(name) {
			case idAlias:
				out.ID = string(raw)
			case versionAlias:
				out.Version = unquote(raw)
			}
		})
		if !s.bad {
			again := &scan{text: s.text, at: start}
			out.JSON = record.append(make([]byte, 0, s.at-start), again)
			s.bad = again.bad
		}
	})
	if s.bad {
		return nil, errAnswer
	}
	if r.Kind == Change {
		var payload map[string]struct{ UserErrors []UserError }
		if err := json.Unmarshal(data, &payload); err != nil {
			return nil, errAnswer
		}
		out.UserErrors = payload[r.document.way[0].Alias].UserErrors
	}
	return out, nil
}

// append writes the value that is read as REST answers it.
func (v *Value) append(out []byte, s *scan) []byte {
	if v.plain || s.peek() == 'n' {
		return append(out, s.raw()...)
	}
	switch v.Form {
	case Leaf: // an enum
		return append(out, bytes.ToLower(s.raw())...)
	case Array:
		first := true
		out = append(out, '[')
		s.items(func() {
			if !first {
				out = append(out, ',')
			}
			first = false
			out = v.Items.append(out, s)
		})
		return append(out, ']')
	case Count:
		return append(out, s.raw()...)
	}
	out = append(out, '{')
	next, first := 0, true
	s.members(func(name []byte) {
		if next >= len(v.Members) || v.Members[next].Name != string(name) {
			s.fail() // GraphQL keeps the order of the document
			return
		}
		m := v.Members[next]
		next++
		if m.hidden {
			s.raw()
			return
		}
		if !first {
			out = append(out, ',')
		}
		first = false
		out = append(append(append(out, '"'), name...), '"', ':')
		out = m.append(out, s)
	})
	s.bad = s.bad || next < len(v.Members)
	return append(out, '}')
}

// append writes the value of a member; of a connection, what is answered in its place.
func (m *Member) append(out []byte, s *scan) []byte {
	if m.inner == nil || s.peek() == 'n' {
		return m.Value.append(out, s)
	}
	s.members(func([]byte) { out = m.Value.append(out, s) })
	return out
}

// unquote returns the text of a string: mostly what stands between the quotes.
func unquote(raw []byte) string {
	if len(raw) > 1 && raw[0] == '"' && bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : len(raw)-1])
	}
	var text string
	_ = json.Unmarshal(raw, &text) // what is no string has no text
	return text
}
