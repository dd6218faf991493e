package odootest

import (
	"embed"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"
)

//go:embed demo/*.txt
var demoFiles embed.FS

// Ids that every stand-in has. Root is Odoo's own user, which nobody signs in as.
const (
	rootID      = int64(1)
	adminID     = int64(2)
	mainCompany = int64(1)
	branchID    = int64(2) // the second company, which only some users may see
)

// A seeder fills a new state. Keys of demo/*.txt stand for ids.
type seeder struct {
	*state
	ids map[string]int64 // model and key
	err error
}

// seed adds the demo data and then the volume asked for.
func (st *state) seed(o Options) error {
	s := &seeder{state: st, ids: map[string]int64{}}
	for _, step := range []func(){
		s.languages, s.currencies, s.countries, s.people, s.companies, s.users, s.tags, s.units, s.taxes, s.prices, s.templates,
		s.products, s.saleOrders, s.invoices, s.lateLinks,
	} {
		if step(); s.err != nil {
			return s.err
		}
	}
	return s.volume(o)
}

// add creates a record and remembers its key. Values of fields that the version
// lacks are left out; those with other names in other versions are in both.
func (s *seeder) add(model, key string, values Values) int64 {
	if s.err != nil {
		return 0
	}
	t := s.tables[model]
	known := maps.Clone(values)
	maps.DeleteFunc(known, func(name string, _ any) bool { return t.fields[name] == nil || t.fields[name].column < 0 })
	r, err := s.create(model, 0, known)
	if err != nil {
		s.err = err
		return 0
	}
	if key != "" {
		s.ids[model+" "+key] = r.id
	}
	return r.id
}

func (s *seeder) set(model string, id int64, values Values) {
	if s.err == nil {
		s.err = s.write(model, id, values)
	}
}

// id returns the id of a key; an empty key is nothing.
func (s *seeder) id(model, key string) any {
	if key == "" {
		return nil
	}
	id, ok := s.ids[model+" "+key]
	if !ok && s.err == nil {
		s.err = fmt.Errorf("odootest: no %s with key %q", model, key)
	}
	return id
}

func (s *seeder) french(model string, id int64, field, text string) {
	if s.err == nil && text != "" {
		s.err = s.translate(model, id, "fr_FR", field, text)
	}
}

// A record of demo/*.txt: the columns of a line.
type demoLine []string

func (d demoLine) text(i int) any {
	if i >= len(d) || d[i] == "" {
		return nil
	}
	return d[i]
}

func (d demoLine) number(i int) float64 {
	if i >= len(d) {
		return 0
	}
	n, _ := strconv.ParseFloat(d[i], 64)
	return n
}

// flags reads a column such as "archived lang=fr_FR note=text to the end".
func (d demoLine) flags(i int) map[string]string {
	out := map[string]string{}
	if i >= len(d) {
		return out
	}
	text := d[i]
	for text != "" {
		word, rest, _ := strings.Cut(text, " ")
		name, value, _ := strings.Cut(word, "=")
		if name == "note" || name == "desc" { // a sentence
			out[name] = text[len(name)+1:]
			break
		}
		out[name], text = value, rest
	}
	return out
}

func (s *seeder) lines(file string) []demoLine {
	text, err := demoFiles.ReadFile("demo/" + file + ".txt")
	if err != nil {
		s.err = err
		return nil
	}
	var out []demoLine
	for line := range strings.SplitSeq(strings.TrimSpace(string(text)), "\n") {
		if line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, strings.Split(line, "|"))
		}
	}
	return out
}

// day is a date so many days ago.
func (s *seeder) day(ago int) string {
	return s.now().UTC().AddDate(0, 0, -ago).Format(time.DateOnly)
}

// moment is a time so many days ago, different for each n.
func (s *seeder) moment(ago, n int) string {
	return s.day(ago) + fmt.Sprintf(" %02d:%02d:%02d", 7+n%11, n*7%60, n*13%60)
}

// rich is a text in a field that is HTML in newer versions.
func (s *seeder) rich(model, field string, text any) any {
	if plain, ok := text.(string); ok && s.tables[model].fields[field].kind == "html" {
		return "<p>" + plain + "</p>"
	}
	return text
}
