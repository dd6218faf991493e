package odootest

import "strings"

// found runs a search after the checks that every search has.
func (c *call) found(domainArg string) ([]int64, query, error) {
	q, err := c.query(domainArg)
	if err != nil {
		return nil, q, err
	}
	if err := c.mayRun(); err != nil {
		return nil, q, err
	}
	ids, err := c.search(c.table, q)
	return ids, q, err
}

// mayRun checks the rights on the model and the language of the context.
func (c *call) mayRun() error {
	if err := c.checkModel(c.table); err != nil {
		return err
	}
	if c.table.name == "res.currency" || c.table.name == "res.lang" {
		return nil // nothing in them needs the language
	}
	return c.checkLang()
}

func (c *call) searchIDs() (any, error) {
	ids, _, err := c.found("domain")
	return wireIDs(ids), err
}

func (c *call) searchOld() (any, error) {
	if truthy(c.args["count"]) {
		return c.searchCountOld()
	}
	ids, _, err := c.found("args")
	return wireIDs(ids), err
}

func (c *call) searchCount() (any, error) {
	limit, err := c.number("limit")
	if err != nil {
		return nil, err
	}
	return c.counted(c.args["domain"], limit)
}

func (c *call) searchCountOld() (any, error) { return c.counted(c.args["args"], 0) }

func (c *call) counted(domain any, limit int) (any, error) {
	parsed, err := parseDomain(c.series, domain)
	if err != nil {
		return nil, err
	}
	if err := c.mayRun(); err != nil {
		return nil, err
	}
	n, err := c.count(c.table, parsed, limit)
	return int64(n), err
}

func (c *call) searchRead() (any, error) {
	names, err := c.names("fields")
	if err != nil {
		return nil, err
	}
	if err := c.checkModel(c.table); err != nil {
		return nil, err
	}
	if _, err := c.readFields(c.table, names); err != nil && c.series >= v19 {
		return nil, err
	}
	ids, _, err := c.found("domain")
	if err != nil {
		return nil, err
	}
	if _, err := c.readFields(c.table, names); err != nil && len(ids) > 0 {
		return nil, err
	}
	return c.read(c.table, wireIDs(ids), names, c.classic())
}

// classic tells whether many2ones are read with their names.
func (c *call) classic() bool {
	load, given := c.args["load"]
	return !given || load == "_classic_read"
}

func (c *call) webSearchReadOld() (any, error) {
	names, err := c.names("fields")
	if err != nil {
		return nil, err
	}
	ids, q, err := c.found("domain")
	if err != nil {
		return nil, err
	}
	records, err := c.read(c.table, wireIDs(ids), names, true)
	if err != nil {
		return nil, err
	}
	return c.counting(q, records, 0)
}

func (c *call) webSearchRead() (any, error) {
	spec, ok := c.args["specification"].(dict)
	if !ok {
		return nil, raise("AttributeError", "'%s' object has no attribute 'keys'", pythonType(c.args["specification"]))
	}
	countLimit, err := c.number("count_limit")
	if err != nil {
		return nil, err
	}
	ids, q, err := c.found("domain")
	if err != nil {
		return nil, err
	}
	records, err := c.webRead(c.table, wireIDs(ids), spec)
	if err != nil {
		return nil, err
	}
	return c.counting(q, records, countLimit)
}

// counting adds the number of records to a page of them. The number is searched
// for only when the page is full; a page past the end says 0.
func (c *call) counting(q query, records []any, countLimit int) (any, error) {
	length := len(records) + q.offset
	if len(records) == 0 {
		length = 0
	}
	full := q.limit > 0 && len(records) == q.limit
	if full && (countLimit == 0 || countLimit > length) {
		n, err := c.count(c.table, q.domain, countLimit)
		if err != nil {
			return nil, err
		}
		length = n
	}
	return dict{{"length", int64(length)}, {"records", records}}, nil
}

func (c *call) nameSearch() (any, error)    { return c.namesFound(c.args["domain"]) }
func (c *call) nameSearchOld() (any, error) { return c.namesFound(c.args["args"]) }

func (c *call) namesFound(domain any) (any, error) {
	parsed, err := parseDomain(c.series, domain)
	if err != nil {
		return nil, err
	}
	limit, err := c.number("limit")
	if err != nil {
		return nil, err
	}
	if err := c.mayRun(); err != nil {
		return nil, err
	}
	if text := c.text("name"); text != "" {
		named, err := c.named(c.text("operator"), text)
		if err != nil {
			return nil, err
		}
		if parsed == nil {
			parsed = named
		} else {
			parsed = &condition{op: "&", kids: []*condition{named, parsed}}
		}
	}
	ids, err := c.search(c.table, query{domain: parsed, limit: limit})
	pairs := []any{}
	for _, id := range ids {
		pairs = append(pairs, []any{id, c.displayName(c.table, c.table.rows[id])})
	}
	return pairs, err
}

// named is the condition that a record's name compares like this with a text.
func (c *call) named(oper, text string) (*condition, error) {
	positive, negated := strings.CutPrefix(oper, "not ")
	if oper == "!=" {
		positive, negated = "=", true
	}
	switch positive {
	case "=", "like", "ilike", "=like", "=ilike":
	default:
		return nil, c.badCondition("Invalid operator", &condition{source: []any{"display_name", oper, text}})
	}
	list := "in"
	if negated {
		list = "not in"
	}
	return c.among(list, wireIDs(c.idsByName(c.table, positive, text))), nil
}

// among is a condition on ids.
func (c *call) among(oper string, ids []any) *condition {
	return &condition{path: "id", oper: oper, value: ids, source: []any{"id", oper, ids}}
}
