package odootest

import (
	"net"
	"net/http"
	"strconv"
)

func itoa(n int) string { return strconv.Itoa(n) }

// An inquiry is a decoded request: what to log of it and how to run it.
type inquiry struct {
	call Call
	run  func() (any, error)
}

// answerTo runs an inquiry under everything that tests can arrange, and sends
// what encode makes of the result.
func (s *Server) answerTo(w http.ResponseWriter, r *http.Request, q inquiry, encode func(any, error) answer) {
	call := &q.call
	var cookie string
	if call.Named, cookie = s.named(r); cookie != "" {
		w.Header().Set("Set-Cookie", cookie)
	}
	s.begin(call)
	if !s.pause(r.Context(), call) {
		s.cancel(call)
		panic(http.ErrAbortHandler) // nobody listens
	}
	fault := s.take(call)
	run := q.run
	truncate := false
	switch {
	case fault == nil:
	case fault.Exception != nil:
		run = func() (any, error) { return nil, fault.Exception }
	case fault.Status == 0 && fault.Reset:
		cutOff(w, nil)
		return
	case fault.Status == 0 && fault.Truncate:
		truncate = true
	default:
		fault.answer().write(w)
		return
	}
	result, err := run()
	if exception, ok := err.(*Exception); ok {
		s.note(func() { call.Error = exception.Class })
	}
	if r.Context().Err() != nil {
		s.cancel(call)
	}
	a := encode(result, err)
	if truncate {
		cutOff(w, &a)
		return
	}
	a.write(w)
}

func (f *Fault) answer() answer {
	a := answer{status: f.Status, contentType: f.ContentType, body: []byte(f.Body)}
	if a.status == 0 {
		a.status = http.StatusOK
	}
	if a.contentType == "" {
		a.contentType = "text/html"
	}
	return a
}

// remote is the client's address without port.
func remote(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// inquire makes the inquiry of a call in XML-RPC or JSON-RPC.
func (s *Server) inquire(protocol, address, service, name string, params []any) inquiry {
	q := inquiry{call: Call{Protocol: protocol, Service: service, Method: name}}
	switch service {
	case "common":
		q.call.Args, _ = plain(hideSecret(params, 2)).([]any)
		q.run = func() (any, error) { return s.common(address, name, params) }
	case "object":
		o, err := s.parseObject(name, params)
		if err != nil {
			q.run = func() (any, error) { return nil, err }
			return q
		}
		q.call.Model, q.call.Method, q.call.UID = o.model, o.method, o.uid
		if s.recording() {
			q.call.describe(o.args, o.kwargs)
		}
		q.run = func() (any, error) { return s.object(address, o) }
	case "db":
		q.run = func() (any, error) { return s.databases(name) }
	default:
		q.run = func() (any, error) {
			if s.series >= v17 {
				return nil, raise("KeyError", "%s", service)
			}
			return nil, raise("UnboundLocalError", "local variable 'dispatch' referenced before assignment")
		}
	}
	return q
}

// hideSecret keeps passwords out of the log of calls.
func hideSecret(params []any, at int) []any {
	out := append([]any{}, params...)
	if at < len(out) {
		out[at] = "***"
	}
	return out
}
