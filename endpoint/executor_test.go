package endpoint

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"odoograph/apierror"
	"odoograph/document"
	"odoograph/internal/message"
)

// check is an extension that looks at each operation before it runs.
type check func(context.Context, *graphql.OperationContext) *gqlerror.Error

func (check) ExtensionName() string                   { return "Policy" }
func (check) Validate(graphql.ExecutableSchema) error { return nil }
func (c check) MutateOperationContext(ctx context.Context, o *graphql.OperationContext) *gqlerror.Error {
	return c(ctx, o)
}

// handler serves a small schema that can be written to.
func handler(extensions ...graphql.HandlerExtension) http.Handler {
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: `type Query { a: Int } type Mutation { set: Int }`})
	documents, err := document.Open(document.Options{Schema: schema})
	if err != nil {
		panic(err) // only a manifest can fail, and there is none
	}
	return newTransport(service{
		schema: &graphql.ExecutableSchemaMock{
			SchemaFunc: func() *ast.Schema { return schema },
			ExecFunc: func(ctx context.Context) graphql.ResponseHandler {
				return graphql.OneShot(&graphql.Response{Data: json.RawMessage(`{"a":1}`)})
			},
		},
		documents: documents, caller: func(context.Context) caller { return caller{documents: document.Any} },
		log: slog.New(slog.DiscardHandler), extensions: extensions,
		around: func(ctx context.Context, next graphql.ResponseHandler) *graphql.Response { return next(ctx) },
	})
}

func ask(h http.Handler, method, target, body string, header http.Header) *httptest.ResponseRecorder {
	request := httptest.NewRequest(method, target, strings.NewReader(body))
	request.Header.Set("Content-Type", mediaJSON)
	for name, values := range header {
		request.Header[name] = values
	}
	recorder := httptest.NewRecorder()
	h.ServeHTTP(recorder, request)
	return recorder
}

// An extension may refuse an operation; the code of its error decides the status.
func TestExtensionsRefuse(t *testing.T) {
	for _, test := range []struct {
		err         *apierror.Error
		json, graph int
	}{
		{apierror.New(apierror.Forbidden, "no"), 200, 403},
		{apierror.New(apierror.MaxCostExceeded, "no"), 200, 400},
		{&apierror.Error{Code: apierror.RateLimited, Message: "no", RetryAfter: 1500 * time.Millisecond}, 429, 429},
		{apierror.New(apierror.Unauthenticated, "no"), 401, 401},
		{apierror.New(apierror.Overloaded, "no"), 503, 503},
		{apierror.New(apierror.UpstreamUnavailable, "no"), 503, 503},
		{apierror.New(apierror.Internal, "no"), 500, 500},
	} {
		t.Run(string(test.err.Code), func(t *testing.T) {
			seen := ""
			h := handler(check(func(_ context.Context, o *graphql.OperationContext) *gqlerror.Error {
				seen = o.Operation.Name
				return &gqlerror.Error{Err: test.err, Message: test.err.Message, Extensions: map[string]any{"cost": 7}}
			}))
			for accept, status := range map[string]int{mediaJSON: test.json, mediaGraphQL: test.graph} {
				r := ask(h, http.MethodPost, "/graphql", `{"query": "query Q { a }"}`, http.Header{"Accept": {accept}})
				text := r.Body.String()
				if r.Code != status || !strings.Contains(text, `"code":"`+string(test.err.Code)+`"`) || !strings.Contains(text, `"cost":7`) || strings.Contains(text, `"data"`) {
					t.Errorf("%s: %d %s, want %d", accept, r.Code, text, status)
				}
				if want := map[bool]string{true: "2"}[test.err.RetryAfter > 0]; r.Header().Get("Retry-After") != want {
					t.Errorf("Retry-After: %q, want %q", r.Header().Get("Retry-After"), want)
				}
				if (r.Code == 401) != (r.Header().Get("WWW-Authenticate") != "") {
					t.Errorf("headers %v", r.Header())
				}
			}
			if seen != "Q" {
				t.Errorf("the extension saw the operation %q", seen)
			}
		})
	}
}

func TestMutationsNeedPOST(t *testing.T) {
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		r := ask(handler(), method, "/graphql?query=mutation{set}", "", nil)
		if r.Code != 405 || r.Header().Get("Allow") != "POST" {
			t.Errorf("%s: %d %v", method, r.Code, r.Header())
		}
	}
	if r := ask(handler(), http.MethodPost, "/graphql", `{"query": "mutation { set }"}`, nil); r.Code != 200 || r.Body.String() != `{"data":{"a":1}}` {
		t.Errorf("POST: %d %s", r.Code, r.Body)
	}
}

// A panic is the gateway's fault, and nobody's else to know.
func TestPanics(t *testing.T) {
	h := handler(check(func(context.Context, *graphql.OperationContext) *gqlerror.Error { panic("hunter2") }))
	for _, accept := range []string{mediaJSON, mediaGraphQL} {
		r := ask(h, http.MethodPost, "/graphql", `{"query": "{ a }"}`, http.Header{"Accept": {accept}})
		if r.Code != 500 || !strings.Contains(r.Body.String(), `"INTERNAL_SERVER_ERROR"`) || strings.Contains(r.Body.String(), "hunter2") {
			t.Errorf("%d %s", r.Code, r.Body)
		}
	}
}

// A request that is over before its operation began has an answer all the same.
func TestRequestsThatEnd(t *testing.T) {
	slow := handler(check(func(ctx context.Context, _ *graphql.OperationContext) *gqlerror.Error { <-ctx.Done(); return nil }))
	send := func(ctx context.Context) *httptest.ResponseRecorder {
		request := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(`{"query": "{ a }"}`)).WithContext(ctx)
		request.Header.Set("Content-Type", mediaJSON)
		recorder := httptest.NewRecorder()
		slow.ServeHTTP(recorder, request)
		return recorder
	}
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if r := send(ctx); r.Code != 504 || !strings.Contains(r.Body.String(), `"UPSTREAM_TIMEOUT"`) {
			t.Errorf("too late: %d %s", r.Code, r.Body)
		}
		ctx, leave := context.WithCancel(t.Context())
		time.AfterFunc(time.Minute, leave)
		if r := send(ctx); r.Code != 499 || !strings.Contains(r.Body.String(), `"CLIENT_CLOSED_REQUEST"`) {
			t.Errorf("the client left: %d %s", r.Code, r.Body)
		}
	})
}

func TestBodiesThatDoNotArrive(t *testing.T) {
	for err, want := range map[error]apierror.Code{
		io.ErrUnexpectedEOF: apierror.ClientClosed, errors.New("reset"): apierror.ClientClosed, &http.MaxBytesError{Limit: message.MaxBody}: apierror.PayloadTooLarge,
	} {
		if got := message.Unread(err); got.Code != want {
			t.Errorf("%v is %s, want %s", err, got.Code, want)
		}
	}
	// A body that stays away is told by the deadline of the connection.
	server := httptest.NewUnstartedServer(handler())
	server.Config.ReadTimeout = 50 * time.Millisecond
	server.Start()
	defer server.Close()
	connection, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	_, _ = io.WriteString(connection, "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
	response, err := http.ReadResponse(bufio.NewReader(connection), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body)
	if response.StatusCode != 408 || !strings.Contains(string(body), `"REQUEST_TIMEOUT"`) {
		t.Errorf("%d %s", response.StatusCode, body)
	}
}
