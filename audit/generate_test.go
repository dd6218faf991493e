package audit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
)

// hostile is one request as it goes over the wire.
type hostile struct {
	kind, method, target string
	bytes                []byte
	cut                  bool // the client stops in the middle of it
}

// generator makes up requests. The same seed makes the same ones.
type generator struct{ *rand.Rand }

func pick[T any](g generator, of ...T) T { return of[g.IntN(len(of))] }

// seeds are documents to start from.
var seeds = []string{
	`{ __typename }`,
	`{ partners(first: 2) { totalCount nodes { id name email country { code name } tags { nodes { name } } } pageInfo { endCursor } } }`,
	`query Orders($n: Int = 3, $f: SaleOrderFilter) { saleOrders(first: $n, filter: $f) { nodes { ...Order lines { nodes { quantity product { name } } } } } } fragment Order on SaleOrder { name state amountTotal partner { name } }`,
	`query($ids: [ID!]!) { nodes(ids: $ids) { id ... on Partner { name parent { name } } } }`,
	`{ __schema { types { name fields { name type { name ofType { name } } } } } }`,
	`mutation { deleteEverything } subscription { everything }`,
	`{ products(filter: {or: [{name: {contains: "a"}}, {not: {price: {gt: "5"}}}]}, orderBy: [{field: NAME, direction: ASC}]) { nodes { name } } }`,
}

// words are what a document is bent with.
var words = []string{
	"{", "}", "(", ")", "[", "]", "...", "on", "@skip(if: true)", "@defer", "@include(if: $n)", "fragment", "query", "mutation", "null", "$n", "$", "!", ":", "=",
	"id", "nope", "__schema", "__typename", `"""`, `"\u0000"`, `"\ud83d"`, "1e999", "-", "9223372036854775808", "#", ",", "\ufeff", "é", "first: -1", "first: 101", "after: \"x\"",
	`filter: {and: [{not: {}}]}`, "a: id", "...F", "fragment F on Partner { ...F }",
}

func (g generator) document() string {
	text := seeds[g.IntN(len(seeds))]
	switch g.IntN(9) {
	case 0: // as it is
	case 1: // words in it
		for range 1 + g.IntN(5) {
			i := g.IntN(len(text) + 1)
			text = text[:i] + " " + pick(g, words...) + " " + text[i:]
		}
	case 2: // one word often
		text = "{ " + strings.Repeat(pick(g, words...)+" ", 1+g.IntN(3000)) + "}"
	case 3: // deep
		deep := 1 << g.IntN(17)
		text = strings.Repeat(pick(g, "{a", "{partner(databaseId: 1)", "{ ... ", "{a(b: [", "query($a: [", "{a(b: {c: "), deep)
		text = text[:min(len(text), 900_000)] + strings.Repeat("}", g.IntN(deep))
	case 4: // aliases
		var b strings.Builder
		for i := range 1 + g.IntN(200) {
			fmt.Fprintf(&b, " a%d: %s", i, pick(g, "__typename", "viewer { id }", "partners { totalCount }"))
		}
		text = "{" + b.String() + "}"
	case 5: // fragments
		var b strings.Builder
		n := 1 + g.IntN(120)
		for i := range n {
			fmt.Fprintf(&b, " fragment F%d on Partner { id parent { ...F%d } ...F%d }", i, g.IntN(n+1), min(i+1+g.IntN(3), n-1))
		}
		text = "{ partners(first: 1) { nodes { ...F0 } } }" + b.String()
	case 6: // cut
		text = text[:g.IntN(len(text)+1)]
	case 7: // bytes
		text = string(g.bend([]byte(text)))
	case 8: // long
		text = strings.Replace(text, "name", strings.Repeat("n", 1<<g.IntN(19)), 1)
	}
	return text
}

// bend changes bytes of a text, or moves parts of it.
func (g generator) bend(text []byte) []byte {
	text = bytes.Clone(text)
	for range 1 + g.IntN(8) {
		if len(text) < 2 {
			return append(text, byte(g.IntN(256)))
		}
		i, j := g.IntN(len(text)), g.IntN(len(text))
		switch g.IntN(4) {
		case 0:
			text[i] = byte(g.IntN(256))
		case 1:
			text = append(text[:i:i], text[min(len(text), i+g.IntN(20)):]...)
		case 2:
			text = append(text[:i:i], append([]byte{byte(g.IntN(256)), text[j]}, text[i:]...)...)
		case 3:
			text = append(text, text[min(i, j):max(i, j)]...)
		}
	}
	return text
}

// value makes up a JSON value.
func (g generator) value(depth int) any {
	switch n := g.IntN(9); {
	case n == 0 && depth > 0:
		return []any{g.value(depth - 1), g.value(depth - 1)}
	case n == 1 && depth > 0:
		return map[string]any{pick(g, "id", "and", "not", "name", "x"): g.value(depth - 1)}
	}
	return pick[any](g, nil, true, 1, -1, 1e300, json.Number("9223372036854775808"), 2147483648, "", "x", strings.Repeat("long", 1<<g.IntN(12)), "\u0000", "cGFydG5lcjox")
}

