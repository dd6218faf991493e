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

func (s *scan) peek() byte {
	if s.at < len(s.text) {
		return s.text[s.at]
	}
	s.bad = true
	return 0
}

// take reads a character that must stand here.
func (s *scan) take(c byte) {
	if s.peek() != c {
		s.bad = true
	}
	s.at++
}

// null reads null, if it stands here.
func (s *scan) null() bool {
	if !bytes.HasPrefix(s.text[min(s.at, len(s.text)):], []byte("null")) {
		return false
	}
	s.at += len("null")
	return true
}

// raw reads a value and returns its text.
func (s *scan) raw() []byte {
	start := s.at
	switch c := s.peek(); c {
	case '"':
		s.quoted()
	case '{', '[':
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
				return s.text[start:s.at]
			}
		}
		s.bad = true
	default:
		for s.at < len(s.text) && s.text[s.at] != ',' && s.text[s.at] != ']' && s.text[s.at] != '}' {
			s.at++
		}
	}
	return s.text[start:min(s.at, len(s.text))]
}

// quoted reads a string.
func (s *scan) quoted() {
	for s.at++; s.at < len(s.text); s.at++ {
		switch s.text[s.at] {
		case '\\':
			s.at++
		case '"':
			s.at++
			return
		}
	}
	s.bad = true
}

// name reads the name of a member and the colon behind it.
func (s *scan) name() []byte {
	start := s.at + 1
	s.quoted()
	name := s.text[min(start, len(s.text)):max(min(s.at-1, len(s.text)), min(start, len(s.text)))]
	s.take(':')
	return name
}

// members reads an object; each reads the value of a member.
func (s *scan) members(each func(name []byte)) {
	s.list('{', '}', func() { each(s.name()) })
}

// items reads an array; each reads an item.
func (s *scan) items(each func()) { s.list('[', ']', each) }

func (s *scan) list(open, end byte, each func()) {
	s.take(open)
	if s.peek() == end {
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
