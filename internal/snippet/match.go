package snippet

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"odoograph/internal/markdown"
)

// ellipsis stands for what a document leaves out.
const ellipsis = "…"

// match compares an answer with what was shown of it.
func match(block *markdown.Block, want, got string) error {
	part := hasWord(block, "part")
	var err error
	if block.Language == "json" {
		err = matchJSON(want, got, part)
	} else {
		err = matchLines(lines(want), lines(got), part)
	}
	if err != nil {
		return fmt.Errorf("the answer in line %d: %w; the whole is\n%s", block.Line, err, got)
	}
	return nil
}

func matchJSON(want, got string, part bool) error {
	var values [2]any
	for i, text := range []string{want, got} {
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.UseNumber()
		if err := decoder.Decode(&values[i]); err != nil {
			return fmt.Errorf("not JSON: %w", err)
		}
	}
	shown, _ := values[0].(map[string]any)
	answered, _ := values[1].(map[string]any)
	if _, ok := shown["extensions"]; shown != nil && answered["data"] != nil && !ok {
		delete(answered, "extensions")
	}
	return matchValue("", values[0], values[1], part)
}

// matchValue compares a value at a path of an answer.
func matchValue(path string, want, got any, part bool) error {
	switch want := want.(type) {
	case map[string]any:
		object, ok := got.(map[string]any)
		if !ok {
			return fmt.Errorf("%s is %v, not an object", path, got)
		}
		for name, value := range want {
			other, ok := object[name]
			if !ok {
				return fmt.Errorf("%s.%s is not answered", path, name)
			}
			if err := matchValue(path+"."+name, value, other, part); err != nil {
				return err
			}
		}
		for name := range object {
			if _, ok := want[name]; !ok && !part {
				return fmt.Errorf("%s.%s is answered, too", path, name)
			}
		}
		return nil
	case []any:
		list, ok := got.([]any)
		if !ok {
			return fmt.Errorf("%s is %v, not a list", path, got)
		}
		if last := len(want) - 1; last >= 0 && want[last] == ellipsis && len(list) >= last {
			want, list = want[:last], list[:last]
		}
		if len(want) != len(list) {
			return fmt.Errorf("%s has %d items, not %d", path, len(list), len(want))
		}
		for i := range want {
			if err := matchValue(fmt.Sprintf("%s[%d]", path, i), want[i], list[i], part); err != nil {
				return err
			}
		}
		return nil
	case string:
		if text, ok := got.(string); ok && matchText(want, text) || want == ellipsis {
			return nil
		}
	}
	if !reflect.DeepEqual(want, got) {
		return fmt.Errorf("%s is %v, not %v", path, got, want)
	}
	return nil
}

// matchText compares texts, of which the first may leave something out.
func matchText(want, got string) bool {
	pieces := strings.Split(want, ellipsis)
	if len(pieces) == 1 {
		return want == got
	}
	rest, ok := strings.CutPrefix(got, pieces[0])
	if !ok {
		return false
	}
	last := len(pieces) - 1
	for _, piece := range pieces[1:last] {
		if _, rest, ok = strings.Cut(rest, piece); !ok {
			return false
		}
	}
	return strings.HasSuffix(rest, pieces[last])
}

// matchLines compares lines. If but a part is shown, others may stand between.
func matchLines(want, got []string, part bool) error {
	gap := part // number of lines may come
	for i, line := range want {
		if line == ellipsis {
			gap = true
			continue
		}
		at := slices.IndexFunc(got, func(other string) bool { return matchText(line, other) })
		if at < 0 || at > 0 && !gap {
			return fmt.Errorf("line %d is not as %q", i+1, line)
		}
		got, gap = got[at+1:], part
	}
	if len(got) > 0 && !gap {
		return fmt.Errorf("%q comes, too", got[0])
	}
	return nil
}

// lines are those of a text, without the spaces at their ends.
func lines(text string) []string {
	all := strings.Split(strings.TrimSpace(text), "\n")
	for i := range all {
		all[i] = strings.TrimRight(all[i], " \t\r")
	}
	if len(all) == 1 && all[0] == "" {
		return nil
	}
	return all
}
