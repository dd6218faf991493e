package odoo

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/kolo/xmlrpc"
)

// xmlRPC speaks POST /xmlrpc/2/object and /common, which every version of Odoo
// up to 21 has. It is the fallback: it tells business rules, missing records and
// unknown models apart by nothing but their text.
type xmlRPC struct{ wire *wire }

func newXMLRPC(w *wire) transport { return xmlRPC{w} }

func (xmlRPC) name() string { return xmlRPCName }

func (t xmlRPC) call(ctx context.Context, as identity, c Call) (any, error) {
	args, byName, err := c.positional()
	if err != nil {
		return nil, err
	}
	return t.ask(ctx, as, "object", "execute_kw",
		t.wire.database, as.uid, as.cred.secret(), c.Model, c.Method, args, byName)
}

func (t xmlRPC) login(ctx context.Context, cred Credential) (int64, error) {
	if cred.Login == "" || cred.secret() == "" {
		return 0, nil
	}
	result, err := t.ask(ctx, identity{cred: cred}, "common", "authenticate",
		t.wire.database, cred.Login, cred.secret(), map[string]any{})
	return loginResult(result, err)
}

// ask calls a method of one of Odoo's services.
func (t xmlRPC) ask(ctx context.Context, as identity, service, method string, args ...any) (any, error) {
	params := make([]any, len(args))
	for i, arg := range args {
		var err error
		if params[i], err = xmlArgument(arg); err != nil {
			return nil, err
		}
	}
	body, err := xmlrpc.EncodeMethodCall(method, params...)
	if err != nil {
		return nil, badCall(err)
	}
	a, err := t.wire.exchange(ctx, request{
		path: "/xmlrpc/2/" + service, contentType: "text/xml", body: body,
		secret: as.cred.secret(), uid: as.uid,
	})
	if err != nil {
		return nil, err
	}
	return a.xmlRPCResult()
}

// noneResult ends the fault of a method that returned None: Odoo does the work,
// commits it, and only then finds that its XML-RPC cannot say None.
const noneResult = "cannot marshal None unless allow_none is enabled"

func (a answer) xmlRPCResult() (any, error) {
	if !strings.HasPrefix(a.contentType, "text/xml") && !strings.HasPrefix(a.contentType, "application/xml") {
		return nil, a.misfit(nil)
	}
	result, isFault, err := decodeXMLRPC(a.body)
	if err != nil {
		return nil, a.misfit(err)
	}
	if !isFault {
		if a.status != http.StatusOK {
			return nil, a.misfit(errors.New("a result with an HTTP error"))
		}
		return result, nil
	}
	f, ok := xmlFault(result)
	if !ok {
		return nil, a.misfit(errors.New("a fault of unknown shape"))
	}
	if f.name == "TypeError" && f.text == noneResult {
		return nil, nil
	}
	return nil, a.fault(f)
}

func xmlFault(result any) (fault, bool) {
	members, _ := result.(*Object)
	number, ok := members.Get("faultCode").(json.Number)
	text, isText := members.Get("faultString").(string)
	return faultByNumber(number.String(), text), ok && isText
}
