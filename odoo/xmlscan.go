package odoo

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
)

// maxXMLDepth bounds the nesting of elements in an answer; a list or struct in
// another takes three. It is far below what would exhaust the stack.
const maxXMLDepth = 3000

// xmlElements are the elements of an XML-RPC answer. A scalar holds text only;
// one whose text may not be empty is marked.
var xmlElements = map[string]struct{ scalar, mayBeEmpty bool }{
	"methodResponse": {}, "params": {}, "param": {}, "fault": {}, "member": {}, "array": {},
	"value": {mayBeEmpty: true}, "struct": {mayBeEmpty: true}, "data": {mayBeEmpty: true},
	"name":             {scalar: true},
	"string":           {scalar: true, mayBeEmpty: true},
	"base64":           {scalar: true, mayBeEmpty: true},
	"int":              {scalar: true},
	"i4":               {scalar: true},
	"i8":               {scalar: true},
	"double":           {scalar: true},
	"boolean":          {scalar: true},
	"dateTime.iso8601": {scalar: true},
}

// xmlSeen is what a scan of an XML-RPC answer found.
type xmlSeen struct{ fault, null, base64 bool }

// scanXMLRPC checks, before anything recurses into a document, that it is made
// of XML-RPC's elements alone, without attributes, comments or CDATA (which
// kolo/xmlrpc takes for the end of a text), not too deep, and closed.
func scanXMLRPC(body []byte) (xmlSeen, error) {
	var seen xmlSeen
	var open []string // names of the elements not closed yet
	justOpened := false
	rest := trimXMLDeclaration(body)
	for {
		start := bytes.IndexByte(rest, '<')
		if start < 0 {
			break
		}
		blank := len(bytes.TrimSpace(rest[:start])) == 0
		size := bytes.IndexByte(rest[start:], '>')
		if size < 0 {
			return seen, errors.New("xmlrpc: a tag does not end")
		}
		tag := string(rest[start+1 : start+size])
		rest = rest[start+size+1:]

		if tag == "nil/" && !inScalar(open) {
			seen.null = true
			justOpened = false
			continue
		}
		if name, closes := strings.CutPrefix(tag, "/"); closes {
			if len(open) == 0 || open[len(open)-1] != name {
				return seen, fmt.Errorf("xmlrpc: unexpected end of %q", bounded(name, 50))
			}
			kind := xmlElements[name]
			// A scalar of blanks is for its reader to judge.
			if justOpened && !kind.mayBeEmpty && (start == 0 || blank && !kind.scalar) {
				return seen, fmt.Errorf("xmlrpc: %q is empty", name)
			}
			open, justOpened = open[:len(open)-1], false
			continue
		}
		if _, known := xmlElements[tag]; !known || inScalar(open) {
			return seen, fmt.Errorf("xmlrpc: unexpected element %q", bounded(tag, 50))
		}
		if len(open) == maxXMLDepth {
			return seen, errors.New("xmlrpc: nested too deep")
		}
		seen.fault = seen.fault || tag == "fault"
		seen.base64 = seen.base64 || tag == "base64"
		open, justOpened = append(open, tag), true
	}
	if len(open) > 0 {
		return seen, fmt.Errorf("xmlrpc: %q is not closed", open[len(open)-1])
	}
	return seen, nil
}

func inScalar(open []string) bool { return len(open) > 0 && xmlElements[open[len(open)-1]].scalar }

func trimXMLDeclaration(body []byte) []byte {
	body = bytes.TrimSpace(body)
	if bytes.HasPrefix(body, []byte("<?xml ")) {
		if end := bytes.Index(body, []byte("?>")); end >= 0 {
			return body[end+2:]
		}
	}
	return body
}
