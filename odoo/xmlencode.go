package odoo

import (
	"encoding/json"
	"strconv"
	"strings"

	"odoograph/apierror"
)

// xmlArgument prepares an argument for kolo/xmlrpc, which mis-encodes several
// kinds of value:
//
//   - nil becomes an empty value, and Python reads an empty text from it. False
//     is what Odoo itself writes and reads for "no value".
//   - json.Number becomes a text.
//   - the names of struct members are not escaped.
//   - characters that XML cannot hold are silently replaced.
func xmlArgument(v any) (any, error) {
	v, err := argument(v)
	if err != nil {
		return nil, err
	}
	return xmlValue(v)
}

func xmlValue(v any) (any, error) {
	switch v := v.(type) {
	case nil:
		return false, nil
	case string:
		return v, checkXMLText(v)
	case json.Number:
		return xmlNumber(v)
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			var err error
			if out[i], err = xmlValue(item); err != nil {
				return nil, err
			}
		}
		return out, nil
	case map[string]any:
		return xmlStruct(v)
	}
	return v, nil
}

func xmlStruct(members map[string]any) (map[string]any, error) {
	out := make(map[string]any, len(members))
	for name, v := range members {
		if err := checkXMLText(name); err != nil {
			return nil, err
		}
		var err error
		if out[xmlEscape.Replace(name)], err = xmlValue(v); err != nil {
			return nil, err
		}
	}
	return out, nil
}

var xmlEscape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#xD;")

// xmlNumber keeps an integer an integer: Odoo refuses 1.0 where it wants 1.
func xmlNumber(n json.Number) (any, error) {
	if i, err := strconv.ParseInt(n.String(), 10, 64); err == nil {
		return i, nil
	}
	f, err := n.Float64()
	if err != nil {
		return nil, apierror.New(apierror.BadUserInput, "A number is not valid or too large.")
	}
	return f, nil
}

// checkXMLText refuses what XML 1.0 cannot hold, not even escaped.
func checkXMLText(s string) error {
	for _, r := range s {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == '\uFFFE' || r == '\uFFFF' {
			return badText()
		}
	}
	return nil
}
