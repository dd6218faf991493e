package relay

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"odoograph/apierror"
)

func TestIDsLeadBack(t *testing.T) {
	for _, id := range []int64{1, 42, 1<<31 - 1} {
		typeName, got, err := ParseID(ID("SaleOrder", id))
		if typeName != "SaleOrder" || got != id || err != nil {
			t.Errorf("%d: %s %d %v", id, typeName, got, err)
		}
	}
	for _, id := range []string{"", "7", "U2FsZU9yZGVy", ID("SaleOrder", 0), ID("SaleOrder", -1), ID("SaleOrder", 1<<31), ID("SaleOrder", 7) + "=", "U2FsZU9yZGVyOjA3"} {
		if typeName, n, err := ParseID(id); apierror.CodeOf(err) != apierror.BadUserInput {
			t.Errorf("%q is read as %s %d", id, typeName, n)
		}
	}
}

func TestCursorsBelongToTheirList(t *testing.T) {
	list, other := NewScope("Partner", map[string]any{"a": 1, "b": 2}), NewScope("Partner", nil)
	if same := NewScope("Partner", map[string]any{"b": 2, "a": 1}); same != list {
		t.Error("the scope depends on the order of a filter's fields")
	}
	for _, want := range []Place{{Offset: 1234}, {Keys: []any{"Zoë", nil, json.Number("7")}, ID: 5}} {
		place, err := list.Place("after", list.Cursor(want))
		if diff := cmp.Diff(&want, place); diff != "" || err != nil {
			t.Error(diff, err)
		}
	}
	place := Place{Offset: 3}
	for _, cursor := range []string{other.Cursor(place), "nonsense", list.Cursor(Place{Offset: -1}), "MTo", list.Cursor(place)[1:], list.Cursor(place)[:20]} {
		if place, err := list.Place("after", cursor); apierror.CodeOf(err) != apierror.BadUserInput {
			t.Errorf("%q is read as %v", cursor, place)
		}
	}
}

func TestWindows(t *testing.T) {
	scope := NewScope("Partner")
	n := func(i int) *int { return &i }
	at := func(offset int) string { return scope.Cursor(Place{Offset: offset}) }
	for _, test := range []struct {
		name   string
		page   Page
		length int
		want   Window
	}{
		{"the default page", Page{}, 50, Window{Offset: 0, Limit: 20}},
		{"a short list", Page{}, 7, Window{Offset: 0, Limit: 7}},
		{"first", Page{First: n(5)}, 50, Window{Offset: 0, Limit: 5}},
		{"first after", Page{First: n(5), After: at(9)}, 50, Window{Offset: 10, Limit: 5}},
		{"first after the end", Page{First: n(5), After: at(70)}, 50, Window{Offset: 50, Limit: 0}},
		{"none", Page{First: n(0)}, 50, Window{}},
		{"last", Page{Last: n(5)}, 50, Window{Offset: 45, Limit: 5}},
		{"last of fewer", Page{Last: n(5)}, 3, Window{Offset: 0, Limit: 3}},
		{"last after", Page{Last: n(5), After: at(47)}, 50, Window{Offset: 48, Limit: 2}},
		{"last before", Page{Last: n(5), Before: at(10)}, 50, Window{Offset: 5, Limit: 5}},
		{"last before the fourth", Page{Last: n(5), Before: at(3)}, 50, Window{Offset: 0, Limit: 3}},
		{"first before", Page{First: n(5), Before: at(3)}, 50, Window{Offset: 0, Limit: 3}},
		{"between", Page{After: at(3), Before: at(6)}, 50, Window{Offset: 4, Limit: 2}},
		{"last between", Page{Last: n(1), After: at(3), Before: at(6)}, 50, Window{Offset: 5, Limit: 1}},
		{"between, crossed", Page{After: at(6), Before: at(3)}, 50, Window{Offset: 7, Limit: 0}},
		{"before the first", Page{Before: at(0)}, 50, Window{}},
	} {
		window, err := test.page.Window(scope)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
		if diff := cmp.Diff(test.want, window.Fix(test.length)); diff != "" {
			t.Errorf("%s:\n%s", test.name, diff)
		}
	}
}

func TestConnection(t *testing.T) {
	type item struct{ name string }
	counted := 0
	cursor := func(i int) string { return string(rune('a' + i)) }
	c := NewConnection([]*item{{"x"}, {"y"}}, cursor, PageInfo{HasNextPage: true}, func(context.Context) (int, error) {
		counted++
		return 9, nil
	})
	if info := c.PageInfo(); *info.StartCursor != "a" || *info.EndCursor != "b" || !info.HasNextPage {
		t.Errorf("%+v", info)
	}
	if edges := c.Edges(); len(c.Nodes) != 2 || len(edges) != 2 || edges[1].Cursor != "b" || edges[1].Node != c.Nodes[1] || c.Nodes[1].name != "y" {
		t.Errorf("%+v", edges)
	}
	if counted != 0 {
		t.Error("counted without being asked")
	}
	if n, err := c.TotalCount(t.Context()); n != 9 || err != nil {
		t.Error(n, err)
	}
	if empty := NewConnection[item](nil, cursor, PageInfo{}, nil); empty.PageInfo().EndCursor != nil {
		t.Error("an empty page has a cursor")
	}
}
