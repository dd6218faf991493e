package openapi

import (
	"bytes"
	"encoding/json"
	"strings"
)

// YAML returns JSON as YAML, in the same order. Scalars stay as JSON has them, which
// YAML 1.2 reads alike. (A YAML library takes a hundred times the memory of the
// document for this.)
func YAML(text []byte) ([]byte, error) {
	w := yamlWriter{decoder: json.NewDecoder(bytes.NewReader(text))}
	w.decoder.UseNumber()
	token, err := w.decoder.Token()
	if err != nil {
		return nil, err
	}
	err = w.value(token, 0)
	return bytes.TrimLeft(w.out.Bytes(), " \n"), err
}

type yamlWriter struct {
	decoder *json.Decoder
	out     bytes.Buffer
}

// value writes the value that begins with a token, behind a name or a dash.
func (w *yamlWriter) value(token json.Token, depth int) error {
	delimiter, ok := token.(json.Delim)
	if !ok {
		return w.scalar(token)
	}
	if !w.decoder.More() { // neither names nor items
		_, err := w.decoder.Token()
		w.out.WriteString(" " + map[json.Delim]string{'{': "{}", '[': "[]"}[delimiter] + "\n")
		return err
	}
	w.out.WriteByte('\n')
	for w.decoder.More() {
		w.out.WriteString(strings.Repeat("  ", depth))
		token, err := w.decoder.Token()
		if err != nil {
			return err
		}
		if delimiter == '[' {
			w.out.WriteByte('-')
		} else {
			if err := w.name(token); err != nil {
				return err
			}
			if token, err = w.decoder.Token(); err != nil {
				return err
			}
		}
		if err := w.value(token, depth+1); err != nil {
			return err
		}
	}
	_, err := w.decoder.Token() // the end
	return err
}

// name writes the name of a member.
func (w *yamlWriter) name(token json.Token) error {
	name, err := json.Marshal(token)
	w.out.Write(name)
	w.out.WriteByte(':')
	return err
}

func (w *yamlWriter) scalar(token json.Token) error {
	text, err := json.Marshal(token)
	w.out.WriteByte(' ')
	w.out.Write(text)
	w.out.WriteByte('\n')
	return err
}
