package odoo

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// maxDepth bounds how deep an answer may be nested: the decoder recurses.
const maxDepth = 1000

// decodeJSON decodes one JSON document (RFC 8259) into a wire tree. It exists
// because answers are most of what the gateway reads: it takes half the time and
// memory of encoding/json (BenchmarkDecode), sharing names and texts instead of
// copying them. A tree keeps its whole document in memory.
func decodeJSON(document []byte) (any, error) {
	d := treeDecoder{text: string(document)}
	value, err := d.value(0, &place{})
	if err != nil {
		return nil, fmt.Errorf("JSON at byte %d: %w", d.at, err)
	}
	if d.skipSpace(); d.at < len(d.text) {
		return nil, errors.New("text after the JSON document")
	}
	return value, nil
}

var (
	errJSONEnd  = errors.New("the document ends too early")
	errJSONDeep = errors.New("too many values within values")
)

// treeDecoder reads a document from the front.
type treeDecoder struct {
	text string
	at   int
}

// place is where in a document an object stands: the items of a list have one
// place, and so have the values of one name in its objects. It remembers the
// names of the object read there last, for the next one usually has the same.
type place struct {
	names   []string
	members []*place // of the values, nil for those without objects
}

// member returns the place of the values of the n-th name.
func (p *place) member(n int) *place {
	for len(p.members) <= n {
		p.members = append(p.members, &place{})
	}
	return p.members[n]
}

func (d *treeDecoder) skipSpace() {
	for d.at < len(d.text) {
		switch d.text[d.at] {
		case ' ', '\t', '\n', '\r':
			d.at++
		default:
			return
		}
	}
}

func (d *treeDecoder) value(depth int, at *place) (any, error) {
	if d.skipSpace(); d.at == len(d.text) {
		return nil, errJSONEnd
	}
	if depth > maxDepth {
		return nil, errJSONDeep
	}
	switch c := d.text[d.at]; c {
	case '{':
		return d.object(depth, at)
	case '[':
		return d.array(depth, at)
	case '"':
		return d.string()
	case 't':
		return true, d.literal("true")
	case 'f':
		return false, d.literal("false")
	case 'n':
		return nil, d.literal("null")
	default:
		return d.number()
	}
}

func (d *treeDecoder) Unexpected() error {
	return fmt.Errorf("unexpected character %q", d.text[d.at])
}

func (d *treeDecoder) literal(word string) error {
	if !strings.HasPrefix(d.text[d.at:], word) {
		return d.Unexpected()
	}
	d.at += len(word)
	return nil
}

// next skips space and takes the separator of a list's or object's items, or its
// end, for which it returns false.
func (d *treeDecoder) next(first bool, end byte) (bool, error) {
	if d.skipSpace(); d.at == len(d.text) {
		return false, errJSONEnd
	}
	switch c := d.text[d.at]; {
	case c == end:
		d.at++
		return false, nil
	case first:
		return true, nil
	case c == ',':
		d.at++
		return true, nil
	}
	return false, d.Unexpected()
}

func (d *treeDecoder) array(depth int, at *place) (any, error) {
	d.at++
	list := []any{}
	for {
		more, err := d.next(len(list) == 0, ']')
		if err != nil || !more {
			return list, err
		}
		item, err := d.value(depth+1, at)
		if err != nil {
			return nil, err
		}
		list = append(list, item)
	}
}

func (d *treeDecoder) object(depth int, at *place) (any, error) {
	d.at++
	last := at.names
	o := &Object{values: make([]any, 0, len(last))}
	shared := true // the names so far are the first of last
	for n := 0; ; n++ {
		more, err := d.next(n == 0, '}')
		if err != nil {
			return nil, err
		}
		if !more {
			break
		}
		shared = shared && n < len(last) && d.name(last[n])
		if shared {
			o.names = last[: n+1 : n+1] // what is added to it is not added to last
			value, err := d.member(depth, at.member(n))
			if err != nil {
				return nil, err
			}
			o.values = append(o.values, value)
			continue
		}
		name, err := d.newName()
		if err != nil {
			return nil, err
		}
		value, err := d.member(depth, at.member(n))
		if err != nil {
			return nil, err
		}
		o.set(name, value)
	}
	at.names = slices.Clip(o.names)
	return o, nil
}

