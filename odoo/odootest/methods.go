package odootest

// The classes that Python's exceptions name.
const (
	base = "BaseModel"
	web  = "Base"
)

func until(s series) span { return span{to: s} }
func since(s series) span { return span{from: s} }

// methods are the methods that read, once per signature.
var methods = []method{
	{name: "fields_get", class: base, onModel: true, run: (*call).fieldsGet,
		params: []param{opt("allfields", nil), opt("attributes", nil)}},

	{name: "search", class: base, onModel: true, versions: until(16), run: (*call).searchOld,
		params: []param{need("args"), opt("offset", int64(0)), opt("limit", nil), opt("order", nil), opt("count", false)}},
	{name: "search", class: base, onModel: true, versions: since(v17), run: (*call).searchIDs,
		params: []param{need("domain"), opt("offset", int64(0)), opt("limit", nil), opt("order", nil)}},

	{name: "search_count", class: base, onModel: true, versions: until(16), run: (*call).searchCountOld,
		params: []param{need("args")}},
	{name: "search_count", class: base, onModel: true, versions: since(v17), run: (*call).searchCount,
		params: []param{need("domain"), opt("limit", nil)}},

	{name: "search_read", class: base, onModel: true, versions: until(16), run: (*call).searchRead,
		params: []param{opt("domain", nil), opt("fields", nil), opt("offset", int64(0)), opt("limit", nil), opt("order", nil)}},
	{name: "search_read", class: base, onModel: true, versions: since(v17), run: (*call).searchRead,
		params: []param{opt("domain", nil), opt("fields", nil), opt("offset", int64(0)), opt("limit", nil), opt("order", nil), opt("load", "_classic_read")}},

	{name: "read", class: base, run: (*call).readRecords,
		params: []param{opt("fields", nil), opt("load", "_classic_read")}},
	{name: "exists", class: base, versions: until(v17), run: (*call).exists},

	{name: "name_search", class: base, onModel: true, versions: until(v17), run: (*call).nameSearchOld,
		params: []param{opt("name", ""), opt("args", nil), opt("operator", "ilike"), opt("limit", int64(100))}},
	{name: "name_search", class: base, onModel: true, versions: since(18), run: (*call).nameSearch,
		params: []param{opt("name", ""), opt("domain", nil), opt("operator", "ilike"), opt("limit", int64(100))}},

	{name: "check_access_rights", class: base, onModel: true, run: (*call).checkAccessRights,
		params: []param{need("operation"), opt("raise_exception", true)}},
	{name: "has_access", class: base, versions: since(18), run: (*call).hasAccess,
		params: []param{need("operation")}},

	{name: "onchange", models: saleOrder, versions: until(16), run: (*call).onchange,
		params: []param{need("values"), need("field_name"), need("field_onchange")}},

	{name: "check_object_reference", models: []string{"ir.model.data"}, class: "IrModelData", onModel: true, run: (*call).checkObjectReference,
		params: []param{need("module"), need("xml_id"), opt("raise_on_access_error", false)}},
	{name: "context_get", models: []string{"res.users"}, class: "ResUsers", onModel: true, run: (*call).contextGet},
	{name: "get_installed", models: []string{"res.lang"}, class: "ResLang", onModel: true, run: (*call).getInstalled},

	{name: "web_search_read", class: web, onModel: true, versions: until(16), run: (*call).webSearchReadOld,
		params: []param{opt("domain", nil), opt("fields", nil), opt("offset", int64(0)), opt("limit", nil), opt("order", nil)}},
	{name: "web_search_read", class: web, onModel: true, versions: since(v17), run: (*call).webSearchRead,
		params: []param{need("domain"), need("specification"), opt("offset", int64(0)), opt("limit", nil), opt("order", nil), opt("count_limit", nil)}},
	{name: "web_read", class: web, versions: since(v17), run: (*call).webReadRecords,
		params: []param{need("specification")}},
}
