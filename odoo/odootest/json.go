package odootest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf16"
)

// decodeJSON reads one JSON value and nothing after it.
func decodeJSON(data []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	v, err := decodeToken(dec)
	if err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("extra data")
	}
	return v, nil
}

func decodeToken(dec *json.Decoder) (any, error) {
	tok, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch tok := tok.(type) {
	case json.Number:
		return parseNumber(tok.String())
	case json.Delim:
		if tok == '[' {
			return decodeArray(dec)
		}
		return decodeObject(dec)
	}
	return tok, nil
}

func decodeArray(dec *json.Decoder) (any, error) {
	list := []any{}
	for dec.More() {
		v, err := decodeToken(dec)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	_, err := dec.Token()
	return list, err
}

func decodeObject(dec *json.Decoder) (any, error) {
	d := dict{}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, err
		}
		v, err := decodeToken(dec)
		if err != nil {
			return nil, err
		}
		d = append(d, member{fmt.Sprint(key), v})
	}
	_, err := dec.Token()
	return d, err
}

// parseNumber keeps integers apart from floats, as Python does.
func parseNumber(text string) (any, error) {
	if i, err := strconv.ParseInt(text, 10, 64); err == nil {
		return i, nil
	}
	return strconv.ParseFloat(text, 64)
}

// A jsonWriter writes JSON with the separators of Python's json.dumps.
type jsonWriter struct {
	bytes.Buffer
	ascii bool // escape everything else, as Odoo 14 does
}

func (w *jsonWriter) write(v any) {
	switch v := v.(type) {
	case nil:
		w.WriteString("null")
	case bool:
		w.WriteString(strconv.FormatBool(v))
	case int64:
		w.WriteString(strconv.FormatInt(v, 10))
	case int:
		w.WriteString(strconv.Itoa(v))
	case float64:
		w.WriteString(pythonFloat(v))
	case string:
		w.writeString(v)
	case []any:
		w.writeList(v)
	case dict:
		w.writeDict(v)
	case frozenDict:
		w.writeDict(dict(v))
	default:
		panic(fmt.Sprintf("odootest: %T is no wire value", v))
	}
}

func (w *jsonWriter) writeList(list []any) {
	w.WriteByte('[')
	for i, v := range list {
		if i > 0 {
			w.WriteString(", ")
		}
		w.write(v)
	}
	w.WriteByte(']')
}

func (w *jsonWriter) writeDict(d dict) {
	w.WriteByte('{')
	for i, m := range d {
		if i > 0 {
			w.WriteString(", ")
		}
		w.writeString(m.key)
		w.WriteString(": ")
		w.write(m.value)
	}
	w.WriteByte('}')
}

func (w *jsonWriter) writeString(s string) {
	w.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			w.WriteByte('\\')
			w.WriteRune(r)
		case r == '\n':
			w.WriteString(`\n`)
		case r == '\r':
			w.WriteString(`\r`)
		case r == '\t':
			w.WriteString(`\t`)
		case r < 0x20, w.ascii && r > 0x7e && r <= 0xffff:
			fmt.Fprintf(w, `\u%04x`, r)
		case w.ascii && r > 0xffff:
			hi, lo := utf16.EncodeRune(r)
			fmt.Fprintf(w, `\u%04x\u%04x`, hi, lo)
		default:
			w.WriteRune(r)
		}
	}
	w.WriteByte('"')
}
