package odootest

import (
	"io"
	"net/http"
	"strings"
)

// maxBody bounds what the stand-in reads of a request.
const maxBody = 128 << 20

// serveJSONRPC answers /jsonrpc: errors come with HTTP status 200, and a result
// of None is no result at all.
func (s *Server) serveJSONRPC(w http.ResponseWriter, r *http.Request) {
	request, ok := s.readJSONRPC(w, r)
	if !ok {
		return
	}
	id, _ := request.get("id")
	s.answerTo(w, r, s.inquireJSON(r, request), func(result any, err error) answer {
		return s.jsonAnswer(id, result, err)
	})
}

// readJSONRPC reads a request in JSON-RPC, or answers one that is none.
func (s *Server) readJSONRPC(w http.ResponseWriter, r *http.Request) (request dict, ok bool) {
	data, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		return nil, false
	}
	if r.Method != http.MethodPost || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		s.notJSON().write(w)
		return nil, false
	}
	body, err := decodeJSON(data)
	if err != nil {
		s.badJSON(string(data)).write(w)
		return nil, false
	}
	if request, ok = body.(dict); !ok {
		s.notAnObject().write(w)
	}
	return request, ok
}

func (s *Server) inquireJSON(r *http.Request, request dict) inquiry {
	v, _ := request.get("params")
	params, _ := v.(dict)
	var missing []string
	for _, name := range []string{"service", "method", "args"} {
		if _, ok := params.get(name); !ok {
			missing = append(missing, "'"+name+"'")
		}
	}
	if missing != nil {
		prefix := ""
		if s.series >= v17 {
			prefix = "JSONRPC."
		}
		err := raise("TypeError", "%sjsonrpc() missing %d required positional arguments: %s", prefix, len(missing), listed(missing))
		return inquiry{call: Call{Protocol: "json-rpc"}, run: func() (any, error) { return nil, err }}
	}
	service, _ := params.get("service")
	method, _ := params.get("method")
	args, _ := params.get("args")
	serviceName, _ := service.(string)
	methodName, _ := method.(string)
	list, _ := args.([]any)
	return s.inquire("json-rpc", remote(r), serviceName, methodName, list)
}

func listed(words []string) string {
	last := len(words) - 1
	if last == 0 {
		return words[0]
	}
	return strings.Join(words[:last], ", ") + ", and " + words[last]
}

func (s *Server) jsonAnswer(id, result any, err error) answer {
	body := dict{{"jsonrpc", "2.0"}, {"id", id}}
	switch e := err.(type) {
	case nil:
		if result != nil {
			body = append(body, member{"result", result})
		}
	case *Exception:
		code := int64(0)
		if s.series < v19 {
			code = 200
		}
		message := "Odoo Server Error"
		if e.Class == classSessionExpired {
			code, message = 100, "Odoo Session Expired"
		}
		body = append(body, member{"error", dict{
			{"code", code}, {"message", message}, {"data", s.exceptionData(e)},
		}})
	default:
		panic(err)
	}
	w := jsonWriter{ascii: s.series < v17}
	w.write(body)
	contentType := "application/json; charset=utf-8"
	if s.series < v17 {
		contentType = "application/json"
	}
	return answer{status: http.StatusOK, contentType: contentType, body: w.Bytes()}
}

// exceptionData describes an exception with its traceback.
func (s *Server) exceptionData(e *Exception) dict {
	debug := member{"debug", e.traceback(s.series, "addons/rpc/controllers/jsonrpc.py\", line 16, in jsonrpc")}
	d := dict{{"name", e.Class}}
	if s.series < v19 {
		d = append(d, debug)
	}
	d = append(d, member{"message", e.text()}, member{"arguments", e.arguments()}, member{"context", dict{}})
	if s.series >= v19 {
		d = append(d, debug)
	}
	return d
}

func (s *Server) notJSON() answer {
	if s.series < v17 {
		return s.page(http.StatusBadRequest, "Bad Request", "Session expired (invalid CSRF token)")
	}
	a := s.page(http.StatusUnsupportedMediaType, "Unsupported Media Type",
		"Request inferred type is compatible with [&#39;http&#39;] but &#39;/jsonrpc&#39; is type=&#39;jsonrpc&#39;."+
			"<br><br>Please verify the Content-Type request header and try again.")
	a.header = map[string]string{"Accept": "application/json, application/json-rpc"}
	return a
}

// werkzeugEscaper escapes as Odoo 14's web framework does.
var werkzeugEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

func (s *Server) badJSON(data string) answer {
	if s.series < v17 {
		return s.page(http.StatusBadRequest, "Bad Request", "Invalid JSON data: "+werkzeugEscaper.Replace(pythonQuote(data)))
	}
	return answer{status: http.StatusBadRequest, contentType: "text/html; charset=utf-8", body: []byte("Invalid JSON data")}
}

func (s *Server) notAnObject() answer {
	if s.series < v17 {
		return s.page(http.StatusInternalServerError, "Internal Server Error",
			"The server encountered an internal error and was unable to complete your request. "+
				"Either the server is overloaded or there is an error in the application.")
	}
	return answer{status: http.StatusBadRequest, contentType: "text/html; charset=utf-8", body: []byte("Invalid JSON-RPC data")}
}
