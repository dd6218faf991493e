package odoo

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"odoograph/apierror"
)

// Session is a signed-in user of an Odoo server. It is safe for concurrent use.
type Session struct {
	client    *Client
	key       credentialKey
	signIn    uint64 // the number of the sign-in, of all that the client made
	as        identity
	transport transport
	why       string // this transport
	can       Capabilities
	version   Version
	user      User
	languages []string // codes of the installed languages, the user's own first
	matcher   language.Matcher
	lang      string // the language of this session's calls
}

// User is what Odoo says of the user of a session.
type User struct {
	ID       int64
	Timezone string
	// Companies are those the user may work in, the current one first.
	Companies []int64
}

// Capabilities are what a server can do that others cannot. Callers ask for
// them and never compare versions.
type Capabilities struct {
	// JSON2 is the protocol of Odoo 19 that takes an API key alone.
	JSON2 bool
	// DomainAny are the operators any and not any, of Odoo 17.
	DomainAny bool
	// Specify is web_search_read with a specification, of Odoo 17, and Nest that it
	// is used for records within records.
	Specify, Nest bool
	// Derives is that a new record gets the fields that follow from others, as a sale
	// order the payment term of its customer, however it is made, since Odoo 16.
	// Before, they are filled in on Odoo's screens only.
	Derives bool
	// BlankIsNull is that domains do not tell an empty text from none, since Odoo 19.
	BlankIsNull bool
}

func (c *Client) capabilities(v Version) Capabilities {
	return Capabilities{
		JSON2: v.Major >= 19, DomainAny: v.Major >= 17, BlankIsNull: v.Major >= 19, Derives: v.Major >= 16,
		Specify: v.Major >= 17, Nest: v.Major >= 17 && !c.cfg.LevelByLevel,
	}
}

// User returns the user of the session.
func (s *Session) User() User { return s.user }

// Version returns the version of the server.
func (s *Session) Version() Version { return s.version }

// Transport returns the name of the protocol in use, and why that one.
func (s *Session) Transport() (name, why string) {
	name = s.transport.name()
	if _, ok := s.transport.(*webSession); ok && name != webSessionName {
		return name, "web sessions do not hold on this server"
	}
	return name, s.why
}

// MaxConns returns how many calls to Odoo are made at once, for all sessions together.
func (s *Session) MaxConns() int { return s.client.cfg.MaxConns }

// Language returns the code of the language in which texts are read: "en_US".
func (s *Session) Language() string { return s.lang }

// WithLanguage returns the session in the installed language that fits an
// Accept-Language header best (RFC 9110, section 12.5.4), or in the user's own.
func (s *Session) WithLanguage(acceptLanguage string) *Session {
	if acceptLanguage == "" {
		return s
	}
	wanted := preferred(acceptLanguage)
	if len(wanted) == 0 {
		return s
	}
	_, index, confidence := s.matcher.Match(wanted...)
	if confidence == language.No || s.languages[index] == s.lang {
		return s
	}
	other := *s
	other.lang = s.languages[index]
	return &other
}

// preferred returns the languages of an Accept-Language header, the best first. What
// names no language that there is says nothing about the others.
func preferred(acceptLanguage string) []language.Tag {
	var wanted []language.Tag
	weights := map[language.Tag]float32{}
	for part := range strings.SplitSeq(acceptLanguage, ",") {
		tags, q, err := language.ParseAcceptLanguage(part)
		if err != nil || len(tags) == 0 {
			continue
		}
		if _, repeated := weights[tags[0]]; !repeated {
			wanted = append(wanted, tags[0])
			weights[tags[0]] = q[0]
		}
	}
	slices.SortStableFunc(wanted, func(a, b language.Tag) int { return cmp.Compare(weights[b], weights[a]) })
	return wanted
}

