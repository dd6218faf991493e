package odoo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"odoograph/apierror"
)

// The names of the transports.
const (
	webSessionName = "web-session"
	json2Name      = "json-2"
	jsonRPCName    = "json-rpc"
	xmlRPCName     = "xml-rpc"
)

// jsonRPC speaks POST /jsonrpc, which Odoo has up to version 21.
type jsonRPC struct{ wire *wire }

func newJSONRPC(w *wire) transport { return jsonRPC{w} }

func (jsonRPC) name() string { return jsonRPCName }

func (t jsonRPC) call(ctx context.Context, as identity, c Call) (any, error) {
	args, byName, err := c.positional()
	if err != nil {
		return nil, err
	}
	return t.ask(ctx, as, "object", "execute_kw",
		t.wire.database, as.uid, as.cred.secret(), c.Model, c.Method, args, byName)
}

func (t jsonRPC) login(ctx context.Context, cred Credential) (int64, error) {
	if cred.Login == "" || cred.secret() == "" {
		return 0, nil
	}
	result, err := t.ask(ctx, identity{cred: cred}, "common", "authenticate",
		t.wire.database, cred.Login, cred.secret(), struct{}{})
	return loginResult(result, err)
}

// ask calls a method of one of Odoo's services.
func (t jsonRPC) ask(ctx context.Context, as identity, service, method string, args ...any) (any, error) {
	body, err := jsonRPCBody(map[string]any{"service": service, "method": method, "args": append([]any{}, args...)})
	if err != nil {
		return nil, err
	}
	a, err := t.wire.exchange(ctx, request{
		path: "/jsonrpc", contentType: "application/json", body: body,
		secret: as.cred.secret(), uid: as.uid,
	})
	if err != nil {
		return nil, err
	}
	return a.jsonRPCResult()
}

func jsonRPCBody(params map[string]any) ([]byte, error) {
	body, err := json.Marshal(map[string]any{
		"jsonrpc": "2.0",
		"method":  "call",
		"id":      1, // HTTP pairs request and answer
		"params":  params,
	})
	if err != nil {
		return nil, badCall(err)
	}
	return body, nil
}

// sessionExpired is the error code of an answer to an unknown or expired session.
const (
	sessionExpired     = json.Number("100")
	sessionExpiredName = "odoo.http.SessionExpiredException"
)

func (a answer) jsonRPCResult() (any, error) {
	if !a.isJSON() {
		return nil, a.misfit(nil)
	}
	tree, err := decodeJSON(a.body)
	if err != nil {
		return nil, a.misfit(err)
	}
	answer, _ := tree.(*Object)
	failure := answer.Get("error")
	switch {
	case answer.Get("jsonrpc") != "2.0":
		return nil, a.misfit(errors.New("not a JSON-RPC 2.0 answer"))
	case failure != nil:
		failure, _ := failure.(*Object)
		if failure.Get("code") == sessionExpired {
			return nil, a.fault(fault{name: sessionExpiredName, text: failure.text("message")})
		}
		data, _ := failure.Get("data").(*Object)
		return nil, a.fault(data.fault(0))
	case a.status != http.StatusOK:
		return nil, a.misfit(errors.New("a result with an HTTP error"))
	}
	// A method that returned None leaves the answer without a result key.
	return answer.Get("result"), nil
}

// fault reads an exception as both JSON protocols write it. It prefers the first
// argument over the message: RedirectWarning joins all of its arguments there.
func (o *Object) fault(status int) fault {
	text := o.text("message")
	if arguments, _ := o.Get("arguments").([]any); len(arguments) > 0 {
		if first, ok := arguments[0].(string); ok {
			text = first
		}
	}
	return fault{
		name:   strings.TrimPrefix(o.text("name"), "builtins."),
		status: status,
		text:   text,
		debug:  o.text("debug"),
	}
}

func (a answer) isJSON() bool { return strings.HasPrefix(a.contentType, "application/json") }

// secret is what the older protocols take as the password: Odoo accepts an API
// key in its place.
func (c Credential) secret() string {
	if c.Password != "" {
		return c.Password
	}
	return c.APIKey
}

// loginResult reads what authenticate of the older protocols returns: the user's
// id, or false.
func loginResult(result any, err error) (int64, error) {
	if err != nil {
		if apierror.CodeOf(err) == apierror.UpstreamUnauthenticated {
			return 0, nil
		}
		return 0, err
	}
	switch result := result.(type) {
	case bool, nil:
		return 0, nil
	case json.Number:
		if uid, err := result.Int64(); err == nil && uid > 0 {
			return uid, nil
		}
	}
	return 0, apierror.Wrap(apierror.UpstreamError, msgMisfit, fmt.Errorf("a user id of type %T", result))
}