// body makes up the body of a POST request.
func (g generator) body() []byte {
	request := map[string]any{"query": g.document()}
	for _, member := range []string{"variables", "operationName", "extensions", "query", "documentId", "doc_id", "x"} {
		if g.IntN(5) == 0 {
			request[member] = g.value(4)
		}
	}
	if g.IntN(3) == 0 {
		request["variables"] = map[string]any{"n": g.value(3), "f": g.value(6), "ids": g.value(2)}
	}
	if g.IntN(8) == 0 {
		request["extensions"] = map[string]any{"persistedQuery": map[string]any{"version": g.value(0), "sha256Hash": g.value(0)}}
	}
	text, err := json.Marshal(request)
	if err != nil {
		panic(err)
	}
	switch g.IntN(10) {
	case 0:
		return g.bend(text)
	case 1:
		return text[:g.IntN(len(text))]
	case 2:
		return append([]byte("["), append(text, ']')...)
	case 3:
		return bytes.Repeat([]byte(pick(g, "[", `{"query":`, `{"variables":{"a":`, " ", "\x00", "\xff")), 1+g.IntN(1<<g.IntN(19)))
	case 4:
		if g.IntN(20) == 0 { // beyond the limit of a body
			return append(bytes.Repeat([]byte(" "), 1<<20), text...)
		}
	}
	return text
}

// header makes up a header that may be wrong.
func (g generator) header() string {
	switch g.IntN(6) {
	case 0:
		return "Content-Type: " + pick(g, "text/plain", "application/json; charset=utf-7", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", ";", "", "\x7f") + "\r\n"
	case 1:
		return "Accept: " + pick(g, "text/event-stream", "*/*;q=0", "application/graphql-response+json", "a/b;c=\"", strings.Repeat("a/b,", 1<<g.IntN(12)), "\xff") + "\r\n"
	case 2:
		return pick(g, "Content-Encoding: gzip", "Upgrade: websocket\r\nConnection: Upgrade", "Expect: 100-continue", "Accept-Language: "+strings.Repeat("de,", 200),
			"Authorization: Bearer \xff", "X-Request-Id: <script>", "Range: bytes=0-1", "Origin: https://evil.example", "X-Forwarded-For: ' or 1=1") + "\r\n"
	case 3:
		return "X-Long: " + strings.Repeat("a", 1<<g.IntN(17)) + "\r\n"
	}
	return ""
}

// head makes up the first lines of a request, but for what tells the length of its body.
func (g generator) head(h hostile) string {
	host := "localhost"
	if g.IntN(50) == 0 {
		host = pick(g, "evil.example", "", "localhost:x", "[", strings.Repeat("a", 300))
	}
	extra := g.header()
	if !strings.HasPrefix(extra, "Content-Type") {
		extra += "Content-Type: application/json\r\n"
	}
	return fmt.Sprintf("%s %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer odg_demo\r\nConnection: close\r\n%s", h.method, h.target, host, extra)
}

// request makes up a request.
func (g generator) request() hostile {
	h := hostile{kind: "POST", method: "POST", target: "/graphql"}
	body := []byte{}
	switch g.IntN(10) {
	case 0, 1:
		h.kind, h.method = "GET", pick(g, "GET", "HEAD")
		h.target += "?query=" + url.QueryEscape(cutTo(g.document(), 8000)) + "&variables=" + url.QueryEscape(cutTo(string(g.body()), 2000))
		if g.IntN(4) == 0 {
			h.target = strings.ReplaceAll(string(g.bend([]byte(h.target))), " ", "%")
		}
	case 2:
		h.kind, h.method = "method", pick(g, "PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "BREW", "\x00")
		h.target = pick(g, "/graphql", "/", "/healthz", "/%00", "/../../etc/passwd", "*", "http://[::1", "//graphql", "/graphql/"+strings.Repeat("a/", 500))
	case 3:
		body = g.body()
		h.kind, h.cut = "cut", true
	default:
		body = g.body()
	}
	b := bytes.NewBufferString(g.head(h))
	switch length := len(body); {
	case h.cut:
		fmt.Fprintf(b, "Content-Length: %d\r\n\r\n", length+1+g.IntN(1000))
	case g.IntN(30) == 0: // HTTP itself is wrong
		h.kind, h.cut = "HTTP", true
		fmt.Fprintf(b, "%s\r\n\r\n", pick(g, "Content-Length: -1", "Transfer-Encoding: chunked", "Transfer-Encoding: x", "Content-Length: 1\r\nContent-Length: 2", " folded", "nonsense"))
	default:
		fmt.Fprintf(b, "Content-Length: %d\r\n\r\n", length)
	}
	b.Write(body)
	h.bytes = b.Bytes()
	return h
}

func cutTo(text string, length int) string { return text[:min(len(text), length)] }
