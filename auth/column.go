package auth

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"
)

// moment is a time as the store has it: milliseconds, 0 for none. Both
// databases compare numbers alike, which they do not with times.
type moment struct{ *time.Time }

// Scan implements sql.Scanner.
func (m moment) Scan(value any) error {
	n, ok := value.(int64)
	if !ok {
		return fmt.Errorf("a time is a %T", value)
	}
	*m.Time = time.Time{}
	if n != 0 {
		*m.Time = time.UnixMilli(n).UTC()
	}
	return nil
}

// millis is the opposite of moment.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// list is a column of JSON.
type list[T any] struct{ items *[]T }

// Scan implements sql.Scanner.
func (l list[T]) Scan(value any) error {
	switch text := value.(type) {
	case string:
		return json.Unmarshal([]byte(text), l.items)
	case []byte:
		return json.Unmarshal(text, l.items)
	default:
		return fmt.Errorf("a list is a %T", value)
	}
}

// Value implements driver.Valuer.
func (l list[T]) Value() (driver.Value, error) {
	if *l.items == nil {
		return "[]", nil
	}
	text, err := json.Marshal(*l.items)
	return string(text), err
}
