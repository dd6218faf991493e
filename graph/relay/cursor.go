package relay

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"

	"odoograph/apierror"
)

// cursorVersion changes whenever cursors made earlier can no longer be used.
const cursorVersion = "2"

// Scope names the list a cursor was made for: its type, filter, search and
// order. A cursor of one list is refused by any other.
type Scope string

// NewScope returns the scope of a list described by these parts.
func NewScope(parts ...any) Scope {
	h := fnv.New64a()
	for _, part := range parts {
		fmt.Fprintf(h, "%v\x00", part)
	}
	return Scope(strconv.FormatUint(h.Sum64(), 36))
}

// Place is what a cursor stands for: the item at an offset, counted from 0, or
// the one that has these keys and this id.
type Place struct {
	Offset int   `json:"o,omitempty"`
	Keys   []any `json:"k,omitempty"`
	ID     int64 `json:"i,omitempty"`
}

// Cursor returns the cursor of the item at this place.
func (s Scope) Cursor(place Place) string {
	payload, err := json.Marshal(place)
	if err != nil {
		panic(err) // keys are texts and numbers
	}
	return base64.RawURLEncoding.EncodeToString([]byte(cursorVersion + ":" + string(s) + ":" + string(payload)))
}

// anyScope is that of a place which is meant in any list.
const anyScope Scope = "*"

// AtOffset returns a cursor of the item at an offset, counted from 0, in any list:
// what follows it is a page by its number. It costs what lies before it.
func AtOffset(offset int) string { return anyScope.Cursor(Place{Offset: offset}) }

// IsOffset tells whether a cursor is one of AtOffset.
func IsOffset(cursor string) bool {
	place, err := anyScope.Place("", cursor)
	return place != nil && err == nil
}

// Place returns the place that a cursor of this scope stands for, nil for no
// cursor. The error is BAD_USER_INPUT and names the argument.
func (s Scope) Place(argument, cursor string) (*Place, error) {
	if cursor == "" {
		return nil, nil //nolint:nilnil // no cursor, no place
	}
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	parts := strings.SplitN(string(text), ":", 3)
	if err != nil || len(parts) != 3 || parts[0] != cursorVersion {
		return nil, apierror.BadInput(argument, "This is not a cursor of this server: give one as an `edges.cursor` or `pageInfo` field returned it.")
	}
	if parts[1] != string(s) && parts[1] != string(anyScope) {
		return nil, apierror.BadInput(argument, "This cursor was made for another list: keep the filter, search and orderBy that it came from, or start again without it.")
	}
	place := &Place{}
	decoder := json.NewDecoder(strings.NewReader(parts[2]))
	decoder.UseNumber()
	if err := decoder.Decode(place); err != nil || place.Offset < 0 {
		return nil, Damaged(argument)
	}
	return place, nil
}

// Damaged is the error for a cursor of this server that somebody has changed.
func Damaged(argument string) error { return apierror.BadInput(argument, "This cursor is damaged.") }
