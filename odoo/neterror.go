package odoo

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"odoograph/apierror"
)

// What a client reads when the wire to Odoo fails. None of it comes from Odoo.
const (
	msgUnavailable = "Odoo cannot be reached at the moment."
	msgTimeout     = "Odoo did not answer in time."
	msgClosed      = "The client closed the request."
	msgDatabase    = "The database configured for Odoo does not exist or is not reachable."
	msgMisfit      = "Odoo gave an answer that the gateway does not understand."
	msgTooLarge    = "Odoo gave an answer that is larger than the gateway accepts."
	msgRedirect    = "Odoo answered with a redirect; the gateway is configured with a wrong address."
	msgBusy        = "Odoo or its proxy asks for fewer requests."
)

// maxCause bounds the upstream text that an error keeps for the log.
const maxCause = 2 << 10

// ContextError says why a context ended, in the words of whoever ended it if those
// are for the client, and nil of one that has not.
func ContextError(ctx context.Context) *apierror.Error {
	err := ctx.Err()
	why, told := errors.AsType[*apierror.Error](context.Cause(ctx))
	switch {
	case err == nil:
		return nil
	case told:
		return apierror.Wrap(why.Code, why.Message, err)
	case errors.Is(err, context.DeadlineExceeded):
		return apierror.Wrap(apierror.UpstreamTimeout, msgTimeout, err)
	default:
		return apierror.Wrap(apierror.ClientClosed, msgClosed, err)
	}
}

// networkError says why there is no answer. The context is asked first: when it
// ended, that is the reason, whatever else the socket then complained of.
func networkError(ctx context.Context, err error) *apierror.Error {
	if e := ContextError(ctx); e != nil {
		e.Cause = networkCause(err)
		return e
	}
	return apierror.Wrap(apierror.UpstreamUnavailable, msgUnavailable, networkCause(err))
}

func bodyError(ctx context.Context, err error) *apierror.Error {
	if errors.Is(err, errTooLarge) {
		return apierror.Wrap(apierror.UpstreamError, msgTooLarge, err)
	}
	return networkError(ctx, err)
}

// misfit is the error for an answer that is not of the protocol that was spoken,
// because a proxy or Odoo's web server gave it. why may be nil.
func (a answer) misfit(why error) *apierror.Error {
	e := apierror.Wrap(apierror.UpstreamError, msgMisfit, a.excerpt(why))
	switch a.status {
	case http.StatusBadGateway, http.StatusServiceUnavailable:
		e.Code, e.Message = apierror.UpstreamUnavailable, msgUnavailable
	case http.StatusGatewayTimeout:
		e.Code, e.Message = apierror.UpstreamTimeout, msgTimeout
	case http.StatusTooManyRequests:
		e.Code, e.Message = apierror.RateLimited, msgBusy
		e.RetryAfter = retryAfter(a.retryAfter)
	case http.StatusNotFound:
		// Odoo 19 has no routes, and says so in HTML, when it does not find the
		// database of the X-Odoo-Database header.
		if strings.HasPrefix(a.contentType, "text/html") && !a.request.web {
			e.Code, e.Message = apierror.UpstreamUnavailable, msgDatabase
		}
	}
	return e
}

// excerpt is an answer as the cause of an error.
func (a answer) excerpt(why error) cause {
	text := "HTTP status " + strconv.Itoa(a.status) + ", " + strconv.Quote(bounded(a.contentType, 100))
	if why != nil {
		text += ", " + brief(a.redact(why.Error()))
	}
	// Redacted before it is cut, so that no part of a secret is left at the end.
	body := bounded(a.redact(string(a.body[:min(len(a.body), 2*maxCause)])), maxCause)
	return cause{
		brief: text, detail: text + ": " + body, err: why, refused: a.status >= 400 && a.status < 500,
		reply: &Reply{Status: a.status, ContentType: bounded(a.contentType, 100), Body: body},
	}
}

// retryAfter reads the header of that name; only its seconds form, and only up
// to an hour.
func retryAfter(header string) time.Duration {
	seconds, err := strconv.Atoi(header)
	if err != nil || seconds < 0 {
		return 0
	}
	return min(time.Duration(seconds)*time.Second, time.Hour)
}

// redact strikes out the credential, should Odoo or a proxy have repeated it.
func (a answer) redact(text string) string {
	if a.request.secret == "" {
		return text
	}
	return strings.ReplaceAll(text, a.request.secret, "[redacted]")
}

// bounded cuts a text to at most n bytes, between characters.
func bounded(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n] + "…"
}
