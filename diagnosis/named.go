package diagnosis

import (
	"slices"
	"strings"
)

// Database looks whether the server has the database, as far as it tells.
func (o *Odoo) Database(name string) Finding {
	const check = "odoo-database"
	if o.config.Database != name {
		o.close()
	}
	o.config.Database, o.given = name, name
	known := o.facts.Databases
	switch {
	case name == "" && len(known) == 1:
		o.config.Database = known[0]
		return Finding{
			Check: check, Level: Error, Found: "no database is named", Cause: "Odoo has one alone: " + known[0],
			Fix: "--odoo-db " + known[0] + " (the checks below use it)",
		}
	case name == "":
		return Finding{Check: check, Level: Error, Found: "no database is named", Cause: toldNames(known), Fix: o.databaseFix()}
	case slices.Contains(known, name):
		return ok(check, "%s", name)
	case len(known) == 0:
		return Finding{
			Check: check, Level: Note, Found: "Odoo does not tell its databases: whether there is one named " + name + " shows when signing in",
			Cause: "listing them is turned off (list_db), as it should be in production, or its filter (dbfilter) fits none",
		}
	}
	return o.unknownDatabase()
}

// unknownDatabase is the finding for a database that the server does not have.
func (o *Odoo) unknownDatabase() Finding {
	return Finding{
		Check: "odoo-database", Level: Error, Found: "there is no database named " + o.config.Database,
		Cause: toldNames(o.facts.Databases), Fix: o.databaseFix(),
	}
}

func toldNames(names []string) string {
	const most = 10
	if len(names) == 0 {
		return "Odoo does not tell which ones it has"
	}
	more := ""
	if len(names) > most {
		names, more = names[:most], " and others"
	}
	return "Odoo has: " + strings.Join(names, ", ") + more
}

// databaseFix suggests the name that is most like the one that is wrong.
func (o *Odoo) databaseFix() string {
	if best := nearest(o.config.Database, o.facts.Databases); best != "" {
		return "--odoo-db " + best
	}
	if guess := guessDatabase(o.config.URL); guess != "" && guess != o.config.Database {
		return "--odoo-db " + guess + ", as databases in Odoo's own hosting are named after the host"
	}
	if len(o.facts.Databases) > 0 {
		return "name one of them with --odoo-db"
	}
	return "ask who runs Odoo for the name (--odoo-db); in Odoo it stands at Settings, activate the developer mode, under the user's menu at the top right"
}

// judge is what is to be said of the database after signing in, which tells more
// than the list: that holds what is offered under this address alone.
func (o *Odoo) judge(before Finding, signedIn []Finding) Finding {
	for _, f := range signedIn {
		switch {
		case f.Check == before.Check:
			return f
		case f.Check != user || o.given == "":
		case f.Level != Error && before.Level == Error:
			return Finding{
				Check: before.Check, Level: Note, Found: o.config.Database + ", which Odoo does not list under this address but takes all the same",
				Cause: toldNames(o.facts.Databases),
				Fix:   "nothing, if Odoo picks databases by host (dbfilter) and this is not that host; otherwise see that it is the right one",
			}
		case f.Level != Error && before.Level == Note:
			return ok(before.Check, "%s", o.config.Database)
		}
	}
	return before
}

// withoutDatabase puts what follows in place of what judge has told already.
func withoutDatabase(signedIn []Finding) []Finding {
	for i, f := range signedIn {
		if f.Check == "odoo-database" {
			signedIn[i] = notTried("there is no such database", user)[0]
		}
	}
	return signedIn
}

// LikelyDatabase is the database that is meant where none is named, "" if there is
// no telling: the only one, or the one that is most like the one that was tried.
func (o *Odoo) LikelyDatabase() string {
	if len(o.facts.Databases) == 1 {
		return o.facts.Databases[0]
	}
	if best := nearest(o.config.Database, o.facts.Databases); best != "" {
		return best
	}
	return guessDatabase(o.config.URL)
}