// name takes the member name if it is this one, written without escapes.
func (d *treeDecoder) name(expected string) bool {
	d.skipSpace()
	end := d.at + 1 + len(expected)
	if end >= len(d.text) || d.text[d.at] != '"' || d.text[end] != '"' || d.text[d.at+1:end] != expected {
		return false
	}
	if strings.HasSuffix(expected, `\`) {
		return false // the quote may be an escaped one
	}
	d.at = end + 1
	return true
}

func (d *treeDecoder) newName() (string, error) {
	if d.skipSpace(); d.at == len(d.text) {
		return "", errJSONEnd
	}
	if d.text[d.at] != '"' {
		return "", d.Unexpected()
	}
	return d.string()
}

func (d *treeDecoder) member(depth int, at *place) (any, error) {
	if d.skipSpace(); d.at == len(d.text) {
		return nil, errJSONEnd
	}
	if d.text[d.at] != ':' {
		return nil, d.Unexpected()
	}
	d.at++
	return d.value(depth+1, at)
}

// number takes a number as RFC 8259 writes it.
func (d *treeDecoder) number() (any, error) {
	start := d.at
	d.accept("-")
	if !d.accept("0") && !d.digits() {
		return nil, d.wrongNumber(start)
	}
	if d.accept(".") && !d.digits() {
		return nil, d.wrongNumber(start)
	}
	if d.accept("eE") {
		d.accept("+-")
		if !d.digits() {
			return nil, d.wrongNumber(start)
		}
	}
	return json.Number(d.text[start:d.at]), nil
}

func (d *treeDecoder) wrongNumber(start int) error {
	if d.at == len(d.text) {
		return errJSONEnd
	}
	if d.at == start {
		return d.Unexpected()
	}
	return fmt.Errorf("unexpected character %q in a number", d.text[d.at])
}

func (d *treeDecoder) accept(set string) bool {
	if d.at < len(d.text) && strings.IndexByte(set, d.text[d.at]) >= 0 {
		d.at++
		return true
	}
	return false
}

func (d *treeDecoder) digits() bool {
	start := d.at
	for d.at < len(d.text) && '0' <= d.text[d.at] && d.text[d.at] <= '9' {
		d.at++
	}
	return d.at > start
}

// string takes a text. One without escapes is a part of the document.
func (d *treeDecoder) string() (string, error) {
	d.at++
	start, ascii := d.at, true
	for ; d.at < len(d.text); d.at++ {
		switch c := d.text[d.at]; {
		case c == '"':
			text := d.text[start:d.at]
			d.at++
			if !ascii {
				text = validText(text)
			}
			return text, nil
		case c == '\\':
			return d.escaped(start)
		case c < ' ':
			return "", d.Unexpected()
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	return "", errJSONEnd
}

// escaped takes a text from where its first escape stands.
func (d *treeDecoder) escaped(start int) (string, error) {
	var out strings.Builder
	out.WriteString(d.text[start:d.at])
	for d.at < len(d.text) {
		switch c := d.text[d.at]; {
		case c == '"':
			d.at++
			return validText(out.String()), nil
		case c < ' ':
			return "", d.Unexpected()
		case c != '\\':
			out.WriteByte(c)
			d.at++
		default:
			r, err := d.escape()
			if err != nil {
				return "", err
			}
			out.WriteRune(r)
		}
	}
	return "", errJSONEnd
}

// validText puts U+FFFD for every byte that is not UTF-8, as encoding/json does.
func validText(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	return string([]rune(text))
}

var shortEscapes = map[byte]rune{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// escape takes one escape, or two that are the halves of one character.
func (d *treeDecoder) escape() (rune, error) {
	if d.at+1 == len(d.text) {
		return 0, errJSONEnd
	}
	if r, ok := shortEscapes[d.text[d.at+1]]; ok {
		d.at += 2
		return r, nil
	}
	r, ok := d.unicode()
	if !ok {
		return 0, errors.New("a backslash that begins no escape")
	}
	d.at += len(`\u0000`)
	if !utf16.IsSurrogate(r) {
		return r, nil
	}
	if second, ok := d.unicode(); ok {
		if pair := utf16.DecodeRune(r, second); pair != utf8.RuneError {
			d.at += len(`\u0000`)
			return pair, nil
		}
	}
	return utf8.RuneError, nil
}

// unicode reads the escape \uXXXX that stands here, if one does.
func (d *treeDecoder) unicode() (rune, bool) {
	end := d.at + len(`\u0000`)
	if end > len(d.text) || d.text[d.at:d.at+2] != `\u` {
		return 0, false
	}
	n, err := strconv.ParseUint(d.text[d.at+2:end], 16, 16)
	return rune(n), err == nil
}
