package odootest

import (
	"reflect"
	"slices"
	"strings"
)

// save writes the rows together and, if that fails, one after the other for a
// message of each.
func (l *loading) save(start int) []any {
	if len(l.batch) == 0 || l.broken {
		return []any{}
	}
	mark := l.undo.mark()
	ids, failure := l.write(l.batch)
	if failure == nil {
		return ids
	}
	l.undo.rollback(mark)
	ids, errors := l.saveEach(start)
	if together := l.failure(l.batch[0], failure); errors > 0 && l.series >= v17 && isUserError(failure) {
		if !slices.ContainsFunc(l.messages, func(m any) bool { return reflect.DeepEqual(m, any(together)) }) {
			l.messages = slices.Insert(l.messages, 0, any(together))
		}
	}
	return ids
}

// maxLoadErrors are the errors after which a load gives up.
const maxLoadErrors = 10

// saveEach writes the rows one by one. Since 19 a failure undoes all rows before it.
func (l *loading) saveEach(start int) (ids []any, errors int) {
	for i := range l.batch {
		mark := l.undo.mark()
		if l.series >= v19 {
			mark = start
		}
		saved, err := l.write(l.batch[i : i+1])
		if err == nil {
			ids = append(ids, saved...)
			continue
		}
		l.undo.rollback(mark)
		l.note(l.failure(l.batch[i], err))
		if errors++; errors >= maxLoadErrors && errors*10 >= i+1 {
			l.note(dict{{"type", "warning"}, {"message", "Found more than 10 errors and more than one error per 10 records, " +
				"interrupted to avoid showing too many errors."}})
			break
		}
	}
	return ids, errors
}

// write changes the records of rows first and then creates those of the others.
func (l *loading) write(rows []loadRow) ([]any, error) {
	ids := make([]any, len(rows))
	for i, row := range rows {
		if row.id != 0 {
			if ids[i] = row.id; len(row.vals) > 0 {
				if err := l.update(l.table, ids[i:i+1], row.vals); err != nil {
					return nil, err
				}
			}
		}
	}
	for i, row := range rows {
		if row.id == 0 {
			r, err := l.insert(l.table, row.vals)
			if err != nil {
				return nil, err
			}
			ids[i] = r.id
		}
	}
	return ids, nil
}

// failure is the message of a row that could not be written.
func (l *loading) failure(row loadRow, err error) dict {
	exception, ok := err.(*Exception)
	if !ok {
		panic(err)
	}
	message, more := exception.Message, ""
	switch {
	case exception.Class == classCheckViolation && l.series < v19:
		message = "'" + message + "'"
	case strings.HasPrefix(exception.Class, "psycopg2."):
	case l.series < v17 || !isUserError(err):
		text := exception.Message
		if arguments := exception.arguments(); len(arguments) > 1 {
			text = pythonTuple(arguments)
		}
		message = "Unknown error during import: <class '" + strings.TrimPrefix(exception.Class, "builtins.") + "'>: " + text
		more = "Resolve other errors first"
	}
	told := append(slices.Clone(row.info), member{"type", "error"}, member{"message", message})
	if more != "" {
		told = append(told, member{"moreinfo", more})
	}
	return told
}

// isUserError tells whether an exception is Python's UserError or of a class below.
func isUserError(err error) bool {
	exception, ok := err.(*Exception)
	return ok && slices.Contains([]string{
		classUserError, classValidationError, classAccessError, classMissingError, classAccessDenied,
	}, exception.Class)
}
