package odoo

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"odoograph/apierror"
)

// What genuine Odoo servers of these versions say in English. Of the tracebacks
// only the exception of PostgreSQL is kept, which Odoo 14 does not show.
const (
	foreignKey14 = "The operation cannot be completed: another model requires the record being deleted. If possible, archive it instead.\n\n"
	blank14      = "The operation cannot be completed:\n- Create/update: a mandatory field is not set.\n- Delete: another model requires the record being deleted. If possible, archive it instead.\n\nModel: Sales Order (sale.order), Field: Customer (partner_id)"
	foreignKey19 = "The operation cannot be completed: Another model is using the record you are trying to delete.\n\n"
	blank19      = "The operation cannot be completed: Missing required value for the field 'Customer' (partner_id).\nModel: 'Sales Order' (sale.order)\n- create/update: a mandatory field is not set\n- delete: another model requires the record being deleted, you can archive it instead\n"

	noCountry   = `psycopg2.errors.ForeignKeyViolation: insert or update on table "res_partner" violates foreign key constraint "res_partner_country_id_fkey"` + "\n" + `DETAIL:  Key (country_id)=(999999) is not present in table "res_country".` + "\n"
	stateRefers = `psycopg2.errors.ForeignKeyViolation: update or delete on table "res_country" violates foreign key constraint "res_country_state_country_id_fkey" on table "res_country_state"` + "\n" + `DETAIL:  Key (id)=(233) is still referenced from table "res_country_state".` + "\n"
	noPartner   = `psycopg2.errors.NotNullViolation: null value in column "partner_id" of relation "sale_order" violates not-null constraint` + "\nDETAIL:  Failing row contains (5262, null, null, null).\n"
	codeTaken   = `psycopg2.errors.UniqueViolation: duplicate key value violates unique constraint "res_country_code_uniq"` + "\nDETAIL:  Key (code)=(BE) already exists.\n"
	noName      = `psycopg2.errors.CheckViolation: new row for relation "res_partner" violates check constraint "res_partner_check_name"` + "\nDETAIL:  Failing row contains (52086, null).\n"
)

