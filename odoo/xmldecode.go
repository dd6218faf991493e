package odoo

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kolo/xmlrpc"
)

// decodeXMLRPC decodes a methodResponse into the wire tree that a JSON protocol
// would have given, and tells whether it is a fault.
//
// It guards kolo/xmlrpc, which decodes by recursion, takes broken documents for
// whole ones, and cannot tell an empty text from a nil.
func decodeXMLRPC(body []byte) (tree any, isFault bool, err error) {
	body = cleanXML(body)
	seen, err := scanXMLRPC(body)
	if err != nil {
		return nil, false, err
	}
	if seen.base64 {
		body = base64Element.ReplaceAllFunc(body, withoutSpace)
	}
	if seen.null {
		body = bytes.ReplaceAll(body, []byte("<nil/>"), []byte(xmlNil))
	}
	decoded, err := decodeByKolo(body)
	if err != nil {
		return nil, false, err
	}
	tree, err = treeOfXML(decoded)
	return tree, seen.fault, err
}

// xmlNil stands for <nil/> on the way through kolo/xmlrpc. Odoo never sends a
// dateTime, it sends datetimes as text, and least of all year 1.
const xmlNil = "<dateTime.iso8601>00010101T00:00:00</dateTime.iso8601>"

// base64Element is a base64 value; the scan has made sure that it holds text only.
// Python breaks the text into lines, which no reader of the wire tree expects.
var base64Element = regexp.MustCompile(`<base64>[^<]*</base64>`)

func withoutSpace(text []byte) []byte { return bytes.Join(bytes.Fields(text), nil) }

// decodeByKolo turns a panic into an error. kolo/xmlrpc builds the tree by
// reflection, which panics on a shape that it did not foresee. None is known
// that passes the scan, but an answer of Odoo must never end the process, and
// losing it loses nothing else, for the decoder shares no state.
func decodeByKolo(body []byte) (v any, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("xmlrpc: panic: %v", p)
		}
	}()
	err = xmlrpc.Response(body).Unmarshal(&v)
	return v, err
}

func treeOfXML(v any) (any, error) {
	switch v := v.(type) {
	case nil:
		return "", nil // <string></string>
	case bool, string:
		return v, nil
	case int64:
		return json.Number(strconv.FormatInt(v, 10)), nil
	case float64:
		return pythonFloat(v)
	case time.Time:
		if v.IsZero() { // xmlNil
			return nil, nil
		}
		return v.Format(wireDateTime), nil
	case []any:
		for i := range v {
			var err error
			if v[i], err = treeOfXML(v[i]); err != nil {
				return nil, err
			}
		}
		return v, nil
	case map[string]any:
		o := &Object{}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			value, err := treeOfXML(v[name])
			if err != nil {
				return nil, err
			}
			o.set(name, value)
		}
		return o, nil
	}
	return nil, fmt.Errorf("xmlrpc: a value of type %T", v)
}

// pythonFloat returns the lexeme that Python's repr and json give the number.
// kolo/xmlrpc has parsed it to a float64, and Odoo wrote it with repr, the
// shortest text that reads back as the same float64: so this is the lexeme that
// was on the wire. All lexemes of repr but nan and inf are JSON numbers.
func pythonFloat(f float64) (json.Number, error) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return "", errors.New("xmlrpc: a number that is not finite")
	}
	if a := math.Abs(f); a != 0 && (a < 1e-4 || a >= 1e16) {
		return json.Number(strconv.FormatFloat(f, 'e', -1, 64)), nil
	}
	text := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return json.Number(text), nil
}

// cleanXML drops the control characters that XML forbids and Odoo 14 sends all
// the same when they are in its data, as Odoo 19 does itself. It protects a
// carriage return, which Odoo does not escape and an XML reader turns into a
// line feed.
func cleanXML(body []byte) []byte {
	if !bytes.ContainsFunc(body, isBareControl) {
		return body
	}
	out := make([]byte, 0, len(body)+len(body)/16)
	for _, c := range body {
		switch {
		case c == '\r':
			out = append(out, "&#xD;"...)
		case !isBareControl(rune(c)):
			out = append(out, c)
		}
	}
	return out
}

func isBareControl(r rune) bool { return r < ' ' && r != '\t' && r != '\n' }
