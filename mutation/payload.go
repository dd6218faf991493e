package mutation

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"odoograph/apierror"
)

// Payload is what a mutation answers: the records that it changed, or why it
// changed nothing.
type Payload[T any] struct {
	UserErrors []UserError

	records []*T
	err     error // why the records cannot be shown, though they were changed
}

// Records returns the records as they are after the change.
func (p *Payload[T]) Records() ([]*T, error) { return p.records, p.err }

// Record returns the one record; nil if there is none, or if the user may change
// but not see it.
func (p *Payload[T]) Record() (*T, error) {
	if len(p.records) == 0 {
		return nil, p.err
	}
	return p.records[0], p.err
}

// UserError is why a change was not made, as the user of a client can mend it.
type UserError struct {
	// Field leads to the input at fault, from the argument on.
	Field   []string
	Message string
	Code    UserErrorCode
	// CurrentUpdatedAt is set with Conflict.
	CurrentUpdatedAt *time.Time
}

// UserErrorCode is the kind of a UserError.
type UserErrorCode string

// The kinds of user errors, as the schema describes them.
const (
	Invalid         UserErrorCode = "INVALID"
	Blank           UserErrorCode = "BLANK"
	Taken           UserErrorCode = "TAKEN"
	NotFound        UserErrorCode = "NOT_FOUND"
	Ambiguous       UserErrorCode = "AMBIGUOUS"
	InUse           UserErrorCode = "IN_USE"
	Conflict        UserErrorCode = "CONFLICT"
	WrongState      UserErrorCode = "WRONG_STATE"
	ForbiddenByRule UserErrorCode = "FORBIDDEN_BY_RULE"
	Unsupported     UserErrorCode = "UNSUPPORTED"
)

// MarshalGQL implements graphql.Marshaler.
func (c UserErrorCode) MarshalGQL(w io.Writer) { _, _ = io.WriteString(w, strconv.Quote(string(c))) }

// UnmarshalGQL implements graphql.Unmarshaler. No argument is a UserErrorCode.
func (c *UserErrorCode) UnmarshalGQL(v any) error {
	return apierror.BadInput("", fmt.Sprintf("%v is not expected here.", v))
}

// path is a place in the arguments of a mutation.
type path []string

// to returns the path of what is within.
func (p path) to(steps ...any) path {
	out := slices.Clone(p)
	for _, step := range steps {
		out = append(out, fmt.Sprint(step))
	}
	return out
}

// argument is the one that every mutation has.
var argument = path{"input"} //nolint:gochecknoglobals // constant
