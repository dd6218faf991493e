package odootest

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// decodeMethodCall reads a <methodCall>.
func decodeMethodCall(data []byte) (name string, params []any, err error) {
	dec := xml.NewDecoder(bytes.NewReader(data))
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			if name == "" {
				return "", nil, errors.New("no element found: line 1, column 0")
			}
			return name, params, nil
		}
		if err != nil {
			return "", nil, err
		}
		start, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		switch start.Name.Local {
		case "methodCall", "params", "param":
		case "methodName":
			if err := dec.DecodeElement(&name, &start); err != nil {
				return "", nil, err
			}
		case "value":
			v, err := decodeXMLValue(dec)
			if err != nil {
				return "", nil, err
			}
			params = append(params, v)
		default:
			return "", nil, fmt.Errorf("unexpected element %s", start.Name.Local)
		}
	}
}

// decodeXMLValue reads what stands in a <value>, up to its end.
func decodeXMLValue(dec *xml.Decoder) (any, error) {
	var text strings.Builder
	var typed any
	found := false
	for {
		tok, err := dec.Token()
		if err != nil {
			return nil, err
		}
		switch tok := tok.(type) {
		case xml.CharData:
			text.Write(tok)
		case xml.StartElement:
			if typed, err = decodeTyped(dec, tok); err != nil {
				return nil, err
			}
			found = true
		case xml.EndElement:
			if found {
				return typed, nil
			}
			return text.String(), nil
		}
	}
}

func decodeTyped(dec *xml.Decoder, start xml.StartElement) (any, error) {
	switch start.Name.Local {
	case "array":
		return decodeXMLArray(dec)
	case "struct":
		return decodeXMLStruct(dec)
	}
	var text string
	if err := dec.DecodeElement(&text, &start); err != nil {
		return nil, err
	}
	switch start.Name.Local {
	case "int", "i4", "i8":
		return strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	case "double":
		return strconv.ParseFloat(strings.TrimSpace(text), 64)
	case "boolean":
		return strings.TrimSpace(text) == "1", nil
	case "string", "dateTime.iso8601":
		return text, nil
	case "base64":
		data, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
		return string(data), err
	case "nil":
		return nil, nil
	}
	return nil, fmt.Errorf("unknown type %s", start.Name.Local)
}

func decodeXMLArray(dec *xml.Decoder) (any, error) {
	list := []any{}
	for {
		tok, err := dec.Token()
		if err != nil {
			return nil, err
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			if tok.Name.Local == "data" {
				continue
			}
			v, err := decodeXMLValue(dec)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		case xml.EndElement:
			if tok.Name.Local == "array" {
				return list, nil
			}
		}
	}
}

func decodeXMLStruct(dec *xml.Decoder) (any, error) {
	d := dict{}
	var name string
	for {
		tok, err := dec.Token()
		if err != nil {
			return nil, err
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			switch tok.Name.Local {
			case "name":
				if err := dec.DecodeElement(&name, &tok); err != nil {
					return nil, err
				}
			case "value":
				v, err := decodeXMLValue(dec)
				if err != nil {
					return nil, err
				}
				d = append(d, member{name, v})
			}
		case xml.EndElement:
			if tok.Name.Local == "struct" {
				return d, nil
			}
		}
	}
}

// An xmlWriter writes values as Python's xmlrpc.client does.
type xmlWriter struct {
	bytes.Buffer
	strip bool // leave out control characters, as newer versions do
}

var xmlEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

func (w *xmlWriter) value(v any) error {
	switch v := v.(type) {
	case nil:
		return raise("TypeError", "cannot marshal None unless allow_none is enabled")
	case frozenDict:
		return raise("TypeError", "cannot marshal <class 'odoo.tools.misc.frozendict'> objects")
	case bool:
		digit := "0"
		if v {
			digit = "1"
		}
		w.scalar("boolean", digit)
	case int64:
		if v > math.MaxInt32 || v < math.MinInt32 {
			return raise("OverflowError", "int exceeds XML-RPC limits")
		}
		w.scalar("int", strconv.FormatInt(v, 10))
	case float64:
		w.scalar("double", pythonFloat(v))
	case string:
		w.scalar("string", w.escape(v))
	case []any:
		return w.array(v)
	case dict:
		return w.structure(v)
	default:
		panic(fmt.Sprintf("odootest: %T is no wire value", v))
	}
	return nil
}

func (w *xmlWriter) scalar(kind, text string) {
	w.WriteString("<value><" + kind + ">" + text + "</" + kind + "></value>\n")
}

func (w *xmlWriter) escape(s string) string {
	if w.strip {
		s = strings.Map(func(r rune) rune {
			if r < 0x20 && r != '\t' && r != '\n' && r != '\r' {
				return -1
			}
			return r
		}, s)
	}
	return xmlEscaper.Replace(s)
}

func (w *xmlWriter) array(list []any) error {
	w.WriteString("<value><array><data>\n")
	for _, v := range list {
		if err := w.value(v); err != nil {
			return err
		}
	}
	w.WriteString("</data></array></value>\n")
	return nil
}

func (w *xmlWriter) structure(d dict) error {
	w.WriteString("<value><struct>\n")
	for _, m := range d {
		w.WriteString("<member>\n<name>" + w.escape(m.key) + "</name>\n")
		if err := w.value(m.value); err != nil {
			return err
		}
		w.WriteString("</member>\n")
	}
	w.WriteString("</struct></value>\n")
	return nil
}

func (w *xmlWriter) fault(code int64, text string) {
	w.WriteString("<fault>\n<value><struct>\n<member>\n<name>faultCode</name>\n<value><int>" + strconv.FormatInt(code, 10) +
		"</int></value>\n</member>\n<member>\n<name>faultString</name>\n<value><string>" + w.escape(text) +
		"</string></value>\n</member>\n</struct></value>\n</fault>\n")
}
