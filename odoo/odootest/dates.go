package odootest

import (
	"strings"
	"time"
)

// dateOperand reads the date or time of a domain as the field stores it. A day
// compared with a moment stands for its first second, or its last one after `>`
// and `<=`.
func (e *env) dateOperand(f *field, oper string, v any) (any, error) {
	text, ok := v.(string)
	if !ok {
		return nil, e.badDate(f, pythonRepr(v), false)
	}
	if f.kind == "datetime" && len(text) == len(time.DateOnly) {
		if oper == ">" || oper == "<=" {
			text += " 23:59:59"
		} else {
			text += " 00:00:00"
		}
	}
	moment, zoned, ok := parseMoment(text)
	if ok && e.series >= v17 && len(text) < len(time.DateOnly) {
		return nil, raise("ValueError", "Invalid isoformat string: %s", pythonRepr(text))
	}
	if !ok {
		return nil, e.badDate(f, text, true)
	}
	if zoned && e.series >= v17 {
		return nil, raise("ValueError", "expecting only datetimes with no timezone: %s", pythonRepr(text))
	}
	if f.kind == "date" {
		return moment.Format(time.DateOnly), nil
	}
	return moment.Format("2006-01-02 15:04:05.999999"), nil
}

// parseMoment accepts what PostgreSQL and Python accept. A zone is read and
// forgotten, as a column without zone does: the hours stay as written.
func parseMoment(text string) (t time.Time, zoned, ok bool) {
	text = strings.Replace(text, "T", " ", 1)
	for _, layout := range []string{"2006-01-02 15:04:05", "2006-01-02 15:04", "2006-1-2", time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, false, true
		}
		if t, err := time.Parse(layout+"Z07:00", text); err == nil {
			return t, true, true
		}
	}
	return t, false, false
}

func (e *env) badDate(f *field, text string, isText bool) error {
	kind := map[string]string{"date": "date", "datetime": "timestamp"}[f.kind]
	switch {
	case e.series < v17:
		return sqlError("InvalidDatetimeFormat", `invalid input syntax for type `+kind+`: "`+text+`"`, `"`+f.name+`" = '`+text+`')`)
	case !isText:
		return raise("ValueError", "Failed to cast %s into a %s", text, f.kind)
	}
	return raise("ValueError", "Invalid term '%s' in expression date: '%s'", text, text)
}
