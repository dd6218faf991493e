package contract

import (
	"bytes"
	"errors"
)

// scan reads JSON that the gateway's own executor wrote: objects of names without
// escapes, no blanks. It goes through the text once and copies what it can.
type scan struct {
	text []byte
	at   int
	bad  bool
}

// errAnswer is a fault of the gateway: an answer that does not fit its contract.
var errAnswer = errors.New("the answer of GraphQL does not fit the document")

// fail ends the reading: there is nothing more to be had.
func (s *scan) fail() { s.bad, s.at = true, len(s.text) }

func (s *scan) peek() byte {
	if s.at < len(s.text) {
		return s.text[s.at]
	}
	s.fail()
	return 0
}

// take reads a character that must stand here.
func (s *scan) take(c byte) {
	if s.peek() != c {
		s.fail()
		return
	}
	s.at++
}

// null reads null, if it stands here.
func (s *scan) null() bool {
	found := bytes.HasPrefix(s.text[s.at:], []byte("null"))
	if found {
		s.at += len("null")
	}
	return found
}

// raw reads a value and returns its text.
func (s *scan) raw() []byte {
	start := s.at
	switch s.peek() {
	case '"':
		s.quoted()
	case '{', '[':
		s.nested()
	default:
		for s.at < len(s.text) && s.text[s.at] != ',' && s.text[s.at] != ']' && s.text[s.at] != '}' {
			s.at++
		}
	}
	return s.text[start:s.at]
}

// nested reads an object or array.
func (s *scan) nested() {
	depth := 0
	for s.at < len(s.text) {
		switch s.text[s.at] {
		case '"':
			s.quoted()
			continue
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		if s.at++; depth == 0 {
			return
		}
	}
	s.fail()
}

// quoted reads a string.
func (s *scan) quoted() {
	for i := s.at + 1; i < len(s.text); i++ {
		switch s.text[i] {
		case '\\':
			i++
		case '"':
			s.at = i + 1
			return
		}
	}
	s.fail()
}

// name reads the name of a member and the colon behind it.
func (s *scan) name() []byte {
	start := s.at
	s.quoted()
	quoted := s.text[start:s.at]
	s.take(':')
	if s.bad {
		return nil
	}
	return quoted[1 : len(quoted)-1]
}

// members reads an object; each reads the value of a member.
func (s *scan) members(each func(name []byte)) {
	s.list('{', '}', func() {
		if name := s.name(); !s.bad {
			each(name)
		}
	})
}

// items reads an array; each reads an item.
func (s *scan) items(each func()) { s.list('[', ']', each) }

func (s *scan) list(open, end byte, each func()) {
	s.take(open)
	if !s.bad && s.peek() == end {
		s.at++
		return
	}
	for !s.bad {
		each()
		if s.peek() == end {
			s.at++
			return
		}
		s.take(',')
	}
}
