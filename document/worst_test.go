package document_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"odoograph/document"
)

func repeat(n int, part func(i int) string) string {
	var out strings.Builder
	for i := range n {
		out.WriteString(part(i))
	}
	return out.String()
}

// fit returns the largest document of a family that the limits let through.
func fit(family func(n int) string) (text string, n int) {
	for step := 1024; step > 0; step /= 2 {
		if larger := family(n + step); len(larger) < 1<<16 && document.Passes(document.DefaultLimits(), larger) {
			text, n = larger, n+step
		}
	}
	return text, n
}

// leaf are fields without selections of a partner.
const leaf = "id name email phone city street website "

// worst are families of documents that a rule of validation takes long for.
var worst = map[string]func(n int) string{
	"duplicates": func(n int) string {
		return "{partners{nodes{" + strings.Repeat(leaf, n) + "}}}"
	},
	"duplicates in a tree": func(n int) string { // n at each of three levels
		inner := strings.Repeat("parent{"+strings.Repeat("parent{id}", n)+"}", n)
		return "{partner(databaseId: 1){" + inner + "}}"
	},
	"pairs of pairs": func(n int) string {
		text := "id "
		for range min(n, 12) {
			text = strings.Repeat("parent{"+text+"}", 2)
		}
		text += strings.Repeat("id ", n) // so that each is larger than the one before
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

// The worst documents that the limits let through are valid, or not, within 20 ms;
// with the race detector it is some more.
func TestWorstDocuments(t *testing.T) {
	const bound = 100 * time.Millisecond
	store := open(t, document.Options{CacheBytes: 1}) // so that each is validated
	for name, family := range worst {
		t.Run(name, func(t *testing.T) {
			text, n := fit(family)
			if n == 0 {
				t.Fatal("not one is within the limits")
			}
			took, problems := time.Hour, 0
			for range 5 {
				start := time.Now()
				_, errs := store.Find(t.Context(), document.Request{Text: text}, anybody)
				took, problems = min(took, time.Since(start)), len(errs)
			}
			if t.Logf("%d of it, %d bytes: %v, %d errors", n, len(text), took, problems); took > bound {
				t.Errorf("takes %v, more than %v", took, bound)
			}
		})
	}
}