// Do makes a call in the name of the user, when the queue has a slot for it. The
// time that Config.Timeout gives the call runs from then on.
func (s *Session) Do(ctx context.Context, call Call) (any, error) {
	if call.IDs != nil && len(call.IDs) == 0 {
		// JSON-2 would do nothing and call it a success.
		return nil, apierror.Wrap(apierror.Internal, "The gateway made a call that means nothing.", fmt.Errorf("odoo: %s on no record of %s", call.Method, call.Model))
	}
	if call.OnNone {
		call.IDs = []int64{}
	}
	call.Context = s.context(call.Context)
	callCtx, stats := WithStats(ctx)
	result, err := s.transport.call(callCtx, s.as, call)
	stats.addTo(ctx)
	s.client.cfg.Log.DebugContext(ctx, "odoo call", "model", call.Model, "method", call.Method,
		"duration", stats.Time(), "waited", stats.Waited(), "error", err, "detail", Detail(err))
	switch {
	case err == nil:
	case isOutage(err) && ctx.Err() == nil:
		s.client.doubt()
	case apierror.CodeOf(err) == apierror.UpstreamUnauthenticated:
		s.client.forget(s)
	}
	return result, err
}

// context is what every call says of the user: on 14 constraint messages are
// bare names without lang, and without companies 19 mixes those of all.
func (s *Session) context(extra map[string]any) map[string]any {
	c := map[string]any{"lang": s.lang}
	if s.user.Timezone != "" {
		c["tz"] = s.user.Timezone
	}
	if len(s.user.Companies) > 0 {
		c["allowed_company_ids"] = anySlice(s.user.Companies)
	}
	maps.Copy(c, extra)
	return c
}

func (c *Client) signIn(ctx context.Context, server *discovered, key credentialKey, cred Credential) (*Session, error) {
	s := &Session{client: c, key: key, signIn: c.signIns.Add(1), version: server.version, can: c.capabilities(server.version), lang: "en_US"}
	var err error
	if s.transport, s.why, err = c.choose(server, s.can, cred); err != nil {
		return nil, err
	}
	if err := c.guard.allow(key, s.counted()); err != nil {
		return nil, err
	}
	if s.can.usesDatabaseCookie(s.transport.name()) {
		c.wire.nameDatabase(ctx)
	}
	uid, err := s.transport.login(ctx, cred)
	if _, ok := s.transport.(*webSession); ok && c.isAuto() && apierror.CodeOf(err) == apierror.UpstreamError {
		// A proxy may hide the web client and let the other protocols through.
		s.transport, s.why = newJSONRPC(c.wire), "this server does not let the gateway open a web session"
		uid, err = s.transport.login(ctx, cred)
	}
	if err == nil && uid == 0 {
		err = refusedError()
	}
	if apierror.CodeOf(err) == apierror.UpstreamUnauthenticated || apierror.CodeOf(err) == apierror.RateLimited {
		c.guard.failed(key, s.counted())
		refused := refusedError()
		refused.Cause = err
		return nil, refused
	}
	if err != nil {
		c.cfg.Log.DebugContext(ctx, "sign-in to Odoo failed", "error", err, "detail", Detail(err))
		return nil, err
	}
	c.guard.succeeded(key, s.counted())
	s.as = identity{uid: uid, cred: cred}
	if err := s.introduce(ctx); err != nil {
		return nil, err
	}
	c.cfg.Log.InfoContext(ctx, "signed in to Odoo", "odoo", s.version.Text, "transport", s.transport.name(),
		"database", c.cfg.Database, "uid", uid, "languages", s.languages)
	return s, nil
}

// counted tells whether Odoo counts refused sign-ins of this transport.
func (s *Session) counted() bool { return s.transport.name() != json2Name }

func (c *Client) isAuto() bool { return c.cfg.Transport == "" || c.cfg.Transport == "auto" }

