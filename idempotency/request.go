package idempotency

import (
	"time"

	"odoograph/apierror"
)

// Request is what must not be done twice.
type Request struct {
	// Owner is whose key it is: the id of an API key. Keys of different owners
	// have nothing to do with each other.
	Owner string
	// Key is the client's: 1 to 255 printable ASCII characters.
	Key string
	// Fingerprint is a hash of all that makes this request another than others.
	Fingerprint [32]byte
}

// Answer is what a request was answered when it was done.
type Answer struct {
	// Body is what Finish was given, nil when it was Omitted.
	Body []byte
	// Omitted says that the work was done but that the answer was not kept: it is
	// larger than 1 MiB, or those of its owner take up 256 MiB already.
	Omitted bool
	// At is when the work was finished.
	At time.Time
}

// maxKeyLength is that of the draft on the HTTP header and of the services that
// have it.
const maxKeyLength = 255

func (r Request) check() error {
	valid := r.Key != "" && len(r.Key) <= maxKeyLength
	for i := range len(r.Key) {
		valid = valid && r.Key[i] >= ' ' && r.Key[i] <= '~'
	}
	if !valid {
		return apierror.BadInput("idempotencyKey", "An idempotency key has 1 to 255 printable ASCII characters: use a UUID, say.")
	}
	return nil
}
