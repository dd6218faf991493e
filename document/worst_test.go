package document_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"odoograph/document"
	"odoograph/endpoint"
)

func repeat(n int, part func(i int) string) string {
	var out strings.Builder
	for i := range n {
		out.WriteString(part(i))
	}
	return out.String()
}

// fit returns the largest document of a family that the limits let through.
func fit(make func(n int) string, passes func(string) bool) (string, int) {
	best, size := "", 0
	for n := 1; n < 2000; n++ {
		text := make(n)
		if len(text) > 1<<15 {
			break
		}
		if passes(text) {
			best, size = text, n
		}
	}
	return best, size
}

func worst() map[string]func(n int) string {
	const leaf = "id name email phone city street website "
	out := map[string]func(n int) string{
		"duplicates": func(n int) string {
			return "{partners{nodes{" + strings.Repeat(leaf, n) + "}}}"
		},
		"duplicates in a tree": func(n int) string { // n at each of three levels
			inner := strings.Repeat("parent{"+strings.Repeat("parent{id}", n)+"}", n)
			return "{partner(databaseId: 1){" + inner + "}}"
		},
		"pairs of pairs": func(n int) string {
			text := "id "
			for range n {
				text = strings.Repeat("parent{"+text+"}", 2)
			}
			return "{partner(databaseId: 1){" + text + "}}"
		},
		"fragments side by side": func(n int) string {
			return "{partner(databaseId: 1){" + repeat(n, func(i int) string { return fmt.Sprintf("...F%d ", i) }) + "}}" +
				repeat(n, func(i int) string { return fmt.Sprintf("fragment F%d on Partner{%s}", i, leaf) })
		},
		"fragments side by side, twice": func(n int) string {
			spreads := repeat(n, func(i int) string { return fmt.Sprintf("...F%d ", i) })
			return "{partner(databaseId: 1){" + spreads + "parent{" + spreads + "}}}" +
				repeat(n, func(i int) string { return fmt.Sprintf("fragment F%d on Partner{parent{%s}}", i, leaf) })
		},
		"a chain of fragments": func(n int) string {
			return "{partner(databaseId: 1){...F0}}" + repeat(n, func(i int) string {
				return fmt.Sprintf("fragment F%d on Partner{%s parent{%s} company{id name} ...F%d}", i, leaf, leaf, i+1)
			}) + fmt.Sprintf("fragment F%d on Partner{id}", n)
		},
		"a chain with long ends": func(n int) string {
			return "{partner(databaseId: 1){...F0}}" + repeat(40, func(i int) string {
				return fmt.Sprintf("fragment F%d on Partner{...F%d}", i, i+1)
			}) + "fragment F40 on Partner{" + repeat(n, func(i int) string { return "parent{" + leaf + "}" }) + "}"
		},
		"inline fragments in each other": func(n int) string {
			return "{partner(databaseId: 1){" + strings.Repeat("...{"+strings.Repeat(leaf, 2), n) + strings.Repeat("}", n) + "}}"
		},
		"inline fragments, many": func(n int) string {
			nest := strings.Repeat("...{", 14) + strings.Repeat(leaf, 3) + strings.Repeat("}", 14)
			return "{partners{nodes{" + strings.Repeat("parent{"+nest+"}", n) + "}}}"
		},
		"arguments of equal fields": func(n int) string {
			return "{" + strings.Repeat("partners(first: 1, filter: {and: ["+strings.Repeat(`{name: {contains: "a"}}`, n)+"]}){totalCount} ", 2) + "}"
		},
		"equal arguments": func(n int) string {
			return "{" + strings.Repeat("partner("+strings.Repeat("databaseId: 1 ", n)+"){id} ", 2) + "}"
		},
		"variables": func(n int) string {
			return "query(" + repeat(n, func(i int) string { return fmt.Sprintf("$v%d: ID!", i) }) + "){nodes(ids: [" +
				repeat(n, func(i int) string { return fmt.Sprintf("$v%d ", i) }) + "]){id}}"
		},
		"operations": func(n int) string {
			return repeat(n, func(i int) string { return fmt.Sprintf("query q%d{partner(databaseId: 1){...F}}", i) }) +
				"fragment F on Partner{" + leaf + "}"
		},
		"unknown fields": func(n int) string {
			return "{partners{nodes{" + repeat(n, func(i int) string { return fmt.Sprintf("nam%d ", i) }) + "}}}"
		},
		"unknown types": func(n int) string {
			return "{partners{nodes{" + repeat(n, func(i int) string { return fmt.Sprintf("...on Partn%d{id}", i) }) + "}}}"
		},
		"unknown arguments": func(n int) string {
			return "{partners(" + repeat(n, func(i int) string { return fmt.Sprintf("filte%d: 1 ", i) }) + "){totalCount}}"
		},
		"unknown input fields": func(n int) string {
			return "{partners(filter: {" + repeat(n, func(i int) string { return fmt.Sprintf("nam%d: 1 ", i) }) + "}){totalCount}}"
		},
		"a bomb of fragments": func(n int) string {
			return "{partner(databaseId: 1){...F0}}" + repeat(n, func(i int) string {
				return fmt.Sprintf("fragment F%d on Partner{parent{...F%d} company{partner{...F%d}}}", i, i+1, i+1)
			}) + fmt.Sprintf("fragment F%d on Partner{id}", n)
		},
		"interfaces": func(n int) string {
			return `{nodes(ids: ["a"]){` + repeat(n, func(i int) string {
				return "...on Partner{parent{id active}} ...on ProductCategory{parent{id active}} ...on PartnerTag{parent{id active}} "
			}) + "}}"
		},
		"introspection": func(n int) string {
			return "{__schema{types{" + repeat(n, func(int) string { return "fields{args{type{kind name}}}" }) + "}}}"
		},
	}
	return out
}

// The worst documents that the limits let through are refused or valid soon.
func TestWorstDocuments(t *testing.T) {
	schema := endpoint.Schema().Schema()
	check, err := document.Open(document.Options{Schema: schema, CacheBytes: 1})
	if err != nil {
		t.Fatal(err)
	}
	for name, family := range worst() {
		t.Run(name, func(t *testing.T) {
			text, n := fit(family, func(text string) bool { return document.Passes(document.DefaultLimits(), text) })
			took := time.Hour
			var found string
			for range 5 {
				start := time.Now()
				_, errs := check.Find(t.Context(), document.Request{Text: text}, document.Access{Documents: document.Any, Introspect: true})
				took = min(took, time.Since(start))
				found = fmt.Sprint(len(errs), " errors ")
				if len(errs) > 0 {
					found += errs[0].Message
				}
			}
			t.Logf("%s: n = %d, %d bytes: %v, %s", name, n, len(text), took, found)
		})
	}
}
