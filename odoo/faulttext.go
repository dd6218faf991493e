package odoo

import (
	"strconv"
	"strings"
)

// faultByNumber is the fault of an XML-RPC faultCode, the same for every version
// of Odoo. Of number 2 nothing finer than "business rule" can be known: it stands
// for UserError, ValidationError, MissingError, LockError and RedirectWarning
// alike, for an unknown model too, and its text is translated.
func faultByNumber(number, text string) fault {
	switch number {
	case "2":
		return fault{name: "odoo.exceptions.UserError", text: text}
	case "3":
		return fault{name: "odoo.exceptions.AccessDenied", text: text}
	case "4":
		return fault{name: "odoo.exceptions.AccessError", text: text}
	}
	name, message := lastException(text)
	return fault{name: name, text: message, debug: text}
}

// lastException returns class and message of the exception at the end of a
// Python traceback. The message may have several lines; frames are indented.
func lastException(traceback string) (class, message string) {
	rest := traceback
	if i := strings.LastIndex(rest, "\n  File \""); i >= 0 {
		rest = rest[i+1:]
	}
	for rest != "" {
		line, after, _ := strings.Cut(rest, "\n")
		if line != "" && line[0] != ' ' {
			class, _, _ = strings.Cut(line, ":")
			message = strings.TrimSpace(strings.TrimPrefix(rest[len(class):], ":"))
			return class, message
		}
		rest = after
	}
	return "", traceback
}

// redirectText returns the message of a RedirectWarning, which XML-RPC carries
// as Python's repr of the tuple (message, action, button, context).
func redirectText(text string) (string, bool) {
	if !strings.HasPrefix(text, "('") && !strings.HasPrefix(text, `("`) || !strings.HasSuffix(text, ")") {
		return "", false
	}
	quote := text[1]
	for i := 2; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case quote:
			if !strings.HasPrefix(text[i+1:], ", ") {
				return "", false
			}
			return unquotePython(text[2:i]), true
		}
	}
	return "", false
}

// unquotePython undoes the escapes of Python's repr. An escape that Go does not
// know stays as it is.
func unquotePython(s string) string {
	var b strings.Builder
	for s != "" {
		r, _, tail, err := strconv.UnquoteChar(s, 0)
		switch {
		case err == nil:
			b.WriteRune(r)
		case len(s) > 1 && s[0] == '\\' && (s[1] == '\'' || s[1] == '"'):
			b.WriteByte(s[1])
			tail = s[2:]
		default:
			b.WriteByte(s[0])
			tail = s[1:]
		}
		s = tail
	}
	return b.String()
}
