package odoo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"odoograph/apierror"
)

// json2 speaks POST /json/2/<model>/<method>, which Odoo has since version 19.
// It knows no passwords: the bearer is an API key.
type json2 struct{ wire *wire }

func newJSON2(w *wire) transport { return json2{w} }

func (json2) name() string { return json2Name }

func (t json2) call(ctx context.Context, as identity, c Call) (any, error) {
	args, err := c.named()
	if err != nil {
		return nil, err
	}
	if c.IDs != nil {
		args["ids"] = c.IDs
	}
	body, err := json.Marshal(args)
	if err != nil {
		return nil, badCall(err)
	}
	key := as.cred.APIKey
	if !isBearer(key) {
		return nil, apierror.Wrap(apierror.UpstreamUnauthenticated, msgUnauthenticated,
			errors.New("the API key is empty or cannot stand in a header"))
	}
	a, err := t.wire.exchange(ctx, request{
		path:        "/json/2/" + url.PathEscape(c.Model) + "/" + url.PathEscape(c.Method),
		contentType: "application/json", body: body, bearer: key,
		secret: key, uid: as.uid,
	})
	if err != nil {
		return nil, err
	}
	return a.json2Result()
}

// login asks Odoo whose key it is. The key alone names the user, so when a login
// comes with it, it must be that user's: the other protocols refuse any other too.
func (t json2) login(ctx context.Context, cred Credential) (int64, error) {
	as := identity{cred: cred}
	result, err := t.call(ctx, as, Call{Model: "res.users", Method: "context_get"})
	if apierror.CodeOf(err) == apierror.UpstreamUnauthenticated {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	uid, err := userOfContext(result)
	if err != nil || cred.Login == "" {
		return uid, err
	}
	as.uid = uid
	result, err = t.call(ctx, as, Call{
		Model: "res.users", Method: "read", IDs: []int64{uid},
		Args: map[string]any{"fields": []string{"login"}},
	})
	if err != nil {
		return 0, err
	}
	if !hasLogin(result, cred.Login) {
		return 0, apierror.Wrap(apierror.UpstreamUnauthenticated, msgUnauthenticated, ErrOtherUser)
	}
	return uid, nil
}

func userOfContext(result any) (int64, error) {
	context, _ := result.(*Object)
	number, _ := context.Get("uid").(json.Number)
	uid, err := number.Int64()
	if err != nil || uid <= 0 {
		return 0, apierror.Wrap(apierror.UpstreamError, msgMisfit,
			fmt.Errorf("context_get returned no user id but %T", context.Get("uid")))
	}
	return uid, nil
}

func hasLogin(result any, login string) bool {
	records, _ := result.([]any)
	if len(records) != 1 {
		return false
	}
	user, _ := records[0].(*Object)
	return user.Get("login") == login
}

func (a answer) json2Result() (any, error) {
	if !a.isJSON() {
		return nil, a.misfit(nil)
	}
	result, err := decodeJSON(a.body)
	if err != nil {
		return nil, a.misfit(err)
	}
	if a.status == http.StatusOK {
		return result, nil
	}
	exception, _ := result.(*Object)
	if exception.text("name") == "" {
		return nil, a.misfit(errors.New("an HTTP error without an exception"))
	}
	return nil, a.fault(exception.fault(a.status))
}

// isBearer tells whether a key can stand in an HTTP header.
func isBearer(key string) bool {
	return key != "" && !strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' })
}
