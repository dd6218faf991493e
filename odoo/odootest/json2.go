package odootest

import (
	"io"
	"net/http"
	"strings"
)

// serveJSON2 answers POST /json/2/<model>/<method>: named arguments, an API key
// as bearer, real HTTP statuses.
func (s *Server) serveJSON2(w http.ResponseWriter, r *http.Request) {
	data, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		return
	}
	if name := r.Header.Get("X-Odoo-Database"); name != "" && name != s.DB() {
		s.noDatabase().write(w)
		return
	}
	path := strings.Split(strings.TrimPrefix(r.URL.Path, "/json/2"), "/")
	if r.Method != http.MethodPost || len(path) != 3 || path[1] == "" || path[2] == "" {
		s.json2Answer(nil, &Exception{classNotFound, "Did you mean POST /json/2/<model>/<method>?"}).write(w)
		return
	}
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		a := s.page(http.StatusUnsupportedMediaType, "Unsupported Media Type",
			"Request inferred type is compatible with [&#39;http&#39;] but &#39;/json/2/&lt;__model__&gt;/&lt;__method__&gt;&#39; is type=&#39;json2&#39;."+
				"<br><br>Please verify the Content-Type request header and try again.")
		a.header = map[string]string{"Accept": "application/json"}
		a.write(w)
		return
	}
	q := inquiry{call: Call{Protocol: "json-2", Service: "object", Model: path[1], Method: path[2]}}
	kwargs, bodyErr := decodeBody(data)
	if s.recording() {
		q.call.describe(nil, kwargs)
	}
	user, authErr := s.bearer(r.Header.Get("Authorization"))
	if user != nil {
		q.call.UID = user.id
	}
	q.run = func() (any, error) {
		if authErr != nil {
			return nil, authErr
		}
		if bodyErr != nil {
			return nil, bodyErr
		}
		return s.callNamed(user, path[1], path[2], kwargs)
	}
	s.answerTo(w, r, q, s.json2Answer)
}

// decodeBody reads the named arguments. An empty body or list has none.
func decodeBody(data []byte) (dict, error) {
	if len(data) == 0 {
		return nil, nil
	}
	v, err := decodeJSON(data)
	if err != nil {
		return nil, &Exception{classBadRequest, "could not parse the body as json: " + err.Error()}
	}
	kwargs, ok := v.(dict)
	if !ok && truthy(v) {
		return nil, raise("TypeError", "'%s' object is not a mapping", pythonType(v))
	}
	return kwargs, nil
}

func (s *Server) bearer(header string) (*account, error) {
	scheme, key, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "bearer") {
		return nil, &Exception{classUnauthorized, "User not authenticated, use an API Key with a Bearer Authorization header."}
	}
	if user := s.byKey(strings.TrimSpace(key)); user != nil {
		return user, nil
	}
	return nil, &Exception{classUnauthorized, "Invalid apikey"}
}

// callNamed runs a method with named arguments; ids that are left out are no
// ids, and the call does nothing and succeeds.
func (s *Server) callNamed(user *account, model, name string, kwargs dict) (any, error) {
	t := s.state.tables[model]
	if t == nil {
		return nil, &Exception{classNotFound, "the model '" + model + "' does not exist"}
	}
	context, kwargs, err := splitContext(kwargs)
	if err != nil {
		return nil, err
	}
	m, err := s.state.find(t, name)
	if exception, ok := err.(*Exception); ok {
		if exception.Class == "builtins.AttributeError" {
			exception.Class = classNotFound
		}
		return nil, exception
	}
	ids, rest := takeIDs(kwargs)
	if m.onModel && truthy(ids) {
		return nil, &Exception{classUnprocessable, "cannot call " + model + "." + name + " with ids"}
	}
	bound, err := m.bindNamed(rest)
	if err != nil {
		return nil, err
	}
	return s.state.holding(m, func() (any, error) {
		e, err := s.state.newEnv(user, context)
		if err != nil {
			return nil, err
		}
		return m.run(&call{env: e, table: t, ids: browse(s.series, ids), args: bound, byName: true})
	})
}

func takeIDs(kwargs dict) (ids any, rest dict) {
	for _, m := range kwargs {
		if m.key == "ids" {
			ids = m.value
		} else {
			rest = append(rest, m)
		}
	}
	return ids, rest
}

func (s *Server) json2Answer(result any, err error) answer {
	a := answer{status: http.StatusOK, contentType: "application/json; charset=utf-8"}
	var w jsonWriter
	switch e := err.(type) {
	case nil:
		w.write(result)
	case *Exception:
		a.status = e.httpStatus()
		arguments := e.arguments()
		if strings.HasPrefix(e.Class, "werkzeug.") {
			arguments = append(arguments, int64(a.status))
		}
		if a.status == http.StatusUnauthorized {
			a.header = map[string]string{"WWW-Authenticate": "Bearer "}
		}
		w.write(dict{
			{"name", e.Class}, {"message", e.text()}, {"arguments", arguments}, {"context", dict{}},
			{"debug", e.traceback(s.series, "addons/rpc/controllers/json2.py\", line 86, in web_json_2_rpc")},
		})
	default:
		panic(err)
	}
	a.body = w.Bytes()
	return a
}

func (s *Server) noDatabase() answer {
	return answer{status: http.StatusNotFound, contentType: "text/html; charset=utf-8", body: []byte(
		"<!DOCTYPE html>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n" +
			"<p>No database is selected and the requested URL was not found in the server-wide controllers.</p>\n" +
			"<p>Please verify the hostname, <a href=/web/login>login</a> and try again.</p>\n\n" +
			"<!-- Alternatively, use the X-Odoo-Database header. -->\n")}
}
