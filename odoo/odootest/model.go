package odootest

import (
	"embed"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

//go:embed models/*.txt
var modelFiles embed.FS

// A model describes one Odoo model in one version.
type model struct {
	name        string
	description string
	order       string
	searchBy    []string // fields that name_search looks at
	fields      map[string]*field
	list        []*field // in the order of the table
	columns     int      // stored values of a record
}

// A field describes one field of a model in one version.
type field struct {
	model    *model
	name     string
	kind     string // "char", "many2one", …
	label    string
	relation string // comodel
	inverse  string // of a one2many
	options  []option

	required, readonly, translated, companyDependent bool
	stored, searchable, sortable                     bool
	open, cascade, restrict                          bool

	related      string // path that the value comes from
	groups       string // group that may see the field
	digits       string // "16,2", or "none" for unrounded, or ""
	byDef        string // value of new records
	activeOnly   bool   // a one2many that never shows archived records
	invoiceLines bool   // a one2many that hides the lines that Odoo adds itself

	column int // place in row.values, -1 when the value is computed
}

// An option is one key of a selection.
type option struct{ key, label string }

func (f *field) toMany() bool { return f.kind == "one2many" || f.kind == "many2many" }

func (f *field) relational() bool { return f.relation != "" }

func (f *field) textual() bool { return f.kind == "char" || f.kind == "text" || f.kind == "html" }

func (f *field) numeric() bool {
	return f.kind == "integer" || f.kind == "float" || f.kind == "monetary"
}

// qualified is the field's full name, as exceptions quote it.
func (f *field) qualified() string { return f.model.name + "." + f.name }

// parseModels reads the tables of models/ for one version. A table holds lines
//
//	model <name> <description> [<versions>]
//	order <default order> [<versions>]
//	search <fields that name_search looks at>
//	selection <name> <key>=<label>|… [<versions>]
//	<field> <kind> [flags] ["label"] [<versions>]
//
// A kind names its comodel, its comodel and inverse, or its selection:
// many2one(res.country), one2many(sale.order.line.order_id),
// selection(sale_state). Flags are req, ro, tr (translated), cd (depends on the
// company), nostore, nosearch, nosort, rel=<path>, groups=<group>,
// digits=<total>,<decimals> or none, activeonly and invoicelines; for writing,
// def=<value of new records>, open (a selection that takes any value), and what
// becomes of a record whose many2one loses its target: cascade (it goes too),
// restrict (the target stays); a required one restricts, any other is emptied.
// Versions are -16, 15-17 or 17+; without them a line holds for all.
func parseModels(s series) (map[string]*model, error) {
	p := &modelParser{series: s, models: map[string]*model{}, selections: map[string][]option{}}
	paths, err := fs.Glob(modelFiles, "models/*.txt")
	if err != nil {
		return nil, err
	}
	for _, path := range paths {
		text, err := modelFiles.ReadFile(path)
		if err != nil {
			return nil, err
		}
		for i, line := range strings.Split(string(text), "\n") {
			if err := p.line(line); err != nil {
				return nil, fmt.Errorf("%s:%d: %w", path, i+1, err)
			}
		}
	}
	return p.models, p.finish()
}

type modelParser struct {
	series     series
	models     map[string]*model
	selections map[string][]option
	current    *model
}

func (p *modelParser) line(line string) error {
	words := strings.Fields(line)
	if len(words) == 0 || strings.HasPrefix(words[0], "#") {
		return nil
	}
	if v, ok := parseSpan(words[len(words)-1]); ok {
		if words = words[:len(words)-1]; !v.has(p.series) {
			return nil
		}
	}
	if len(words) < 2 {
		return fmt.Errorf("too short: %q", line)
	}
	rest := strings.Join(words[1:], " ")
	switch words[0] {
	case "model":
		if !strings.Contains(words[1], ".") { // a field of that name
			return p.addField(words[0], words[1], words[2:])
		}
		p.current = &model{name: words[1], description: strings.Join(words[2:], " "), fields: map[string]*field{}}
		p.models[words[1]] = p.current
		p.addCommon()
	case "order":
		p.current.order = rest
	case "search":
		p.current.searchBy = words[1:]
	case "selection":
		p.addSelection(words[1], strings.Join(words[2:], " "))
	default:
		return p.addField(words[0], words[1], words[2:])
	}
	return nil
}

// addCommon adds the fields that every model has.
func (p *modelParser) addCommon() {
	nosort := []string{"ro", "nostore", "nosort", `"Display`, `Name"`}
	if p.series < v17 {
		nosort = append(nosort, "nosearch")
	}
	for _, f := range []struct {
		name, kind string
		flags      []string
	}{
		{"id", "integer", []string{"ro", `"ID"`}},
		{"display_name", "char", nosort},
		{"create_uid", "many2one(res.users)", []string{"ro", `"Created`, `by"`}},
		{"create_date", "datetime", []string{"ro", `"Created`, `on"`}},
		{"write_uid", "many2one(res.users)", []string{"ro", `"Last`, `Updated`, `by"`}},
		{"write_date", "datetime", []string{"ro", `"Last`, `Updated`, `on"`}},
	} {
		// The table's own lines are checked; these are ours.
		_ = p.addField(f.name, f.kind, f.flags)
	}
}

func (p *modelParser) addSelection(name, text string) {
	var options []option
	for item := range strings.SplitSeq(text, "|") {
		key, label, _ := strings.Cut(item, "=")
		options = append(options, option{key, label})
	}
	p.selections[name] = options
}

func (p *modelParser) addField(name, kind string, flags []string) error {
	f := &field{model: p.current, name: name, label: defaultLabel(name), stored: true, searchable: true, sortable: true}
	kind, arg, _ := strings.Cut(strings.TrimSuffix(kind, ")"), "(")
	f.kind = kind
	switch kind {
	case "selection", "many2one", "many2many":
		f.relation = arg
	case "one2many":
		dot := strings.LastIndex(arg, ".")
		f.relation, f.inverse = arg[:dot], arg[dot+1:]
	case "char", "text", "html", "boolean", "integer", "float", "monetary", "date", "datetime":
	default:
		return fmt.Errorf("unknown kind %q of field %s", kind, name)
	}
	f.sortable = !f.toMany()
	if text := strings.Join(flags, " "); strings.HasSuffix(text, `"`) {
		flagText, label, _ := strings.Cut(text, `"`)
		flags, f.label = strings.Fields(flagText), strings.TrimSuffix(label, `"`)
	} else if text, after, found := strings.Cut(text, `"`); found {
		label, more, _ := strings.Cut(after, `"`)
		flags, f.label = strings.Fields(text+more), label
	}
	for _, flag := range flags {
		if err := f.setFlag(flag); err != nil {
			return err
		}
	}
	if old, ok := p.current.fields[name]; ok {
		*old = *f // a table may say more of a common field
		return nil
	}
	p.current.fields[name] = f
	p.current.list = append(p.current.list, f)
	return nil
}

func (f *field) setFlag(flag string) error {
	key, value, _ := strings.Cut(flag, "=")
	switch key {
	case "req":
		f.required = true
	case "ro":
		f.readonly = true
	case "tr":
		f.translated = true
	case "cd":
		f.companyDependent = true
	case "nostore":
		f.stored = false
	case "nosearch":
		f.searchable = false
	case "nosort":
		f.sortable = false
	case "activeonly":
		f.activeOnly = true
	case "invoicelines":
		f.invoiceLines = true
	case "rel":
		f.related = value
	case "groups":
		f.groups = value
	case "digits":
		f.digits = value
	case "def":
		f.byDef = value
	case "open":
		f.open = true
	case "cascade":
		f.cascade = true
	case "restrict":
		f.restrict = true
	default:
		return fmt.Errorf("unknown flag %q of field %s", flag, f.name)
	}
	return nil
}

// finish resolves selections, checks relations and lays out the columns.
func (p *modelParser) finish() error {
	for _, m := range p.models {
		for _, f := range m.list {
			if f.kind == "selection" {
				f.options, f.relation = p.selections[f.relation], ""
				if f.options == nil {
					return fmt.Errorf("unknown selection of %s", f.qualified())
				}
			}
			if f.relation != "" && p.models[f.relation] == nil {
				return fmt.Errorf("unknown comodel of %s", f.qualified())
			}
			f.column = -1
			if f.kind != "one2many" && f.related == "" && !computedField(f) {
				f.column = m.columns
				m.columns++
			}
		}
	}
	return nil
}

// defaultLabel makes "Invoice Date" of invoice_date and "Country" of country_id.
func defaultLabel(name string) string {
	name = strings.TrimSuffix(strings.TrimSuffix(name, "_ids"), "_id")
	words := strings.Split(name, "_")
	for i, w := range words {
		if w != "" {
			words[i] = strings.ToUpper(w[:1]) + w[1:]
		}
	}
	return strings.Join(words, " ")
}

// digitsValue is the attribute "digits" of fields_get.
func (f *field) digitsValue() any {
	total, decimals, found := strings.Cut(f.digits, ",")
	if !found {
		return false
	}
	t, _ := strconv.ParseInt(total, 10, 64)
	d, _ := strconv.ParseInt(decimals, 10, 64)
	return []any{t, d}
}
