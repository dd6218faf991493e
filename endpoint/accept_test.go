package endpoint

import "testing"

func TestNegotiate(t *testing.T) {
	for _, test := range []struct{ name, accept, want string }{
		{"nothing", "", mediaJSON},
		{"anything", "*/*", mediaJSON},
		{"any application", "application/*", mediaJSON},
		{"a browser", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", mediaJSON},
		{"JSON", "application/json", mediaJSON},
		{"GraphQL", "application/graphql-response+json", mediaGraphQL},
		{"JSON in UTF-8", "application/json; charset=utf-8", mediaJSON},
		{"letters of any case", "Application/GraphQL-Response+JSON; Charset=UTF-8", mediaGraphQL},
		{"Apollo's client", "application/graphql-response+json,application/json;q=0.9", mediaGraphQL},
		{"urql's client", "application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed", mediaGraphQL},
		{"equals", "application/json, application/graphql-response+json", mediaGraphQL},
		{"JSON rather", "application/graphql-response+json;q=0.5, application/json;q=0.6", mediaJSON},
		{"GraphQL rather than anything", "application/graphql-response+json, */*", mediaGraphQL},
		{"anything but JSON", "application/json;q=0, */*", mediaGraphQL},
		{"anything rather than GraphQL", "application/graphql-response+json;q=0.1, */*", mediaJSON},
		{"neither", "application/json;q=0, application/graphql-response+json;q=0", ""},
		{"events", "text/event-stream", ""},
		{"events rather", "text/event-stream, application/json;q=0.1", mediaJSON},
		{"parts", "multipart/mixed;subscriptionSpec=1.0", ""},
		{"a page", "text/html", ""},
		{"another charset", "application/json; charset=iso-8859-1", ""},
		{"nonsense", ";;;,,,", ""},
		{"nonsense for a weight", "application/json;q=nine", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := negotiate([]string{test.accept}); got != test.want {
				t.Errorf("%q is answered in %q, want %q", test.accept, got, test.want)
			}
		})
	}
	if got := negotiate([]string{"text/html", "application/json"}); got != mediaJSON {
		t.Errorf("two headers are answered in %q", got)
	}
}