func TestRefusal(t *testing.T) {
	const invalid, missing, user = "odoo.exceptions.ValidationError", "odoo.exceptions.MissingError", "odoo.exceptions.UserError"
	for _, test := range []struct {
		name                   string
		exception, text, debug string
		want                   Refusal
	}{
		{"14, a country that is not there", invalid, foreignKey14 + "Model: Contact (res.partner), Constraint: res_partner_country_id_fkey", "", Refusal{Kind: Dangling, Names: []string{"res_partner_country_id_fkey"}}},
		{"14, a label that is not there", invalid, foreignKey14 + "Model: Unknown (Unknown), Constraint: res_partner_res_partner_category_rel_category_id_fkey", "", Refusal{Kind: Dangling, Names: []string{"res_partner_res_partner_category_rel_category_id_fkey"}}},
		{"14 does not tell that a record is in use from one that is not there", invalid, foreignKey14 + "Model: Country state (res.country.state), Constraint: res_country_state_country_id_fkey", "", Refusal{Kind: Dangling, Names: []string{"res_country_state_country_id_fkey"}}},
		{"14 says of a missing value no more than its field", invalid, blank14, "", Refusal{Kind: Invalid, Names: []string{"partner_id"}}},
		{"14 does not say what is taken", invalid, "The code of the country must be unique !", "", Refusal{Kind: Invalid}},
		{"14, a check of PostgreSQL's", invalid, "Contacts require a name", "", Refusal{Kind: Invalid}},

		{"19, a country that is not there", invalid, foreignKey19 + "The troublemaker is: 'Contact' (res.partner)\nThanks to the following constraint: 'Country' (country_id)\nHow about archiving the record instead?", noCountry, Refusal{Kind: Dangling, Names: []string{"country_id", "country_id"}}},
		{"19, the same found out in Python", missing, "Record does not exist or has been deleted.\n(Record: res.country(999999,), User: 2)", "", Refusal{Kind: Dangling}},
		{"19, a label that is not there", missing, "Record does not exist or has been deleted.\n(Record: res.partner.category(999999,), User: 2)", "", Refusal{Kind: Dangling}},
		{"19, a record in use", invalid, foreignKey19 + "The troublemaker is: 'Country state' (res.country.state)\nThanks to the following constraint: 'Country' (country_id)\nHow about archiving the record instead?", stateRefers, Refusal{Kind: InUse, Names: []string{"id", "country_id"}}},
		{"19, a missing value", invalid, blank19, noPartner, Refusal{Kind: Blank, Names: []string{"partner_id"}}},
		{"19, what another record has", invalid, "The operation cannot be completed: The code of the country must be unique!", codeTaken, Refusal{Kind: Taken, Names: []string{"code"}}},
		{"19, a check of PostgreSQL's", invalid, "The operation cannot be completed: Contacts require a name", noName, Refusal{Kind: Invalid}},

		{"the record itself is not there", missing, "Record does not exist or has been deleted.\n(Record: res.partner(999999,), User: 2)", "", Refusal{Kind: Dangling}},
		{"several that are not there", missing, "Record does not exist or has been deleted.\n(Records: res.partner(999998, 999999), User: 2)", "", Refusal{Kind: Dangling}},
		{"a constraint in Python", invalid, "You cannot create recursive Partner hierarchies.", "", Refusal{Kind: Invalid}},
		{"a business rule", user, "You can not delete a sent quotation or a confirmed sales order. You must first cancel it.", "", Refusal{Kind: Rule}},

		// Not from a server: none of those at hand raises the first, and none has
		// another language than English. The names and PostgreSQL's words are never
		// translated; the rest of these texts is.
		{"a rule that shows the way", "odoo.exceptions.RedirectWarning", "Set up a chart of accounts first.", "", Refusal{Kind: Rule}},
		{"14 in French, a country that is not there", invalid, "L'opération ne peut pas être terminée : un autre modèle nécessite l'enregistrement en cours de suppression.\n\nModèle : Contact (res.partner), Contrainte : res_partner_country_id_fkey", "", Refusal{Kind: Dangling, Names: []string{"res_partner_country_id_fkey"}}},
		{"14 in French, a missing value", invalid, "L'opération ne peut pas être terminée :\n- Création/mise à jour : un champ obligatoire n'est pas défini.\n\nModèle : Bon de commande (sale.order), Champ : Client (partner_id)", "", Refusal{Kind: Invalid, Names: []string{"partner_id"}}},
		{"19 in German, what another record has", invalid, "Der Vorgang kann nicht abgeschlossen werden: Der Code des Landes muss einmalig sein!", codeTaken, Refusal{Kind: Taken, Names: []string{"code"}}},
		{"19 in German, a missing value", invalid, "Der Vorgang kann nicht abgeschlossen werden: Fehlender erforderlicher Wert für das Feld „Kunde“ (partner_id).\nModell: „Verkaufsauftrag“ (sale.order)\n", noPartner, Refusal{Kind: Blank, Names: []string{"partner_id"}}},
		{"19 in German, a record that is not there", missing, "Datensatz existiert nicht oder wurde gelöscht.\n(Datensatz: res.country(999999,), Benutzer: 2)", "", Refusal{Kind: Dangling}},

		{"a key of several columns names none", invalid, "Each name only once in a company.", "psycopg2.errors.UniqueViolation: duplicate key\nDETAIL:  Key (name, company_id)=(a, 1) already exists.\n", Refusal{Kind: Taken}},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := answer{}.fault(fault{name: test.exception, text: test.text, debug: test.debug})
			got, ok := RefusalOf(err)
			if diff := cmp.Diff(test.want, got); diff != "" || !ok {
				t.Errorf("%v %s", ok, diff)
			}
		})
	}
}

func TestWhatIsNoRefusal(t *testing.T) {
	for _, err := range []error{
		nil, errors.New("odd"), apierror.New(apierror.BusinessRule, "The gateway's own."),
		answer{}.fault(fault{name: "odoo.exceptions.AccessError", text: "(partner_id)"}),
		answer{}.fault(fault{name: "psycopg2.errors.SerializationFailure"}),
		answer{}.fault(fault{name: "ValueError", text: "(partner_id)"}),
	} {
		if refusal, ok := RefusalOf(err); ok {
			t.Errorf("%v: %+v", err, refusal)
		}
	}
}