// choose picks the transport and says why.
func (c *Client) choose(server *discovered, can Capabilities, cred Credential) (transport, string, error) {
	name, why := c.cfg.Transport, "configured"
	if c.isAuto() {
		switch {
		case cred.Login != "" && cred.Password != "":
			name, why = webSessionName, "with a password it is the cheapest call"
		case can.JSON2 && cred.APIKey != "":
			name, why = json2Name, "an API key opens no web session, and only JSON-2 heeds its expiry at once"
		case server.protocol == xmlRPCName:
			name, why = xmlRPCName, "this server has no JSON-RPC"
		default:
			name, why = jsonRPCName, "an API key opens no web session, and XML-RPC does not tell exceptions apart"
		}
	}
	t, err := c.transport(name, can, cred)
	return t, why, err
}

// usesDatabaseCookie tells whether calls in this protocol need a cookie for Odoo
// to know the database at once. Odoo 19 takes a header for it.
func (can Capabilities) usesDatabaseCookie(transport string) bool {
	return !can.JSON2 && (transport == jsonRPCName || transport == xmlRPCName)
}

func (c *Client) transport(name string, can Capabilities, cred Credential) (transport, error) {
	if name == json2Name {
		if !can.JSON2 || cred.APIKey == "" {
			return nil, apierror.New(apierror.Unsupported, "JSON-2 needs Odoo 19 or later and an API key.")
		}
		return newJSON2(c.wire), nil
	}
	if cred.Login == "" {
		return nil, apierror.New(apierror.Unsupported, "This protocol needs the login of an Odoo user besides the password or API key.")
	}
	switch name {
	case xmlRPCName:
		return newXMLRPC(c.wire), nil
	case webSessionName:
		if cred.Password == "" {
			return nil, apierror.New(apierror.Unsupported, "A web session needs the password of the Odoo user: API keys open none.")
		}
		return newWebSession(c.wire), nil
	}
	return newJSONRPC(c.wire), nil
}

// introduce asks Odoo who the user is and which languages there are.
func (s *Session) introduce(ctx context.Context) error {
	model, err := s.Model(ctx, "res.users", []string{"lang", "tz", "company_id", "company_ids"})
	if err != nil {
		return err
	}
	if model == nil {
		return Unexpected("fields_get", nil)
	}
	var fields []string
	for name := range model.Fields {
		fields = append(fields, name)
	}
	rows, err := s.SearchRead(ctx, Query{Model: model, Domain: Where([]Step{{model, "id"}}, Equal, s.as.uid), Limit: 1}, fields)
	if err != nil {
		return err
	}
	if len(rows) != 1 {
		return Unexpected("search_read", rows)
	}
	value := map[string]any{}
	for i, name := range fields {
		value[name] = rows[0].Values[i]
	}
	s.user.ID = s.as.uid
	s.user.Timezone, _ = value["tz"].(string)
	if lang, _ := value["lang"].(string); lang != "" {
		s.lang = lang
	}
	s.user.Companies, _ = value["company_ids"].([]int64)
	if current, ok := value["company_id"].(Ref); ok {
		companies := []int64{current.ID}
		for _, id := range s.user.Companies {
			if id != current.ID {
				companies = append(companies, id)
			}
		}
		s.user.Companies = companies
	}
	return s.learnLanguages(ctx)
}

func (s *Session) learnLanguages(ctx context.Context) error {
	result, err := s.Do(ctx, Call{Model: "res.lang", Method: "get_installed"})
	if err != nil {
		return err
	}
	pairs, ok := result.([]any)
	if !ok {
		return Unexpected("get_installed", result)
	}
	s.languages = []string{s.lang}
	for _, pair := range pairs {
		pair, _ := pair.([]any)
		if len(pair) == 0 {
			return Unexpected("get_installed", result)
		}
		if code := fmt.Sprint(pair[0]); code != s.lang {
			s.languages = append(s.languages, code)
		}
	}
	tags := make([]language.Tag, len(s.languages))
	for i, code := range s.languages {
		tags[i] = language.Make(code) // Odoo's "sr@latin" becomes "und", which matches nothing
	}
	s.matcher = language.NewMatcher(tags)
	return nil
}
