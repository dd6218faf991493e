package message

import (
	"errors"
	"net"
	"net/http"

	"odoograph/apierror"
)

// MaxBody bounds the body of a request, in bytes.
const MaxBody = 1 << 20

// TooLarge is the error for a body that is larger than MaxBody.
func TooLarge(cause error) *apierror.Error {
	return apierror.Wrap(apierror.PayloadTooLarge, "The body of a request may have 1 MiB at most.", cause)
}

// Unread tells why a body could not be read to its end.
func Unread(err error) *apierror.Error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return TooLarge(err)
	}
	if slow, ok := errors.AsType[net.Error](err); ok && slow.Timeout() {
		return apierror.Wrap(apierror.RequestTimeout, "The body of the request did not arrive in time.", err)
	}
	return apierror.Wrap(apierror.ClientClosed, "The body of the request ended early.", err)
}
