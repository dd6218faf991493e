package relay

import (
	"encoding/base64"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"

	"odoograph/apierror"
)

// cursorVersion changes whenever cursors made earlier can no longer be used.
const cursorVersion = "1"

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

// Cursor returns the cursor of the item at this position, counted from 0.
func (s Scope) Cursor(position int) string {
	return base64.RawURLEncoding.EncodeToString([]byte(cursorVersion + ":" + string(s) + ":" + strconv.Itoa(position)))
}

// Position returns the position that a cursor of this scope stands for. The
// error is BAD_USER_INPUT and names the argument.
func (s Scope) Position(argument, cursor string) (int, error) {
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	parts := strings.Split(string(text), ":")
	if err != nil || len(parts) != 3 || parts[0] != cursorVersion {
		return 0, apierror.BadInput(argument, "This is not a cursor of this server: give one as an `edges.cursor` or `pageInfo` field returned it.")
	}
	if parts[1] != string(s) {
		return 0, apierror.BadInput(argument, "This cursor was made for another list: keep the filter, search and orderBy that it came from, or start again without it.")
	}
	position, err := strconv.Atoi(parts[2])
	if err != nil || position < 0 {
		return 0, apierror.BadInput(argument, "This cursor is damaged.")
	}
	return position, nil
}
